"""Where a note stands: W3C TextPosition and TextQuote selectors, counted in code points.

A note is carried to the next version only with evidence. Inside its own paragraph the exact quote must stand
in a context it knows; elsewhere it must be the only one of its kind and both contexts must match. A place whose
words were there before, beside the quote, is other text however alike. Whatever is merely similar is an orphan.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fast_diff_match_patch import diff

from .paragraphs import Paragraph

TIME_LIMIT = 0.5

CONTEXT = 32
_NEAR = 4
_SURE = 12
_EDGE = 6
_LONG = 12
_GROWTH = 3


class Status(StrEnum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Anchor:
    """``prefix`` and ``suffix`` hold up to 32 characters; a shorter one reaches the paragraph's edge."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """Where the anchor stands now; an orphan has no paragraph and an empty span at 0."""

    status: Status
    paragraph_id: str | None
    start: int
    end: int


ORPHAN = Found(Status.ORPHAN, None, 0, 0)


def make(paragraph_text: str, start: int, end: int) -> Anchor:
    """Return the anchor of a selection; ValueError when it is empty or leaves the paragraph."""
    if not 0 <= start < end <= len(paragraph_text):
        raise ValueError("a selection must hold at least one character of its paragraph")
    return Anchor(
        start,
        end,
        paragraph_text[start:end],
        paragraph_text[max(0, start - CONTEXT) : start],
        paragraph_text[end : end + CONTEXT],
    )


def locate(
    anchor: Anchor,
    paragraph_id: str,
    paragraphs: Sequence[Paragraph],
    origin: Sequence[Paragraph] = (),
) -> Found:
    """Return where ``anchor``, made in ``paragraph_id`` of ``origin``, stands in ``paragraphs``.

    With the text it was made in at hand a place that was already there beside the quote is never taken for it.
    """
    home = next((p for p in paragraphs if p["id"] == paragraph_id), None)

    def is_free(found: Found) -> bool:
        return not _stood_there_before(found, anchor, paragraph_id, paragraphs, origin)

    if home is not None and (start := _inside(anchor, home["text"])) is not None:
        found = Found(Status.UNCHANGED, paragraph_id, start, start + len(anchor.quote))
        if is_free(found):
            return found
    elsewhere = _elsewhere(anchor, paragraphs)
    if elsewhere and is_free(elsewhere):
        return elsewhere
    if home is not None and (span := _edited(anchor, home["text"])):
        found = Found(Status.CHANGED, paragraph_id, *span)
        if is_free(found):
            return found
    return ORPHAN


def _stood_there_before(
    found: Found, anchor: Anchor, home: str, paragraphs: Sequence[Paragraph], origin: Sequence[Paragraph]
) -> bool:
    """Say whether the words at the place are other words of the origin: a repetition, a twin that was left over."""
    if not origin:
        return False
    now = next(p["text"] for p in paragraphs if p["id"] == found.paragraph_id)
    old = next((p["text"] for p in origin if p["id"] == found.paragraph_id), None)
    if old is None:  # a paragraph of its own that is gone may have become this one as well
        here = {p["id"] for p in paragraphs}
        return any(
            _stands(anchor, p["text"], start)
            for p in origin if p["id"] != home and p["id"] not in here
            for start in _occurrences(anchor.quote, p["text"])
        )  # fmt: skip
    kept = [at for at in _origins(old, now)[found.start : found.end] if at is not None]
    if found.paragraph_id == home:
        return any(not anchor.start <= at < anchor.end for at in kept)
    return 2 * len(kept) > found.end - found.start


def _origins(old: str, now: str) -> list[int | None]:
    """Return for each character of ``now`` its place in ``old``, ``None`` for a new one."""
    places: list[int | None] = []
    at = 0
    for op, count in diff(old, now, timelimit=TIME_LIMIT, cleanup="No", counts_only=True):
        if op == "=":
            places.extend(range(at, at + count))
        elif op == "+":
            places.extend([None] * count)
        at += count if op != "+" else 0
    return places


def _inside(anchor: Anchor, text: str) -> int | None:
    """Return the one place in the home paragraph that the contexts speak for."""
    places = _occurrences(anchor.quote, text)
    scored = sorted((sum(_evidence(anchor, text, start)), start) for start in places)
    if not scored:
        return None
    score, start = scored[-1]
    if len(scored) > 1 and scored[-2][0] == score:
        return None
    if len(scored) == 1 and len(anchor.quote) >= _LONG:
        return start
    before, after = _evidence(anchor, text, start)
    if before >= min(_NEAR, len(anchor.prefix)) and after >= min(_NEAR, len(anchor.suffix)):
        return start if before + after or _whole(anchor, text) else None
    # One side was rewritten: the other must carry the note alone.
    return start if max(before, after) >= _NEAR else None


def _whole(anchor: Anchor, text: str) -> bool:
    return not anchor.prefix and not anchor.suffix and text == anchor.quote


def _elsewhere(anchor: Anchor, paragraphs: Sequence[Paragraph]) -> Found | None:
    """Return the one place of the whole text that holds the quote, if both contexts speak for it."""
    places = [(p, start) for p in paragraphs for start in _occurrences(anchor.quote, p["text"])]
    if len(places) != 1:
        return None
    paragraph, start = places[0]
    if _stands(anchor, paragraph["text"], start):
        return Found(Status.UNCHANGED, paragraph["id"], start, start + len(anchor.quote))
    return None


def _stands(anchor: Anchor, text: str, start: int) -> bool:
    """Say whether both contexts speak for the quote at a place of another paragraph."""
    before, after = _evidence(anchor, text, start)
    end = start + len(anchor.quote)
    if before + after < _NEAR or before + after + len(anchor.quote) < _SURE + _EDGE:
        return before == len(anchor.prefix) == start and after == len(anchor.suffix) == len(text) - end
    return _holds(before, anchor.prefix, start) and _holds(after, anchor.suffix, len(text) - end)


def _holds(matched: int, context: str, room: int) -> bool:
    """A side speaks for the place with enough of its context, with all there was, or with all there is room for."""
    return matched >= min(_SURE, len(context), room)


def _evidence(anchor: Anchor, text: str, start: int) -> tuple[int, int]:
    """Return how many characters of context agree before and after ``start``."""
    end = start + len(anchor.quote)
    before = _common(reversed(anchor.prefix), reversed(text[max(0, start - CONTEXT) : start]))
    return before, _common(anchor.suffix, text[end : end + CONTEXT])


def _edited(anchor: Anchor, text: str) -> tuple[int, int] | None:
    """Return the span between both contexts when each is found once and something stands between."""
    start = _after_prefix(anchor.prefix, text)
    end = _before_suffix(anchor.suffix, text)
    if start is None or end is None or not text[start:end].strip():
        return None
    if end - start > _GROWTH * len(anchor.quote) + CONTEXT:
        return None
    # With both edges of the paragraph as the only context nothing speaks for the text between.
    return (start, end) if anchor.prefix or anchor.suffix else None


def _after_prefix(prefix: str, text: str) -> int | None:
    if len(prefix) < CONTEXT and text.startswith(prefix):
        return len(prefix)
    for size in range(len(prefix), _EDGE - 1, -1):
        if len(places := _occurrences(prefix[-size:], text)) == 1:
            return places[0] + size
        if len(places) > 1:
            return None
    return None


def _before_suffix(suffix: str, text: str) -> int | None:
    if len(suffix) < CONTEXT and text.endswith(suffix):
        return len(text) - len(suffix)
    for size in range(len(suffix), _EDGE - 1, -1):
        if len(places := _occurrences(suffix[:size], text)) == 1:
            return places[0]
        if len(places) > 1:
            return None
    return None


def _occurrences(part: str, text: str) -> list[int]:
    places, at = [], text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def _common(left, right) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count
