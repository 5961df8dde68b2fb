"""The dates of a case, counted back from the day on which the coordination group wants to have everything."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applications import cascade
from portal import clock, words
from portal.workdays_store import calendar

from . import presenting
from .models import Case
from .states import State

PRELIMINARY = frozenset({State.DRAFT, State.RETURNED, State.WITH_CHANNEL})
ANSWERING = frozenset({State.UNDER_REVISION, State.MATURING})


def last_day(case: Case) -> date | None:
    """Return the agency's own date for what comes next from this city; ``None`` where none is set."""
    if case.state in PRELIMINARY:
        return case.call.preliminary_until
    own = clock.beijing(case.due).date() if case.due else None
    if case.state in ANSWERING:
        return own
    if case.state == State.READY:
        return min((day for day in (own, case.call.formal_until) if day), default=None)
    return None


def through_province(case: Case) -> bool:
    """An answer goes straight to the group; everything else of most cities passes an office of their province."""
    return case.state not in ANSWERING and not case.files_directly


def cascade_of(case: Case) -> dict[str, Any] | None:
    """Return the dates as their component takes them; ``None`` when nothing is asked for by a day."""
    due = last_day(case)
    if due is None:
        return None
    found = cascade.legs(calendar(), due, case.call.cascade, through_province=through_province(case))
    english, today = presenting.english(), clock.today()
    return {
        "title": _purpose(case),
        "legs": [
            {
                "label": leg.level.label,
                "day": words.full_day(leg.day, english=english),
                "past": leg.day < today,
                "today": leg.day == today,
            }
            for leg in found
        ],
        "notes": list(dict.fromkeys(leg.estimate for leg in found if leg.estimate)),
    }


def cascades_of(cases: list[Case]) -> list[dict[str, Any]]:
    """Return each set of dates once, however many cities share it, with the cities' names."""
    found: dict[tuple, dict[str, Any]] = {}
    for case in cases:
        if dates := cascade_of(case):
            key = (dates["title"], *(leg["day"] for leg in dates["legs"]))
            found.setdefault(key, dates | {"cities": []})["cities"].append(case.city.name)
    return list(found.values())


def _purpose(case: Case) -> str:
    if case.state in PRELIMINARY:
        return _("Dates of the preliminary plan")
    return _("Dates of the revised plan") if case.state in ANSWERING else _("Dates of the formal application")
