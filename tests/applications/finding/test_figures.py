"""Figures in running text: what they are worth, in which unit, how exact, of which year."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.finding.figures import base, clauses, figures, flat, read, years
from portal.words import in_chinese

YUAN = 10**8


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound", "role"),
    [
        ("达到500亿元", 500 * YUAN, 500 * YUAN, "元", "", "to"),
        ("４８０亿元", 480 * YUAN, 480 * YUAN, "元", "", ""),
        ("480 亿元", 480 * YUAN, 480 * YUAN, "元", "", ""),
        ("4,800,000万元", 480 * YUAN, 480 * YUAN, "元", "", ""),
        ("4.8万亿元", 48000 * YUAN, 48000 * YUAN, "元", "", ""),
        ("1亿2000万元", 120_000_000, 120_000_000, "元", "", ""),
        ("四百八十亿元", 480 * YUAN, 480 * YUAN, "元", "", ""),
        ("十二点五亿元", 1_250_000_000, 1_250_000_000, "元", "", ""),
        ("两千三百家", 2300, 2300, "家", "", ""),
        ("一千零五家", 1005, 1005, "家", "", ""),
        ("65％", 65, 65, "%", "", ""),
        ("百分之六十五", 65, 65, "%", "", ""),
        ("百分之98.5", Decimal("98.5"), Decimal("98.5"), "%", "", ""),
        ("六成", 60, 60, "%", "", ""),
        ("六成五", 65, 65, "%", "", ""),
        ("七成半", 75, 75, "%", "", ""),
        ("提高27个百分点", 27, 27, "百分点", "", "change"),
        ("300—480亿元", 300 * YUAN, 480 * YUAN, "元", "", ""),
        ("300亿元至480亿元", 300 * YUAN, 480 * YUAN, "元", "", ""),
        ("60%-70%", 60, 70, "%", "", ""),
        ("百分之六十至百分之七十", 60, 70, "%", "", ""),
        ("约480亿元", 480 * YUAN, 480 * YUAN, "元", "about", ""),
        ("480亿元左右", 480 * YUAN, 480 * YUAN, "元", "about", ""),
        ("3200余家", 3200, 3200, "家", "about", ""),
        ("超过480亿元", 480 * YUAN, 480 * YUAN, "元", "least", ""),
        ("480亿元以上", 480 * YUAN, 480 * YUAN, "元", "least", ""),
        ("不低于60%", 60, 60, "%", "least", ""),
        ("不超过5天", 5, 5, "天", "most", ""),
        ("由320亿元", 320 * YUAN, 320 * YUAN, "元", "", "from"),
        ("提高到480亿元", 480 * YUAN, 480 * YUAN, "元", "", "to"),
        ("提高到超过480亿元", 480 * YUAN, 480 * YUAN, "元", "least", "to"),
        ("增加160亿元", 160 * YUAN, 160 * YUAN, "元", "", "change"),
        ("年均增长14.5%", Decimal("14.5"), Decimal("14.5"), "%", "", "yearly"),
        ("年均增速保持在12%以上", 12, 12, "%", "least", "yearly"),
    ],
)
def test_a_figure_and_what_is_meant(text, low, high, unit, bound, role):
    (found,) = figures(text)
    assert (found.low, found.high, found.unit, found.bound, found.role) == (low, high, unit, bound, role)


@pytest.mark.parametrize(
    "text",
    [
        "到2028年",
        "（一）总体要求",
        "1. 网络零售额",
        "第3批",
        "千万家庭",
        "完成任务",
        "七成立",
        "〔2026〕12号",
        "若干亿元",
        "三年行动",
    ],
)
def test_what_is_no_figure(text):
    assert figures(text) == []


def test_units_of_the_citys_own():
    assert figures("建成320平方公里") == []
    (found,) = figures("建成320平方公里", ("平方公里",))
    assert (found.low, found.unit) == (320, "平方公里")


def test_places_are_those_of_the_text():
    text = "网络零售额（示例）达到５００亿元，其中农村８０亿元。"
    assert [text[f.start : f.end] for f in figures(text)] == ["５００亿元", "８０亿元"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("到2028年", [2028]),
        ("２０２８年", [2028]),
        ("二〇二八年", [2028]),
        ("2026—2029年", [2026, 2029]),
        ("2026年至2029年", [2026, 2029]),
        ("2028家企业", []),
        ("12028年", []),
    ],
)
def test_years(text, found):
    assert [y.value for y in years(text)] == found


@pytest.mark.parametrize(
    ("unit", "scale", "bare"),
    [
        ("亿元", 10**8, "元"), ("万家", 10**4, "家"), ("万亿元", 10**12, "元"), ("％", 1, "%"), ("家", 1, "家"),
        ("千瓦", 1000, "瓦"), ("万", 1, "万"),
    ],
)  # fmt: skip
def test_units_are_taken_apart(unit, scale, bare):
    assert base(unit) == (scale, bare)


@pytest.mark.parametrize("text", ["千", "十十", "三千五", "一二", "百千"])
def test_no_number_is_no_number(text):
    with pytest.raises(ValueError, match=text):
        read(text)


@settings(max_examples=60)
@given(st.integers(1, 10**12))
def test_every_number_is_read_as_the_portal_writes_it(number):
    assert read(in_chinese(number)) == number


@settings(max_examples=60)
@given(st.text(alphabet="网络零售额0123456789０９.,，、（）%％亿万千百十一二两元家成至到约—~年 \n", max_size=60))
def test_any_text_is_read_without_fault_and_in_place(text):
    assert len(flat(text)) == len(text)
    ends = [0]
    for found in figures(text):
        assert ends[-1] <= found.start < found.end <= len(text)
        assert found.low <= found.high
        ends.append(found.end)
    assert all(0 <= y.start < y.end <= len(text) for y in years(text))
    assert all(0 <= a < b <= len(text) for a, b in clauses(text))
