"""Dates counted back from the agency's: examples over holidays and moved working days."""

from datetime import date

import pytest

from applications.cascade import Level, legs
from portal.workdays import build_calendar, load_announced, load_days

CALENDAR = build_calendar(load_days(), load_announced())
TWO_AND_TWO = {"local_drc": 2, "city": 2}


@pytest.mark.parametrize(
    ("due", "province", "city"),
    [
        ((2026, 9, 30), (2026, 9, 28), (2026, 9, 23)),  # 25 to 27 September are Mid-Autumn
        ((2026, 10, 9), (2026, 9, 30), (2026, 9, 28)),  # over the National Day week
        ((2026, 10, 12), (2026, 10, 9), (2026, 9, 30)),  # Saturday 10 October is worked
        ((2026, 2, 25), (2026, 2, 14), (2026, 2, 12)),  # over the Spring Festival to a worked Saturday
        ((2026, 9, 19), (2026, 9, 17), (2026, 9, 15)),  # a last day that is itself a Saturday
    ],
)
def test_dates_of_province_and_city(due, province, city):
    found = legs(CALENDAR, date(*due), TWO_AND_TWO, through_province=True)
    assert [(leg.level, leg.day) for leg in found] == [
        (Level.CITY, date(*city)), (Level.LOCAL_DRC, date(*province)), (Level.AGENCY, date(*due)),
    ]  # fmt: skip
    assert {leg.estimate for leg in found} == {""}


def test_city_that_files_directly_has_no_province_between():
    found = legs(CALENDAR, date(2026, 10, 9), TWO_AND_TWO, through_province=False)
    assert [(leg.level, leg.day) for leg in found] == [
        (Level.CITY, date(2026, 9, 30)), (Level.AGENCY, date(2026, 10, 9)),
    ]  # fmt: skip


def test_steps_of_the_call_are_kept_to_and_a_missing_one_is_no_step():
    found = legs(CALENDAR, date(2026, 9, 18), {"city": 5}, through_province=True)
    assert [leg.day for leg in found] == [date(2026, 9, 11), date(2026, 9, 18), date(2026, 9, 18)]


def test_year_that_is_not_announced_says_so():
    found = legs(CALENDAR, date(2027, 1, 6), TWO_AND_TWO, through_province=True)
    assert [leg.day for leg in found] == [date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 6)]
    assert all("2027" in leg.estimate for leg in found)
