"""A part goes to the city lead for sign-off, is signed off or comes back in words; people decide, never the machine."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock, notices
from portal.models import Membership
from portal.roles import Role

from .. import team
from ..models import Duty, PartMark, PartReturn, Plan, Section
from ..parts import PARTS
from . import editing

LONGEST = 1000
notices.register(
    {
        "part_handed_in": notices.Kind(
            gettext_lazy("For your sign-off: %(part)s"),
            gettext_lazy(
                "%(city)s: %(who)s has handed in “%(part)s”. Whatever else is handed in today stands on the task list."
            ),
        ),
        "part_signed_off": notices.Kind(
            gettext_lazy("Signed off: %(part)s"),
            gettext_lazy(
                "%(city)s: the city lead has signed off “%(part)s”. Whatever else is signed off today stands on the"
                " task list."
            ),
        ),
        "part_returned": notices.Kind(
            gettext_lazy("Given back to be worked on: %(part)s"),
            gettext_lazy("%(city)s: the city lead has given back “%(part)s”. What is still missing: %(words)s"),
        ),
        "part_reopened": notices.Kind(
            gettext_lazy("Changed after your sign-off: %(part)s"),
            gettext_lazy("%(city)s: %(who)s has changed “%(part)s” after your sign-off; it is being written again."),
        ),
    }
)


def finished(plan: Plan, part: str, *, by: Membership) -> None:
    """Tell whom it concerns that a part was handed in or signed off: once a day; what was asked for is settled."""
    PartReturn.objects.filter(plan=plan, part=part, settled_at__isnull=True).update(settled_at=clock.now())
    day = clock.today().isoformat()
    if by.role == Role.CITY_EDITOR:
        _send("part_handed_in", plan, part, to=team.leads(plan), key=f"{plan.pk}:{day}", by=by)
    else:
        departments = Duty.objects.filter(plan=plan, part=part).values_list("organisation_id", flat=True)
        people = team.editors_of(plan, departments)
        _send("part_signed_off", plan, part, to=people, key=f"{plan.pk}:{day}", by=by)


def changed(plan: Plan, part: str, *, by: Membership) -> bool:
    """Take the lead's sign-off of a table, record or the files away when an editor has changed them."""
    if by.role != Role.CITY_EDITOR:
        return False
    signed = PartMark.objects.filter(plan=plan, part=part, by__role=Role.CITY_LEAD)
    if not signed.delete()[0]:
        return False
    reopened(plan, part, by=by)
    return True


def reopened(plan: Plan, part: str, *, by: Membership) -> None:
    """Put on record and tell the lead that what was signed off is being written again."""
    entry = editing.record("part:reopen", plan, plan, by=by, parts=[part])
    _send("part_reopened", plan, part, to=team.leads(plan), key=str(entry.seq), by=by)


def give_back(plan: Plan, part: str, words: str, *, by: Membership) -> PartReturn:
    """Return a part that was handed in or signed off, saying what is missing; raises ``ValidationError``."""
    if by.role != Role.CITY_LEAD or team.person_department(by, plan) is None:
        raise ValidationError(_("Parts are given back by the city lead."))
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise ValidationError(_("Say in at most %d characters what is still missing.") % LONGEST)
    with editing.opened(plan, part, by=by) as locked:
        whose = _unmark(locked, part)
        if whose is None:
            raise ValidationError(_("“%s” is not handed in, so there is nothing to give back.") % team.title(part))
        row = PartReturn.objects.create(plan=locked, part=part, words=words, by=by, at=clock.now())
        entry = editing.record("part:return", locked, locked, by=by, part=part, words=words)
        people = {*team.writers_of(locked, part)}
        people |= {whose} if whose.role == Role.CITY_EDITOR else set()
        _send("part_returned", locked, part, to=people, key=str(entry.seq), by=by, words=words)
        return row


def _unmark(plan: Plan, part: str) -> Membership | None:
    """Make the part one that is being written and return whose mark it had."""
    section = Section.objects.select_for_update(of=("self",)).filter(plan=plan, key=part, is_done=True).first()
    if section is not None:
        whose = section.done_by
        section.is_done, section.done_by = False, None
        section.save(update_fields=["is_done", "done_by"])
        return whose
    mark = PartMark.objects.filter(plan=plan, part=part).select_related("by__user").first()
    if mark is None:
        return None
    mark.delete()
    return mark.by


def asked(plan: Plan, part: str) -> PartReturn | None:
    """Return what the lead last asked for and is still open."""
    return PartReturn.objects.filter(plan=plan, part=part, settled_at__isnull=True).select_related("by__user").first()


def _send(kind: str, plan: Plan, part: str, *, to: Iterable[Membership], key: str, by: Membership, **more: Any) -> None:
    title = PARTS[part].title if part in PARTS else team.BASICS_TITLE
    who = by.user.full_name
    facts = {"city": plan.city.name, "part": {"msg": notices.source(title)}, "who": who} | more
    notices.send(kind, to=to, key=f"{kind}:{key}", path=plan.path, facts=facts)
