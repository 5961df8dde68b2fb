"""Cells from a spreadsheet: the clipboard's text, the names of columns, the meaning of one cell."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.areas import Area, Softness
from applications.models.rows import Instrument
from applications.pasting import columns, tabular, values


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\r\n\r\n", []),
        ("a\tb", [["a", "b"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\rb\nc", [["a"], ["b"], ["c"]]),
        ("a\t\tb\n\tc", [["a", "", "b"], ["", "c"]]),
        ("a\tb\tc\nd", [["a", "b", "c"], ["d"]]),
        ('"两行\n文字"\t2', [["两行\n文字", "2"]]),
        ('"两行\r\n文字"\t2', [["两行\n文字", "2"]]),
        ('"他说""可以"""\t3', [['他说"可以"', "3"]]),
        ('"有\t制表"\tx', [["有\t制表", "x"]]),
        ('"示例"企业\t3', [['"示例"企业', "3"]]),
        ('5" 管\t3', [['5" 管', "3"]]),
        ('"没有收尾\t3\n4', [['"没有收尾', "3"], ["4"]]),
        ('""\tx', [["", "x"]]),
        ("\ufeffa\tb", [["a", "b"]]),
        ("a\n\nb\n \t \n", [["a"], [""], ["b"]]),
    ],
)
def test_reads_what_a_spreadsheet_copies(text, rows):
    assert tabular.read(text) == rows


CELLS = st.text(st.sampled_from('ab示"\t\n，1 '), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5)


def without_empty_end(rows):
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows = rows[:-1]
    return rows


@settings(max_examples=60)
@given(TABLES)
def test_what_is_written_is_read_again(rows):
    assert tabular.read(tabular.write(rows)) == without_empty_end(rows)


@settings(max_examples=60)
@given(st.text(st.sampled_from('"\t\r\nx'), max_size=40))
def test_reading_loses_no_visible_character(text):
    assert "".join(c for row in tabular.read(text) for cell in row for c in cell).count("x") == text.count("x")


def test_a_long_paste_of_lone_quotes_is_read_at_once():
    rows = tabular.read('"a\tb\n' * 40_000)
    assert (len(rows), rows[0], rows[-1]) == (40_000, ['"a', "b"], ['"a', "b"])


@pytest.mark.parametrize(
    ("raw", "unit", "read"),
    [
        ("480", "亿元", "480"),
        ("1,000", "家", "1000"),
        ("１，２３４．５", "家", "1234.5"),
        ("4.8亿", "亿元", "4.8"),
        ("4.8亿", "万元", "48000"),
        ("48000万元", "亿元", "4.8"),
        ("60％", "%", "60"),
        ("60 %", "%", "60"),
        ("12万人", "万人", "12"),
        ("０", "家", "0"),
    ],
)
def test_figures(raw, unit, read):
    assert values.figure(raw, unit) == read


@pytest.mark.parametrize("raw", ["约500", "500以上", "五百", "300-500", "60％左右", "4.8亿美元", "#DIV/0!", "=A1+B1"])
def test_figures_not_understood(raw):
    with pytest.raises(ValueError):
        values.figure(raw, "亿元")


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("4.8亿", "亿元"), ("4.8 亿元", "亿元"), ("60％", "%"), ("120家", "家"), ("2.5万人", "万人"), ("480", ""),
        ("3万", ""), ("500以上", ""), ("约500", ""),
    ],
)  # fmt: skip
def test_unit_a_figure_carries(raw, unit):
    assert values.unit_of(raw) == unit


@pytest.mark.parametrize(
    ("raw", "last", "day"),
    [
        ("2027-06-30", True, "2027-06-30"),
        ("2027/6/3", True, "2027-06-03"),
        ("2027.6.3", True, "2027-06-03"),
        ("２０２７年６月３０日", True, "2027-06-30"),
        ("2027-06-30 00:00:00", True, "2027-06-30"),
        ("2027年6月", True, "2027-06-30"),
        ("2028年2月底", True, "2028-02-29"),
        ("2027年6月", False, "2027-06-01"),
        ("2027-12", True, "2027-12-31"),
    ],
)
def test_days(raw, last, day):
    assert values.day(raw, last=last) == day


@pytest.mark.parametrize(
    "raw", ["2027", "2027年底", "6月30日", "2027-13-01", "2027-02-30", "2027年13月", "尽快", "45000"]
)
def test_days_not_understood(raw):
    with pytest.raises(ValueError):
        values.day(raw, last=True)


@pytest.mark.parametrize(
    ("raw", "choices", "value"),
    [
        ("政策环境", Area, "policy"), ("完善电子商务政策环境", Area, "policy"), ("支撑体系", Area, "support"),
        ("加强基础设施", Area, "infrastructure"), ("电子商务服务", Area, "services"),
        ("深化应用", Area, "applications"), ("Deepen applications", Area, "applications"),
        ("软", Softness, "soft"), ("硬性", Softness, "hard"),
        ("HARD", Softness, "hard"), ("规范性文件", Instrument, "normative"), ("财税政策", Instrument, "fiscal"),
    ],
)  # fmt: skip
def test_words_of_choices(raw, choices, value):
    assert values.choice(raw, choices) == value


def test_a_word_of_no_choice():
    with pytest.raises(KeyError):
        values.choice("其他", Area)


def test_indicators_by_name():
    known = {"网络零售额": 3, "覆盖率、渗透率": 5}
    assert values.names("网络零售额", known) == [3]
    assert values.names("覆盖率、渗透率", known) == [5], "a name may hold the separator itself"
    assert values.names("网络零售额；网络零售额", known) == [3]
    with pytest.raises(ValueError, match="^别的$"):
        values.names("网络零售额、别的", known)


def heads(table, first):
    found = columns.match(table, first)
    return {n: h.column.name for n, h in found.heads.items()}, found


@pytest.mark.parametrize(
    ("first", "places"),
    [
        (["指标", "所属任务", "软硬"], {0: "name", 1: "area", 2: "kind"}),
        (["目标值", "指标名称", "计量单位"], {0: "target_value", 1: "name", 2: "unit"}),
        (["Unit", "INDICATOR", "Target  year"], {0: "unit", 1: "name", 2: "target_year"}),
        (["序号", "指标 *", "责任单位"], {1: "name", 2: "department"}),
    ],
)
def test_columns_by_their_names_in_any_order(first, places):
    found, matched = heads("indicators", first)
    assert (found, matched.named, matched.unknown) == (places, True, [])


def test_year_and_unit_in_the_name_of_a_column():
    _found, matched = heads("indicators", ["指标", "2025年基期值（亿元）", "２０２８年目标值(万元)"])
    assert [(h.column.name, h.year, h.unit) for h in matched.heads.values()] == [
        ("name", "", ""),
        ("baseline_value", "2025", "亿元"),
        ("target_value", "2028", "万元"),
    ]


def test_unknown_and_doubled_columns_are_told():
    _found, matched = heads("indicators", ["指标", "目标值", "联系人", "目标", "编号"])
    assert (matched.unknown, matched.twice) == (["联系人"], ["目标"])


def test_without_names_the_order_of_the_sheet_counts():
    found, matched = heads("milestones", ["认证平台上线", "支撑体系", "软"])
    assert (found, matched.named) == ({0: "title", 1: "area", 2: "kind"}, False)


@pytest.mark.parametrize("table", columns.COLUMNS)
def test_every_column_is_a_field_of_the_rows_form(table):
    from applications.forms.rows import FORMS

    assert {c.name for c in columns.COLUMNS[table]} == set(FORMS[table]._meta.fields)


@settings(max_examples=60)
@given(st.permutations(columns.COLUMNS["indicators"]), st.booleans())
def test_columns_in_any_order_and_either_language(order, english):
    with override("en" if english else "zh-hans"):
        first = [columns.label("indicators", column) for column in order]
    found = columns.match("indicators", first)
    assert [found.heads[n].column for n in range(len(order))] == list(order)


@settings(max_examples=60)
@given(st.decimals(0, 10**9, places=2), st.sampled_from(["亿元", "万元", "%", "家"]))
def test_a_figure_is_the_same_however_it_is_written(value, unit):
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    for written in (f"{value}", f"{value:,}", f" {value} {unit}", f"{value}".translate(wide)):
        assert Decimal(values.figure(written, unit)) == value


@pytest.mark.parametrize(
    ("raw", "told"), [("是", "True"), ("Yes", "True"), ("√", "True"), ("否", "False"), ("no", "False"), ("×", "False")]
)
def test_a_tick_as_people_write_it(raw, told):
    assert values.choice(raw, values.Told) == told
