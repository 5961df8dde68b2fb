"""The sums behind the page: title lines, head, rows of seals."""

import pytest

from review.letters.document import InvalidLetter
from review.letters.layout import break_title, name_lines, name_width, plan_head, seal_rows, seats
from tests.review.letters.test_print import NAMES, a_letter

WORDS = ("国家电子商务示范城市", "复函", "批复", "通知", "创建", "同意")
TITLES = [
    f"关于{act}{city}创建国家电子商务示范城市的{genre}"
    for act in ("同意", "撤销同意")
    for city in ("示例市", "示例甲市等21个城市", "示例蒙古族藏族自治州", "鄠邑市")
    for genre in ("复函", "批复", "通知")
]


@pytest.mark.parametrize("title", TITLES)
def test_title_is_broken_between_words_into_lines_that_fit(title):
    lines = break_title(title)
    assert "".join(lines) == title
    assert all(name_width(line) <= 20 for line in lines)
    for word in WORDS:
        if word in title:
            assert any(word in line for line in lines), word
    assert not any(line.startswith(("的", "，", "）")) for line in lines)


def test_title_without_known_words_still_fits():
    lines = break_title("甲" * 55)
    assert "".join(lines) == "甲" * 55
    assert max(len(line) for line in lines) <= 20


@pytest.mark.parametrize(
    ("count", "rows"),
    [(1, (1,)), (2, (2,)), (3, (3,)), (4, (2, 2)), (5, (3, 2)), (6, (3, 3)), (7, (3, 2, 2)), (8, (3, 3, 2))],
)
def test_seals_stand_in_rows_of_at_most_three(count, rows):
    assert seal_rows(count) == rows


@pytest.mark.parametrize("count", range(1, 9))
def test_seals_of_50_mm_stay_inside_the_type_area_and_never_touch(count):
    placed = seats(NAMES[:count], "2026年9月28日")
    assert [seat.name for seat in placed] == list(NAMES[:count])
    assert all(25 <= seat.x <= 131 for seat in placed)
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 > 50


def test_two_seals_leave_the_date_its_four_characters():
    last = seats(NAMES[:2], "2026年9月8日")[-1]
    half_of_date = (6 * 0.5 + 3) / 2
    assert last.x + (half_of_date + 4) * 156 / 28 == pytest.approx(156)


def test_long_agency_names_break_between_words():
    assert name_lines("商务部") == ["商务部"]
    assert name_lines("国家发展和改革委员会") == ["国家发展和", "改革委员会"]
    assert name_lines("国家市场监督管理总局") == ["国家市场监督", "管理总局"]
    assert name_lines("住房和城乡建设部") == ["住房和城乡建设部"]


def test_addressees_too_many_for_page_1_move_to_the_end():
    many = tuple(f"示例第{n}省发展和改革委员会" for n in range(1, 22))
    assert plan_head(a_letter("document", 8, addressees=many), 2).addressees_at_end
    assert not plan_head(a_letter("document", 8), 2).addressees_at_end


def test_head_that_cannot_leave_two_lines_is_refused_with_the_sum():
    names = tuple(f"示例第{n}部" for n in range(1, 13))
    with pytest.raises(InvalidLetter) as refusal:
        plan_head(a_letter("document", marks=names), 3)
    assert "84" in refusal.value.problems[0]
