"""Who a person is towards one case: their role, held against the case's own offices."""

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import City
from portal.models import Membership
from portal.roles import Role

from .models import Assignment, BatchAgency, BatchLine, Case, Recusal
from .states import BatchState, State


class Actor(models.TextChoices):
    CITY_EDITOR = "city_editor", _("City editor")
    CITY_LEAD = "city_lead", _("City lead")
    CHANNEL = "channel_office", _("Channel office")
    LOCAL_DRC = "local_drc", _("Local DRC")
    GROUP_OFFICE = "group_office", _("Group office")
    GROUP_LEADER = "group_leader", _("Group leader")
    MEMBER = "expert", _("Member of the coordination group")
    LEAD_HANDLER = "lead_handler", _("Handler of the lead agency")
    LEAD_SIGNER = "lead_signer", _("Signer of the lead agency")
    AGENCY_HANDLER = "agency_handler", _("Handler of a co-signing agency")
    AGENCY_SIGNER = "agency_signer", _("Signer of a co-signing agency")


_CITY = {Role.CITY_EDITOR: Actor.CITY_EDITOR, Role.CITY_LEAD: Actor.CITY_LEAD}
_GROUP = {Role.GROUP_OFFICE: Actor.GROUP_OFFICE, Role.GROUP_LEADER: Actor.GROUP_LEADER}
_LEAD = {Role.AGENCY_HANDLER: Actor.LEAD_HANDLER, Role.AGENCY_SIGNER: Actor.LEAD_SIGNER}
_AGENCY = {Role.AGENCY_HANDLER: Actor.AGENCY_HANDLER, Role.AGENCY_SIGNER: Actor.AGENCY_SIGNER}


def city_of(post: Membership) -> int:
    """Return the id of the city government a city post belongs to, directly or through a department."""
    return post.organisation.parent_id or post.organisation_id


def city_with_people_of(post: Membership) -> City | None:
    """Return the city whose government a city post belongs to, ``None`` when it is on record as none."""
    return City.objects.filter(government_id=city_of(post)).select_related("province").first()


def is_recused(post: Membership, case: Case) -> bool:
    return Recusal.objects.filter(case=case, user_id=post.user_id).exists()


def seats_in_force() -> QuerySet[Assignment]:
    """Return the seats that open a case to their member: of opened rounds, unless excused from the newest of them."""
    seats = Assignment.objects.filter(round__opened_at__isnull=False)
    newer = seats.filter(
        round__case=OuterRef("round__case"), member=OuterRef("member"), round__number__gt=OuterRef("round__number")
    )
    return seats.filter(excused_at__isnull=True).exclude(Exists(newer))


def members_asked(case: Case) -> QuerySet[Membership]:
    """Return the current posts whose view the group waits for: seated in the discussion, not excused, not recused."""
    seated = seats_in_force().filter(round__case=case).values("member")
    recused = case.recusals.values("user_id")
    found = Membership.objects.current().filter(pk__in=seated).exclude(user_id__in=recused)
    return found.select_related("user", "organisation").order_by("pk")


def was_excused(post: Membership, case: Case) -> bool:
    """Say whether a member who knows of the case has been excused from it; a recused one knows of nothing."""
    seats = Assignment.objects.filter(round__case=case, round__opened_at__isnull=False, member=post)
    return seats.filter(excused_at__isnull=False).exists() and not is_recused(post, case)


def lead_agency_id(case: Case) -> int | None:
    """Return the lead agency: the batch's, once the case stands in one, otherwise the call's."""
    line = BatchLine.objects.filter(case=case, left_out_at__isnull=True).order_by("-id").first()
    if line:
        return line.batch.agencies.order_by("position").values_list("organisation_id", flat=True).first()
    return case.call.agencies.order_by("position").values_list("organisation_id", flat=True).first()


def actors_on(post: Membership | None, case: Case) -> frozenset[Actor]:
    """Return what ``post`` is towards ``case``: empty for a stranger; the page shows the case to nobody else."""
    if post is None:
        return frozenset()
    role = Role(post.role)
    if role in _CITY and city_of(post) == case.city.government_id:
        return frozenset({_CITY[role]})
    if role in {Role.CHANNEL_OFFICE, Role.LOCAL_DRC}:
        return _office_actors(post, role, case)
    if role in _GROUP and case.forwarded_at and not is_recused(post, case):
        return frozenset({_GROUP[role]})
    if role == Role.EXPERT and case.forwarded_at and not is_recused(post, case):
        seated = seats_in_force().filter(round__case=case, member=post)
        return frozenset({Actor.MEMBER}) if seated.exists() else frozenset()
    if role in _AGENCY:
        return _agency_actor(post, role, case)
    return frozenset()


def is_informed(post: Membership, case: Case) -> bool:
    """Say whether the formal review opinion was sent to this agency of the call, whatever batch follows."""
    if post.role not in _AGENCY or not case.call.agencies.filter(organisation_id=post.organisation_id).exists():
        return False
    return case.opinions.filter(kind="formal", sent_at__isnull=False).exists()


def _office_actors(post: Membership, role: Role, case: Case) -> frozenset[Actor]:
    """The channel sees what was sent to it; a DRC may be channel and filing office of the same city."""
    found = set()
    if post.organisation_id == case.channel_id and was_sent(case):
        found.add(Actor.CHANNEL)
    if role == Role.LOCAL_DRC and post.organisation_id == case.local_drc_id and case.was_ready:
        found.add(Actor.LOCAL_DRC)
    return frozenset(found)


def was_sent(case: Case) -> bool:
    """Say whether the plan has left the city and not been called back to a draft."""
    return case.state != State.DRAFT and case.plan.versions.exists()


def _agency_actor(post: Membership, role: Role, case: Case) -> frozenset[Actor]:
    if case.was_proposed and post.organisation_id == lead_agency_id(case):
        return frozenset({_LEAD[role], _AGENCY[role]})
    frozen = BatchAgency.objects.filter(
        organisation_id=post.organisation_id,
        batch__lines__case=case,
        batch__lines__left_out_at__isnull=True,
        batch__state__in=[BatchState.COSIGNING, BatchState.SIGNED, BatchState.ISSUED],
    )
    return frozenset({_AGENCY[role]}) if frozen.exists() else frozenset()
