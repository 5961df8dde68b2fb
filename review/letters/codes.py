"""Verification codes: what a person may type from paper, and how it is read back."""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
GROUP = 4

_READ_AS = {"I": "1", "L": "1", "O": "0"}
_SEPARATORS = frozenset(" \t\r\n-_.·‐‑‒–—―−ー\u3000")


def new_code():
    """A fresh code of 100 random bits, in groups of four joined by hyphens."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def grouped(characters):
    return "-".join(characters[i : i + GROUP] for i in range(0, len(characters), GROUP))


def normalise(text):
    """The code as issued, read from what was typed; an empty string when it cannot be a code.

    Lower case, spaces, hyphens and full-width letters are accepted; I and L are read as 1, O as 0.
    """
    folded = unicodedata.normalize("NFKC", text[:200]).upper()
    characters = "".join(_READ_AS.get(c, c) for c in folded if c not in _SEPARATORS)
    if len(characters) != LENGTH or any(c not in ALPHABET for c in characters):
        return ""
    return grouped(characters)
