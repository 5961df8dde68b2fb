"""The working-day calendar as the database holds it."""

from datetime import date, datetime

from . import clock
from .models import Holiday
from .workdays import Calendar, DayKind

_held: tuple[tuple, Calendar] | None = None


def calendar() -> Calendar:
    """Return the calendar of all loaded years; read once, again when the table has changed."""
    global _held
    mark = Holiday.objects.aggregate_mark()
    if _held is None or _held[0] != mark:
        rows = {day: DayKind(kind) for day, kind in Holiday.objects.values_list("day", "kind")}
        _held = (mark, Calendar(rows, frozenset(day.year for day in rows)))
    return _held[1]


def deadline(working_days: int, *, start: datetime | None = None) -> datetime:
    """Return 18:00 Beijing time on the last of ``working_days`` days, counted from the day after ``start``."""
    return calendar().deadline(start or clock.now(), working_days)


def days_left(due: datetime, *, today: date | None = None) -> int:
    """Return working days from today to the deadline's day; negative when past."""
    return calendar().between(today or clock.today(), clock.beijing(due).date())
