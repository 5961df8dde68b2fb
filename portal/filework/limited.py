"""Running a program on a file of somebody else's: bounded in time, processor, memory and what it writes."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1024 * 1024
_WRITTEN = 64 * MEBIBYTE
_PROJECT = Path(__file__).resolve().parents[2]


class Ended(Exception):
    """The program broke or reached a limit; ``code`` as it ended, ``None`` when time was up."""

    def __init__(self, reason: str, code: int | None = None):
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of processor time, and a fifth more by the clock; ``memory`` in bytes."""

    seconds: int
    memory: int


def run(*command: str, folder: Path | str, limits: Limits) -> str:
    """Return what the program printed; ``folder`` is where it stands and writes."""
    bounds = (f"--cpu={limits.seconds}:{limits.seconds + 1}", f"--as={limits.memory}", f"--fsize={_WRITTEN}")
    environment = {
        "PYTHONPATH": str(_PROJECT),
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
    }
    child = subprocess.Popen(
        ["prlimit", *bounds, "--core=0", "--", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    try:
        printed, _nothing = child.communicate(timeout=limits.seconds * 1.2)
    except subprocess.TimeoutExpired:
        raise Ended("it took too long") from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode:
        raise Ended(f"it ended with {child.returncode}", child.returncode)
    return printed.decode("utf-8", "replace")


def python(module: str, *arguments: str, folder: Path | str, limits: Limits) -> str:
    """Run one of our own modules as a program in the same bounds."""
    return run(sys.executable, "-P", "-m", module, *arguments, folder=folder, limits=limits)
