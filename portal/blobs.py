"""Private store of file contents, named by their digest, written once and never changed."""

import hashlib
import os
import re
import tempfile
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 64 * 1024
_READ_ONLY = 0o444
_PRIVATE = 0o700


def path_of(sha: str, root: Path | str) -> Path:
    """Return where the content named ``sha`` lives; ValueError for anything but a SHA-256 in hex."""
    if not _SHA256.fullmatch(sha):
        raise ValueError("a blob is named by the 64 hex digits of its SHA-256")
    return Path(root) / sha[:2] / sha[2:4] / sha


def store(source: BinaryIO | Path | str, root: Path | str) -> str:
    """Keep the bytes of a stream (from where it stands) or file; return their SHA-256 in hex.

    Safe to repeat and to race: the content takes its place by one rename, whole or not at all.
    """
    if isinstance(source, Path | str):
        with Path(source).open("rb") as stream:
            return store(stream, root)
    handle, name = tempfile.mkstemp(dir=incoming(root))
    try:
        with os.fdopen(handle, "wb") as target:
            sha, size = _copy(source, target)
        _place(Path(name), path_of(sha, root), size)
    finally:
        Path(name).unlink(missing_ok=True)
    return sha


def incoming(root: Path | str) -> Path:
    """Return the folder for what is still being written; the sweep clears what a killed process leaves there."""
    folder = Path(root) / "incoming"
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    return folder


def _copy(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    target.flush()
    os.fchmod(target.fileno(), _READ_ONLY)
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def _place(written: Path, final: Path, size: int) -> None:
    # A stored file of another length was cut by a failing disk: the fresh copy mends it.
    if final.exists() and final.stat().st_size == size:
        os.utime(final)  # wanted again: its age counts from now
        return
    final.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    os.replace(written, final)
    for folder in (final.parent, final.parent.parent, final.parent.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    """Make the directory entry itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_blob(sha: str, root: Path | str) -> BinaryIO:
    """Open the content for reading; FileNotFoundError when it is not kept here."""
    return path_of(sha, root).open("rb")


def is_intact(sha: str, root: Path | str) -> bool:
    """Return whether the kept bytes still have the digest they are named by."""
    with open_blob(sha, root) as stream:
        return hashlib.file_digest(cast(BufferedReader, stream), "sha256").hexdigest() == sha
