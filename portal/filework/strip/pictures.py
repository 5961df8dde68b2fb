"""JPEG and PNG: sections that speak about the picture go, those that make it up stay byte for byte.

The colour profile stays, and so does which side is up. JPEG: ITU-T T.81 annex B, JFIF, Exif; PNG: W3C PNG (third
edition).
"""

import io
import struct
import zlib

from PIL import Image

from .problems import Unknown

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DRAWN = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"cICP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}
_ORIENTATION = 0x0112
_ALONE = {0x01, *range(0xD0, 0xD8)}
_SOI, _EOI, _SOS, _APP0, _APP2, _APP14, _APP15, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE2, 0xEE, 0xEF, 0xFE


def jpg(data: bytes) -> bytes:
    """Return the first picture of the file alone; previews and further pictures that cameras append go too."""
    if data[:2] != b"\xff\xd8":
        raise Unknown("not a JPEG")
    out, at, is_named = bytearray(b"\xff\xd8"), 2, False
    turned = _exif(data)
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            return bytes(out + b"\xff\xd9")
        if marker in _ALONE:
            out += bytes((0xFF, marker))
            continue
        (length,) = struct.unpack_from(">H", data, at)
        body, at = data[at + 2 : at + length], at + length
        if length < 2 or at > len(data):
            raise Unknown("a section has no end")
        kept = _section(marker, body)
        # JFIF wants to be the first section, Exif the next.
        if turned and not is_named and marker != _APP0:
            out += turned
            is_named = True
        if kept is not None:
            out += struct.pack(">BBH", 0xFF, marker, len(kept) + 2) + kept
        if marker == _SOS:
            end = _after_scan(data, at)
            out += data[at:end]
            at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """Return the marker at ``at`` and where it ends; fill bytes are passed over."""
    if at >= len(data) or data[at] != 0xFF:
        raise Unknown("no marker where one must be")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise Unknown("the end is missing")
    return data[at], at + 1


def _section(marker: int, body: bytes) -> bytes | None:
    """Return what stays of a section, ``None`` when it goes."""
    if marker == _APP0:
        return body[:12] + b"\0\0" if body.startswith(b"JFIF\0") and len(body) >= 14 else None
    if marker == _APP2:
        return body if body.startswith(b"ICC_PROFILE\0") else None
    if marker == _APP14:
        return body[:12] if body.startswith(b"Adobe") else None
    return None if _APP0 <= marker <= _APP15 or marker == _COM else body


def _after_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Unknown("the end is missing")
        if data[at + 1] not in (0x00, 0xFF) and data[at + 1] not in range(0xD0, 0xD8):
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _turned(data: bytes) -> int:
    """Return which side is up (1 to 8, as Exif counts), 1 where nothing says so."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
            side = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, struct.error, KeyError, TypeError, ZeroDivisionError):
        raise Unknown("the picture does not open") from None
    return side if side in range(1, 9) else 1


def _tiff(side: int) -> bytes:
    """Return the shortest Exif there is: one entry that says which side is up."""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, side, 0, 0)


def _exif(data: bytes) -> bytes:
    side = _turned(data)
    body = b"Exif\0\0" + _tiff(side)
    return struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body if side != 1 else b""


def png(data: bytes) -> bytes:
    if not data.startswith(_SIGNATURE):
        raise Unknown("not a PNG")
    side = _turned(data)
    out, at, name = bytearray(_SIGNATURE), len(_SIGNATURE), b""
    while name != b"IEND":
        if at + 12 > len(data):
            raise Unknown("the end is missing")
        length, name = struct.unpack_from(">I4s", data, at)
        if name in _DRAWN:
            out += data[at : at + 12 + length]
        elif not name[0] & 0x20:
            raise Unknown("a section that must be understood is unknown")
        if name == b"IHDR" and side != 1:
            out += _chunk(b"eXIf", _tiff(side))
        at += 12 + length
    return bytes(out)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
