"""What differs between two texts of a plan: paragraph by paragraph, in whole words and numbers."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from fast_diff_match_patch import diff

from .paragraphs import Paragraph, pair

TIME_LIMIT = 0.5
_UNITS = (
    "个百分点|个月|个工作日|工作日|平方公里|平方米|公里|万亿美元|亿美元|万美元|美元|万亿元|亿元|万元|千元|元|"
    "万亿|万户|万人次|万人|万家|万件|万吨|亿件|亿|万|家|个|项|人次|人|名|户|件|次|年|月|日|号|天|小时|分钟|"
    "倍|成|吨|米|座|条|处|批|期|所|类|种|套|辆"
)
_TOKEN = re.compile(
    rf"[0-9０-９]+(?:[.．,，:：][0-9０-９]+)*(?:\s?(?:[%％‰]|{_UNITS}))?"
    r"|[A-Za-z]+(?:[-'’][A-Za-z]+)*|\s+|.",
    re.DOTALL,
)
_FIRST_CODE = 0x100
_SURROGATES = 0xD800
_SURROGATE_COUNT = 0x800

Run = tuple[str, str]


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the comparison.

    ``runs`` are (op, text) with op "=", "-" or "+"; leaving out "+" gives the old text, leaving out "-" the
    new one. Positions count from 0; the missing side's position and text are None.
    """

    kind: Kind
    id: str
    old: str | None
    new: str | None
    old_at: int | None
    new_at: int | None
    runs: tuple[Run, ...]


def compare(a: Sequence[Paragraph], b: Sequence[Paragraph]) -> list[Row]:
    """Return the rows of ``b`` in order, each removed paragraph of ``a`` after what stood before it."""
    pairs = _align(a, b)
    staying = _increasing(pairs)
    partner = {j: i for i, j in pairs}
    kept = {i for i, _j in pairs}
    gone = [i for i in range(len(a)) if i not in kept]
    rows = [_removed(a, i) for i in gone if i < min(staying, default=len(a))]
    for j, paragraph in enumerate(b):
        i = partner.get(j)
        if i is None:
            runs = _run("+", paragraph["text"])
            rows.append(Row(Kind.ADDED, paragraph["id"], None, paragraph["text"], None, j, runs))
            continue
        rows.append(_matched(a[i]["text"], paragraph, i, j, moved=i not in staying))
        if i in staying:
            following = min((k for k in staying if k > i), default=len(a))
            rows += [_removed(a, k) for k in gone if i < k < following]
    return rows


def _removed(a: Sequence[Paragraph], i: int) -> Row:
    text = a[i]["text"]
    return Row(Kind.REMOVED, a[i]["id"], text, None, i, None, _run("-", text))


def _matched(old: str, new: Paragraph, i: int, j: int, *, moved: bool) -> Row:
    text = new["text"]
    runs = _run("=", text) if old == text else tuple(compare_text(old, text))
    kind = Kind.MOVED if moved else Kind.SAME if old == text else Kind.CHANGED
    return Row(kind, new["id"], old, text, i, j, runs)


def _run(op: str, text: str) -> tuple[Run, ...]:
    return ((op, text),) if text else ()


def _align(a: Sequence[Paragraph], b: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Pair by id, then by text among those whose id the other side does not know."""
    places: dict[str, int] = {}
    for j, paragraph in enumerate(b):
        places.setdefault(paragraph["id"], j)
    pairs: dict[int, int] = {}
    for i, paragraph in enumerate(a):
        if paragraph["id"] in places:
            pairs[i] = places.pop(paragraph["id"])
    taken = set(pairs.values())
    left = [i for i in range(len(a)) if i not in pairs]
    right = [j for j in range(len(b)) if j not in taken]
    for i, j in pair([a[i]["text"] for i in left], [b[j]["text"] for j in right]):
        pairs[left[i]] = right[j]
    return sorted(pairs.items())


def _increasing(pairs: list[tuple[int, int]]) -> set[int]:
    """Return the old positions of the longest run of pairs that kept their order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [j]
        ends[at : at + 1] = [index]
    kept, index = set(), ends[-1] if ends else -1
    while index >= 0:
        kept.add(pairs[index][0])
        index = before[index]
    return kept


def tokens(text: str) -> list[str]:
    """Return ``text`` cut so that a number stays with its unit; joined again it is ``text``."""
    return _TOKEN.findall(text)


def compare_text(old: str, new: str) -> list[Run]:
    """Return the runs from ``old`` to ``new``; within a change the old words come first."""
    left, right = tokens(old), tokens(new)
    codes: dict[str, str] = {}
    coded = [_coded(side, codes) for side in (left, right)]
    runs: list[Run] = []
    i = j = 0
    for op, count in diff(*coded, timelimit=TIME_LIMIT, cleanup="Semantic", counts_only=True):
        if op == "+":
            runs.append((op, "".join(right[j : j + count])))
        else:
            runs.append((op, "".join(left[i : i + count])))
        i += count if op != "+" else 0
        j += count if op != "-" else 0
    return _settle(_bridge(_settle(runs)))


def _coded(side: list[str], codes: dict[str, str]) -> str:
    """Return one character a token, the same for the same."""
    for token in side:
        if token not in codes:
            codes[token] = _code(len(codes))
    return "".join([codes[token] for token in side])


def _code(number: int) -> str:
    code = _FIRST_CODE + number
    return chr(code if code < _SURROGATES else code + _SURROGATE_COUNT)


def _bridge(runs: list[Run]) -> list[Run]:
    """Turn a single character left standing between two changes into part of the change."""
    bridged: list[Run] = []
    for index, (op, text) in enumerate(runs):
        island = op == "=" and len(text) == 1 and 0 < index < len(runs) - 1
        bridged += [("-", text), ("+", text)] if island else [(op, text)]
    return bridged


def _settle(runs: list[Run]) -> list[Run]:
    """Join neighbours of one kind, the removed words of a change before the added ones."""
    settled: list[Run] = []
    removed = added = ""
    for op, text in [*runs, ("=", "")]:
        if op == "-":
            removed += text
        elif op == "+":
            added += text
        else:
            settled += [run for run in (("-", removed), ("+", added)) if run[1]]
            removed = added = ""
            if text and settled and settled[-1][0] == "=":
                settled[-1] = ("=", settled[-1][1] + text)
            elif text:
                settled.append(("=", text))
    return settled


def as_list(rows: Sequence[Row]) -> list[str]:
    """Return every change as one sentence, for readers who hear the page instead of seeing it."""
    return [sentence for row in rows if (sentence := _sentence(row))]


def _sentence(row: Row) -> str:
    if row.kind is Kind.SAME:
        return ""
    where = {"number": (row.new_at if row.new_at is not None else row.old_at or 0) + 1}
    if row.kind is Kind.ADDED:
        return _("Paragraph %(number)s added: “%(text)s”") % (where | {"text": row.new})
    if row.kind is Kind.REMOVED:
        return _("Former paragraph %(number)s removed: “%(text)s”") % (where | {"text": row.old})
    changes = _("; ").join(_edits(row.runs))
    if row.kind is Kind.CHANGED:
        return _("Paragraph %(number)s changed: %(changes)s") % (where | {"changes": changes})
    where["former"] = (row.old_at or 0) + 1
    if not changes:
        return _("Paragraph %(number)s moved, it was paragraph %(former)s") % where
    return _("Paragraph %(number)s moved, it was paragraph %(former)s, and changed: %(changes)s") % (
        where | {"changes": changes}
    )


def _edits(runs: Sequence[Run]) -> list[str]:
    edits, index = [], 0
    while index < len(runs):
        op, text = runs[index]
        following = runs[index + 1] if index + 1 < len(runs) else ("=", "")
        if op == "-" and following[0] == "+":
            edits.append(_("“%(old)s” became “%(new)s”") % {"old": text, "new": following[1]})
            index += 1
        elif op == "-":
            edits.append(_("“%(text)s” removed") % {"text": text})
        elif op == "+":
            edits.append(_("“%(text)s” added") % {"text": text})
        index += 1
    return edits
