"""The one door: size and digest in one pass, then the checks of the recognised kind."""

import hashlib
import tempfile
import zipfile
from collections.abc import Collection
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from . import archives, images, pdf
from .limits import MEBIBYTE, Limits
from .names import clean_name
from .refusals import Refused
from .results import MIMES, Checked, Kind

_CHUNK = 64 * 1024
_HEAD = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def inspect(
    stream: BinaryIO, name: str, *, limits: Limits | None = None, allowed: Collection[Kind] = tuple(Kind)
) -> Checked:
    """Return what ``stream`` holds, or raise Refused; a stream that can seek is left at its start."""
    limits = limits or Limits()
    if not stream.seekable():
        with tempfile.SpooledTemporaryFile(MEBIBYTE) as copy:
            _copy(stream, cast(BinaryIO, copy), limits)
            return inspect(cast(BinaryIO, copy), name, limits=limits, allowed=allowed)
    try:
        size, digest = _measure(stream, limits)
        kind = _recognise(stream, allowed, limits)
    finally:
        stream.seek(0)
    return Checked(kind, MIMES[kind], size, clean_name(name, kind.value), digest)


def _copy(source: BinaryIO, target: BinaryIO, limits: Limits) -> None:
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        _within(size, limits)
        target.write(chunk)


def _measure(stream: BinaryIO, limits: Limits) -> tuple[int, str]:
    stream.seek(0)
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        _within(size, limits)
        digest.update(chunk)
    if not size:
        raise Refused("empty", _("This file is empty. Check that it was saved, then upload it again."))
    return size, digest.hexdigest()


def _within(size: int, limits: Limits) -> None:
    if size > limits.size:
        raise Refused(
            "too_large",
            _("This file is larger than %(limit)s MB. Make it smaller or split it, then upload it again.")
            % {"limit": f"{limits.size / MEBIBYTE:g}"},
        )


def _recognise(stream: BinaryIO, allowed: Collection[Kind], limits: Limits) -> Kind:
    stream.seek(0)
    head = stream.read(_HEAD)
    if head.startswith(_OLE):
        raise _compound(stream)
    if head.startswith(b"PK\x03\x04"):
        kind = archives.check(stream, limits)
    elif head.startswith(b"%PDF-"):
        kind = Kind.PDF
    elif head.startswith(images.PNG):
        kind = Kind.PNG
    elif head.startswith(images.JPG):
        kind = Kind.JPG
    else:
        raise _not_accepted(allowed)
    if kind not in allowed:
        raise _not_accepted(allowed)
    _one_kind_only(stream, kind, head)
    if kind is Kind.PDF:
        pdf.check(stream, limits)
    elif kind in (Kind.PNG, Kind.JPG):
        images.check(stream, kind, limits)
    return kind


def _not_accepted(allowed: Collection[Kind]) -> Refused:
    known = [kind.name for kind in Kind if kind in allowed]
    if len(known) == 1:
        told = _("This file's content is not of the accepted kind. Save it as %s and upload it.")
        return Refused("kind", told % known[0])
    names = _(", ").join(known)
    return Refused(
        "kind",
        _("This file's content is not of an accepted kind. Save it as one of %(kinds)s and upload it.")
        % {"kinds": names},
    )


def _compound(stream: BinaryIO) -> Refused:
    """Tell a password-protected new document from an old one: both are compound files."""
    stream.seek(0)
    tail = b""
    while chunk := stream.read(_CHUNK):
        if _ENCRYPTED in tail + chunk:
            return Refused(
                "encrypted",
                _("This document is protected by a password. Take the password off and upload it again."),
            )
        tail = chunk[-len(_ENCRYPTED) :]
    return Refused(
        "old_office",
        _("This is a document in the old Office format. Save it as .docx, .xlsx or PDF and upload it again."),
    )


def _one_kind_only(stream: BinaryIO, kind: Kind, head: bytes) -> None:
    """Refuse a file that another program would read as something else."""
    is_archive = kind in (Kind.DOCX, Kind.XLSX)
    stream.seek(0)
    if (not is_archive and zipfile.is_zipfile(stream)) or (kind is not Kind.PDF and b"%PDF-" in head):
        raise Refused(
            "two_kinds",
            _("This file holds a second file of another kind. Save it again from the program that made it."),
        )
