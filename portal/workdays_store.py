"""The working-day calendar as the database holds it."""

import time
from datetime import date, datetime

from . import clock
from .models import Holiday
from .workdays import Calendar, DayKind

_FRESH_SECONDS = 30
_held: tuple[float, tuple, Calendar] | None = None


def calendar() -> Calendar:
    """Return the calendar of all loaded years; the table is asked for changes at most twice a minute."""
    global _held
    now = time.monotonic()
    if _held is not None and now - _held[0] < _FRESH_SECONDS:
        return _held[2]
    mark = Holiday.objects.aggregate_mark()
    if _held is None or _held[1] != mark:
        rows = {day: DayKind(kind) for day, kind in Holiday.objects.values_list("day", "kind")}
        _held = (now, mark, Calendar(rows, frozenset(day.year for day in rows)))
    else:
        _held = (now, mark, _held[2])
    return _held[2]


def forget() -> None:
    """Read the table again at the next question; whoever loads holidays calls this."""
    global _held
    _held = None


def deadline(working_days: int, *, start: datetime | None = None) -> datetime:
    """Return 18:00 Beijing time on the last of ``working_days`` days, counted from the day after ``start``."""
    return calendar().deadline(start or clock.now(), working_days)


def days_left(due: datetime, *, today: date | None = None) -> int:
    """Return working days from today to the deadline's day; negative when past."""
    return calendar().between(today or clock.today(), clock.beijing(due).date())
