"""Figures in running text: where they stand, what they are worth, in which unit, how exact they are meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..units import UNITS

LONGEST_CLAUSE = 600
_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWER = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_POINTS = ("个百分点", "百分点")
# Every repetition has an end: whoever types a million digits is answered as fast as anybody else.
_ARABIC = r"\d{1,3}(?:,\d{3}){1,5}(?!\d)(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?"
_SCALE = r"[十百千]?(?:万亿|[万亿])|[百千]"
_CHINESE = rf"[零〇一二两三四五六七八九十百千万亿]{{1,24}}(?:点[零〇一二三四五六七八九]{{1,6}}(?:{_SCALE})?)?"
_BARE = {u.lstrip("万亿") for u in UNITS} - {""}
_BEFORE = re.compile(
    r"(?:(?P<about>大约|将近|接近|约为|约|近)|(?P<most>不超过|不高于|不多于|低于|少于|控制在)"
    r"|(?P<least>不低于|不少于|至少|超过|突破|高于|多于|超))\s*$"
)
_AFTER = re.compile(r"\s*(?:(?P<about>左右|上下)|(?P<least>及?以上)|(?P<most>及?以下|以内))")
_YEARLY = re.compile(
    r"(?:年均|每年|年增)(?:递增|增长率?|增速|增幅|提高|新增)?(?:率|为|达到?|约|在|保持在|超过|不低于)*\s*$"
)
_GROWN = r"(?:同比|环比|累计|新|净|再|约)?(?:增加|增长|提高|提升|上升|扩大|新增|净增|减少|下降|降低|压减|缩短)"
_CHANGE = re.compile(rf"{_GROWN}(?:了|约|近|超过|不少于|不低于|率|幅度|为)*\s*$")
_FROM = re.compile(r"(?:从|由|自)(?:基期|现在|目前)?的?\s*$")
_TO = re.compile(r"(?:到|至)(?:约|近|超过)?\s*$")
_RANGE = r"\s{0,3}(?:-|—{1,3}|–|~|至|到)\s{0,3}"
_YEAR = re.compile(
    r"(?<![\d.,])((?:19|20)\d\d)(?=\s*年|\s*(?:-|—+|–|~|至|到)\s*(?:19|20)\d\d\s*年)|([二一][〇零九][〇零一二三四五六七八九]{2})年"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """``low`` and ``high`` in whole units (元, not 亿元) and equal unless it is a range; ``step``: its last place.

    ``bound`` is "", about, least or most; ``role`` is "", from, to, change or yearly.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str
    step: Decimal
    bound: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    start: int
    end: int
    value: int


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1) if chr(code) not in "！，：；？（）"}


def flat(text: str) -> str:
    """Return ``text`` with half-width digits, letters and signs, every character in its place.

    Full-width commas and brackets stay: they part clauses and never thousands.
    """
    return text.translate(_HALF_WIDTH)


def years(text: str) -> list[Year]:
    """Return the years named in ``text``: 2028年, ２０２８年, 二〇二八年, both ends of 2026—2029年."""
    return [Year(m.start(), m.end(), int(m[1]) if m[1] else _year_read(m[2])) for m in _YEAR.finditer(flat(text))]


def _year_read(text: str) -> int:
    return int("".join(str(_DIGIT[c]) for c in text))


def base(unit: str) -> tuple[Decimal, str]:
    """Return the scale and the bare unit: 亿元 is 100,000,000 and 元."""
    plain = flat(unit).strip()
    found = re.match(_SCALE, plain)
    scale = found.group() if found and len(found.group()) < len(plain) else ""
    return Decimal(_worth(scale)), plain[len(scale) :]


def _worth(scale: str) -> int:
    worth = 1
    for c in scale:
        worth *= _POWER.get(c) or _LARGE[c]
    return worth


def figures(text: str, units: tuple[str, ...] = ()) -> list[Figure]:
    """Return the figures with a unit; ``units`` adds bare units that no other plan uses."""
    plain = flat(text)
    pattern = _pattern(units)
    return [figure for found in pattern.finditer(plain) if (figure := _figure(plain, found))]


_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}


def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    units = tuple(sorted(units))
    if units not in _PATTERNS:
        if len(_PATTERNS) > 200:
            _PATTERNS.clear()
        known = sorted({*_BARE, *_POINTS, *(u for u in units if u)}, key=lambda u: (-len(u), u))
        unit = "|".join(re.escape(u) for u in known)
        amount = rf"(?:(?:{_ARABIC})(?:{_SCALE})){{0,3}}(?:{_ARABIC})\s{{0,3}}(?:{_SCALE})?|{_CHINESE}"
        _PATTERNS[units] = re.compile(
            rf"(?<![\d.])(?:(?P<per>百分之|千分之)(?P<share>{_ARABIC}|{_CHINESE})(?:{_RANGE}(?P=per)(?P<share_2>{_ARABIC}|{_CHINESE}))?"
            r"|(?P<tenths>[一二三四五六七八九\d])成(?P<half>[一二三四五六七八九半])?(?![立果本为效员功熟绩品交长])"
            rf"|(?P<one>{amount})(?:\s{{0,3}}(?P<unit_1>{unit})?{_RANGE}(?P<two>{amount}))?"
            rf"(?P<odd>多|余|来)?\s{{0,3}}(?P<unit>{unit}))"
        )
    return _PATTERNS[units]


def _figure(plain: str, found: re.Match[str]) -> Figure | None:
    if found["per"]:
        first, step = _amount(found["share"])
        last = _amount(found["share_2"])[0] if found["share_2"] else first
        unit = "%" if found["per"] == "百分之" else "‰"
    elif found["tenths"]:
        half = {"半": 5, None: 0}.get(found["half"]) if found["half"] in ("半", None) else _DIGIT[found["half"]]
        digit = int(found["tenths"]) if found["tenths"].isdecimal() else _DIGIT[found["tenths"]]
        first = last = Decimal(10 * digit + (half or 0))
        step, unit = Decimal(1 if found["half"] else 10), "%"
    else:
        try:
            first, last, step = _ends(found)
        except ValueError:
            return None
        unit = found["unit"]
    bound, role = _meant(plain, found)
    unit = "百分点" if unit in _POINTS else unit
    return Figure(found.start(), found.end(), min(first, last), max(first, last), unit, step, bound, role)


def _ends(found: re.Match[str]) -> tuple[Decimal, Decimal, Decimal]:
    """Return both ends and the worth of the last place; 300—480亿元 lends its scale to the first."""
    first, step = _amount(found["one"])
    if not found["two"]:
        return first, first, step
    last, step = _amount(found["two"])
    scale = re.search(rf"(?:{_SCALE})$", found["two"])
    if scale and not found["unit_1"] and not re.search(rf"(?:{_SCALE})$", found["one"]):
        first *= _worth(scale.group())
    return first, last, step


def _meant(plain: str, found: re.Match[str]) -> tuple[str, str]:
    before = plain[max(0, found.start() - 16) : found.start()]
    bound = "about" if "odd" in found.groupdict() and found["odd"] else ""
    if said := _BEFORE.search(before):
        bound = next(name for name, value in said.groupdict().items() if value)
        before = before[: said.start()]
    if said := _AFTER.match(plain, found.end()):
        bound = next(name for name, value in said.groupdict().items() if value)
    if _YEARLY.search(before):
        return bound, "yearly"
    if _TO.search(before):
        return bound, "to"
    if _FROM.search(before):
        return bound, "from"
    return bound, "change" if _CHANGE.search(before) else ""


def _amount(text: str) -> tuple[Decimal, Decimal]:
    """Return the worth of 4亿8000万, 1,200, 三千五百万 and of its last place."""
    text = re.sub(r"\s", "", text)
    if text[0].isdecimal():
        worth, step = Decimal(0), Decimal(1)
        for number, scale in re.findall(rf"({_ARABIC})({_SCALE})?", text):
            value = Decimal(number.replace(",", ""))
            worth += value * _worth(scale)
            step = Decimal(1).scaleb(int(value.as_tuple().exponent)) * _worth(scale)
        return worth, step
    whole, _, rest = text.partition("点")
    value = Decimal(read(whole))
    if rest:
        digits = rest.rstrip("十百千万亿")
        value = (value + Decimal("0." + "".join(str(_DIGIT[c]) for c in digits))) * _worth(rest[len(digits) :])
    tail = re.search(r"(?:万亿|[万亿])$", text)
    return value, Decimal(_worth(tail.group()) if tail else 1)


def read(text: str) -> int:
    """Return 480 for 四百八十; raises ``ValueError`` for what is no number, such as 千万 in 千万家."""
    for name in ("亿", "万"):
        if name in text:
            high, _, low = text.rpartition(name)
            if not high:
                raise ValueError(text)
            return read(high) * _LARGE[name] + (read(low) if low else 0)
    return _read_small(text)


def _read_small(text: str) -> int:
    total, digit, power = 0, None, 10**4
    for c in text:
        if c in _DIGIT:
            if digit not in (None, 0):
                raise ValueError(text)
            digit = _DIGIT[c]
            continue
        if _POWER[c] >= power or (digit is None and (c != "十" or total)):
            raise ValueError(text)
        power = _POWER[c]
        total, digit = total + (1 if digit is None else digit) * power, None
    # 三千五 is 3,500 in speech; in a plan it is as likely a slip, so it is not read.
    if digit and power > 10 and total and "零" not in text and "〇" not in text:
        raise ValueError(text)
    return total + (digit or 0)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Return the stretches between marks that end a thought; one longer than a page is no sentence and left out."""
    at = 0
    for found in re.finditer(r"[。！？；;!?\n]|$", text):
        if 0 < found.start() - at <= LONGEST_CLAUSE:
            yield at, found.start()
        at = found.end()
