"""Tables in the prose of a part: each row is a paragraph between bars, “| 指标 | 目标值 |”, so that notes, merge and
comparison hold row by row; rows of one width that follow one another are a table, the first is its head."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from .paragraphs import Paragraph

MOST_COLUMNS, MOST_ROWS = 40, 500
_BAR, _WIDE_BAR = _BARS = "|", "｜"


class Broken(StrEnum):
    """Why a line between bars is no row of a table."""

    BARS = "bars"  # it lacks the bar it begins or ends with, or writes some bars full-width
    WIDTH = "width"  # the rows beside it have another number of cells
    ALONE = "alone"  # no row beside it
    MANY = "many"  # more cells or rows than a table may have


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


def broken(paragraphs: Sequence[Paragraph]) -> list[tuple[Paragraph, Broken]]:
    """Return the paragraphs that were meant as rows and are none, in their order."""
    whole = {p["id"] for one in runs(paragraphs) if isinstance(one, Grid) for p in one.rows}
    found = []
    for at, paragraph in enumerate(paragraphs):
        if paragraph["id"] in whole or not _looks_like_a_row(paragraph["text"]):
            continue
        width = len(spans(paragraph["text"]))
        beside = [len(spans(p["text"])) for p in paragraphs[max(at - 1, 0) : at + 2] if p is not paragraph]
        if paragraph["text"].count(_BAR) > MOST_COLUMNS + 1 or width in beside and width:
            why = Broken.MANY
        elif not width:
            why = Broken.BARS
        else:
            why = Broken.WIDTH if any(beside) else Broken.ALONE
        found.append((paragraph, why))
    return found


def _looks_like_a_row(text: str) -> bool:
    """Say whether a line begins or ends with a bar and has another one; prose has none at its ends."""
    text = text.strip()
    bars = sum(sign in _BARS for sign in text)
    return bars >= 2 and (text[0] in _BARS or text[-1] in _BARS)
