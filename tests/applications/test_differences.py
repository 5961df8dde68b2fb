"""Indicators, measures and milestones of two snapshots compared by id."""

from decimal import Decimal

import pytest
from django.utils import translation

from applications.comparison import Kind
from applications.differences import compare_indicators, compare_measures, compare_milestones


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def indicator(target, *, unit="亿元", key="1"):
    return {"id": key, "name": "网络零售额", "unit": unit, "target_year": 2028, "target_value": target}


def milestone(ends):
    return {"id": "1", "title": "平台上线", "starts": "2027-01-01", "ends": ends}


@pytest.mark.parametrize(
    ("old", "new", "unit", "words", "difference", "percent"),
    [
        ("480", "520", "亿元", "up 40 亿元 (8.3%)", "40", "8.3"),
        ("200", "150", "家", "down 50 家 (25%)", "-50", "-25.0"),
        ("60", "65", "%", "up 5 percentage points", "5", None),
        ("0", "12.50", "万人", "up 12.5 万人", "12.50", None),
        ("1.50", "1.5", "万人", "the same value, written differently", "0.00", "0.0"),
        ("", "12", "家", "filled in: 12", None, None),
        ("12", "", "家", "emptied, it was: 12", None, None),
        ("1e999", "多", "家", "from 1e999 to 多", None, None),
    ],
)
def test_target_change_in_words(old, new, unit, words, difference, percent):
    [row] = compare_indicators([indicator(old, unit=unit)], [indicator(new, unit=unit)])
    [change] = row.changes
    assert (row.kind, change.field, change.words) == (Kind.CHANGED, "target_value", words)
    assert change.difference == (None if difference is None else Decimal(difference))
    assert change.percent == (None if percent is None else Decimal(percent))


def test_change_of_unit_gives_no_false_difference():
    [row] = compare_indicators([indicator("48000", unit="万元")], [indicator("4.8")])
    assert [(c.field, c.words, c.difference) for c in row.changes] == [
        ("unit", "from 万元 to 亿元", None),
        ("target_value", "from 48000 to 4.8", None),
    ]


def test_added_removed_and_same_rows():
    rows = compare_indicators([indicator("1"), indicator("2", key="2")], [indicator("3", key="3"), indicator("1")])
    assert [(row.kind, row.id) for row in rows] == [(Kind.ADDED, "3"), (Kind.SAME, "1"), (Kind.REMOVED, "2")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2027-06-30", "2027-09-30", "postponed by 3 months"),
        ("2027-09-30", "2027-06-30", "brought forward by 3 months"),
        ("2027-11-15", "2028-01-15", "postponed by 2 months"),
        ("2027-06-30", "2027-07-12", "postponed by 12 days"),
        ("2027-01-31", "2027-03-15", "postponed by 1 month and 15 days"),
        ("2027-11-30", "2028-02-29", "postponed by 3 months"),
        ("", "2027-06-30", "filled in: 2027-06-30"),
        ("六月底", "2027-06-30", "from 六月底 to 2027-06-30"),
    ],
)
def test_shift_of_a_milestone_in_words(old, new, words):
    [row] = compare_milestones([milestone(old)], [milestone(new)])
    assert [(c.field, c.words) for c in row.changes] == [("ends", words)]


def test_measure_changes_field_by_field():
    a = [{"id": "7", "title": "电子认证", "post": "", "lead_department": "市商务局", "indicators": ["1"]}]
    b = [
        {
            "id": "7",
            "title": "电子认证",
            "post": "科长",
            "lead_department": "市发展改革委",
            "indicators": ["1", "2"],
        }
    ]
    [row] = compare_measures(a, b)
    assert [(c.field, c.words) for c in row.changes] == [
        ("lead_department", "from 市商务局 to 市发展改革委"),
        ("post", "filled in: 科长"),
        ("indicators", "from 1 to 1, 2"),
    ]


def test_choosing_a_priority_goal_and_a_version_from_before_there_were_any():
    before, plain, chosen = (
        indicator("1"),
        indicator("1") | {"is_priority": False},
        indicator("1") | {"is_priority": True},
    )
    assert compare_indicators([before], [plain])[0].kind == Kind.SAME
    said = [compare_indicators([a], [b])[0].changes[0].words for a, b in ((before, chosen), (chosen, plain))]
    assert said == ["now a priority goal", "no longer a priority goal"]
