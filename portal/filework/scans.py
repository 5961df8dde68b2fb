"""Whether a file may be opened: with a scanner only what it found clean, without one every file."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from portal import audit, blobs, clock, outbox
from portal.models import Scan, StoredFile

from . import asking, clamd, copies, previews

Verdict = Scan.Verdict
_FIRST_WAIT, _LONGEST_WAIT = 30, 3600
_AT_ONCE = 500


def begin(stored: StoredFile) -> None:
    """Have the workers take up a file: the scanner first, the others after a clean verdict."""
    if settings.CLAMD:
        _want(stored)
    else:
        _go_on(stored)


def _want(stored: StoredFile) -> Scan:
    return asking.once(Scan, "scan", stored.sha256)


def _go_on(stored: StoredFile) -> None:
    copies.want(stored)
    previews.want(stored)


def verdict_on(stored: StoredFile) -> Verdict:
    """Return what is known; a file kept before there was a scanner is brought to it now.

    Without a scanner a file counts as clean, unless one has found something in it before.
    """
    row = _want(stored) if settings.CLAMD else Scan.objects.filter(sha256=stored.sha256).first()
    if row and (settings.CLAMD or row.verdict == Verdict.INFECTED):
        return Verdict(row.verdict)
    return Verdict.CLEAN


def closed(digests: Iterable[str]) -> set[str]:
    """Return those contents that only their senders see: with a scanner all that it has not found clean."""
    digests = set(digests)
    rows = Scan.objects.filter(sha256__in=digests)
    if settings.CLAMD:
        return digests - set(rows.filter(verdict=Verdict.CLEAN).values_list("sha256", flat=True))
    return set(rows.filter(verdict=Verdict.INFECTED).values_list("sha256", flat=True))


def want_all() -> int:
    """Bring what people sent before there was a scanner to it; return how many contents that were."""
    if not settings.CLAMD:
        return 0
    known = Scan.objects.filter(sha256=OuterRef("sha256"))
    sent = StoredFile.objects.filter(~Exists(known), uploaded_by__isnull=False).order_by("sha256", "pk")
    rows = list(sent.distinct("sha256")[:_AT_ONCE])
    for stored in rows:
        with transaction.atomic():
            _want(stored)
    return len(rows)


def found_in(stored: StoredFile) -> str:
    """Return the scanner's name for what it found."""
    row = Scan.objects.filter(sha256=stored.sha256).first()
    return row.found if row else ""


def run(sha256: str) -> Scan | None:
    """Ask the scanner once; ``None`` when there is nothing to ask. Raises ``outbox.NotNow`` while it fails."""
    row = Scan.objects.get(sha256=sha256)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if stored is None or row.verdict in (Verdict.CLEAN, Verdict.INFECTED):
        return None
    if not settings.CLAMD:
        _go_on(stored)
        return None
    path = blobs.path_of(sha256, settings.PRIVATE_ROOT)
    try:
        found = clamd.scan(path, settings.CLAMD, seconds=settings.SCAN_SECONDS)
    except clamd.Failed as failure:
        wait = min(_FIRST_WAIT * 2**row.tries, _LONGEST_WAIT)
        Scan.objects.filter(pk=row.pk).update(verdict=Verdict.FAILED, tries=row.tries + 1, scanned_at=clock.now())
        raise outbox.NotNow(f"the scanner does not answer: {failure}", seconds=wait) from None
    row.verdict, row.found, row.scanned_at = Verdict.INFECTED if found else Verdict.CLEAN, found[:200], clock.now()
    with transaction.atomic():
        row.save(update_fields=["verdict", "found", "scanned_at"])
        audit.record("file:scan", stored, sha256=sha256, verdict=row.verdict, found=row.found)
        if not found:
            _go_on(stored)
    return row
