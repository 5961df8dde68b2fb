"""Tables in the prose of a part: each row is a paragraph between bars, “| 指标 | 目标值 |”, so that notes, merge and
comparison hold row by row; rows of one width that follow one another are a table, the first is its head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .paragraphs import Paragraph

MOST_COLUMNS, MOST_ROWS = 40, 500
_BAR, _WIDE_BAR = "|", "｜"


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows`` are paragraphs of one table, at least two, all of the same number of cells."""

    rows: list[Paragraph]


def row(cells: Sequence[str], width: int = 0) -> str:
    """Write a row of at least ``width`` cells; a cell's own bars are written full-width, its breaks as spaces."""
    written = [_cell(cell) for cell in cells] + [""] * (width - len(cells))
    return f"| {' | '.join(written)} |"


def _cell(text: str) -> str:
    return " ".join(line.strip() for line in text.replace(_BAR, _WIDE_BAR).splitlines() if line.strip())


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each cell of a row begins and ends in ``text``; none unless it is a row of two cells, one filled."""
    bars = [at for at, sign in enumerate(text) if sign == _BAR]
    if not 3 <= len(bars) <= MOST_COLUMNS + 1 or bars[0] != 0 or bars[-1] != len(text) - 1:
        return []
    found = []
    for before, after in zip(bars, bars[1:], strict=False):
        inner = text[before + 1 : after]
        start = before + 1 + len(inner) - len(inner.lstrip())
        found.append((min(start, after), max(min(start, after), before + 1 + len(inner.rstrip()))))
    return found if any(start < end for start, end in found) else []


def cells(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def runs(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph | Grid]:
    """Yield paragraphs and tables in their order; a row alone, or one too many, stays a paragraph."""
    for width, run in groupby(paragraphs, key=lambda p: len(spans(p["text"]))):
        rows = list(run)
        if width and 2 <= len(rows) <= MOST_ROWS:
            yield Grid(rows)
        else:
            yield from rows
