"""Pages of a PDF and pictures shown in the portal's own pages: drawn by a worker, kept beside the file's bytes."""

import os
import re
import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from portal import blobs, clock, keeping
from portal.models import Preview, StoredFile
from portal.uploads import Kind

from . import asking, limited
from .limited import Limits

SHOWN = frozenset({Kind.PDF.value, Kind.PNG.value, Kind.JPG.value})
PROBLEMS = {
    "too_complex": _("The file is too intricate to be shown here."),
    "portal": _("The portal could not make the preview; it will be tried again."),
}
_PAGES = re.compile(r"^Pages:\s+(\d+)$", re.MULTILINE)
_DRAW_PICTURE = "portal.filework.draw_picture"


def want(stored: StoredFile) -> Preview | None:
    """Have the content drawn unless that was asked for before; ``None`` for kinds that are not shown."""
    if stored.kind not in SHOWN:
        return None
    return asking.once(Preview, "preview", stored.sha256)


def folder_of(sha: str) -> Path:
    """Return where the pages of a content lie; ValueError for anything but a SHA-256 in hex."""
    return blobs.path_of(sha, Path(settings.PRIVATE_ROOT) / "previews")


def page_path(row: Preview, number: int) -> Path | None:
    """Return the picture of page ``number``, counted from 1."""
    if row.made_at is None or not 1 <= number <= len(row.sizes):
        return None
    return folder_of(row.sha256) / _name(number)


def deliver(key: str, *, sha256: str) -> None:
    """Outbox handler; safe to run twice. What cannot be drawn is told to the reader, who may download the file."""
    row = Preview.objects.get(sha256=sha256)
    stored = StoredFile.objects.filter(sha256=sha256).first()
    if row.made_at is not None or stored is None:
        return
    try:
        with keeping.workplace() as made:
            pages = _draw(blobs.path_of(sha256, settings.PRIVATE_ROOT), stored.kind, made)
            sizes = [_measure(path) for path in sorted(made.glob("*.jpg"))]
            _place(made, folder_of(sha256))
    except limited.Ended:
        Preview.objects.filter(pk=row.pk).update(problem="too_complex")
        return
    except Exception:
        Preview.objects.filter(pk=row.pk).update(problem="portal")
        raise
    Preview.objects.filter(pk=row.pk).update(made_at=clock.now(), pages=pages, sizes=sizes, problem="")


def _draw(source: Path, kind: str, folder: Path) -> int:
    """Draw into ``folder`` as 001.jpg and so on; return how many pages the file has."""
    limits = Limits(settings.FILE_SECONDS, settings.FILE_MEMORY)
    side = str(settings.PREVIEW_SIDE)
    if kind != Kind.PDF:
        limited.python(_DRAW_PICTURE, str(source), _name(1), side, folder=folder, limits=limits)
        return 1
    look = Limits(settings.FILE_SECONDS // 4, settings.FILE_MEMORY)
    told = _PAGES.search(limited.run("pdfinfo", str(source), folder=folder, limits=look))
    if not told:
        raise limited.Ended("no pages were found")
    last = min(int(told[1]), settings.PREVIEW_PAGES)
    chosen = ("-f", "1", "-l", str(last))
    limited.run("pdftoppm", "-jpeg", "-scale-to", side, *chosen, str(source), "p", folder=folder, limits=limits)
    drawn = sorted(folder.glob("p-*.jpg"), key=lambda path: int(path.stem[2:]))
    if len(drawn) != last:
        raise limited.Ended("pages are missing")
    for number, path in enumerate(drawn, start=1):
        path.rename(folder / _name(number))
    return int(told[1])


def _name(number: int) -> str:
    return f"{number:03d}.jpg"


def _measure(path: Path) -> list[int]:
    with Image.open(path, formats=["JPEG"]) as picture:
        return list(picture.size)


def _place(made: Path, final: Path) -> None:
    """Put the pages in their place by one rename; a folder without a finished row is of an interrupted worker."""
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    os.rename(made, final)
