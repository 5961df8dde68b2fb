"""What lies in the private store and belongs to nothing: found first, then taken away if that is asked for."""

import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from portal import keeping
from portal.models import CleanCopy, Preview, StoredFile

A_DAY = 24 * 60 * 60
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Orphan:
    """``what`` is a part, pages or content; ``name`` a path or digest; ``size`` in bytes."""

    what: str
    name: str
    size: int


def sweep(*, delete: bool, age: float = A_DAY) -> Iterator[Orphan]:
    """Yield what belongs to nothing and has not been touched for ``age`` seconds, by the machine's own clock.

    With ``delete`` each is taken away before it is yielded. A content that somebody keeps at this moment stays.
    """
    before = time.time() - age
    root = Path(settings.PRIVATE_ROOT)
    yield from _parts(root, before, delete)
    yield from _pages(root, before, delete)
    yield from _contents(root, before, delete)


def _parts(root: Path, before: float, delete: bool) -> Iterator[Orphan]:
    for path in sorted((root / "incoming").glob("*")):
        if (size := _old(path, before)) is not None:
            if delete:
                _remove(path)
            yield Orphan("part", path.name, size)


def _pages(root: Path, before: float, delete: bool) -> Iterator[Orphan]:
    return _unnamed("pages", root / "previews", before, delete, named_as_pages)


def _contents(root: Path, before: float, delete: bool) -> Iterator[Orphan]:
    return _unnamed("content", root, before, delete, named_as_content)


def named_as_pages(shas: Iterable[str]) -> set[str]:
    return set(Preview.objects.filter(sha256__in=shas).values_list("sha256", flat=True))


def named_as_content(shas: Iterable[str]) -> set[str]:
    """Return those of the digests that a row names: of what was sent or made, and of copies."""
    files = StoredFile.objects.filter(sha256__in=shas).values_list("sha256", flat=True)
    return set(files) | set(CleanCopy.objects.filter(copy_sha256__in=shas).values_list("copy_sha256", flat=True))


def _unnamed(
    what: str, root: Path, before: float, delete: bool, named: Callable[[Iterable[str]], set[str]]
) -> Iterator[Orphan]:
    """Yield what lies under a digest that no row names."""
    for group in _groups(root):
        there = named([path.name for path in group])
        for path in group:
            size = _old(path, before)
            if path.name in there or size is None:
                continue
            if not delete or _take(path, before, named):
                yield Orphan(what, path.name, size)


def _groups(root: Path) -> Iterator[list[Path]]:
    group: list[Path] = []
    for path in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if _SHA256.fullmatch(path.name):
            group.append(path)
        if len(group) == _CHUNK:
            yield group
            group = []
    yield group


def _take(path: Path, before: float, named: Callable[[Iterable[str]], set[str]]) -> bool:
    """Take the bytes away, unless they were named or written again since they were looked at."""
    with transaction.atomic():
        if not keeping.held_alone(path.name) or named([path.name]) or _old(path, before) is None:
            return False
        _remove(path)
        return True


def _old(path: Path, before: float) -> int | None:
    """Return how large something is that was last written before that moment, ``None`` if it is younger or gone."""
    try:
        seen = path.stat()
        if seen.st_mtime >= before:
            return None
        return sum(part.stat().st_size for part in path.rglob("*")) if path.is_dir() else seen.st_size
    except FileNotFoundError:
        return None


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
