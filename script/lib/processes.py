"""Processes that the scripts start: recorded by number and birth, stopped exactly, never by name."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from script.lib.paths import RUN

TEMPORARY = "/tmp/ecity-"  # noqa: S108  socket paths must stay short, so TMPDIR is not asked


def birth(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None when it does not live."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def alive(pid: int, born: str | None) -> bool:
    """Whether the very process that was recorded still lives."""
    return born is not None and birth(pid) == born


def command_line(pid: int) -> list[str]:
    """The arguments of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return []


def wait_gone(pid: int, born: str | None, seconds: float) -> bool:
    """Wait until the process is gone; False when it outlived the patience."""
    end = time.monotonic() + seconds
    while alive(pid, born):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def stop(pid: int, born: str | None, first: int = signal.SIGTERM, patience: float = 15) -> None:
    """Ask the process to end; after `patience` seconds end its whole session's group."""
    if not alive(pid, born):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, first)
    if not wait_gone(pid, born, patience):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL) if os.getpgid(pid) == pid else os.kill(pid, signal.SIGKILL)
        wait_gone(pid, born, 5)


class Record:
    """What one run of a script has started, on disk, so that the next run can clear up after a killed one."""

    def __init__(self, role: str) -> None:
        self.path = RUN / f"{role}-{os.getpid()}.record"
        self.state: dict = {
            "owner": [os.getpid(), birth(os.getpid())],
            "processes": [],
            "folders": [],
        }
        self.children: list[tuple[str, subprocess.Popen]] = []
        self._write()

    def folder(self, purpose: str) -> Path:
        """A new empty folder that vanishes with this run."""
        path = f"{TEMPORARY}{purpose}-{os.getpid()}-{time.monotonic_ns() % 10**9}"
        self.state["folders"].append(path)
        self._write()
        os.mkdir(path, 0o700)
        return Path(path)

    def start(self, name: str, command: Sequence, log: Path, **options) -> subprocess.Popen:
        """Start a process in a session of its own, so that Ctrl-C reaches only the script."""
        with log.open("ab") as out:
            child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )
        self.children.append((name, child))
        self.state["processes"].append([name, child.pid, birth(child.pid)])
        self._write()
        return child

    def run(self, name: str, command: Sequence, **options) -> int:
        """Run a command to its end at the caller's terminal; recorded, so that it does not outlive a killed script.

        Ctrl-C reaches only the script, which stops it.
        """
        words = [str(part) for part in command]
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True, **options)
        entry = [name, child.pid, birth(child.pid)]
        self.state["processes"].append(entry)
        self._write()
        try:
            return child.wait()
        finally:
            stop(child.pid, entry[2])
            self.state["processes"].remove(entry)
            self._write()

    def adopt(self, name: str, pid: int, folder: Path) -> None:
        """Also answer for a process that something else has started, and for its folder."""
        self.state["processes"].append([name, pid, birth(pid)])
        self.state["folders"].append(str(folder))
        self._write()

    def ended(self) -> str | None:
        """The name of a process that has ended by itself, if any."""
        for name, child in self.children:
            if child.poll() is not None:
                return name
        return None

    def __enter__(self) -> "Record":
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything in the reverse order of starting, then forget it."""
        _clear(self.state)
        for _, child in self.children:
            child.poll()
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        write_json(self.path, self.state)


def sweep() -> None:
    """Stop and remove what earlier runs left because they were killed."""
    for path in sorted(RUN.glob("*.record")):
        state = read_json(path)
        if state and alive(*state["owner"]):
            continue
        if state:
            _clear(state)
        path.unlink(missing_ok=True)


def _clear(state: dict) -> None:
    for _, pid, born in reversed(state["processes"]):
        stop(pid, born)
    for folder in state["folders"]:
        if folder.startswith(TEMPORARY):
            shutil.rmtree(folder, ignore_errors=True)


def write_json(path: Path, value: object) -> None:
    """Replace the file whole, so that a killed script leaves the old or the new, never a half."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value), encoding="utf-8")
    new.replace(path)


def read_json(path: Path) -> dict | None:
    """The file's content, or None when it is absent or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
