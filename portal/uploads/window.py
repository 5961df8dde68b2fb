"""A large file looked at piece by piece, so that judging it costs no more memory than one piece."""

import re
import struct
from typing import Any, BinaryIO

_PIECE = 64 * 1024


class Window:
    """Reads like bytes, but holds one piece of the stream at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)
        self._at, self._held = 0, b""

    def piece(self, at: int, length: int) -> bytes:
        """Return up to ``length`` bytes from ``at``; fewer only where the file ends."""
        if not self._at <= at <= at + length <= self._at + len(self._held):
            self._stream.seek(at)
            self._at, self._held = at, self._stream.read(max(length, _PIECE))
        start = at - self._at
        return self._held[start : start + length]

    def __getitem__(self, at: int) -> int:
        return self.piece(at, 1)[0]

    def unpack(self, form: str, at: int) -> tuple[Any, ...]:
        """Return the numbers at ``at``; struct.error where the file ends before them."""
        return struct.unpack(form, self.piece(at, struct.calcsize(form)))

    def search(self, pattern: re.Pattern[bytes], at: int) -> int:
        """Return where two bytes that fit ``pattern`` stand next, -1 when none do."""
        while at + 1 < self.size:
            self.piece(at, 2)
            if found := pattern.search(self._held, at - self._at):
                return self._at + found.start()
            # The last byte may be the first of a pair that the next piece completes.
            at = self._at + len(self._held) - 1
        return -1

    def skip(self, padding: bytes, at: int) -> int:
        """Return where the first byte stands that is none of ``padding``; the size when there is none."""
        while at < self.size:
            self.piece(at, 1)
            held = self._held[at - self._at :]
            if rest := held.lstrip(padding):
                return at + len(held) - len(rest)
            at += len(held)
        return at
