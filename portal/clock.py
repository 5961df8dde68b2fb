"""The one source of business time, so that a test or the sample programme can walk through months."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")
_set: datetime | None = None


def now() -> datetime:
    """Return the current business time, aware, in UTC."""
    return _set or timezone.now()


def today() -> date:
    """Return the calendar date in Beijing."""
    return beijing(now()).date()


def beijing(moment: datetime) -> datetime:
    return moment.astimezone(BEIJING)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment given by Beijing's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


def set_to(moment: datetime | None) -> None:
    """Hold the clock at ``moment`` (``None`` lets it run again); refused where the settings forbid it."""
    global _set
    if moment is not None and not settings.CLOCK_MAY_BE_SET:
        raise ImproperlyConfigured("In production the clock cannot be set.")
    if moment is not None and moment.tzinfo is None:
        raise ValueError("The clock needs an aware time.")
    _set = moment


def held() -> datetime | None:
    """Return the moment the clock is held at, or ``None`` when it runs."""
    return _set


def advance(**step: float) -> None:
    """Move a held clock forward by ``timedelta(**step)``."""
    set_to(now() + timedelta(**step))
