"""Prose against the indicator table: which figures belong to an indicator, and whether both say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.finding.mentions import find, mismatches

RETAIL = {
    "id": "1", "name": "网络零售额", "unit": "亿元",
    "baseline_year": 2025, "baseline_value": "320", "target_year": 2028, "target_value": "480",
}  # fmt: skip
SHARE = {
    "id": "2", "name": "电子认证覆盖率（按企业数）", "unit": "%",
    "baseline_year": 2025, "baseline_value": "38", "target_year": 2028, "target_value": "65",
}  # fmt: skip
FIRMS = {
    "id": "3", "name": "建立诚信档案的服务企业数", "unit": "家",
    "baseline_year": 2025, "baseline_value": "", "target_year": 2028, "target_value": "2600",
}  # fmt: skip
TABLE = [RETAIL, SHARE, FIRMS]


def said(text, table=TABLE):
    return [(m.quote, m.table, m.agrees) for m in find([{"id": "p1", "text": text}], table)]


@pytest.mark.parametrize(
    "text",
    [
        "到2028年，网络零售额达到480亿元。",
        "网络零售额达到４８０亿元",
        "网络零售额达到4800000万元",
        "网络零售额达到四百八十亿元",
        "网络零售额约470亿元",
        "网络零售额超过450亿元",
        "网络零售额由320亿元增加到480亿元",
        "2025年网络零售额为320亿元，2028年达到480亿元",
        "全市网络零售额（示例数据）达到480亿元（2028年）",
        "网络零售额达到450—500亿元",
        "实现480亿元的网络零售额",
        "网络零售额年均增长14.5%",
        "网络零售额年均增长14.5%以上，达到480亿元",
        "电子认证覆盖率达到百分之六十五",
        "电子认证覆盖率达到六成五",
        "电子认证覆盖率（按企业数）达到65％",
        "建立诚信档案的服务企业达到2600家",
    ],
)
def test_prose_that_says_what_the_table_says(text):
    found = said(text)
    assert found
    assert all(agrees for _quote, _table, agrees in found)


@pytest.mark.parametrize(
    ("text", "quote", "table"),
    [
        ("到2028年，网络零售额达到500亿元。", "网络零售额达到500亿元", "480 亿元"),
        ("网络零售额500亿元", "网络零售额500亿元", "2025 年 320 亿元，2028 年 480 亿元"),
        ("网络零售额达到５００亿元", "网络零售额达到５００亿元", "480 亿元"),
        ("网络零售额达到五百亿元", "网络零售额达到五百亿元", "480 亿元"),
        ("网络零售额达到480万元", "网络零售额达到480万元", "480 亿元"),
        ("到2028年网络零售额超过500亿元", "网络零售额超过500亿元", "480 亿元"),
        ("网络零售额约600亿元", "网络零售额约600亿元", "2025 年 320 亿元，2028 年 480 亿元"),
        ("网络零售额达到490—500亿元", "网络零售额达到490—500亿元", "480 亿元"),
        ("2025年网络零售额为480亿元", "网络零售额为480亿元", "320 亿元"),
        ("网络零售额由350亿元增长到480亿元", "网络零售额由350亿元", "320 亿元"),
        ("500亿元的网络零售额", "500亿元的网络零售额", "2025 年 320 亿元，2028 年 480 亿元"),
        ("网络零售额年均增长20%", "网络零售额年均增长20%", "14.5%"),
        ("电子认证覆盖率达到百分之六十", "电子认证覆盖率达到百分之六十", "65%"),
        ("到2028年电子认证覆盖率不低于70%", "电子认证覆盖率不低于70%", "65%"),
        ("建立诚信档案的服务企业达到2000家", "建立诚信档案的服务企业达到2000家", "2600 家"),
    ],
)
def test_prose_that_says_otherwise(text, quote, table):
    assert [m for m in said(text) if not m[2]] == [(quote, table, False)]


@pytest.mark.parametrize(
    "text",
    [
        "农村网络零售额达到80亿元",  # narrower than the indicator
        "网络零售额占社会消费品零售总额的比重达到30%",  # another thing, another unit
        "网络零售额和快递业务量均有增长，后者达到500亿元",
        "网络零售额达到目标，跨境交易额达到500亿元",
        "网络零售额比2025年增加160亿元",
        "网络零售额比2025年增长50%",
        "2027年网络零售额达到400亿元",  # the table has no such year
        "网络零售额。到2028年达到500亿元。",
        "电子认证覆盖率提高27个百分点",
        "新增建立诚信档案的服务企业500家",
        "2025年、2028年网络零售额分别达到100亿元、200亿元",
        "建立诚信档案的服务企业由300家起步",  # no baseline in the table
        "网络零售额",
        "",
    ],
)
def test_what_speaks_of_something_else_is_left_alone(text):
    assert said(text) == []


def test_the_longest_name_wins():
    rural = {**RETAIL, "id": "9", "name": "农村网络零售额", "target_value": "80"}
    found = find([{"id": "p", "text": "农村网络零售额达到80亿元，网络零售额达到480亿元。"}], [RETAIL, rural])
    assert [(m.row, m.agrees) for m in found] == [("9", True), ("1", True)]


def test_place_of_a_mismatch():
    paragraphs = [{"id": "a", "text": "无关。"}, {"id": "b", "text": "（一）目标。到2028年，网络零售额达到500亿元。"}]
    (found,) = mismatches(paragraphs, TABLE)
    assert (found.paragraph, found.row) == ("b", "1")
    assert paragraphs[1]["text"][found.start : found.end] == found.quote == "网络零售额达到500亿元"


@pytest.mark.parametrize(
    "piece",
    [
        "1亿" * 250,
        "一亿" * 250,
        "1" + " " * 500,
        "网络零售额" * 100,
        "1,111" * 100,
        "（" * 500,
        "达到" * 250,
        "九" * 500,
    ],
)
def test_text_that_only_means_to_keep_the_machine_busy_is_answered(piece):
    assert said(f"网络零售额{piece}。" * 40 + "到2028年，网络零售额达到500亿元。")[-1:] == [
        ("网络零售额达到500亿元", "480 亿元", False)
    ]


def test_what_is_longer_than_any_sentence_is_left_out():
    assert said("示例" * 400 + "，网络零售额达到500亿元。") == []


def test_an_empty_table_finds_nothing():
    assert said("网络零售额达到500亿元", []) == []
    assert said("网络零售额达到500亿元", [{**RETAIL, "baseline_value": "", "target_value": ""}]) == []


@settings(max_examples=60)
@given(st.integers(1, 9_999_999), st.sampled_from(["亿元", "万元"]))
def test_any_figure_agrees_with_itself_and_not_with_its_double(value, unit):
    table = [{**RETAIL, "baseline_value": "", "target_value": str(value), "unit": unit}]
    assert said(f"到2028年，网络零售额达到{value}{unit}。", table)[0][2] is True
    assert said(f"到2028年，网络零售额达到{2 * value}{unit}。", table)[0][2] is False


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(["网络零售额", "达到", "由", "480亿元", "320亿元", "2028年", "，", "的", "六成", "约", "分别"])
    )
)
def test_any_text_is_read_in_place(pieces):
    text = "".join(pieces)
    for found in find([{"id": "p", "text": text}], TABLE):
        assert text[found.start : found.end] == found.quote
