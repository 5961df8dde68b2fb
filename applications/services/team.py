"""The city lead divides the work: departments join the team, and each part gets its department."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import appointments, notices
from portal.lines import line
from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind
from portal.roles import Role

from .. import team
from ..models import Duty, Plan, Section
from ..parts import PARTS
from . import editing

# What other modules ask of a team; this is the door they use.
departments = team.departments
person_department = team.person_department
LONGEST_NAME = 40
MOST_DEPARTMENTS = 40

notices.register(
    {
        "duty": notices.Kind(
            gettext_lazy("Your department has a part of the plan: %(part)s"),
            gettext_lazy("%(city)s: the city lead has divided the work. Your department for “%(part)s”: %(duty)s."),
        ),
    }
)


def add_department(plan: Plan, name: str, *, by: Membership) -> Organisation:
    """Let a department of the city join the team; a name of one that is there already is refused."""
    _leads(plan, by)
    name = _named(name)
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        there = list(departments(locked))
        if any(name in (one.name, one.short_name) for one in there):
            raise ValidationError(_("“%s” is in the team already.") % name)
        if len(there) >= MOST_DEPARTMENTS:
            raise ValidationError(_("A team has at most %d departments.") % MOST_DEPARTMENTS)
        return appointments.establish(
            OrganisationKind.CITY_DEPARTMENT, name, region_code=locked.city_id, parent=locked.city.government, by=by
        )


def rename_department(plan: Plan, department: int, name: str, *, by: Membership) -> Organisation:
    """Give a department of the team another name, also where a part that can be written prints it."""
    _leads(plan, by)
    name = _named(name)
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        one = own_department(locked, department)
        if any(name in (o.name, o.short_name) for o in departments(locked) if o.pk != one.pk):
            raise ValidationError(_("“%s” is in the team already.") % name)
        if name == one.name:
            return one
        appointments.rename(one, name, by=by)
        for duty in Duty.objects.filter(plan=locked, organisation=one, kind=Duty.Kind.IN_CHARGE):
            if editing.may_be_written(locked, duty.part):
                _name(locked, duty.part, one, by)
        return one


def take_off(plan: Plan, department: int, *, by: Membership) -> str:
    """Take a department that joined by mistake off the team; return its name. What it does or did must go on first."""
    _leads(plan, by)
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        one = own_department(locked, department)
        if words := staying(one):
            raise ValidationError(words)
        name = one.name
        appointments.strike(one, by=by)
        return name


def own_department(plan: Plan, department: int) -> Organisation:
    """Return a department of the team; the government is none. Raises ``ValidationError``."""
    found = departments(plan).filter(pk=department, kind=OrganisationKind.CITY_DEPARTMENT).first()
    if found is None:
        raise ValidationError(_("This department is not in the team. Reload the page and choose again."))
    return found


def staying(department: Organisation) -> str:
    """Return why a department cannot be taken off, in words; empty where nothing hangs on it."""
    if Duty.objects.filter(organisation=department).exists():
        return _("“%s” has parts of the plan. Give them to another department first.") % department.short_name
    if department.memberships.exists():
        return _("People of “%s” write here or have done so, and their work stands under its name: it stays.") % (
            department.short_name
        )
    return ""


def _named(name: str) -> str:
    name = line(name)
    if not 2 <= len(name) <= LONGEST_NAME:
        raise ValidationError(_("Give the name of the department in 2 to %d characters.") % LONGEST_NAME)
    return name


def divide(plan: Plan, part: str, duties: Mapping[int, str], *, by: Membership) -> dict[str, list[Organisation]]:
    """Say what each department (id → ``Duty.Kind``, empty: nothing) does for a part; return who got which duty anew.

    The prose part names the department in charge. Raises ``Closed`` or ``ValidationError``.
    """
    _leads(plan, by)
    if part not in team.DIVIDED:
        raise ValidationError(_("This part does not exist: %s") % part)
    with editing.opened(plan, part, by=by) as locked:
        known = {one.pk: one for one in departments(locked)}
        wanted = {pk: Duty.Kind(kind) for pk, kind in duties.items() if kind}
        if wanted.keys() - known.keys():
            raise ValidationError(_("This department is not in the team. Reload the page and choose again."))
        if list(wanted.values()).count(Duty.Kind.IN_CHARGE) > 1:
            raise ValidationError(_("One department alone is in charge of a part; the others help."))
        had = {d.organisation_id: d.kind for d in Duty.objects.filter(plan=locked, part=part)}
        if had == wanted:
            return {}
        Duty.objects.filter(plan=locked, part=part).delete()
        Duty.objects.bulk_create(
            Duty(plan=locked, part=part, organisation=known[pk], kind=kind) for pk, kind in wanted.items()
        )
        chief = next((known[pk] for pk, kind in wanted.items() if kind == Duty.Kind.IN_CHARGE), None)
        _name(locked, part, chief, by)
        told = {known[pk].name if pk in known else str(pk): str(kind) for pk, kind in sorted(wanted.items())}
        entry = editing.record("duty:divide", locked, locked, by=by, part=part, duties=told)
        gained: dict[str, list[Organisation]] = {}
        for pk, kind in wanted.items():
            if had.get(pk) != kind:
                _tell(locked, part, pk, kind, entry.seq)
                gained.setdefault(str(kind), []).append(known[pk])
        return gained


def _name(plan: Plan, part: str, chief: Organisation | None, by: Membership) -> None:
    """Write the department in charge into the prose part that prints it; without one the old words stay."""
    if chief is None:
        return
    section = Section.objects.select_for_update(of=("self",)).filter(plan=plan, key=part).first()
    if section is not None and section.department != chief.short_name:
        section.department = chief.short_name
        section.save(update_fields=["department"])
        editing.touch(plan, part, by=by)


def _tell(plan: Plan, part: str, department: int, kind: Duty.Kind, seq: int) -> None:
    """Tell the department's people what it now does for the part."""
    facts = {
        "city": plan.city.name,
        "part": {"msg": notices.source(PARTS[part].title if part in PARTS else team.BASICS_TITLE)},
        "duty": {"msg": notices.source(kind.label)},
    }
    people = team.editors_of(plan, [department])
    notices.send("duty", to=people, key=f"duty:{seq}", path=f"{plan.path}team/", facts=facts)


def _leads(plan: Plan, by: Membership) -> None:
    if by.role != Role.CITY_LEAD or person_department(by, plan) is None:
        raise ValidationError(_("The work is divided by the city lead. Ask them to change it."))
