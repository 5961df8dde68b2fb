"""Rows of a table as paragraphs between bars: written, read, grouped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.prose_tables import MOST_COLUMNS, MOST_ROWS, Grid, broken, cells, row, runs, spans


@pytest.mark.parametrize(
    ("found", "width", "written"),
    [
        (["指标", "目标值"], 0, "| 指标 | 目标值 |"),
        (["网络零售额", ""], 0, "| 网络零售额 |  |"),
        (["小计"], 3, "| 小计 |  |  |"),
        (["甲|乙", "一行\n 两行 \n"], 0, "| 甲｜乙 | 一行 两行 |"),
    ],
)
def test_a_row_is_written_between_bars(found, width, written):
    assert row(found, width) == written


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("| 指标 | 目标值 |", ["指标", "目标值"]),
        ("|指标|目标值|", ["指标", "目标值"]),
        ("| 指标 |  |", ["指标", ""]),
        ("| |　|", []),
        ("||a|", ["", "a"]),
        ("指标 | 目标值", []),
        ("| 一格 |", []),
        ("| 指标 | 目标值 | 共三列", []),
        ("", []),
        ("|", []),
        ("||", []),
        ("|a" * MOST_COLUMNS + "|", ["a"] * MOST_COLUMNS),
        ("|a" * (MOST_COLUMNS + 1) + "|", []),
    ],
)
def test_a_row_is_read_cell_by_cell_and_nothing_else_is_a_row(text, read):
    assert cells(text) == read


def paragraphs(*texts):
    return [{"id": str(number), "text": text} for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "shape"),
    [
        (["前文。", "| 甲 | 乙 |", "| 1 | 2 |", "后文。"], [0, 2, 0]),
        (["| 甲 | 乙 |"], [0]),
        (["| 甲 | 乙 |", "| 1 | 2 |", "| 甲 | 乙 | 丙 |", "| 1 | 2 | 3 |"], [2, 2]),
        (["| 甲 | 乙 |", "| 1 | 2 | 3 |"], [0, 0]),
        (["| 甲 | 乙 |"] * (MOST_ROWS + 1), [0] * (MOST_ROWS + 1)),
        ([], []),
    ],
)
def test_rows_of_one_width_that_follow_one_another_are_a_table(texts, shape):
    found = list(runs(paragraphs(*texts)))
    assert [len(part.rows) if isinstance(part, Grid) else 0 for part in found] == shape


@given(st.lists(st.text(), min_size=2, max_size=8))
def test_what_was_written_is_read_again(found):
    text = row(found)
    assert len(text.splitlines()) == 1
    assert len(cells(text)) == (len(found) if any(cell.strip() for cell in found) else 0)
    if not cells(text):
        return
    assert row(cells(text)) == text


@given(st.text(alphabet="| 　a甲\t"))
def test_cells_stand_between_the_bars_in_order(text):
    at = 0
    for start, end in spans(text):
        assert at < start <= end < len(text)
        assert text[start:end] == text[start:end].strip()
        assert set(text[at:start]) <= set("| 　\t")
        at = end


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["| 甲 | 乙 |", "| 1 | 2 |"], []),
        (["前文。", "| 甲 | 乙 |", "后文。"], [(1, "alone")]),
        (["| 甲 | 乙 |", "| 1 | 2"], [(0, "alone"), (1, "bars")]),
        (["| 甲 | 乙 |", "1 | 2 |"], [(0, "alone"), (1, "bars")]),
        (["｜甲｜乙｜", "｜1｜2｜"], [(0, "bars"), (1, "bars")]),
        (["| 甲 | 乙 |", "| 1 | 2 |", "| 1 | 2 | 3 |"], [(2, "width")]),
        (["| 甲 | 乙 |", "| 1 | 2 | 3 |"], [(0, "width"), (1, "width")]),
        (["|  |  |", "前文。"], [(0, "bars")]),
        (["|a" * (MOST_COLUMNS + 1) + "|"], [(0, "many")]),
        (["电话0571|8888", "绝对值|x|小于1", "甲 | 乙", "|", ""], []),
    ],
)
def test_what_was_meant_as_a_row_and_is_none(texts, why):
    assert [(int(p["id"]), reason.value) for p, reason in broken(paragraphs(*texts))] == why


def test_a_table_that_is_too_long_is_named():
    found = broken(paragraphs(*["| 甲 | 乙 |"] * (MOST_ROWS + 1)))
    assert {reason.value for _, reason in found} == {"many"}
    assert len(found) == MOST_ROWS + 1


@given(st.lists(st.text(alphabet="|｜甲 ", max_size=8), max_size=8))
def test_a_line_is_a_row_or_prose_or_broken_never_two_of_them(texts):
    given_paragraphs = paragraphs(*texts)
    rows = {p["id"] for one in runs(given_paragraphs) if isinstance(one, Grid) for p in one.rows}
    found = [p["id"] for p, _ in broken(given_paragraphs)]
    assert len(found) == len(set(found))
    assert not rows & set(found)
