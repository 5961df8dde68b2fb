import os
import signal
import subprocess

import pytest

from script.lib import processes


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "RUN", tmp_path)
    return tmp_path


@pytest.fixture
def sleeper():
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield child
    child.kill()
    child.wait()


def left_behind(run_folder, *, owner, pid, born, folders=()):
    """A record as a killed script leaves it."""
    path = run_folder / "server-1.record"
    state = {"owner": owner, "processes": [["web", pid, born]], "folders": list(folders)}
    processes.write_json(path, state)
    return path


def dead_owner():
    child = subprocess.Popen(["true"])
    owner = [child.pid, processes.birth(child.pid) or "gone"]
    child.wait()
    return owner


def test_sweep_stops_what_a_killed_script_left(run_folder, sleeper):
    path = left_behind(run_folder, owner=dead_owner(), pid=sleeper.pid, born=processes.birth(sleeper.pid))
    processes.sweep()
    assert sleeper.wait(5) == -signal.SIGTERM
    assert not path.exists()


def test_sweep_spares_a_stranger_with_a_recycled_number(run_folder, sleeper):
    path = left_behind(run_folder, owner=dead_owner(), pid=sleeper.pid, born="another boot/1")
    processes.sweep()
    assert sleeper.poll() is None
    assert not path.exists()


def test_sweep_spares_the_processes_of_a_living_script(run_folder, sleeper):
    owner = [os.getpid(), processes.birth(os.getpid())]
    path = left_behind(run_folder, owner=owner, pid=sleeper.pid, born=processes.birth(sleeper.pid))
    processes.sweep()
    assert sleeper.poll() is None
    assert path.exists()


def test_sweep_removes_only_folders_of_its_own_kind(run_folder, tmp_path):
    foreign = tmp_path / "kept"
    foreign.mkdir()
    own = f"{processes.TEMPORARY}test-sweep-{os.getpid()}"
    os.mkdir(own)
    left_behind(run_folder, owner=dead_owner(), pid=1, born="x", folders=[own, str(foreign)])
    processes.sweep()
    assert not os.path.exists(own)
    assert foreign.exists()


def test_damaged_record_blocks_nothing(run_folder):
    path = run_folder / "server-2.record"
    path.write_text('{"owner": [1', encoding="utf-8")
    processes.sweep()
    assert not path.exists()


def test_record_stops_its_processes_and_forgets_them(run_folder):
    record = processes.Record("server")
    child = record.start("web", ["sleep", 60], run_folder / "web.log")
    assert record.ended() is None
    record.close()
    assert child.returncode == -signal.SIGTERM
    assert list(run_folder.glob("*.record")) == []


def test_process_that_ends_by_itself_is_named(run_folder):
    record = processes.Record("server")
    record.start("beat", ["false"], run_folder / "beat.log").wait(5)
    assert record.ended() == "beat"
    record.close()


def test_process_deaf_to_sigterm_is_ended_all_the_same():
    child = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"],
        start_new_session=True,
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    processes.stop(child.pid, processes.birth(child.pid), patience=0.3)
    assert child.wait(5) == -signal.SIGKILL
