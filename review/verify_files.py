"""Every row that names bytes has them, unchanged: files, copies without personal data, pages of previews."""

from collections.abc import Iterator

from portal.filework import previews
from portal.models import CleanCopy, Preview, StoredFile

from .verify_words import CHUNK, is_intact


def stored_files_have_their_bytes() -> Iterator[str]:
    rows = StoredFile.objects.order_by("sha256", "pk").distinct("sha256")
    for stored in rows.iterator(CHUNK):
        if not is_intact(stored.sha256):
            yield f"file {stored.pk} ({stored.name}): its bytes are missing or changed"


def copies_have_their_bytes() -> Iterator[str]:
    for copy in CleanCopy.objects.filter(made_at__isnull=False).order_by("pk").iterator(CHUNK):
        if not is_intact(copy.copy_sha256):
            yield f"the copy of file {copy.sha256[:16]} is missing or changed"


def previews_have_their_pages() -> Iterator[str]:
    for preview in Preview.objects.filter(made_at__isnull=False).order_by("pk").iterator(CHUNK):
        paths = [previews.page_path(preview, number) for number in range(1, len(preview.sizes) + 1)]
        if not paths or not all(path and path.exists() for path in paths):
            yield f"pages of the preview of file {preview.sha256[:16]} are missing"


PROOFS = {
    "stored files": stored_files_have_their_bytes,
    "copies": copies_have_their_bytes,
    "previews": previews_have_their_pages,
}
