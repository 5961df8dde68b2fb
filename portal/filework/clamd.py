"""Asking a clamd whether a file holds a malicious program (its INSTREAM command; clamd(8))."""

import socket
import struct
import time
from pathlib import Path

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class Failed(Exception):
    """The scanner did not answer, or not with a verdict; nothing is known of the file."""


def scan(path: Path, where: str, *, seconds: float) -> str:
    """Return the name of what was found, nothing for a clean file.

    ``where`` is ``/path/of/socket``, ``unix:/path/of/socket`` or ``host:port``.
    """
    end = time.monotonic() + seconds
    try:
        with _connect(where, seconds) as link, path.open("rb") as stream:
            link.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                _left(link, end)
                link.sendall(struct.pack(">I", len(chunk)) + chunk)
            link.sendall(struct.pack(">I", 0))
            answer = _answer(link, end)
    except (OSError, ValueError) as error:
        raise Failed(f"{type(error).__name__}: {error}") from None
    told = answer.removeprefix("stream: ")
    if told == "OK":
        return ""
    if told.endswith(" FOUND"):
        return told.removesuffix(" FOUND")
    raise Failed(told[:200] or "no answer")


def _connect(where: str, seconds: float) -> socket.socket:
    local = where.removeprefix("unix:")
    if local.startswith("/"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(seconds)
        try:
            link.connect(local)
        except OSError:
            link.close()
            raise
        return link
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(link: socket.socket, end: float) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        _left(link, end)
        if not (more := link.recv(_LONGEST_ANSWER)):
            break
        heard += more
    return heard.split(b"\0")[0].decode("utf-8", "replace").strip()


def _left(link: socket.socket, end: float) -> None:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("time is up")
    link.settimeout(left)
