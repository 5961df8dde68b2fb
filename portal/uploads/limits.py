"""How large a file and what is in it may be."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, sides and pixels of pictures, seconds of processor time for reading a PDF."""

    size: int = 20 * MEBIBYTE
    unpacked: int = 200 * MEBIBYTE
    ratio: int = 100
    entries: int = 2000
    side: int = 20_000
    pixels: int = 80_000_000
    pages: int = 2000
    seconds: int = 10
    memory: int = 512 * MEBIBYTE
