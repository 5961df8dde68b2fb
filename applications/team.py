"""Who writes which part: the departments of a plan's city, what each does for a part, and who may write it.

A part nobody is in charge of and nobody helps with is everybody's; the city lead writes everything.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind
from portal.roles import Role

from .models import Duty, Plan
from .parts import PARTS

Kind = Duty.Kind
BASICS = "basics"
BASICS_TITLE = gettext_lazy("Title, years and contact")
DIVIDED = (BASICS, *PARTS)  # what can be given to a department
WRITING = (Kind.IN_CHARGE, Kind.HELPS)


def departments(plan: Plan) -> QuerySet[Organisation]:
    """Return the departments of the plan's team; the government itself is one while somebody writes for it."""
    government = plan.city.government_id
    editors = Membership.objects.current().filter(organisation=OuterRef("pk"), role=Role.CITY_EDITOR)
    busy = Q(Exists(editors)) | Q(Exists(Duty.objects.filter(plan=plan, organisation=OuterRef("pk"))))
    under = Q(parent=government, kind=OrganisationKind.CITY_DEPARTMENT)
    return Organisation.objects.filter(under | (Q(pk=government) & busy)).order_by("pk")


def person_department(post: Membership, plan: Plan) -> Organisation | None:
    """Return the department a city post writes this plan for, ``None`` for whoever is not of its team."""
    of_city = (post.organisation.parent_id or post.organisation_id) == plan.city.government_id
    return post.organisation if of_city and post.role in TEAM else None


TEAM = (Role.CITY_LEAD, Role.CITY_EDITOR)


def people(plan: Plan) -> QuerySet[Membership]:
    """Return the valid posts of the team."""
    return Membership.objects.holding(*TEAM).of_city(plan.city.government_id)


def editors_of(plan: Plan, organisations: Iterable[int]) -> QuerySet[Membership]:
    return people(plan).filter(role=Role.CITY_EDITOR, organisation__in=list(organisations))


def writers_of(plan: Plan, part: str) -> QuerySet[Membership]:
    """Return the editors of the departments that the division of work lets write a part."""
    writing = Duty.objects.filter(plan=plan, part=part, kind__in=WRITING)
    return editors_of(plan, writing.values_list("organisation_id", flat=True))


def leads(plan: Plan) -> QuerySet[Membership]:
    return people(plan).filter(role=Role.CITY_LEAD)


def may_write(plan: Plan, part: str, post: Membership) -> bool:
    """Say whether the division lets a post of the team write a part."""
    if post.role == Role.CITY_LEAD:
        return True
    writers = set(Duty.objects.filter(plan=plan, part=part, kind__in=WRITING).values_list("organisation_id", flat=True))
    return not writers or post.organisation_id in writers


def not_yours(plan: Plan, part: str, post: Membership) -> str:
    """Return who writes a part, in words, for whoever may not; empty for those who may."""
    if may_write(plan, part, post):
        return ""
    told = {"part": title(part), "owners": owners(plan, part)}
    return (
        _(
            "“%(part)s” is written by %(owners)s, so you can read it here but not change it. "
            "Ask them, or ask the city lead to change the division of work."
        )
        % told
    )


def owners(plan: Plan, part: str) -> str:
    """Return the departments that write a part, the one in charge first."""
    found = Duty.objects.filter(plan=plan, part=part, kind__in=WRITING).select_related("organisation")
    first = sorted(found, key=lambda d: (d.kind != Kind.IN_CHARGE, d.pk))
    return "、".join(d.organisation.short_name for d in first)


def title(part: str) -> str:
    return str(BASICS_TITLE if part == BASICS else PARTS[part].title)


def is_led(plan: Plan, part: str) -> bool:
    """Say whether the division of work names who is in charge of a part."""
    return Duty.objects.filter(plan=plan, part=part, kind=Kind.IN_CHARGE).exists()
