"""What the launcher does where no Python can run the scripts: its own functions, with a sudo and an apt-get of ours."""

import os
import pty
import shlex
import subprocess

import pytest

from script.lib.paths import ROOT

LAUNCH = ROOT / "script" / "lib" / "launch.sh"
SUDO = """#!/bin/sh
echo "sudo $*" >> {log}
case "$1" in
-v) exit {password} ;;
-n) [ "$2" = true ] && exit {freely}; shift; exec "$@" ;;
esac
"""
APT = """#!/bin/sh
echo "apt-get $*" >> {log}
"""


@pytest.fixture
def machine(tmp_path):
    """Prepare a user's machine; return a function that installs Python there: exit code, words, programs called."""

    def install(*, sudo: tuple[int, int] | None, terminal: bool):
        programs, log = tmp_path / "bin", tmp_path / "log"
        programs.mkdir()
        log.touch()
        for name in ("bash", "sh", "awk", "env"):
            (programs / name).symlink_to(f"/usr/bin/{name}")
        scripts = {"id": "#!/bin/sh\necho 1000\n", "apt-get": APT.format(log=log)}
        if sudo is not None:
            scripts["sudo"] = SUDO.format(log=log, freely=sudo[0], password=sudo[1])
        for name, text in scripts.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        kept = r"sed -n '/^may_sudo() {/,/^}/p; /^install_python() {/,/^}/p' " + shlex.quote(str(LAUNCH))
        functions = subprocess.run(["bash", "-c", kept], capture_output=True, text=True, check=True).stdout
        script = f"set -euo pipefail\nlibrary={shlex.quote(str(LAUNCH.parent))}\n{functions}\ninstall_python\n"
        ours, theirs = pty.openpty()
        ends = {"stdin": theirs, "stdout": theirs} if terminal else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(
            ["bash", "-c", script],
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | ends,
            env={"PATH": str(programs)},
            check=False,
        )
        os.close(ours)
        os.close(theirs)
        return done.returncode, done.stderr, log.read_text().splitlines()

    return install


PACKAGES = "python3 python3-venv"
UPDATE, INSTALL = "apt-get -qq update", f"apt-get -qq install -y --no-install-recommends {PACKAGES}"


@pytest.mark.parametrize(
    ("sudo", "terminal"),
    [(None, True), ((1, 0), False), ((1, 1), True)],
    ids=["no sudo", "nobody to type a password", "wrong password"],
)
def test_a_user_who_may_not_install_is_told_the_exact_line(machine, sudo, terminal):
    code, words, called = machine(sudo=sudo, terminal=terminal)
    assert code == 3
    assert f"  sudo sh -c '{UPDATE} && {INSTALL}'" in words
    assert not [line for line in called if line.startswith("apt-get")]


@pytest.mark.parametrize(
    ("sudo", "terminal", "asked"),
    [((0, 1), False, ["sudo -n true"]), ((1, 0), True, ["sudo -n true", "sudo -v"])],
    ids=["sudo without a password", "a password typed once"],
)
def test_a_user_with_sudo_gets_the_packages_installed(machine, sudo, terminal, asked):
    code, words, called = machine(sudo=sudo, terminal=terminal)
    assert code == 0, words
    assert called[: len(asked)] == asked
    assert [line for line in called if line.startswith("apt-get")] == [UPDATE, INSTALL]
