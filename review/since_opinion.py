"""What the city has changed since the version its opinion speaks of: where an item was heeded, worked out, never noted.

A note made while one types would be wrong as soon as somebody types on; the two texts are always there to ask.
The words stand in the answer to an opinion, one of the plan's own papers, which are Chinese in every language.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from applications import comparison, snapshot
from applications.comparison import Kind
from applications.parts import PARTS
from applications.services import versions

from . import comparing
from .models import Case

MOST, LONGEST = 3, 40
_ROW = {Kind.ADDED: "新增", Kind.REMOVED: "删去", Kind.CHANGED: "修改"}


def edits(case: Case) -> dict[str, list[str]]:
    """Return by part what its working text changes, one phrase for each change; parts left as they were are absent."""
    return between(versions.read(case.current_round.version), snapshot.take(case.plan))


def between(then: dict[str, Any], now: dict[str, Any]) -> dict[str, list[str]]:
    """Return the same for two plans in the shape of ``applications.snapshot``."""
    found = {key: [phrase for row in rows for phrase in _text(row)] for key, rows in comparing.texts(then, now)}
    for name in comparing.TABLES:
        found[name] = [_row(row) for row in comparing.table(name, then, now)]
    for row in comparing.records(then, now):
        found.setdefault(row["part"], []).append(_row(row))
    return {key: phrases for key, phrases in found.items() if phrases}


def drafted(part: str, found: Mapping[str, Sequence[str]]) -> str:
    """Return what an answer could say of the changes in a part, empty where nothing was changed."""
    phrases = found.get(part, ())
    if not phrases:
        return ""
    rest = f"等{len(phrases)}处修改" if len(phrases) > MOST else ""
    return f"已在“{PARTS[part].spoken}”中{'，'.join(phrases[:MOST])}{rest}。"


def _text(row: comparison.Row) -> list[str]:
    if row.kind == Kind.SAME:
        return []
    if row.kind == Kind.ADDED:
        return [f"新增一段{_quoted(row.new)}"]
    if row.kind == Kind.REMOVED:
        return [f"删去一段{_quoted(row.old)}"]
    moved = [f"移动一段{_quoted(row.new)}"] if row.kind == Kind.MOVED else []
    return moved + _runs(row.runs)


def _runs(runs: Sequence[comparison.Run]) -> list[str]:
    found, at = [], 0
    while at < len(runs):
        op, text = runs[at]
        after = runs[at + 1] if at + 1 < len(runs) else ("=", "")
        if op == "-" and after[0] == "+":
            found.append(f"将{_quoted(text)}改为{_quoted(after[1])}")
            at += 1
        elif op != "=":
            found.append(f"{'补充' if op == '+' else '删去'}{_quoted(text)}")
        at += 1
    return found


def _row(row: Mapping[str, Any]) -> str:
    return f"{_ROW[Kind(row['kind'])]}{_quoted(row['label'])}"


def _quoted(text: str | None) -> str:
    said = (text or "").strip()
    return f"“{said if len(said) <= LONGEST else said[: LONGEST - 1] + '…'}”"
