"""What needs a person now, and what they wait for: rows made from the cases' states, never kept anywhere."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Membership
from portal.roles import AGENCY, CITY, GROUP, Role

from . import presenting
from .guards import open_items
from .models import Assignment, Batch, Case, OpinionItem
from .queries import cases_for, for_lists
from .states import BatchState, State, Turn

_LIMIT = 50


def for_post(post: Membership) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (to do now, waiting for others) as rows of the to-do component, the most urgent first."""
    role = Role(post.role)
    cases = list(for_lists(cases_for(post)).order_by("due", "pk")[: 4 * _LIMIT])
    turns = _turns(role)
    mine, others = [], []
    for case in cases:
        if not case.is_open:
            continue
        act = _act(case, post, role) if case.facts.turn in turns or _leads_now(case, role) else None
        if act:
            mine.append(_row(case, *act))
        elif role in CITY or case.facts.turn not in turns:
            others.append(_row(case, _("Waiting for: %s") % presenting.turn(case), "plan"))
    mine += _batches(post, role)
    return mine[:_LIMIT], others[:_LIMIT]


def _turns(role: Role) -> frozenset[Turn]:
    table = {
        Role.CHANNEL_OFFICE: {Turn.CHANNEL},
        Role.LOCAL_DRC: {Turn.LOCAL_DRC, Turn.CHANNEL},
        Role.GROUP_OFFICE: {Turn.GROUP_OFFICE},
        Role.GROUP_LEADER: {Turn.GROUP_LEADER},
        Role.EXPERT: {Turn.EXPERTS},
        Role.AGENCY_HANDLER: {Turn.LEAD_AGENCY},
    }
    return frozenset({Turn.CITY} if role in CITY else table.get(role, ()))


def _leads_now(case: Case, role: Role) -> bool:
    """The group leader and the office act in states where the first turn is somebody else's."""
    leader = {State.OPINION_DRAFTING, State.RECHECK, State.FORMAL_REVIEW}
    office = {State.UNDER_DISCUSSION, State.RECHECK}
    if role == Role.GROUP_LEADER:
        return case.state in leader
    return role == Role.GROUP_OFFICE and case.state in office


def _act(case: Case, post: Membership, role: Role) -> tuple[str, str] | tuple[str, str, list] | None:
    """Return the words of the act and the page it is done on, or ``None`` when this post has nothing to do there."""
    if role in CITY:
        return _city_act(case)
    if role == Role.EXPERT:
        return _expert_act(case, post)
    table = {
        (Role.CHANNEL_OFFICE, State.WITH_CHANNEL): (_("Forward the preliminary plan, or return it"), "plan"),
        (Role.LOCAL_DRC, State.WITH_CHANNEL): (_("Forward the preliminary plan, or return it"), "plan")
        if case.channel_id == post.organisation_id
        else None,
        (Role.LOCAL_DRC, State.READY): (_("File the plan formally"), "plan") if case.released_at else None,
        (Role.GROUP_OFFICE, State.AWAITING_DISCUSSION): (
            _("Assign members and open the discussion"),
            "plan_assignments",
        ),
        (Role.GROUP_OFFICE, State.UNDER_DISCUSSION): (_("Close the discussion: everybody has published"), "plan")
        if _all_published(case)
        else None,
        (Role.GROUP_OFFICE, State.OPINION_DRAFTING): (_("Compose the revision opinion"), "plan_opinion"),
        (Role.GROUP_OFFICE, State.RECHECK): (_("Prepare the decision on the revised plan"), "plan"),
        (Role.GROUP_OFFICE, State.CHECKING): (_("Check the formal application"), "plan"),
        (Role.GROUP_OFFICE, State.FORMAL_REVIEW): (_("Draft the formal review opinion"), "plan_formal_opinion"),
        (Role.GROUP_LEADER, State.OPINION_DRAFTING): (_("Sign and send the opinion"), "plan_opinion"),
        (Role.GROUP_LEADER, State.RECHECK): (_("Decide: ready, another round, or keep maturing"), "plan"),
        (Role.GROUP_LEADER, State.FORMAL_REVIEW): (
            _("Sign the formal review opinion and propose"),
            "plan_formal_opinion",
        ),
        (Role.AGENCY_HANDLER, State.PROPOSED): (_("Add the city to a batch"), "batches"),
    }
    return table.get((role, State(case.state)))


def _city_act(case: Case) -> tuple[str, str] | None:
    if case.state == State.UNDER_REVISION:
        left = open_items(case).count()
        if left:
            words = ngettext(
                "Answer the revision opinion (%d item without an answer)",
                "Answer the revision opinion (%d items without an answer)",
                left,
            )
            return words % left, "plan_responses"
        return _("Every item is answered: submit the revised plan"), "plan"
    return {
        State.DRAFT: (_("Write the plan and submit it"), "plan"),
        State.RETURNED: (_("Complete what was asked for and submit again"), "plan"),
        State.MATURING: (_("Go on maturing the plan"), "plan"),
        State.READY: (_("Release the plan for formal filing"), "plan") if not case.released_at else None,
    }.get(State(case.state))


def _expert_act(case: Case, post: Membership) -> tuple[str, str] | None:
    mine = Assignment.objects.filter(round=case.current_round, member=post, excused_at__isnull=True).first()
    if mine is None:
        return None
    if case.state == State.UNDER_DISCUSSION and mine.published_at is None:
        return _("Annotate the plan and publish your notes"), "plan_read"
    if case.state == State.RECHECK:
        left = OpinionItem.objects.filter(opinion__round=case.current_round, verdict__isnull=True).exists()
        return (
            (_("Give a verdict on the answers"), "plan_responses")
            if left
            else (_("Fill in the maturity sheet"), "plan_maturity")
        )
    return None


def _all_published(case: Case) -> bool:
    current = case.current_round
    return bool(current) and not current.assignments.filter(excused_at=None, published_at=None).exists()


def _row(case: Case, words: str, page: str) -> dict[str, Any]:
    ref = case.plan.reference
    args: list[Any] = [ref]
    if page in {"plan_opinion", "plan_responses"}:
        args.append(case.current_round.number)
    elif page == "plan_read":
        args.append(case.current_round.version.number)
    elif page == "batches":
        args = []
    return {
        "title": f"{case.city.name}：{words}",
        "url": reverse(page, args=args),
        "source": ref,
        "tag": presenting.state_tag(case.state),
        "due": presenting.due(case),
    }


def _batches(post: Membership, role: Role) -> list[dict[str, Any]]:
    """Return the batches in which this agency has to act."""
    if role not in AGENCY and role not in GROUP:
        return []
    rows = []
    for batch in Batch.objects.filter(agencies__organisation_id=post.organisation_id).order_by("due", "pk"):
        lane = batch.agencies.get(organisation_id=post.organisation_id)
        words = _batch_words(batch, lane, role, post)
        if words:
            page = "batch_cosign" if batch.state == BatchState.COSIGNING else "batch"
            rows.append(
                {
                    "title": f"{batch.title}：{words}",
                    "url": reverse(page, args=[batch.pk]),
                    "source": batch.call.title,
                    "tag": {"label": BatchState(batch.state).label, "colour": "teal"},
                    "due": presenting.due_words(batch.due)
                    if batch.due and batch.state == BatchState.COSIGNING
                    else None,
                }
            )
    return rows


def _batch_words(batch: Batch, lane, role: Role, post: Membership) -> str | None:
    leads = lane.position == 1
    if batch.state == BatchState.COSIGNING:
        signed = batch.signatures.filter(agency_id=post.organisation_id, ended_at__isnull=True).exists()
        if signed:
            return _("Close the signing when every agency has signed") if leads and role == Role.AGENCY_SIGNER else None
        if role == Role.AGENCY_HANDLER:
            return _("Read the texts and advise your signer") if lane.handled_at is None else None
        return _("Sign, city by city")
    if not leads:
        return None
    if batch.state == BatchState.COMPOSING and role == Role.AGENCY_HANDLER:
        return _("Compose the list and freeze it")
    if batch.state == BatchState.SIGNED and role == Role.AGENCY_SIGNER:
        return _("Issue the letters")
    return None
