"""Where the prose gives a figure for an indicator, and whether the indicator table says the same.

A figure belongs to an indicator when only words of linking stand between them: 达到, 由…提高到, a year. Anything
else may speak of something narrower (农村网络零售额), so it is left alone: a wrong alarm costs more than a missed one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal import words

from .figures import Figure, Year, base, clauses, figures, flat, years

ABOUT = Decimal("0.05")
ROUNDED = Decimal("0.01")
POINTS = Decimal("0.5")
_LINKS = re.findall(
    r"\S+",
    """
    达到 达 为 是 由 从 自 到 至 增长 增加 提高 提升 上升 扩大 下降 降低 减少 压减 缩短
    超过 突破 不低于 不少于 至少 约 近 力争 预计 将 要 实现 完成 保持 稳定 控制 在 的
    目标 基期 现状 值 累计 已经 已 比 较 均 年均 每年 左右 以上 以下 以内 末 底 初
    前 时 并 再 有望 超 不超过 低于 高于 不 届时 努力 逐步 增至 增 升至 升 降至 合计
    共计 共 同比 年 上年 基础 上 率 增速 增幅 全市 本市 全年 当年 争取 确保 进一步
    大约 将近 接近 了 其 约为 仅 只有 仅为 现有 目前
    """,
)
_LINK = re.compile("(?:" + "|".join(sorted(map(re.escape, _LINKS), key=len, reverse=True)) + r"|[\s，：:“”])*")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_ALLOWED_BEFORE = re.compile(
    r"(?:^|[\s，。；：、:;“”‘’（）()《》〔〕,.]|\d|[年月日底末初期市省州]|本地|地区|使|让|实现|推动|力争|确保|其中|的|和|及|与|将"
    r"|时|到|后|已|累计|带动|促进|完成|预计|现有|目前|年度|全年|扩大|提高|提升|保持|争取|增加值|级)$"
)
_PART_OF = re.compile(r"(?:新增|净增|新建|再|每年|其中)[^，。；]{0,4}$")
_COUNTED = re.compile(r"(?:总数|数量|个数|家数|数)$")
_FIGURE_OF = re.compile(r"(?:以上|左右)?的")
SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure of the prose beside the table's; ``table`` is what the table says, in words of the plan.

    ``kind`` is value, or growth for a yearly rate held against the one that follows from the row.
    """

    paragraph: str
    start: int
    end: int
    quote: str
    row: str
    name: str
    table: str
    agrees: bool
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    name: str
    names: tuple[str, ...]
    scale: Decimal
    unit: str
    unit_words: str
    years: tuple[int | None, int | None]
    values: tuple[Decimal | None, Decimal | None]


def find(paragraphs: Iterable[Mapping[str, str]], indicators: Sequence[Mapping[str, Any]]) -> list[Mention]:
    """Return the mentions in the order of the text; ``indicators`` as a snapshot holds them."""
    rows = [_row(i) for i in indicators]
    units = tuple({r.unit for r in rows})
    found: list[Mention] = []
    for paragraph in paragraphs:
        found += _in_paragraph(paragraph, rows, units)
    return found


def mismatches(paragraphs: Iterable[Mapping[str, str]], indicators: Sequence[Mapping[str, Any]]) -> list[Mention]:
    return [m for m in find(paragraphs, indicators) if not m.agrees]


def _row(indicator: Mapping[str, Any]) -> _Row:
    scale, unit = base(indicator["unit"])
    name = flat(indicator["name"]).strip()
    names = {name, _ASIDE.sub("", name).strip()}
    if unit not in ("%", "‰"):
        names |= {stem for n in names if len(stem := _COUNTED.sub("", n)) >= SHORTEST_STEM}

    def number(key: str) -> Decimal | None:
        value = indicator.get(key)
        return None if value in ("", None) else Decimal(str(value))

    def year(key: str) -> int | None:
        return int(indicator[key]) if indicator.get(key) else None

    return _Row(
        str(indicator["id"]),
        indicator["name"],
        tuple(n for n in names if n),
        scale,
        unit,
        indicator["unit"],
        (year("baseline_year"), year("target_year")),
        (number("baseline_value"), number("target_value")),
    )


def _in_paragraph(paragraph: Mapping[str, str], rows: list[_Row], units: tuple[str, ...]) -> Iterable[Mention]:
    text = flat(paragraph["text"])
    if not any(name in text for row in rows for name in row.names):
        return
    for start, end in clauses(text):
        places = _places(text, start, end, rows)
        if not places:
            continue
        clause = text[start:end]
        numbers, dates = figures(clause, units), years(clause)
        for at, (name_start, name_end, row) in enumerate(places):
            stop = places[at + 1][0] if at + 1 < len(places) else end
            own = (name_start - start, name_end - start, stop - start)
            for figure, value in _said(clause, own, row, numbers, dates):
                span = _span(own, figure)
                mention = _judged(row, figure, value, span, paragraph, start)
                if mention:
                    yield mention


def _places(text: str, start: int, end: int, rows: list[_Row]) -> list[tuple[int, int, _Row]]:
    """Return where indicators are named, the longest name winning, narrower things left out."""
    found = []
    for row in rows:
        for name in row.names:
            at = text.find(name, start, end)
            while at >= 0:
                found.append((at, at + len(name), row, name))
                at = text.find(name, at + 1, end)
    found.sort(key=lambda place: (place[0], -place[1]))
    kept, reach, widest = [], 0, 0
    for place in found:
        a, b, row, name = place
        if b <= reach and b - a < widest:
            continue
        reach, widest = b, b - a
        if _is_whole(text, start, a, name, row):
            kept.append((a, b, row))
    return kept


def _is_whole(text: str, start: int, at: int, name: str, row: _Row) -> bool:
    before = text[start:at]
    if name not in (row.name, flat(row.name)) and _PART_OF.search(before):
        return False
    return bool(_ALLOWED_BEFORE.search(before))


def _said(
    clause: str, own: tuple[int, int, int], row: _Row, numbers: list[Figure], dates: list[Year]
) -> Iterable[tuple[Figure, int | None]]:
    """Return the figures tied to the name, each with the year it is said for."""
    name_start, name_end, stop = own
    for figure in numbers:
        if figure.end <= name_start and _FIGURE_OF.fullmatch(clause[figure.end : name_start].strip()):
            yield figure, _year_of(clause, figure, dates, 0)
    at = name_end
    for figure in numbers:
        if figure.start < name_end or figure.end > stop:
            continue
        gap = clause[at : figure.start]
        if "分别" in gap or not _links(gap, at, dates):
            return
        yield figure, _year_of(clause, figure, dates, at)
        at = figure.end


def _links(gap: str, at: int, dates: list[Year]) -> bool:
    for year in reversed(dates):
        if at <= year.start and year.end <= at + len(gap):
            gap = gap[: year.start - at] + gap[year.end - at :]
    return bool(_LINK.fullmatch(_ASIDE.sub("", gap)))


def _year_of(clause: str, figure: Figure, dates: list[Year], since: int) -> int | None:
    """Return the year beside the figure, or the last one named before it; 由 takes only its own."""
    behind = re.match(r"\s*[（(]\s*", clause[figure.end :])
    if behind and (own := [y for y in dates if y.start == figure.end + behind.end()]):
        return own[0].value
    before = [y for y in dates if y.end <= figure.start and (figure.role != "from" or y.start >= since)]
    return before[-1].value if before else None


def _span(own: tuple[int, int, int], figure: Figure) -> tuple[int, int]:
    return min(own[0], figure.start), max(own[1], figure.end)


def _judged(
    row: _Row, figure: Figure, year: int | None, span: tuple[int, int], paragraph: Mapping[str, str], offset: int
) -> Mention | None:
    start, end = span[0] + offset, span[1] + offset
    place = (paragraph["id"], start, end, paragraph["text"][start:end], row.id, row.name)
    if figure.role == "yearly":
        rate = _growth(row)
        if rate is None or figure.unit != "%":
            return None
        return Mention(*place, f"{words.plain(rate)}%", _agrees(figure, rate, POINTS), "growth")
    if figure.role == "change" or figure.unit != row.unit:
        return None
    expected = _expected(row, figure, year)
    if not expected:
        return None
    agrees = any(_agrees(figure, value * row.scale) for _y, value in expected)
    return Mention(*place, "，".join(_table_words(row, y, v, alone=len(expected) == 1) for y, v in expected), agrees)


def _expected(row: _Row, figure: Figure, year: int | None) -> list[tuple[int | None, Decimal]]:
    """Return the values of the table the figure may mean; none where the table is silent about its year."""
    both = list(zip(row.years, row.values, strict=True))
    if figure.role == "from" and year in (None, row.years[0]):
        wanted = both[:1]
    elif year is not None:
        wanted = [pair for pair in both if pair[0] == year]
    else:
        wanted = both[1:] if figure.role == "to" else both
    return [(y, v) for y, v in wanted if v is not None]


def _agrees(figure: Figure, value: Decimal, slack: Decimal = Decimal(0)) -> bool:
    if figure.low != figure.high:
        return figure.low <= value <= figure.high
    if figure.bound == "least":
        return figure.low <= value
    if figure.bound == "most":
        return value <= figure.low
    if figure.bound == "about":
        slack = max(slack, abs(value) * ABOUT)
    return abs(figure.low - value) <= max(slack, min(figure.step / 2, abs(value) * ROUNDED))


def _growth(row: _Row) -> Decimal | None:
    (first_year, last_year), (first, last) = row.years, row.values
    if row.unit in ("%", "‰") or not first_year or not last_year or not first or last is None:
        return None
    if last_year <= first_year or first <= 0 or last <= 0:
        return None
    rate = (last / first) ** (Decimal(1) / (last_year - first_year)) - 1
    return (100 * rate).quantize(Decimal("0.1"))


def _table_words(row: _Row, year: int | None, value: Decimal, *, alone: bool) -> str:
    unit = flat(row.unit_words)
    amount = f"{words.plain(value)}{unit}" if unit in ("%", "‰") else f"{words.plain(value)} {unit}"
    return amount if alone or year is None else f"{year} 年 {amount}"
