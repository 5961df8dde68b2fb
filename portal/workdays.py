"""Chinese working days: pure arithmetic over a calendar that is data, not code."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

BEIJING = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parent / "data" / "holidays.json"
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class HolidayDay:
    """One day a yearly notice names: a day off, or a weekend day worked instead."""

    date: date
    kind: DayKind
    name: str
    notice: str


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the plain week, and the years whose arrangement is announced.

    The last days of December may still be moved by the next year's notice; such a day counts as
    announced here because its own year is, and is recomputed when the next year is loaded.
    """

    days: Mapping[date, DayKind]
    announced: frozenset[int]

    def is_workday(self, day: date) -> bool:
        kind = self.days.get(_plain(day))
        if kind is None:
            return day.weekday() < SATURDAY
        return kind == DayKind.WORK

    def add(self, start: date, n: int) -> date:
        """The n-th working day after start (before it, when n is negative); start itself never counts."""
        day, step = _plain(start), ONE_DAY if n >= 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def deadline(self, start: datetime, n: int, hour: int = 18) -> datetime:
        """The full hour in Beijing at which n working days after start run out."""
        if start.tzinfo is None:
            raise ValueError("The start of a deadline needs a time zone; use portal.clock.now().")
        if n < 1:
            raise ValueError(f"A deadline needs at least one working day, not {n}.")
        last = self.add(start.astimezone(BEIJING).date(), n)
        return datetime.combine(last, time(hour), tzinfo=BEIJING)

    def between(self, a: date, b: date) -> int:
        """Working days left on day a for a term that ends on day b; negative when b is past."""
        first, last = _plain(a), _plain(b)
        if last < first:
            return -self.between(last, first)
        return sum(self.is_workday(first + ONE_DAY * i) for i in range(1, (last - first).days + 1))

    def cascade(self, due: date, steps: Sequence[int]) -> tuple[date, ...]:
        """The dates of a chain, the last desk first, each step that many working days earlier."""
        dates = [_plain(due)]
        for step in steps:
            if step < 0:
                raise ValueError(f"A step of a cascade runs backwards; give {-step}, not {step}.")
            dates.append(self.add(dates[-1], -step))
        return tuple(dates)

    def unannounced(self, start: date, end: date) -> tuple[int, ...]:
        low, high = sorted((start.year, end.year))
        return tuple(year for year in range(low, high + 1) if year not in self.announced)

    def is_estimated(self, start: date, end: date) -> bool:
        """Whether the span touches a year counted from weekends alone."""
        return bool(self.unannounced(start, end))

    def estimate_note(self, start: date, end: date) -> str:
        """What to print beside a date that is an estimate; empty when it is firm."""
        years = self.unannounced(start, end)
        if not years:
            return ""
        named = pgettext("between years in a list", ", ").join(str(year) for year in years)
        return _("The holidays of %(years)s are not announced yet; this date is estimated from weekends.") % {
            "years": named
        }

    def workdays_in(self, year: int) -> int:
        return self.between(date(year - 1, 12, 31), date(year, 12, 31))


def _plain(day: date) -> date:
    """A datetime is a date to Python, but its Beijing day may be another: refuse it."""
    if isinstance(day, datetime):
        raise TypeError("Working days are counted between dates; take the Beijing date first.")
    return day


def load_days(path: Path = DATA) -> tuple[HolidayDay, ...]:
    """Every day of the published notices, oldest first."""
    found = []
    for year in _years(path):
        for row in year["days"]:
            day = date.fromisoformat(row["date"])
            if day.year != year["year"]:
                raise ValueError(f"{path.name}: {day} stands under {year['year']}.")
            notice = row.get("notice", year["notice"])
            found.append(HolidayDay(day, DayKind(row["kind"]), row["name"], notice))
    if len({day.date for day in found}) != len(found):
        raise ValueError(f"{path.name}: a date is listed twice.")
    return tuple(sorted(found, key=lambda day: day.date))


def load_announced(path: Path = DATA) -> frozenset[int]:
    return frozenset(year["year"] for year in _years(path))


def build_calendar(days: Iterable[HolidayDay], announced: Iterable[int]) -> Calendar:
    return Calendar({day.date: day.kind for day in days}, frozenset(announced))


def _years(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["years"]
