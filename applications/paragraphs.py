"""Structured plain text: numbered levels, stable paragraph ids, sentence spans."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

Paragraph = dict[str, str]
Scored = tuple[float, int, int]

_CHINESE = "一二三四五六七八九十百零〇"
_LEVELS = (
    re.compile(rf"\s*[{_CHINESE}]+[、．]"),
    re.compile(rf"\s*[（(][{_CHINESE}]+[）)]"),
    re.compile(r"\s*[0-9０-９]{1,3}(?:[、．]|\.(?![0-9]))"),
    re.compile(r"\s*[（(][0-9０-９]{1,3}[）)]"),
)
_BREAK = re.compile("\r\n|[\n\r\v\f\u0085\u2028\u2029]")
_SENTENCE = re.compile("[^。！？!?…\n]*(?:[。！？!?…]+[”’』」）】》〕)]*|\n|$)")
_ALIKE = 0.4
_SURELY = 0.5
_PIECE = 8
_COMMON = 20
_CANDIDATES = 400


def level(text: str) -> int:
    """Return 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）, 0 for running text."""
    for number, pattern in enumerate(_LEVELS, 1):
        if pattern.match(text):
            return number
    return 0


def numbering(text: str) -> str:
    """Return the numbering ``text`` opens with, or an empty string."""
    for pattern in _LEVELS:
        if found := pattern.match(text):
            return found.group()
    return ""


def split(text: str) -> list[str]:
    """Return the paragraphs of ``text``, trimmed, without the empty ones."""
    return [line.strip() for line in _BREAK.split(text) if line.strip()]


def new_id() -> str:
    """Return a short random paragraph id."""
    return secrets.token_hex(4)


def assign_ids(
    old: Sequence[Paragraph], new_texts: Sequence[str], make_id: Callable[[], str] = new_id
) -> list[Paragraph]:
    """Return ``new_texts`` with the ids of the old paragraphs they continue, fresh ids for the rest."""
    pairs = dict(pair([p["text"] for p in old], new_texts))
    ids: dict[int, str] = {}
    given: set[str] = set()
    for i, j in pairs.items():
        # A damaged old text may repeat an id: only its first bearer keeps it.
        if old[i]["id"] not in given:
            ids[j] = old[i]["id"]
            given.add(old[i]["id"])
    taken = {p["id"] for p in old}
    for j in range(len(new_texts)):
        if j not in ids:
            ids[j] = _fresh(make_id, taken)
    return [{"id": ids[j], "text": text} for j, text in enumerate(new_texts)]


def _fresh(make_id: Callable[[], str], taken: set[str]) -> str:
    for _attempt in range(1000):
        candidate = make_id()
        if candidate not in taken:
            taken.add(candidate)
            return candidate
    raise RuntimeError("the id factory keeps repeating itself")


def pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return (old, new) positions of paragraphs that continue each other, ascending by old position.

    Equal text in place first, then edited text inside the same gap, then equal text that moved,
    then edited text that moved.
    """
    head = _same_start(old, new)
    tail = _same_start(old[head:][::-1], new[head:][::-1])
    end_old, end_new = len(old) - tail, len(new) - tail
    # Most saves change one place: what stands before and after it need not be searched.
    pairs = {i: i for i in range(head)} | {end_old + i: end_new + i for i in range(tail)}
    gaps = []
    middle = SequenceMatcher(None, old[head:end_old], new[head:end_new], autojunk=False)
    for op, a, b, c, d in middle.get_opcodes():
        if op == "equal":
            pairs.update(zip(range(head + a, head + b), range(head + c, head + d), strict=True))
        else:
            gaps.append((range(head + a, head + b), range(head + c, head + d)))
    free_old = [i for gap, _ in gaps for i in gap]
    free_new = [j for _, gap in gaps for j in gap]
    for i, j in _same(old, new, free_old, free_new):
        pairs[i] = j
    for gap_old, gap_new in [*gaps, (free_old, free_new)]:
        used = set(pairs.values())
        rest_old = [i for i in gap_old if i not in pairs]
        rest_new = [j for j in gap_new if j not in used]
        pairs.update(_alike(old, new, rest_old, rest_new))
    return sorted(pairs.items())


def _same_start(one: Sequence[str], other: Sequence[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _same(old, new, free_old, free_new) -> list[tuple[int, int]]:
    """Pair equal text out of place, in order of appearance."""
    waiting: dict[str, list[int]] = {}
    for j in reversed(free_new):
        waiting.setdefault(new[j], []).append(j)
    return [(i, waiting[old[i]].pop()) for i in free_old if waiting.get(old[i])]


def _alike(old, new, rest_old, rest_new) -> list[tuple[int, int]]:
    """Pair edited text: what shares most of its words first, then the best of the rest by characters and bigrams."""
    if not rest_old or not rest_new or len(rest_old) * len(rest_new) > _CANDIDATES**2:
        return []
    sure = _best(_sharing_words(old, new, rest_old, rest_new))
    taken = set(sure.values())
    grams_old = {i: _grams(old[i]) for i in rest_old if i not in sure}
    grams_new = {j: _grams(new[j]) for j in rest_new if j not in taken}
    return list((sure | _best(_sharing_grams(grams_old, grams_new))).items())


def _sharing_words(old, new, rest_old, rest_new) -> Iterator[Scored]:
    """Yield the pairs that have more than half of their eight-character pieces in common, set phrases apart."""
    pieces = {j: _pieces(new[j]) for j in rest_new}
    bearers: dict[str, list[int]] = {}
    for j, held in pieces.items():
        for piece in held:
            bearers.setdefault(piece, []).append(j)
    for i in rest_old:
        own = _pieces(old[i])
        found = (bearers.get(piece, ()) for piece in own)
        shared = Counter(j for places in found if len(places) <= _COMMON for j in places)
        for j, count in shared.items():
            if (score := 2 * count / (len(own) + len(pieces[j]))) > _SURELY:
                yield score, i, j


def _sharing_grams(grams_old: dict[int, set[str]], grams_new: dict[int, set[str]]) -> Iterator[Scored]:
    """Yield the pairs that have enough characters and bigrams in common."""
    for i, own in grams_old.items():
        for j, others in grams_new.items():
            short, long = sorted((len(own), len(others)))
            # The score cannot exceed this bound: saves the costly intersection.
            if long == 0 or 2 * short / (short + long) < _ALIKE:
                continue
            if (score := 2 * len(own & others) / (short + long)) >= _ALIKE:
                yield score, i, j


def _best(scored: Iterable[Scored]) -> dict[int, int]:
    """Return the pairs of the highest score, the nearest first among equals, each paragraph once."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _score, i, j in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1], s[2])):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def _pieces(text: str) -> set[str]:
    return {text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)}


def _grams(text: str) -> set[str]:
    return {text[at : at + size] for size in (1, 2) for at in range(len(text) - size + 1)}


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) spans in code points; together they hold every character that is not space."""
    spans = []
    for found in _SENTENCE.finditer(text):
        body = found.group()
        start = found.start() + len(body) - len(body.lstrip())
        end = found.end() - (len(body) - len(body.rstrip()))
        if start < end:
            spans.append((start, end))
    return spans
