"""Keeping what people upload: inspected by content, stored under its digest, recorded."""

from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from . import audit, clock, keeping
from .filework import scans
from .models import Membership, StoredFile
from .uploads import Kind, Limits, inspect


def keep(uploaded: UploadedFile, *, by: Membership | None, allowed: tuple[Kind, ...] = tuple(Kind)) -> StoredFile:
    """Store an upload and return its row, or raise ``portal.uploads.Refused`` with words for the sender."""
    stream = cast(BinaryIO, uploaded.file)
    checked = inspect(stream, uploaded.name or "", limits=Limits(size=settings.UPLOAD_LIMIT_BYTES), allowed=allowed)
    with transaction.atomic():
        keeping.store(stream, checked.sha256)
        stored = StoredFile.objects.create(
            sha256=checked.sha256,
            name=checked.clean_name,
            kind=checked.kind.value,
            mime=checked.mime,
            size=checked.size,
            uploaded_by=by,
            created_at=clock.now(),
        )
        audit.record("file:keep", stored, by=by, name=stored.name, size=stored.size, sha256=stored.sha256)
        scans.begin(stored)
    return stored
