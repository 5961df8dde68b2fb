"""Pictures: measured from their headers, never decoded, nothing hidden behind their end."""

import struct
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image

from .limits import Limits
from .refusals import Refused
from .results import Kind

PNG = b"\x89PNG\r\n\x1a\n"
JPG = b"\xff\xd8\xff"
_FORMATS = {Kind.PNG: "PNG", Kind.JPG: "JPEG"}
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA


def check(stream: BinaryIO, kind: Kind, limits: Limits) -> None:
    """Raise Refused unless the picture is whole, alone and of a bearable size."""
    stream.seek(0)
    data = stream.read()
    try:
        width, height = _png(data, limits) if kind is Kind.PNG else _jpg(data, limits)
    except (struct.error, IndexError):
        raise _damaged() from None
    stream.seek(0)
    try:
        with Image.open(stream, formats=[_FORMATS[kind]]) as image:
            seen = image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _damaged() from None
    if seen != (width, height):
        raise _damaged()


def _damaged() -> Refused:
    return Refused("damaged", _("This picture is damaged. Open it, save it again and upload the new file."))


def _trailing() -> Refused:
    return Refused(
        "trailing", _("Something is hidden behind the end of this picture. Save it again as a plain picture.")
    )


def _bearable(width: int, height: int, limits: Limits) -> None:
    if not width or not height:
        raise _damaged()
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise Refused(
            "pixels",
            _("This picture measures %(width)s × %(height)s pixels: too much. Scale it down and upload it.")
            % {"width": width, "height": height},
        )


def _png(data: bytes, limits: Limits) -> tuple[int, int]:
    length, name = struct.unpack_from(">I4s", data, 8)
    if name != b"IHDR" or length != 13:
        raise _damaged()
    width, height = struct.unpack_from(">II", data, 16)
    _bearable(width, height, limits)
    at = 8
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if at > len(data):
            raise _damaged()
    if at != len(data):
        raise _trailing()
    return width, height


def _jpg(data: bytes, limits: Limits) -> tuple[int, int]:
    size, end = _jpg_image(data, 0, limits)
    # Cameras append previews: whole pictures of the same kind, padded with zeros.
    while rest := data[end:].lstrip(b"\0\r\n "):
        if not rest.startswith(JPG):
            raise _trailing()
        _size, end = _jpg_image(data, len(data) - len(rest), limits)
    return size


def _jpg_image(data: bytes, start: int, limits: Limits) -> tuple[tuple[int, int], int]:
    """Walk the markers of one picture; return its size and where it ends."""
    size, at = None, start + 2
    while True:
        if data[at] != 0xFF:
            raise _damaged()
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        at += 2
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            _bearable(width, height, limits)
            size = size or (width, height)
        at += length
        if marker == _SOS:
            at = _after_scan(data, at)
    if size is None:
        raise _damaged()
    return size, at


def _after_scan(data: bytes, at: int) -> int:
    """Return the next marker that is not part of the compressed picture."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise _damaged()
        following = data[at + 1]
        if following not in (0x00, 0xFF) and following not in _ALONE:
            return at
        at += 1 if following == 0xFF else 2
