"""Text of one line, as names, titles and document numbers are: what cannot be seen in it is not kept."""

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs"}
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")  # letters by name, empty to the eye
_ENDS = {chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)}
_NO_CHARACTERS = _ENDS | {chr(code) for code in range(0xFDD0, 0xFDF0)}
_JOINER = "\u200d"


def line(text: str) -> str:
    """Return ``text`` as one line in NFC: compatibility ideographs become the usual ones, white space one space.

    Control, format and direction characters go, but for NUL, which a form refuses, and the joiner inside an emoji.
    """
    kept: list[str] = []
    seen = text.translate(_BLANK_LETTERS)
    for at, character in enumerate(seen):
        joins = character == _JOINER and kept and _is_picture(kept[-1]) and _is_picture(seen[at + 1 : at + 2])
        if joins or _is_kept(character):
            kept.append(character)
    found = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    # An accent or selector without a letter before it is nothing to be seen.
    first = next((n for n, c in enumerate(found) if not _is_mark(c)), len(found))
    return found[first:]


def _is_kept(character: str) -> bool:
    if character.isspace() or character == "\0":
        return True
    return unicodedata.category(character) not in _UNSEEN and character not in _NO_CHARACTERS


def _is_picture(character: str) -> bool:
    return character == "\ufe0f" or (character != "" and unicodedata.category(character) in {"So", "Sk"})


def _is_mark(character: str) -> bool:
    return character == " " or unicodedata.category(character) in {"Mn", "Me"}


def private(text: str) -> str:
    """Return the characters that only the writer's own computer can show, each once, as U+… codes."""
    return "、".join(dict.fromkeys(f"U+{ord(c):04X}" for c in text if unicodedata.category(c) == "Co"))
