"""Dates, numbers and lengths in Chinese and English words; pure functions, times shown as Beijing's."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from portal.clock import beijing

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WEEKDAYS_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIGITS = "零一二三四五六七八九"
SCALES = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
SCALES_ENGLISH = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
LARGEST = Decimal(10) ** 16


def day(value: date | datetime, *, today: date | None, english: bool = False) -> str:
    """Return 9月22日, with the year unless it is that of ``today``; a moment is first taken to Beijing."""
    value = _date(value)
    if english:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    year = "" if today and value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def clock(value: datetime, *, seconds: bool = False) -> str:
    """Return 18:00, or 18:00:05, by Beijing's wall clock."""
    return beijing(value).strftime("%H:%M:%S" if seconds else "%H:%M")


def moment(value: datetime, *, today: date, english: bool = False) -> str:
    """Return 9月22日 18:00."""
    return f"{day(value, today=today, english=english)}{', ' if english else ' '}{clock(value)}"


def full_day(value: date | datetime, *, english: bool = False) -> str:
    """Return 2026年9月22日（星期二）."""
    value = _date(value)
    if english:
        return f"{WEEKDAYS_ENGLISH[value.weekday()]}, {value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{official_day(value)}（{WEEKDAYS[value.weekday()]}）"


def official_day(value: date | datetime) -> str:
    """Return 2026年9月8日 as official letters write it: no leading zeros."""
    value = _date(value)
    return f"{value.year}年{value.month}月{value.day}日"


def full_moment(value: datetime, *, english: bool = False, seconds: bool = False) -> str:
    """Return 2026年9月22日（星期二）18:00."""
    time = clock(value, seconds=seconds)
    return f"{full_day(value, english=english)}{', ' if english else ''}{time}"


def years(first: int, last: int, *, english: bool = False) -> str:
    """Return 2026年—2028年, or one year when both are the same."""
    if first == last:
        return str(first) if english else f"{first}年"
    return f"{first}–{last}" if english else f"{first}年—{last}年"


def due(value: datetime, *, now: datetime, working_days_left: int, english: bool = False) -> dict[str, str]:
    """Return ``date``, ``words`` and ``level`` ("", "soon", "late"); the caller counts the days."""
    words = _due_words(value, now, working_days_left, english)
    if now > value:
        level = "late"
    else:
        level = "soon" if working_days_left <= 3 else ""
    return {"date": moment(value, today=_date(now), english=english), "words": words, "level": level}


def _due_words(value: datetime, now: datetime, left: int, english: bool) -> str:
    count = abs(left)
    if now > value:
        if count == 0:
            return f"over since {clock(value)}" if english else f"已过 {clock(value)}"
        return f"{_counted(count, 'working day')} over" if english else f"已超 {count} 个工作日"
    if _date(value) == _date(now):
        return f"due today at {clock(value)}" if english else f"今天 {clock(value)} 到期"
    return f"{_counted(count, 'working day')} left" if english else f"还有 {count} 个工作日"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _date(value: date | datetime) -> date:
    return beijing(value).date() if isinstance(value, datetime) else value


def plain(number: Decimal | int | float) -> str:
    """Return the number without exponent, trailing zeros or sign of zero: 14.50 → 14.5."""
    text = f"{Decimal(str(number)):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def thousands(number: Decimal | int | float) -> str:
    """Return 12,345.6 (never for years)."""
    whole, _, rest = plain(number).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + f"{int(whole):,}" + (f".{rest}" if rest else "")


def money(yuan: Decimal | int, *, english: bool = False) -> str:
    """Return 亿元 with one decimal from 1 亿 up, otherwise 万元 with at most two."""
    yuan = Decimal(yuan)
    if english:
        return in_english(yuan) + " yuan"
    if abs(yuan) >= 10**8:
        return f"{(yuan / 10**8).quantize(Decimal('0.1')):,} 亿元"
    return f"{thousands((yuan / 10**4).quantize(Decimal('0.01')))} 万元"


def percent_points(new: Decimal | float, old: Decimal | float, *, english: bool = False) -> str:
    """Return the difference of two shares given in percent: 提高 27 个百分点."""
    gap = Decimal(str(new)) - Decimal(str(old))
    number = plain(abs(gap))
    if gap == 0:
        return "no change" if english else "没有变化"
    if english:
        return f"{'up' if gap > 0 else 'down'} {number} percentage point{'' if number == '1' else 's'}"
    return f"{'提高' if gap > 0 else '下降'} {number} 个百分点"


def magnitude(number: Decimal | int | float, unit: str = "", *, english: bool = False) -> str:
    """Return 四百八十亿元 for 480 with 亿元, so that a slip of ten shows; "" beyond 10 ** 16."""
    scale, rest = _scale(unit)
    value = Decimal(str(number)) * scale
    if not value.is_finite() or abs(value) >= LARGEST:
        return ""
    if english:
        return f"{in_english(value)} {'yuan' if rest == '元' else rest}".strip()
    return in_chinese(value) + rest


def _scale(unit: str) -> tuple[int, str]:
    for name in sorted(SCALES, key=len, reverse=True):
        if name and unit.startswith(name):
            return SCALES[name], unit.removeprefix(name)
    return 1, unit


def in_english(value: Decimal) -> str:
    """Return 48 billion, 1.5 million, 320,000: exact, never rounded."""
    for scale, name in SCALES_ENGLISH:
        if abs(value) >= scale:
            return f"{thousands(value / scale)} {name}"
    return thousands(value)


def in_chinese(value: Decimal) -> str:
    """Return the Chinese reading of a number below 10 ** 16: 10500 → 一万零五百."""
    text = plain(abs(value))
    whole, _, rest = text.partition(".")
    reading = _read_whole(int(whole)) + ("点" + "".join(DIGITS[int(d)] for d in rest) if rest else "")
    return ("负" if value < 0 else "") + reading


def _read_whole(number: int) -> str:
    reading = _read(number) or DIGITS[0]
    return reading[1:] if reading.startswith("一十") else reading


def _read(number: int) -> str:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            high, low = divmod(number, size)
            return _read(high) + name + (DIGITS[0] if 0 < low < size // 10 else "") + _read(low)
    return _read_group(number)


def _read_group(group: int) -> str:
    reading, gap = "", False
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, group = divmod(group, size)
        if digit:
            reading += (DIGITS[0] if gap and reading else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return reading


# What XML 1.0 cannot hold, the two non-characters that openpyxl lets through included.
_unwritable = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return the text without the characters no Word or Excel file can hold."""
    return _unwritable.sub("", text)


# Word counts each of these by itself; everything else between spaces counts as one word.
WIDE = (
    r"\u1100-\u11ff\u2e80-\u2fff\u3001-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7af"
    r"\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U0003ffff"
)
# Quotation marks, dashes and dots belong to both scripts: inside a Western word they are part of it (it’s).
SHARED = r"\u00b7\u2014\u2018\u2019\u201c\u201d\u2026"
# Spelt out because Python and browsers do not agree on what a space is.
SPACE = r"\s\ufeff\u001c-\u001f\u0085"
_western = rf"[^{SPACE}{WIDE}{SHARED}]+"
_counted_once = re.compile(rf"[{WIDE}]|{_western}(?:[{SHARED}]{_western})*|[{SHARED}]")


def count_characters(text: str) -> int:
    """Return 字数 as Word and WPS count: each Chinese character or mark and each Western word is one."""
    return sum(1 for _ in _counted_once.finditer(text))


def grouped(code: str, size: int = 4) -> str:
    """Return a code in groups that can be read aloud: 9F3A 77C1."""
    return " ".join(code[i : i + size] for i in range(0, len(code), size))


def listed(words: Iterable[str], *, english: bool = False) -> str:
    """Return 杭州、宁波、温州 or "Hangzhou, Ningbo and Wenzhou"."""
    words = list(words)
    if not english:
        return "、".join(words)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
