"""Whether a table, a record or the files are finished: people say so, the machine never does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import clock
from portal.models import Membership
from portal.roles import Role

from ..models import PartMark, Plan
from ..parts import PARTS, TEXT_PARTS
from . import editing, handing_in

MARKED = (editing.BASICS, *(key for key in PARTS if key not in TEXT_PARTS))  # prose is marked where it is written


def finish(plan: Plan, *parts: str, by: Membership) -> None:
    """Mark parts as finished; the lead's mark over an editor's is the sign-off, which no editor takes back by it."""
    with _opened(plan, parts, by) as locked:
        marked = dict(PartMark.objects.filter(plan=locked, part__in=parts).values_list("part", "by__role"))
        new = [part for part in parts if marked.get(part) not in (by.role, Role.CITY_LEAD)]
        PartMark.objects.filter(plan=locked, part__in=new).delete()
        PartMark.objects.bulk_create(PartMark(plan=locked, part=part, by=by, at=clock.now()) for part in new)
        if new:
            editing.record("part:finish", locked, locked, by=by, parts=new)
        for part in new:
            handing_in.finished(locked, part, by=by)


def reopen(plan: Plan, part: str, *, by: Membership) -> None:
    """Take the mark away: the part is being written again."""
    with _opened(plan, [part], by) as locked:
        mark = PartMark.objects.filter(plan=locked, part=part).select_related("by").first()
        if mark is None:
            return
        mark.delete()
        if mark.by.role == Role.CITY_LEAD != by.role:
            handing_in.reopened(locked, part, by=by)
        else:
            editing.record("part:reopen", locked, locked, by=by, parts=[part])


@contextmanager
def _opened(plan: Plan, parts: Sequence[str], by: Membership) -> Iterator[Plan]:
    for part in parts:
        if part not in MARKED:
            raise ValidationError(_("This part does not exist: %s") % part)
    with editing.opened(plan, parts[0], by=by) as locked:
        for part in parts[1:]:
            editing.check(locked, part, by)
        yield locked
