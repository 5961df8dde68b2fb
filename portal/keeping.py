"""Bytes and the row that names them come together: nobody sweeps bytes away whose row is about to be written.

Whoever keeps a content holds it (a shared advisory lock of PostgreSQL) until the transaction ends; whoever sweeps it
holds it alone.
"""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from . import blobs, clock
from .models import StoredFile


def hold(sha: str) -> None:
    """Keep the sweep from this content until the transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("a content is held inside a transaction")
    _lock("pg_advisory_xact_lock_shared", sha)


def held_alone(sha: str) -> bool:
    """Try to hold the content alone until the transaction ends; ``False`` while somebody keeps it."""
    return _lock("pg_try_advisory_xact_lock", sha)


def _lock(function: str, sha: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(sha[:15], 16)])  # noqa: S608 - names of our own
        return cursor.fetchone()[0] is True


def store(source: BinaryIO, sha: str) -> None:
    """Store the bytes of a stream, whose digest is known, inside the transaction that writes their row."""
    hold(sha)
    blobs.store(source, settings.PRIVATE_ROOT)


def store_file(path: Path) -> str:
    """As ``store`` for a file on disk; return its digest."""
    with path.open("rb") as stream:
        sha = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        store(stream, sha)
    return sha


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder beside the contents for as long as something is made; what a killed worker leaves is swept."""
    incoming = blobs.incoming(settings.PRIVATE_ROOT)
    with tempfile.TemporaryDirectory(dir=incoming, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def made(data: bytes, *, name: str, kind: str, mime: str) -> StoredFile:
    """Keep a file that the portal itself made, inside the transaction that hands it over."""
    sha = hashlib.sha256(data).hexdigest()
    store(io.BytesIO(data), sha)
    return StoredFile.objects.create(
        sha256=sha, name=name, kind=kind, mime=mime, size=len(data), created_at=clock.now()
    )
