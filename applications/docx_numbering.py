"""Automatic numbering of Word: the numbers are not in the text, so they are counted again."""

import re
from collections import defaultdict

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional"}
_DECIMAL = {"decimal", "decimalFullWidth", "decimalEnclosedParen"}
_TEN, _HUNDRED = 10, 100


def chinese(number: int) -> str:
    """Return 1–99 as 一 … 九十九, larger numbers in digits."""
    if not 0 < number < _HUNDRED:
        return str(number)
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


class Numbering:
    """Counts the list levels of one document, read once from start to end."""

    def __init__(self, root) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.lists: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        for abstract in root.iter(W + "abstractNum"):
            self.levels[abstract.get(W + "abstractNumId", "")] = dict(map(_level, abstract.iter(W + "lvl")))
        for number in root.iter(W + "num"):
            self.lists[number.get(W + "numId", "")] = _value(number.find(W + "abstractNumId"))

    def label(self, paragraph, style=None) -> str:
        """Return the number Word would show before ``paragraph``, by its own or its style's properties.

        Bullets and unknown kinds of number give none.
        """
        own = paragraph.find(f"{W}pPr/{W}numPr")
        wanted = [p for p in (own, style.find(f"{W}pPr/{W}numPr") if style is not None else None) if p is not None]
        list_id = next(filter(None, (_value(p.find(W + "numId")) for p in wanted)), "")
        depth = int(next(filter(None, (_value(p.find(W + "ilvl")) for p in wanted)), "0"))
        abstract = self.lists.get(list_id, "")
        levels = self.levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self.counts[abstract]
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        kind, pattern, _start = levels[depth]
        if kind not in _CHINESE | _DECIMAL:
            return ""
        return re.sub(r"%([1-9])", lambda m: self._figure(levels, counts, int(m.group(1)) - 1), pattern)

    @staticmethod
    def _figure(levels, counts, depth: int) -> str:
        kind, _pattern, start = levels.get(depth, ("decimal", "", 1))
        number = counts.get(depth, start)
        return chinese(number) if kind in _CHINESE else str(number)


def _level(element) -> tuple[int, tuple[str, str, int]]:
    start = _value(element.find(W + "start"))
    kind, pattern = _value(element.find(W + "numFmt")), _value(element.find(W + "lvlText"))
    return int(element.get(W + "ilvl") or 0), (kind, pattern, int(start) if start.isdecimal() else 1)


def _value(element) -> str:
    return element.get(W + "val", "") if element is not None else ""
