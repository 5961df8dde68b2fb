"""Counts for the front page: plain facts with a date, no ranking."""

from portal import clock

from .models import Batch, Case, Letter
from .states import BatchState, Stage, State


def public_facts() -> dict:
    """Return approved cities, plans under discussion, and the newest issued batches."""
    states = [s for s in State if s in _IN_REVISION]
    return {
        "approved": Case.objects.filter(state=State.APPROVED).count(),
        "in_revision": Case.objects.filter(state__in=states).count(),
        "today": clock.today(),
        "batches": [
            {
                "batch": batch,
                "letter": Letter.objects.filter(batch=batch, line__isnull=True).first(),
                "cities": [line.case.city.name for line in batch.standing_lines()],
            }
            for batch in Batch.objects.filter(state=BatchState.ISSUED, kind="approve").order_by("-issued_at")[:3]
        ],
    }


def _in_revision() -> frozenset[State]:
    from .states import FACTS

    return frozenset(s for s, facts in FACTS.items() if facts.stage == Stage.REVISION)


_IN_REVISION = _in_revision()
