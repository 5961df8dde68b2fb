import pytest

from script.lib import command_ci, command_test
from script.lib.failure import Failure


@pytest.mark.parametrize("chosen", [["-n", "0"], ["-n4"], ["--numprocesses=1"], ["--pdb"], ["tests/x", "--co"]])
def test_two_workers_unless_the_arguments_choose(chosen):
    assert command_test.worker_arguments(chosen) == []


@pytest.mark.parametrize("other", [[], ["tests/ops"], ["-k", "name"], ["-x"]])
def test_two_workers_are_the_default(other):
    assert command_test.worker_arguments(other) == ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


@pytest.mark.parametrize(
    ("output", "summary"),
    [
        ("....\n12 passed in 3.21s\n", "12 passed in 3.21s"),
        (
            "== 1 failed, 4 passed, 1 warning in 62.10s (0:01:02) ==\n",
            "1 failed, 4 passed, 1 warning in 62.10s (0:01:02)",
        ),
        ("no tests ran in 0.01s\n", "no tests ran in 0.01s"),
        ("1 passed in 1.00s\nlast words\n", "1 passed in 1.00s"),
        ("The database cluster could not be made\n", ""),
    ],
)
def test_summary_line_of_pytest_is_found(output, summary):
    assert command_ci.last_summary(output) == summary


@pytest.mark.parametrize("missing", ["chromium", "chromium-headless-shell"])
def test_a_missing_browser_stops_the_run_and_is_named(missing, tmp_path, monkeypatch):
    for name in {"chromium", "chromium-headless-shell"} - {missing}:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        Failure, match=f"^{missing} is missing, and the browser tests need it: apt-get install {missing}$"
    ):
        command_test.check_browser()


def test_a_browser_that_does_not_start_stops_the_run(tmp_path, monkeypatch):
    (tmp_path / "chromium").write_text("#!/bin/sh\necho no library >&2\nexit 127\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(Failure, match="^chromium does not start: no library$"):
        command_test.check_browser()
