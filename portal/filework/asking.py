"""Asking the workers for something about a content: once, whoever asks and however often."""

from typing import TypeVar

from portal import outbox
from portal.models import CleanCopy, Preview, Scan

Row = TypeVar("Row", Preview, CleanCopy, Scan)


def once(rows: type[Row], work: str, sha256: str) -> Row:
    """Return the row of a content; the first time it is written together with the outbox's ``work``."""
    row, is_new = rows.objects.get_or_create(sha256=sha256)
    if is_new:
        outbox.put(f"{work}:{sha256}", work, sha256=sha256)
    return row
