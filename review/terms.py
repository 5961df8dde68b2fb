"""Until when the one whose turn comes next has to act: one answer for the page that asks and the move that writes."""

from datetime import datetime

from portal.workdays_store import deadline

from . import effects
from .guards import prepared_round, round_opinion
from .models import Case
from .workflow import Way


def due_after(case: Case, found: Way, at: datetime) -> datetime | None:
    """Return the deadline that the move sets: the round's own, the opinion's answer period, or the call's days."""
    if effects.open_round in found.then:
        prepared = prepared_round(case)
        return prepared.due if prepared else None
    days = case.call.deadlines.get(found.target.value)
    if effects.send_opinion in found.then and (opinion := round_opinion(case)):
        days = opinion.answer_days
    return deadline(days, start=at) if days else None
