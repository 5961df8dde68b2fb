import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import words

TODAY = date(2026, 9, 18)
EVENING = datetime(2026, 9, 22, 10, 0, tzinfo=UTC)
CASES = json.loads((Path(__file__).parents[1] / "look" / "characters.json").read_text("utf-8"))


def test_day_has_no_leading_zeros_and_the_year_only_when_it_differs():
    assert words.day(date(2026, 9, 8), today=TODAY) == "9月8日"
    assert words.day(date(2025, 12, 31), today=TODAY) == "2025年12月31日"
    assert words.day(date(2026, 9, 8), today=TODAY, english=True) == "8 September 2026"


def test_moment_is_said_in_beijing_time():
    assert words.moment(EVENING, today=TODAY) == "9月22日 18:00"
    assert words.moment(EVENING, today=TODAY, english=True) == "22 September 2026, 18:00"


def test_day_of_a_moment_is_beijings_day():
    assert words.day(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), today=TODAY) == "2027年1月1日"


def test_full_moment():
    assert words.full_moment(EVENING) == "2026年9月22日（星期二）18:00"
    assert words.full_moment(EVENING, seconds=True) == "2026年9月22日（星期二）18:00:00"
    assert words.full_moment(EVENING, english=True) == "Tuesday, 22 September 2026, 18:00"


def test_years():
    assert words.years(2026, 2028) == "2026年—2028年"
    assert words.years(2026, 2026) == "2026年"
    assert words.years(2026, 2028, english=True) == "2026–2028"


@pytest.mark.parametrize(
    ("now", "left", "said", "english", "level"),
    [
        (EVENING - timedelta(days=6), 4, "还有 4 个工作日", "4 working days left", ""),
        (EVENING - timedelta(days=4), 2, "还有 2 个工作日", "2 working days left", "soon"),
        (EVENING - timedelta(days=1), 1, "还有 1 个工作日", "1 working day left", "soon"),
        (EVENING - timedelta(hours=2), 0, "今天 18:00 到期", "due today at 18:00", "soon"),
        (EVENING, 0, "今天 18:00 到期", "due today at 18:00", "soon"),
        (EVENING + timedelta(minutes=1), 0, "已过 18:00", "over since 18:00", "late"),
        (EVENING + timedelta(days=1), -1, "已超 1 个工作日", "1 working day over", "late"),
    ],
)
def test_due(now, left, said, english, level):
    assert words.due(EVENING, now=now, working_days_left=left) == {
        "date": "9月22日 18:00",
        "words": said,
        "level": level,
    }
    assert words.due(EVENING, now=now, working_days_left=left, english=True)["words"] == english


@pytest.mark.parametrize(
    ("number", "unit", "read"),
    [
        (480, "亿元", "四百八十亿元"),
        ("4.8", "亿元", "四亿八千万元"),
        (320, "万元", "三百二十万元"),
        (12, "万人", "十二万人"),
        (10500, "元", "一万零五百元"),
        (100_010_000, "元", "一亿零一万元"),
        (1_000_000_012, "元", "十亿零一十二元"),
        ("1.2", "万亿元", "一万二千亿元"),
        (0, "亿元", "零元"),
        (-5, "万元", "负五万元"),
        ("0.5", "元", "零点五元"),
        (10**16, "", ""),
    ],
)
def test_magnitude(number, unit, read):
    assert words.magnitude(number, unit) == read


def test_magnitude_in_english():
    assert words.magnitude(480, "亿元", english=True) == "48 billion yuan"
    assert words.magnitude(32, "万元", english=True) == "320,000 yuan"
    assert words.magnitude("4.8", "亿元", english=True) == "480 million yuan"


def _value(reading: str) -> int:
    """Read a Chinese number back, by the rule of the language and not by the code under test."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in reading:
            high, low = reading.rsplit(name, 1)
            return _value(high) * size + _value(low)
    total, digit = 0, 0
    for sign in reading:
        if sign in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + digit


@given(st.integers(0, 10**16 - 1))
def test_a_number_read_aloud_is_the_same_number(number):
    reading = words.in_chinese(Decimal(number))
    assert _value(reading) == number
    assert "零零" not in reading
    assert reading == "零" or not reading.endswith("零")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_thousands_keep_the_value(number):
    text = words.thousands(number)
    assert Decimal(text.replace(",", "")) == number
    assert all(len(group) == 3 for group in text.lstrip("-").split(".")[0].split(",")[1:])


def test_thousands_and_money():
    assert words.thousands(12345) == "12,345"
    assert words.thousands(Decimal("-1234.50")) == "-1,234.5"
    assert words.money(48_000_000_000) == "480.0 亿元"
    assert words.money(3_200_000) == "320 万元"
    assert words.money(100_000_000) == "1.0 亿元"
    assert words.money(3_200_000, english=True) == "3.2 million yuan"


def test_difference_of_shares_is_said_in_points():
    assert words.percent_points(65, 38) == "提高 27 个百分点"
    assert words.percent_points(Decimal("60.5"), 65) == "下降 4.5 个百分点"
    assert words.percent_points(65, 65) == "没有变化"
    assert words.percent_points(66, 65, english=True) == "up 1 percentage point"


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:12] for case in CASES])
def test_characters_are_counted_as_word_does(case):
    assert words.count_characters(case["text"]) == case["count"]


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_every_chinese_character_counts_once(text):
    assert words.count_characters(text) == len(text)


@given(st.text(), st.text())
def test_two_paragraphs_count_as_much_as_both_alone(first, second):
    together = words.count_characters(f"{first}\n{second}")
    assert together == words.count_characters(first) + words.count_characters(second)


def test_grouped_and_listed():
    assert words.grouped("9F3A77C1E") == "9F3A 77C1 E"
    assert words.listed(["杭州", "宁波"]) == "杭州、宁波"
    assert words.listed(["Hangzhou", "Ningbo", "Wenzhou"], english=True) == "Hangzhou, Ningbo and Wenzhou"
    assert words.listed(["Hangzhou"], english=True) == "Hangzhou"
    assert words.listed([]) == ""
