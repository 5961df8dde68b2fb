"""The working-day calendar against the programme's vectors and its own laws."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.workdays import (
    BEIJING,
    Calendar,
    DayKind,
    build_calendar,
    load_announced,
    load_days,
)

CALENDAR = build_calendar(load_days(), load_announced())
DATES = st.dates(date(2017, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(0, 120)

VECTORS = [
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-14", 1, "2026-02-24"),
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-09-30", 3, "2026-10-10"),
    ("2026-02-10", 7, "2026-02-26"),
    ("2026-04-28", 7, "2026-05-11"),
    ("2026-09-24", 7, "2026-10-12"),
    ("2011-05-31", 10, "2011-06-15"),
    ("2011-09-27", 7, "2011-10-11"),
]

WORKDAYS = {
    2007: 249, 2008: 251, 2009: 250, 2010: 250, 2011: 250, 2012: 249, 2013: 250,
    2014: 250, 2015: 249, 2016: 250, 2017: 249, 2018: 250, 2019: 250, 2020: 249,
    2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248,
}  # fmt: skip


@pytest.mark.parametrize(("start", "n", "end"), VECTORS)
def test_vectors_of_the_programme(start, n, end):
    assert CALENDAR.add(date.fromisoformat(start), n) == date.fromisoformat(end)


@pytest.mark.parametrize(("start", "n", "end"), VECTORS)
def test_a_deadline_ends_at_six_in_the_evening_in_beijing(start, n, end):
    morning = datetime.fromisoformat(f"{start}T01:30:00+00:00")
    due = CALENDAR.deadline(morning, n)
    assert due.isoformat() == f"{end}T18:00:00+08:00"


@pytest.mark.parametrize(("year", "count"), WORKDAYS.items())
def test_working_days_of_each_year(year, count):
    assert CALENDAR.workdays_in(year) == count


def test_every_announced_year_is_counted():
    assert load_announced() == frozenset(WORKDAYS)


def test_a_make_up_sunday_is_worked_and_a_holiday_friday_is_not():
    assert CALENDAR.is_workday(date(2026, 9, 20))
    assert not CALENDAR.is_workday(date(2026, 9, 25))


def test_the_deadline_counts_from_the_beijing_day():
    late = datetime(2026, 9, 17, 16, 30, tzinfo=UTC)  # already 18 September in Beijing
    assert CALENDAR.deadline(late, 1).date() == date(2026, 9, 20)
    assert CALENDAR.deadline(late, 1, hour=12).hour == 12


def test_a_deadline_without_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        CALENDAR.deadline(datetime(2026, 9, 17, 9, 0), 1)


def test_a_deadline_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one working day, not 0"):
        CALENDAR.deadline(datetime(2026, 9, 17, 9, 0, tzinfo=BEIJING), 0)


def test_an_instant_is_not_taken_for_a_day():
    with pytest.raises(TypeError, match="Beijing date"):
        CALENDAR.add(datetime(2026, 9, 17, 16, 30, tzinfo=UTC), 1)


def test_days_left_and_days_over():
    due = date(2026, 9, 18)
    assert CALENDAR.between(date(2026, 9, 16), due) == 2
    assert CALENDAR.between(due, due) == 0
    assert CALENDAR.between(date(2026, 9, 19), due) == 0
    assert CALENDAR.between(date(2026, 9, 20), due) == -1


def test_a_cascade_runs_backwards_over_holidays():
    dates = CALENDAR.cascade(date(2026, 10, 9), [2, 3])
    assert dates == (date(2026, 10, 9), date(2026, 9, 30), date(2026, 9, 24))


def test_a_cascade_forwards_is_refused():
    with pytest.raises(ValueError, match="give 2, not -2"):
        CALENDAR.cascade(date(2026, 10, 9), [-2])


def test_a_year_not_announced_is_estimated_and_says_so():
    start, end = date(2026, 12, 28), CALENDAR.add(date(2026, 12, 28), 7)
    assert end == date(2027, 1, 6)
    assert CALENDAR.is_estimated(start, end)
    with translation.override("en"):
        assert CALENDAR.estimate_note(start, end) == (
            "The holidays of 2027 are not announced yet; this date is estimated from weekends."
        )
    assert not CALENDAR.is_estimated(start, date(2026, 12, 31))
    assert CALENDAR.estimate_note(start, date(2026, 12, 31)) == ""


def test_loading_a_year_changes_the_estimate():
    loaded = Calendar({**CALENDAR.days, date(2027, 1, 1): DayKind.OFF}, CALENDAR.announced | {2027})
    assert loaded.add(date(2026, 12, 28), 7) == date(2027, 1, 7)
    assert not loaded.is_estimated(date(2026, 12, 28), date(2027, 1, 7))


@settings(max_examples=150, deadline=None)
@given(DATES, COUNTS)
def test_adding_and_counting_agree(start, n):
    assert CALENDAR.between(start, CALENDAR.add(start, n)) == n


@settings(max_examples=150, deadline=None)
@given(DATES, st.integers(1, 120))
def test_the_day_reached_is_worked_and_later(start, n):
    end = CALENDAR.add(start, n)
    assert end > start
    assert CALENDAR.is_workday(end)


@settings(max_examples=150, deadline=None)
@given(DATES, COUNTS, COUNTS)
def test_two_terms_in_a_row_are_one_term(start, n, m):
    assert CALENDAR.add(CALENDAR.add(start, n), m) == CALENDAR.add(start, n + m)


@settings(max_examples=150, deadline=None)
@given(DATES, st.integers(0, 60))
def test_going_back_undoes_going_forward(start, n):
    worked = CALENDAR.add(start, 1)
    assert CALENDAR.add(CALENDAR.add(worked, n), -n) == worked


@settings(max_examples=150, deadline=None)
@given(DATES, DATES)
def test_days_left_and_days_over_mirror_each_other(a, b):
    assert CALENDAR.between(a, b) == -CALENDAR.between(b, a)


@settings(max_examples=150, deadline=None)
@given(DATES)
def test_no_break_is_longer_than_ten_days(start):
    assert CALENDAR.add(start, 1) - start <= timedelta(days=11)


def test_a_day_off_or_a_worked_weekend_says_what_it_is():
    days = {day.date: day for day in load_days()}
    assert days[date(2026, 9, 20)].kind == DayKind.WORK
    assert days[date(2026, 9, 20)].name == "国庆节"
    assert days[date(2026, 9, 20)].notice == "国办发明电〔2025〕7号"
    assert days[date(2011, 12, 31)].notice == "国办发明电〔2011〕45号"


def test_worked_days_are_weekend_days():
    assert all(day.date.weekday() >= 5 for day in load_days() if day.kind == DayKind.WORK)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"date": "2026-01-01", "kind": "off", "name": "元旦"}] * 2, "listed twice"),
        ([{"date": "2027-01-01", "kind": "off", "name": "元旦"}], "stands under 2026"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, rows, words):
    path = tmp_path / "holidays.json"
    path.write_text(json.dumps({"years": [{"year": 2026, "notice": "", "days": rows}]}), encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        load_days(path)
