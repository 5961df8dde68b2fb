"""What needs a person now, and what they wait for: rows made from the cases' states, never kept anywhere."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Membership
from portal.punctuation import colon
from portal.roles import AGENCY, CITY, Role

from . import presenting
from .models import Batch, BatchAgency, Case, Signature
from .queries import cases_for, for_lists, with_turn_facts
from .states import BATCH_OPEN, OPEN, BatchState, State, Turn

_LIMIT = 50


def for_post(post: Membership) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (to do now, waiting for others) as rows of the to-do component, the most urgent first."""
    role = Role(post.role)
    found = with_turn_facts(for_lists(cases_for(post)), post).filter(state__in=OPEN)
    cases = list(found.order_by("due", "pk")[: 4 * _LIMIT])
    turns = _turns(role)
    mine, others = [], []
    for case in cases:
        if step := act(case, post):
            mine.append(_row(case, *step))
        elif case.awaits_release:
            others.append(_row(case, _("Waiting for: %s") % _("the city's release"), "plan"))
        elif role in CITY or case.turn not in turns:
            others.append(_row(case, _("Waiting for: %s") % presenting.turn(case), "plan"))
    mine += batches(post)
    return mine[:_LIMIT], others[:_LIMIT]


def act(case, post: Membership) -> tuple[str, str] | tuple[str, str, list] | None:
    """Return what this post has to do on a case that carries ``with_turn_facts``: words and page, or ``None``."""
    role = Role(post.role)
    on_turn = case.turn in _turns(role) or _leads_now(case, role)
    return _act(case, post, role) if on_turn else None


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
    """The group's leader, office and members act in states where the first turn is somebody else's."""
    leader = {State.OPINION_DRAFTING, State.RECHECK, State.FORMAL_REVIEW}
    office = {State.UNDER_DISCUSSION, State.RECHECK}
    if role == Role.GROUP_LEADER:
        return case.state in leader
    if role == Role.EXPERT:
        return case.state == State.FORMAL_REVIEW
    return role == Role.GROUP_OFFICE and case.state in office


def _act(case, post: Membership, role: Role) -> tuple[str, str] | tuple[str, str, list] | None:
    """Return the words of the act and the page it is done on, or ``None`` when this post has nothing to do there."""
    if role in CITY:
        return _city_act(case, role)
    if role == Role.EXPERT:
        return _expert_act(case)
    table = {
        (Role.CHANNEL_OFFICE, State.WITH_CHANNEL): (_("Forward the preliminary plan, or return it"), "plan"),
        (Role.LOCAL_DRC, State.WITH_CHANNEL): (_("Forward the preliminary plan, or return it"), "plan")
        if case.channel_id == post.organisation_id
        else None,
        (Role.LOCAL_DRC, State.READY): (_("File the plan formally"), "plan"),
        (Role.GROUP_OFFICE, State.AWAITING_DISCUSSION): (
            _("Assign members and open the discussion"),
            "plan_assignments",
        ),
        (Role.GROUP_OFFICE, State.UNDER_DISCUSSION): (_("Close the discussion: everybody has published"), "plan")
        if not case.unpublished
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


def _city_act(case, role: Role) -> tuple[str, str] | None:
    if case.state == State.UNDER_REVISION:
        left = case.unanswered
        if left:
            words = ngettext(
                "Answer the revision opinion (%d item without an answer)",
                "Answer the revision opinion (%d items without an answer)",
                left,
            )
            return words % left, "plan_responses"
        return _("Every item is answered: submit the revised plan"), "plan"
    leads = role == Role.CITY_LEAD  # the others hand in to the lead, who alone submits
    return {
        State.DRAFT: (_("Write the plan and submit it") if leads else _("Write your parts and hand them in"), "plan"),
        State.RETURNED: (
            _("Complete what was asked for and submit again")
            if leads
            else _("Complete what was asked for and hand it in"),
            "plan",
        ),
        State.MATURING: (_("Go on maturing the plan"), "plan"),
        State.READY: (_("Release the plan for formal filing"), "plan") if leads else None,
    }.get(State(case.state))


def _expert_act(case) -> tuple[str, str] | None:
    if case.state == State.FORMAL_REVIEW:  # everybody seated in the discussion is asked, of whichever round
        return (_("Give your view on the plan filed formally"), "plan_member_view") if case.my_view_wanted else None
    if not case.is_mine:
        return None
    if case.state == State.UNDER_DISCUSSION and case.my_turn_to_publish:
        return _("Annotate the plan and publish your notes"), "plan_read"
    if case.state == State.RECHECK and case.unjudged:
        return _("Give a verdict on the answers"), "plan_responses"
    if case.state == State.RECHECK:
        return _("Fill in the maturity sheet"), "plan_maturity"
    return None


def place(case, page: str) -> str:
    """Return the address of the page on which the act is done."""
    args: list[Any] = [case.plan.reference]
    if page in {"plan_opinion", "plan_responses"}:
        args.append(case.round_number)
    elif page == "plan_read":
        args.append(case.round_version)
    elif page == "batches":
        args = []
    return reverse(page, args=args)


def _row(case, words: str, page: str) -> dict[str, Any]:
    return {
        "title": f"{case.city.name}{colon()}{words}",
        "url": place(case, page),
        "source": case.plan.reference,
        "tag": presenting.state_tag(case.state),
        "due": presenting.due(case),
    }


def batches(post: Membership) -> list[dict[str, Any]]:
    """Return the batches in which this agency has to act."""
    role = Role(post.role)
    if role not in AGENCY:
        return []
    signed = Signature.objects.filter(batch=OuterRef("batch"), agency_id=post.organisation_id, ended_at__isnull=True)
    lanes = (
        BatchAgency.objects.filter(organisation_id=post.organisation_id, batch__state__in=BATCH_OPEN)
        .select_related("batch__call")
        .annotate(has_signed=Exists(signed))
        .order_by("batch__due", "batch_id")
    )
    return [_batch_row(lane.batch, words) for lane in lanes if (words := _batch_words(lane, role))]


def _batch_row(batch: Batch, words: str) -> dict[str, Any]:
    signing = batch.state == BatchState.COSIGNING
    return {
        "title": f"{batch.title}{colon()}{words}",
        "url": reverse("batch_cosign" if signing else "batch", args=[batch.pk]),
        "source": batch.call.title,
        "tag": {"label": BatchState(batch.state).label, "colour": "teal"},
        "due": presenting.due_words(batch.due) if signing and batch.due else None,
    }


def _batch_words(lane, role: Role) -> str | None:
    batch = lane.batch
    leads = lane.position == 1
    if batch.state == BatchState.COSIGNING:
        if lane.has_signed:
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
