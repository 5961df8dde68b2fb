"""Locks between scripts that run at the same time; the kernel drops them with the process."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from script.lib.paths import RUN


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Only one script at a time is inside; the others wait."""
    with _open(name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Share:
    """A part in something used together: the last one to leave puts out the light."""

    def __init__(self, name: str) -> None:
        self._file = _open(name)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give up the part; True when nobody else holds one. Call it only inside `alone`."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let the lock go."""
        self._file.close()


def take(name: str):
    """An exclusive lock held until the returned file is closed, or None when another script has it."""
    file = _open(name)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _open(name: str):
    path: Path = RUN / f"{name}.lock"
    return path.open("ab")
