"""What the services of the discussion share: the case held, the right person asked, a number given."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal import clock
from portal.models import AuditHead, Membership

from ..actors import Actor, actors_on
from ..machine import NotAllowed
from ..models import Case, LetterCounter
from ..states import State


def hold(case_id: int, *, by: Membership, actors: Iterable[Actor], states: Iterable[State]) -> Case:
    """Lock the case inside the caller's transaction; refuse whoever may not do this, or not in this state."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("plan", "city__government", "city__province", "call")
        .get(pk=case_id)
    )
    allowed = frozenset(actors)
    if not allowed & actors_on(by, case):
        raise NotAllowed([_("This step is taken by: %s.") % "、".join(sorted(str(a.label) for a in allowed))])
    if State(case.state) not in frozenset(states):
        raise NotAllowed(
            [_("The plan stands at “%s”; this step is not open from there.") % State(case.state).label],
        )
    return case


def next_number(series: str) -> str:
    """Return the next number of a series in Beijing's year, without gaps; the caller writes it or rolls back.

    The audit head is locked before the counter, as everywhere.
    """
    year = clock.today().year
    AuditHead.objects.select_for_update().get(pk=1)
    LetterCounter.objects.get_or_create(series=series, year=year)
    counter = LetterCounter.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{year}-{counter.last:03d}"


def words(text: str, empty: str, *, least: int = 1, most: int = 5000) -> str:
    """Return ``text`` without blanks around it, or refuse with ``empty`` (too short) or its excess (too long)."""
    text = text.strip()
    if len(text) < least:
        raise NotAllowed([empty])
    if len(text) > most:
        raise NotAllowed(
            [_("The text has %(count)d characters; at most %(most)d fit.") % {"count": len(text), "most": most}]
        )
    return text
