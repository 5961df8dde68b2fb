"""How the object named in an address is found, and what the asking post is towards it."""

from dataclasses import replace

from django.urls import reverse

from portal.access import Subject
from portal.models import Membership
from portal.roles import AGENCY, GROUP, Role

from .actors import actors_on, is_informed, is_recused, was_excused
from .models import Batch, Case, Letter
from .states import BatchState


def subject(kind: str, kwargs: dict, post: Membership) -> Subject | None:
    """Answer ``portal.access``: a plan or its opinion by ``ref``, a batch by ``batch_id``, a letter by ``code``."""
    found = {"plan": _plan, "formal_opinion": _formal_opinion, "batch": _batch, "letter": _letter}
    return found[kind](kwargs, post)


def _plan(kwargs: dict, post: Membership) -> Subject | None:
    try:  # the offices are fetched where a page shows them: planning a join of eight costs more than they do
        case = Case.objects.select_related("plan", "city", "call").get(plan__reference=kwargs["ref"])
    except Case.DoesNotExist:
        return None
    case.plan.city, case.plan.call = case.city, case.call  # the same rows, fetched once
    actors = frozenset(a.value for a in actors_on(post, case))
    if not actors and post.role in GROUP and case.forwarded_at and is_recused(post, case):
        actors = frozenset({"recused"})  # the group's own office knows of the plan; every page of it is refused
    if not actors and post.role == Role.EXPERT and was_excused(post, case):
        actors = frozenset({"excused"})  # refused in words, so that what was being typed is handed back
    home = reverse("plan", args=[case.plan.reference])
    return Subject("plan", actors, case.state, {"case": case, "plan": case.plan}, home)


def _formal_opinion(kwargs: dict, post: Membership) -> Subject | None:
    """Whoever knows of the plan, and the agencies the opinion was sent to: those of the call know of it alone."""
    found = _plan(kwargs, post)
    if found is None:
        return None
    told = frozenset({"informed"}) if is_informed(post, found.on_request["case"]) else frozenset()
    return replace(found, kind="formal_opinion", actors=found.actors | told, home="")


def _batch(kwargs: dict, post: Membership) -> Subject | None:
    batch = Batch.objects.select_related("call").filter(pk=kwargs["batch_id"]).first()
    if batch is None:
        return None
    home = reverse("batch", args=[batch.pk])
    return Subject("batch", batch_actors(batch, post), batch.state, {"batch": batch}, home)


def batch_actors(batch: Batch, post: Membership) -> frozenset[str]:
    """Return ``lead``, ``agency`` (with the role) or ``group``; agencies see a batch once it is frozen."""
    role = Role(post.role)
    if role in GROUP:
        return frozenset({"group"})
    if role not in AGENCY:
        return frozenset()
    lane = batch.agencies.filter(organisation_id=post.organisation_id).first()
    if lane is None:
        return frozenset()
    kind = "handler" if role == Role.AGENCY_HANDLER else "signer"
    seen = {"agency", f"agency_{kind}"} if batch.frozen_at or batch.state != BatchState.COMPOSING else set()
    if lane.position == 1:
        seen |= {"lead", f"lead_{kind}"}
    return frozenset(seen)


def _letter(kwargs: dict, post: Membership) -> Subject | None:
    letter = Letter.objects.select_related("batch", "line__case__city", "file").filter(code=kwargs["code"]).first()
    if letter is None:
        return None
    actors = set(batch_actors(letter.batch, post))
    lines = [letter.line] if letter.line else letter.batch.standing_lines()
    for line in lines:
        found = {a.value for a in actors_on(post, line.case)}
        if found & {"city_editor", "city_lead"}:
            actors.add("city")
        if found & {"channel_office", "local_drc"}:
            actors.add("offices")
    return Subject("letter", frozenset(actors), letter.status, {"letter": letter, "batch": letter.batch})
