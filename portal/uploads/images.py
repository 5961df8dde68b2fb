"""Pictures: measured from their headers, never decoded, nothing hidden behind their end."""

import re
import struct
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image

from .limits import Limits
from .refusals import Refused
from .results import Kind
from .window import Window

PNG = b"\x89PNG\r\n\x1a\n"
JPG = b"\xff\xd8\xff"
_FORMATS = {Kind.PNG: "PNG", Kind.JPG: "JPEG"}
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD9)) | {0x01}
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
# An honest picture has some dozens of sections; millions of empty ones only keep the reader busy.
_MOST_SECTIONS, _MOST_FILL = 20_000, 1000
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]", re.DOTALL)


def check(stream: BinaryIO, kind: Kind, limits: Limits) -> None:
    """Raise Refused unless the picture is whole, alone and of a bearable size."""
    data = Window(stream)
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


def _png(data: Window, limits: Limits) -> tuple[int, int]:
    length, name = data.unpack(">I4s", 8)
    if name != b"IHDR" or length != 13:
        raise _damaged()
    width, height = data.unpack(">II", 16)
    _bearable(width, height, limits)
    at, sections = 8, 0
    while name != b"IEND":
        sections = _counted(sections)
        length, name = data.unpack(">I4s", at)
        at += 12 + length
        if at > data.size:
            raise _damaged()
    if at != data.size:
        raise _trailing()
    return width, height


def _counted(sections: int) -> int:
    if sections >= _MOST_SECTIONS:
        raise _damaged()
    return sections + 1


def _jpg(data: Window, limits: Limits) -> tuple[int, int]:
    size, end = _jpg_image(data, 0, limits)
    # Cameras append previews: whole pictures of the same kind, padded with zeros.
    while (start := data.skip(b"\0\r\n ", end)) < data.size:
        if data.piece(start, len(JPG)) != JPG:
            raise _trailing()
        _size, end = _jpg_image(data, start, limits)
    return size


def _jpg_image(data: Window, start: int, limits: Limits) -> tuple[tuple[int, int], int]:
    """Walk the markers of one picture; return its size and where it ends."""
    size, at, sections = None, start + 2, 0
    while True:
        sections = _counted(sections)
        first, at = at, data.skip(b"\xff", at)
        if not 0 < at - first <= _MOST_FILL:
            raise _damaged()
        marker = data[at]
        at += 1
        if marker == _EOI:
            break
        if marker in _ALONE:
            continue
        (length,) = data.unpack(">H", at)
        if marker in _FRAMES:
            height, width = data.unpack(">HH", at + 3)
            _bearable(width, height, limits)
            size = size or (width, height)
        at += length
        if marker == _SOS:
            at = _after_scan(data, at)
    if size is None:
        raise _damaged()
    return size, at


def _after_scan(data: Window, at: int) -> int:
    """Return the next marker that is not part of the compressed picture."""
    at = data.search(_MARKER, at)
    if at < 0:
        raise _damaged()
    return at
