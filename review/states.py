"""The states of a case and of a batch, and the families they form."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.parts import ALL_PARTS, READY_PARTS


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    WITH_CHANNEL = "with_channel", _("With channel office")
    RETURNED = "returned", _("Returned for completion")
    AWAITING_DISCUSSION = "awaiting_discussion", _("Awaiting discussion")
    UNDER_DISCUSSION = "under_discussion", _("Under discussion")
    OPINION_DRAFTING = "opinion_drafting", _("Opinion in preparation")
    UNDER_REVISION = "under_revision", _("Under revision")
    RECHECK = "recheck", _("Revision under check")
    MATURING = "maturing", _("Continuing to mature")
    READY = "ready", _("Ready for formal application")
    CHECKING = "checking", _("Checking documents")
    FORMAL_REVIEW = "formal_review", _("Formal review")
    PROPOSED = "proposed", _("Proposed for approval")
    COSIGNING = "cosigning", _("Co-signing")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn by the city")


class Stage(models.TextChoices):
    PROPOSAL = "proposal", _("Proposal")
    REVISION = "revision", _("Revision")
    ACCEPTANCE = "acceptance", _("Formal acceptance")


class Turn(models.TextChoices):
    """Whose turn it is."""

    CITY = "city", _("City")
    CHANNEL = "channel", _("Channel office")
    GROUP_OFFICE = "group_office", _("Group office")
    EXPERTS = "experts", _("Members of the coordination group")
    GROUP_LEADER = "group_leader", _("Group leader")
    LOCAL_DRC = "local_drc", _("Local DRC")
    LEAD_AGENCY = "lead_agency", _("Lead agency")
    AGENCIES = "agencies", _("Co-signing agencies")
    NOBODY = "nobody", _("Nobody")


@dataclass(frozen=True, slots=True)
class StateFacts:
    """``open_parts`` is what the city may edit in this state (``returned``: the named sections instead)."""

    state: State
    stage: Stage | None
    turn: Turn
    colour: str
    open_parts: tuple[str, ...] = ()


S, G, T = State, Stage, Turn
FACTS: dict[State, StateFacts] = {
    f.state: f
    for f in (
        StateFacts(S.DRAFT, G.PROPOSAL, T.CITY, "grey", ALL_PARTS),
        StateFacts(S.WITH_CHANNEL, G.PROPOSAL, T.CHANNEL, "teal"),
        StateFacts(S.RETURNED, G.PROPOSAL, T.CITY, "amber", ALL_PARTS),
        StateFacts(S.AWAITING_DISCUSSION, G.PROPOSAL, T.GROUP_OFFICE, "teal"),
        StateFacts(S.UNDER_DISCUSSION, G.REVISION, T.EXPERTS, "teal"),
        StateFacts(S.OPINION_DRAFTING, G.REVISION, T.GROUP_OFFICE, "teal"),
        StateFacts(S.UNDER_REVISION, G.REVISION, T.CITY, "amber", ALL_PARTS),
        StateFacts(S.RECHECK, G.REVISION, T.EXPERTS, "teal"),
        StateFacts(S.MATURING, G.REVISION, T.CITY, "violet", ALL_PARTS),
        StateFacts(S.READY, G.ACCEPTANCE, T.LOCAL_DRC, "green", READY_PARTS),
        StateFacts(S.CHECKING, G.ACCEPTANCE, T.GROUP_OFFICE, "teal"),
        StateFacts(S.FORMAL_REVIEW, G.ACCEPTANCE, T.GROUP_OFFICE, "teal"),
        StateFacts(S.PROPOSED, G.ACCEPTANCE, T.LEAD_AGENCY, "teal"),
        StateFacts(S.COSIGNING, G.ACCEPTANCE, T.AGENCIES, "teal"),
        StateFacts(S.APPROVED, G.ACCEPTANCE, T.NOBODY, "green"),
        StateFacts(S.WITHDRAWN, None, T.CITY, "grey"),
    )
}
CLOSED = frozenset({State.APPROVED, State.WITHDRAWN})
OPEN = frozenset(State) - CLOSED


class BatchState(models.TextChoices):
    COMPOSING = "composing", _("Being composed")
    COSIGNING = "cosigning", _("Co-signing")
    SIGNED = "signed", _("Signed by all")
    ISSUED = "issued", _("Issued")
    CANCELLED = "cancelled", _("Cancelled")


BATCH_OPEN = frozenset({BatchState.COMPOSING, BatchState.COSIGNING, BatchState.SIGNED})
