"""Copies without personal data, which whoever did not send a file receives in its place."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import blobs, clock, keeping
from portal.models import CleanCopy, StoredFile
from portal.uploads import Limits, Refused, inspect

from . import asking, limited
from .strip.problems import UNKNOWN

PROBLEMS = {
    "unknown": _("Names of authors, places or programs could not be taken out of this file."),
    "portal": _("The portal could not make the copy; it will be tried again."),
}
_STRIP = "portal.filework.strip"
_LIMITS = Limits(size=2 * Limits().size, seconds=5)


class Unstrippable(Exception):
    """The file holds what is not known to be without personal data."""


def want(stored: StoredFile) -> CleanCopy:
    """Have the copy made unless that was asked for before."""
    return asking.once(CleanCopy, "copy", stored.sha256)


def kept_back(files: Iterable[StoredFile]) -> set[str]:
    """Return the digests of those files that others do not receive."""
    rows = CleanCopy.objects.filter(sha256__in=[file.sha256 for file in files], problem="unknown")
    return set(rows.values_list("sha256", flat=True))


def make(sha256: str) -> CleanCopy:
    """Make the copy once; a content that holds what we do not know is kept back, and the row says so."""
    row = CleanCopy.objects.get(sha256=sha256)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if row.made_at is not None or stored is None:
        return row
    try:
        with keeping.workplace() as folder:
            _keep(row, _strip(stored, folder))
    except (Unstrippable, Refused):
        CleanCopy.objects.filter(pk=row.pk).update(problem="unknown")
    except Exception:
        CleanCopy.objects.filter(pk=row.pk).update(problem="portal")
        raise
    row.refresh_from_db()
    return row


def _strip(stored: StoredFile, folder: Path) -> Path:
    """Return the copy, which has been looked at like any upload."""
    source, target = blobs.path_of(stored.sha256, settings.PRIVATE_ROOT), folder / "copy"
    limits = limited.Limits(settings.FILE_SECONDS, settings.FILE_MEMORY)
    try:
        limited.python(_STRIP, stored.kind, str(source), str(target), folder=folder, limits=limits)
    except limited.Ended as ended:
        if ended.code == UNKNOWN:
            raise Unstrippable from None
        raise  # a busy machine, or a mistake of ours: it is tried again
    with target.open("rb") as stream:
        checked = inspect(stream, stored.name, limits=_LIMITS)
    if checked.kind != stored.kind:
        raise Unstrippable
    return target


def _keep(row: CleanCopy, target: Path) -> None:
    with transaction.atomic():
        made = {"copy_sha256": keeping.store_file(target), "made_at": clock.now(), "problem": ""}
        CleanCopy.objects.filter(pk=row.pk).update(**made)
