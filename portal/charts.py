"""Pictures as inline SVG: pure functions, every word escaped, each with the sentence that says what it shows.

A picture never stands alone: the page shows the same figures in a table beside it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK, INK_2, INK_3 = "#14232e", "#3f525f", "#5a6b76"
LINE, LINE_STRONG, BRAND, SEAL = "#d5dbde", "#6f7f8a", "#1b4b5a", "#a8201a"
RAMP = ("#fff", "#dce8ea", "#a9c8cd", "#6fa2ab", "#2f6c7a", "#12333e")
FIRST_WITH_WHITE_TEXT = 4

# Column and row of each province-level unit by the two digits of its GB/T 2260 code.
TILES: dict[str, tuple[str, int, int]] = {
    "23": ("黑", 8, 0), "22": ("吉", 8, 1), "15": ("蒙", 5, 2), "11": ("京", 6, 2), "21": ("辽", 7, 2),
    "65": ("新", 2, 3), "62": ("甘", 3, 3), "64": ("宁", 4, 3), "14": ("晋", 5, 3), "13": ("冀", 6, 3),
    "12": ("津", 7, 3), "54": ("藏", 2, 4), "63": ("青", 3, 4), "61": ("陕", 4, 4), "41": ("豫", 5, 4),
    "37": ("鲁", 6, 4), "51": ("川", 3, 5), "50": ("渝", 4, 5), "42": ("鄂", 5, 5), "34": ("皖", 6, 5),
    "32": ("苏", 7, 5), "31": ("沪", 8, 5), "53": ("云", 3, 6), "52": ("贵", 4, 6), "43": ("湘", 5, 6),
    "36": ("赣", 6, 6), "33": ("浙", 7, 6), "45": ("桂", 4, 7), "44": ("粤", 5, 7), "35": ("闽", 6, 7),
    "71": ("台", 8, 7), "46": ("琼", 4, 8), "82": ("澳", 5, 8), "81": ("港", 6, 8),
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """One milestone: soft measures are drawn solid and dark, hard ones light with an outline."""

    label: str
    start: date
    end: date
    soft: bool


@dataclass(frozen=True)
class Axis:
    """One line of the maturity sheet; ``None`` means not assessed."""

    label: str
    before: int | None
    now: int | None


def text_width(text: str, size: float) -> float:
    """Estimate the width of ``text`` in pixels: full-width characters are square, the others about half."""
    return sum(size if east_asian_width(c) in "WFA" else size * 0.56 for c in text)


def shortened(text: str, size: float, room: float) -> str:
    """Cut ``text`` to ``room`` pixels with an ellipsis; the table beside the picture has it whole."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _svg(body: SafeString, says: str, width: float, height: float, kind: str = "chart") -> SafeString:
    return format_html(
        '<svg class="{}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{}" '
        'width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>',
        kind, says, _n(width), _n(height), _n(width), _n(height), body,
    )  # fmt: skip


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def share(concrete: int, total: int) -> int | None:
    """Return whole percent, or ``None`` when there is nothing to measure: “none” is not 0 %."""
    return None if total == 0 else int(100 * concrete / total + 0.5)


def share_bar(percent: int | None, *, soft: bool) -> SafeString:
    """Return the bar under a sentence that already says the figure, so it is hidden from screen readers."""
    width = 280 * max(0, min(100, percent or 0)) / 100
    fill = BRAND if soft else RAMP[3]
    return format_html(
        '<svg class="chart bar-line" xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="280" height="12" '
        'viewBox="0 0 280 12" preserveAspectRatio="none"><rect width="280" height="12" fill="{}"/>'
        '<rect width="{}" height="12" fill="{}"/></svg>',
        RAMP[1], _n(width), fill,
    )  # fmt: skip


def stage_bars(rows: Sequence[tuple[str, int]], says: str) -> SafeString:
    """Draw how many cities stand at each stage."""
    largest = max((value for _, value in rows), default=0) or 1
    label_room = max((text_width(label, 14) for label, _ in rows), default=0) + 12
    bar_room = 280
    bars = format_html_join(
        "",
        '<text x="0" y="{}" font-size="14" fill="{}">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="20" fill="{}"/>'
        '<text x="{}" y="{}" font-size="14" font-weight="700" fill="{}">{}</text>',
        (
            (
                34 * i + 18, INK, label,
                _n(label_room), 34 * i + 4, _n(bar_room * value / largest), RAMP[min(2 + i, 5)],
                _n(label_room + bar_room * value / largest + 6), 34 * i + 19, INK, value,
            )
            for i, (label, value) in enumerate(rows)
        ),
    )  # fmt: skip
    return _svg(bars, says, label_room + bar_room + 50, 34 * len(rows) + 4)


def milestones(rows: Sequence[Span], *, today: date, says: str, today_word: str, year_word: str = "{}年") -> SafeString:
    """Draw the milestones over the whole years they touch, with a line for today."""
    if not rows:
        return SafeString("")
    first = date(min(row.start for row in rows).year, 1, 1)
    last = date(max(row.end for row in rows).year + 1, 1, 1)
    label_room, chart_room = 200.0, 560.0
    bottom = 34 * len(rows) + 36

    def x(day: date) -> float:
        return label_room + chart_room * (day - first).days / (last - first).days

    quarters = [date(y, m, 1) for y in range(first.year, last.year) for m in (1, 4, 7, 10)] + [last]
    grid = format_html_join(
        "",
        '<path d="M{} 18V{}" stroke="{}"/>',
        ((_n(x(day)), bottom, LINE_STRONG if day.month == 1 else LINE) for day in quarters),
    )
    years = format_html_join(
        "",
        '<text x="{}" y="12" font-size="12" fill="{}">{}</text>',
        ((_n(x(date(y, 1, 1)) + 2), INK_2, year_word.format(y)) for y in range(first.year, last.year)),
    )
    bars = format_html_join(
        "",
        '<text x="0" y="{}" font-size="14" fill="{}">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="18" rx="2" fill="{}" stroke="{}"/>',
        (
            (
                34 * i + 43, INK, shortened(row.label, 14, label_room - 12),
                _n(x(row.start)), 34 * i + 30, _n(max(6, x(row.end) - x(row.start))),
                BRAND if row.soft else RAMP[2], BRAND,
            )
            for i, row in enumerate(rows)
        ),
    )  # fmt: skip
    line = SafeString("")
    if first <= today < last:
        near_end = x(today) > label_room + chart_room - 60
        line = format_html(
            '<path d="M{} 14V{}" stroke="{}" stroke-width="2" stroke-dasharray="2 3"/>'
            '<text x="{}" y="{}" font-size="12" fill="{}"{}>{}</text>',
            _n(x(today)), bottom, SEAL, _n(x(today) + (-4 if near_end else 4)), bottom + 12, SEAL,
            SafeString(' text-anchor="end"') if near_end else "", today_word,
        )  # fmt: skip
    return _svg(grid + years + bars + line, says, label_room + chart_room + 4, bottom + 16)


def radar(axes: Sequence[Axis], says: str, *, levels: int = 4) -> SafeString:
    """Draw maturity by axis: the round before dashed, this round solid with a tint."""
    room = max((text_width(axis.label, 13) for axis in axes), default=0) + 20
    radius, middle_y = 110.0, 160.0
    middle_x = room + radius

    def point(i: int, length: float) -> tuple[float, float]:
        angle = 2 * math.pi * i / len(axes) - math.pi / 2
        return middle_x + length * math.cos(angle), middle_y + length * math.sin(angle)

    def outline(values: Sequence[int | None]) -> str:
        known = [point(i, radius * value / levels) for i, value in enumerate(values) if value is not None]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in known)

    rings = format_html_join(
        "",
        '<polygon points="{}" fill="none" stroke="{}"/>',
        ((outline([level] * len(axes)), LINE) for level in range(1, levels + 1)),
    )
    shapes = format_html(
        '<polygon points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="5 4"/>'
        '<polygon points="{}" fill="{}" fill-opacity="0.18" stroke="{}" stroke-width="2.5"/>',
        outline([a.before for a in axes]), INK_3, outline([a.now for a in axes]), BRAND, BRAND,
    )  # fmt: skip
    return _svg(rings + shapes + _axis_labels(axes, point, radius, middle_x), says, 2 * middle_x, 2 * middle_y)


def _axis_labels(axes: Sequence[Axis], point, radius: float, middle_x: float) -> SafeString:
    def row(i: int, axis: Axis) -> tuple:
        x, y = point(i, radius + 14)
        anchor = "middle" if abs(x - middle_x) < 4 else ("start" if x > middle_x else "end")
        lift = -16 if y < 60 else (12 if y > 260 else -2)
        return (
            _n(x),
            _n(y + lift),
            INK,
            anchor,
            axis.label,
            _n(x),
            _n(y + lift + 17),
            INK_2,
            anchor,
            _step(axis),
        )

    return format_html_join(
        "",
        '<text x="{}" y="{}" font-size="13" fill="{}" text-anchor="{}">{}</text>'
        '<text x="{}" y="{}" font-size="13" fill="{}" text-anchor="{}">{}</text>',
        (row(i, axis) for i, axis in enumerate(axes)),
    )


def _step(axis: Axis) -> str:
    now = "—" if axis.now is None else str(axis.now)
    return now if axis.before is None else f"{axis.before}→{now}"


def tile_level(value: int, largest: int) -> int:
    """Return the step of the ramp, 0 only for none."""
    return 0 if value <= 0 else max(1, math.ceil(5 * value / max(1, largest)))


def tile_grid(values: Mapping[str, int], says: str) -> SafeString:
    """Draw one square per province-level unit; ``values`` by the two digits of the GB/T 2260 code."""
    largest = max(values.values(), default=0)
    left = min(column for _, column, _ in TILES.values())

    def row(code: str) -> tuple:
        name, column, line = TILES[code]
        value = values.get(code, 0)
        level = tile_level(value, largest)
        x, y, ink = 44 * (column - left) + 1, 44 * line + 1, "#fff" if level >= FIRST_WITH_WHITE_TEXT else INK
        return x, y, RAMP[level], LINE_STRONG, x + 7, y + 18, ink, name, x + 35, y + 34, ink, value or ""

    tiles = format_html_join(
        "",
        '<rect x="{}" y="{}" width="41" height="41" fill="{}" stroke="{}"/>'
        '<text x="{}" y="{}" font-size="14" fill="{}">{}</text>'
        '<text x="{}" y="{}" font-size="13" font-weight="700" text-anchor="end" fill="{}">{}</text>',
        (row(code) for code in TILES),
    )
    return _svg(tiles, says, 44 * 7 + 2, 44 * 9 + 2)


def sparkline(values: Sequence[float | None], says: str) -> SafeString:
    """Draw baseline → target → actual in 120 × 24; unknown values are left out."""
    known = [(i, float(value)) for i, value in enumerate(values) if value is not None]
    if not known:
        return SafeString("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    steps = max(1, len(values) - 1)

    def y(value: float) -> float:
        return 12 if high == low else 21 - 18 * (value - low) / (high - low)

    points = [(3 + 114 * i / steps, y(value)) for i, value in known]
    line = format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>'
        '<circle cx="{}" cy="{}" r="2.5" fill="{}"/>',
        " ".join(f"{a:.1f},{b:.1f}" for a, b in points), BRAND, _n(points[-1][0]), _n(points[-1][1]), BRAND,
    )  # fmt: skip
    return _svg(line, says, 120, 24, "chart spark")
