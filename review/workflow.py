"""The life of a case: every way from one state to another, on one screen (source: the founding text's three stages)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import effects as do
from . import guards as has
from .actors import Actor as A
from .states import OPEN
from .states import State as S


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One row: ``freezes`` makes a version first; ``reason`` must be given in words."""

    name: str
    sources: frozenset[S]
    target: S
    by: frozenset[A]
    needs: tuple[Callable[..., str | None], ...] = ()
    then: tuple[Callable[..., None], ...] = ()
    reason: bool = False
    freezes: bool = False


def row(name, sources, target, by, *, needs=(), then=(), reason=False, freezes=False):
    return Way(name, frozenset(sources), target, frozenset(by), tuple(needs), tuple(then), reason, freezes)


# fmt: off
WORKFLOW = (
    # 研究提出 proposal
    row("submit", {S.DRAFT, S.RETURNED}, S.WITH_CHANNEL, {A.CITY_LEAD}, freezes=True,
        needs=[has.files_through_channel, has.preliminary_plans_are_taken, has.channel_declared, has.plan_can_be_submitted, has.change_noted]),
    row("submit_direct", {S.DRAFT, S.RETURNED}, S.AWAITING_DISCUSSION, {A.CITY_LEAD}, freezes=True,
        needs=[has.files_directly, has.preliminary_plans_are_taken, has.plan_can_be_submitted, has.change_noted], then=[do.reach_group]),
    row("recall", {S.WITH_CHANNEL}, S.DRAFT, {A.CITY_LEAD}, needs=[has.not_opened_yet]),
    row("recall", {S.AWAITING_DISCUSSION}, S.DRAFT, {A.CITY_LEAD}, needs=[has.files_directly, has.not_opened_yet]),
    row("return_for_completion", {S.WITH_CHANNEL}, S.RETURNED, {A.CHANNEL}, reason=True, needs=[has.named_parts_exist]),
    row("return_for_completion", {S.AWAITING_DISCUSSION}, S.RETURNED, {A.GROUP_OFFICE}, reason=True, needs=[has.named_parts_exist]),
    row("forward", {S.WITH_CHANNEL}, S.AWAITING_DISCUSSION, {A.CHANNEL}, then=[do.reach_group]),
    # 讨论修改 revision
    row("open_discussion", {S.AWAITING_DISCUSSION}, S.UNDER_DISCUSSION, {A.GROUP_OFFICE}, needs=[has.members_assigned], then=[do.open_round]),
    row("close_discussion", {S.UNDER_DISCUSSION}, S.OPINION_DRAFTING, {A.GROUP_OFFICE}, needs=[has.everyone_published], then=[do.close_round]),
    row("reopen_discussion", {S.OPINION_DRAFTING}, S.UNDER_DISCUSSION, {A.GROUP_OFFICE}, reason=True, then=[do.reopen_round]),
    row("send_opinion", {S.OPINION_DRAFTING}, S.UNDER_REVISION, {A.GROUP_LEADER},
        needs=[has.must_fixes_placed, has.opinion_signed, has.opinion_has_items], then=[do.send_opinion]),
    row("resubmit", {S.UNDER_REVISION, S.MATURING}, S.RECHECK, {A.CITY_LEAD}, freezes=True,
        needs=[has.every_item_answered, has.plan_can_be_submitted, has.change_noted]),
    row("next_round", {S.RECHECK}, S.UNDER_DISCUSSION, {A.GROUP_LEADER}, needs=[has.members_assigned], then=[do.open_round]),
    row("find_mature", {S.RECHECK, S.OPINION_DRAFTING}, S.READY, {A.GROUP_LEADER}, then=[do.find_ready],
        needs=[has.must_fixes_placed, has.opinion_asks_nothing, has.every_item_has_verdict, has.no_open_must_fix, has.maturity_complete]),
    row("keep_maturing", {S.UNDER_REVISION, S.RECHECK, S.READY, S.FORMAL_REVIEW, S.PROPOSED}, S.MATURING, {A.GROUP_LEADER},
        reason=True, needs=[has.answer_overdue, has.in_no_batch]),
    # 正式受理 formal acceptance
    row("file_formally", {S.READY}, S.CHECKING, {A.LOCAL_DRC}, freezes=True,
        needs=[has.formal_filing_is_open, has.released_by_city, has.formal_parts_complete, has.cover_letter_given, has.change_noted], then=[do.keep_filing]),
    row("recall", {S.CHECKING}, S.READY, {A.LOCAL_DRC}, needs=[has.not_opened_yet]),
    row("return_formal", {S.CHECKING}, S.READY, {A.GROUP_OFFICE}, reason=True),
    row("recheck_filing", {S.CHECKING}, S.RECHECK, {A.GROUP_OFFICE}, reason=True),
    row("accept", {S.CHECKING}, S.FORMAL_REVIEW, {A.GROUP_OFFICE}, then=[do.ask_members]),
    row("propose", {S.FORMAL_REVIEW}, S.PROPOSED, {A.GROUP_LEADER}, needs=[has.formal_opinion_signed], then=[do.propose]),
    row("send_to_cosign", {S.PROPOSED}, S.COSIGNING, {A.LEAD_HANDLER}, needs=[has.in_frozen_batch]),
    row("take_out", {S.COSIGNING}, S.PROPOSED, {A.LEAD_HANDLER, A.LEAD_SIGNER}, reason=True, needs=[has.taken_from_list]),
    row("approve", {S.COSIGNING}, S.APPROVED, {A.LEAD_SIGNER}, needs=[has.all_agencies_agreed]),
    row("rescind", {S.APPROVED}, S.MATURING, {A.LEAD_SIGNER}, needs=[has.rescission_issued, has.no_other_open_case]),
    # at any time
    row("withdraw", OPEN - {S.COSIGNING}, S.WITHDRAWN, {A.CITY_LEAD}, reason=True, needs=[has.in_no_batch]),
    row("resume", {S.WITHDRAWN}, S.DRAFT, {A.CITY_LEAD}, needs=[has.no_other_open_case]),
)
# fmt: on
# Moves of whole batches: their buttons stand on the batch page, never on a plan's.
BATCH_MOVES = frozenset({"send_to_cosign", "take_out", "approve", "rescind"})

TITLES: dict[str, Any] = {
    "submit": _("Submit to the channel office"),
    "submit_direct": _("Submit to the coordination group"),
    "recall": _("Recall"),
    "return_for_completion": _("Return for completion"),
    "forward": _("Forward to the coordination group"),
    "open_discussion": _("Open the discussion"),
    "close_discussion": _("Close the discussion"),
    "reopen_discussion": _("Reopen the discussion"),
    "send_opinion": _("Send the opinion to the city"),
    "resubmit": _("Submit the revised plan"),
    "next_round": _("Another round"),
    "find_mature": _("Find ready for formal application"),
    "keep_maturing": _("Keep maturing"),
    "file_formally": _("File formally"),
    "return_formal": _("Return the formal application"),
    "recheck_filing": _("Send back to checking the revision"),
    "accept": _("Accept"),
    "propose": _("Propose for approval"),
    "send_to_cosign": _("Send for co-signature"),
    "take_out": _("Take out of the batch"),
    "approve": _("Approve"),
    "rescind": _("Rescind the approval"),
    "withdraw": _("Withdraw the plan"),
    "resume": _("Resume"),
}
WAYS: dict[tuple[str, S], Way] = {(way.name, source): way for way in WORKFLOW for source in way.sources}
NAMES = tuple(dict.fromkeys(way.name for way in WORKFLOW))


def way(name: str, source: str) -> Way | None:
    """Return the row for a move from a state, or ``None`` when the table has none."""
    return WAYS.get((name, S(source)))


def triples() -> list[tuple[str, str, str]]:
    """Return every legal (name, source, target): the database holds the same list."""
    return sorted((name, source.value, w.target.value) for (name, source), w in WAYS.items())
