"""What a move needs: each guard answers with a reason in words, or ``None``."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.checks import formal_obstacles, stage_one_obstacles
from applications.models import CityChannel
from portal import clock
from portal.models import Membership

from .models import Annotation, Case, MaturityLevel, Opinion, OpinionItem, Round
from .models.opinions import Dimension
from .states import OPEN, BatchState, State


@dataclass(frozen=True, slots=True)
class Asked:
    """A move as it was asked for: by whom, why, and what the form gave."""

    by: Membership
    reason: str = ""
    given: dict[str, Any] = field(default_factory=dict)


Reason = str | None


def files_through_channel(case: Case, asked: Asked) -> Reason:
    if case.files_directly:
        return _("This city files directly: submit the plan to the coordination group.")
    return None


def files_directly(case: Case, asked: Asked) -> Reason:
    if not case.files_directly:
        return _("This city files through its channel office.")
    return None


ROUTES = frozenset({files_through_channel, files_directly})


def channel_declared(case: Case, asked: Asked) -> Reason:
    if not CityChannel.objects.filter(city=case.city).exists():
        return _("Declare the city's channel office first, with the city government's document.")
    return None


def preliminary_plans_are_taken(case: Case, asked: Asked) -> Reason:
    """The gate looks at first submissions alone: what came in time and was returned or recalled may come again."""
    last = case.call.preliminary_until
    if last is None or clock.today() <= last or case.plan.versions.exists():
        return None
    return _("The last day for preliminary plans of this call was %s. Ask the group office about the next call.") % last


def formal_filing_is_open(case: Case, asked: Asked) -> Reason:
    call, today = case.call, clock.today()
    if call.formal_from and today < call.formal_from:
        return _("Formal filing in this call opens on %s; file from that day on.") % call.formal_from
    if call.formal_until and today > call.formal_until:
        return _("Formal filing in this call closed on %s; the plan keeps its place.") % call.formal_until
    return None


def plan_can_be_submitted(case: Case, asked: Asked) -> Reason:
    return "；".join(stage_one_obstacles(case.plan)) or None


def change_noted(case: Case, asked: Asked) -> Reason:
    note = asked.given.get("change_note", "").strip()
    if len(note) > 50:
        return _("The change note may have at most 50 characters.")
    if case.latest_version and not note:
        return _("Say in a change note of at most 50 characters what changed since the last version.")
    return None


def not_opened_yet(case: Case, asked: Asked) -> Reason:
    if case.opened_at:
        return _("The office has begun to handle the plan; ask it to return the plan instead.")
    return None


def named_parts_exist(case: Case, asked: Asked) -> Reason:
    from applications.parts import PARTS

    unknown = [p for p in asked.given.get("parts", []) if p not in PARTS]
    return _("These parts do not exist: %s") % ", ".join(unknown) if unknown else None


def prepared_round(case: Case) -> Round | None:
    """Return the round that is prepared but not opened."""
    return case.rounds.filter(opened_at__isnull=True).order_by("-number").first()


def members_assigned(case: Case, asked: Asked) -> Reason:
    prepared = prepared_round(case)
    if prepared is None or not prepared.assignments.filter(excused_at__isnull=True).exists():
        return _("Assign at least one member of the group first.")
    if prepared.assignments.filter(excused_at__isnull=True, recusal_checked=False).exists():
        return _("Check every assigned member for recusal first.")
    recused = case.recusals.values_list("user_id", flat=True)
    if prepared.assignments.filter(excused_at__isnull=True, member__user__in=recused).exists():
        return _("A recused person is assigned; replace them.")
    if prepared.due is None or prepared.due <= clock.now():
        return _("Set a deadline for the annotations that lies ahead.")
    return None


def everyone_published(case: Case, asked: Asked) -> Reason:
    current = case.current_round
    waiting = current.assignments.filter(excused_at__isnull=True, published_at__isnull=True).count()
    if waiting:
        return ngettext(
            "%d member has neither published nor been excused.",
            "%d members have neither published nor been excused.",
            waiting,
        ) % (waiting)
    if not current.assignments.filter(published_at__isnull=False).exists():
        return _("At least one member must have published; publishing without notes counts.")
    return None


def unplaced_must_fixes(case: Case) -> int:
    """Return how many published must-change notes of the round stand in no item and were not declined.

    A resolved one has been given up with a reason by its author or the office: it asks for nothing until reopened.
    """
    return (
        Annotation.objects.filter(round=case.current_round, kind=Annotation.Kind.MUST, published_at__isnull=False)
        .filter(items__isnull=True, decline__isnull=True, resolved_at__isnull=True)
        .exclude(author__user__in=case.recusals.values("user_id"))
        .count()
    )


def must_fixes_placed(case: Case, asked: Asked) -> Reason:
    left = unplaced_must_fixes(case)
    if not left:
        return None
    return (
        ngettext(
            "%d must-change note is neither in the opinion nor declined with a reason.",
            "%d must-change notes are neither in the opinion nor declined with a reason.",
            left,
        )
        % left
    )


def round_opinion(case: Case) -> Opinion | None:
    return Opinion.objects.filter(round=case.current_round).first()


def opinion_signed(case: Case, asked: Asked) -> Reason:
    opinion = round_opinion(case)
    if opinion is None or opinion.signed_at is None:
        return _("The group leader has not signed the opinion yet.")
    return None


def opinion_has_items(case: Case, asked: Asked) -> Reason:
    opinion = round_opinion(case)
    if opinion is not None and not opinion.items.exists():
        return _("The opinion has no item; a plan without remarks can be found ready.")
    return None


def opinion_asks_nothing(case: Case, asked: Asked) -> Reason:
    """From opinion_drafting a plan is found ready only with a signed opinion without must-change items."""
    if case.state != State.OPINION_DRAFTING:
        return None
    opinion = round_opinion(case)
    if opinion and opinion.items.filter(kind=OpinionItem.Kind.MUST).exists():
        return _("The opinion still asks for changes that must be made: send it to the city.")
    return opinion_signed(case, asked)


def open_items(case: Case):
    """Return the items of the current round's opinion that the city has not answered."""
    return OpinionItem.objects.filter(opinion__round=case.current_round, opinion__sent_at__isnull=False).filter(
        response__answered_at__isnull=True
    )


def every_item_answered(case: Case, asked: Asked) -> Reason:
    left = open_items(case).count()
    if not left:
        return None
    return (
        ngettext("%d item of the opinion has no answer yet.", "%d items of the opinion have no answer yet.", left)
        % left
    )


def every_item_has_verdict(case: Case, asked: Asked | None) -> Reason:
    if case.state != State.RECHECK:
        return None
    left = OpinionItem.objects.filter(opinion__round=case.current_round, verdict__isnull=True).count()
    if left:
        return ngettext("%d answer has no verdict yet.", "%d answers have no verdict yet.", left) % left
    return None


def no_open_must_fix(case: Case, asked: Asked) -> Reason:
    still = OpinionItem.objects.filter(
        opinion__round=case.current_round, kind=OpinionItem.Kind.MUST, verdict__verdict="still"
    ).count()
    if still:
        return (
            ngettext("%d must-change item is still to change.", "%d must-change items are still to change.", still)
            % still
        )
    return None


def maturity_complete(case: Case, asked: Asked | None) -> Reason:
    """At least two assessors, or the only one assigned, have found a level on all eight dimensions."""
    current = case.current_round
    members = current.assignments.filter(excused_at__isnull=True)
    done = [a for a in members if MaturityLevel.objects.filter(assignment=a).count() == len(Dimension)]
    needed = min(2, len(members))
    if len(done) < needed:
        return _(
            "The maturity sheet is not complete: %(done)d of %(needed)d assessors have filled all eight lines."
        ) % {
            "done": len(done),
            "needed": needed,
        }
    return None


def answer_overdue(case: Case, asked: Asked) -> Reason:
    """A plan under revision goes on maturing only when its deadline has passed."""
    if case.state == State.UNDER_REVISION and case.due and clock.now() <= case.due:
        return _("The city's deadline has not passed yet.")
    return None


def released_by_city(case: Case, asked: Asked) -> Reason:
    if case.released_at is None:
        return _("The city lead has not released the plan for formal filing yet.")
    if not case.release_stands:
        return _("The city has changed its plan since it was released; the city lead must release it again.")
    return None


def formal_parts_complete(case: Case, asked: Asked) -> Reason:
    return "；".join(formal_obstacles(case.plan)) or None


def cover_letter_given(case: Case, asked: Asked) -> Reason:
    if not asked.given.get("cover"):
        return _("Attach the cover letter of the formal application.")
    return None


def formal_opinion_signed(case: Case, asked: Asked) -> Reason:
    latest = case.latest_version
    if not Opinion.objects.filter(case=case, kind="formal", version=latest, signed_at__isnull=False).exists():
        return _("The group leader has not signed the formal review opinion yet.")
    return None


def in_frozen_batch(case: Case, asked: Asked) -> Reason:
    if not case.lines.filter(is_current=True, batch__state=BatchState.COSIGNING, batch__kind="approve").exists():
        return _("The city is in no batch that has been sent for co-signature.")
    return None


def taken_from_list(case: Case, asked: Asked) -> Reason:
    standing = case.lines.filter(is_current=True, left_out_at__isnull=True, batch__kind="approve")
    if standing.exclude(batch__state=BatchState.COMPOSING).exists():
        return _("Take the city out on the batch page, with a reason.")
    return None


def in_no_batch(case: Case, asked: Asked) -> Reason:
    if case.lines.filter(is_current=True, left_out_at__isnull=True).exists():
        return _("The city stands in a batch; the lead agency takes it out first, with a reason.")
    return None


def all_agencies_agreed(case: Case, asked: Asked) -> Reason:
    from .cosigning import missing_signatures

    line = case.lines.filter(is_current=True, left_out_at__isnull=True, batch__state=BatchState.ISSUED).first()
    if line is None:
        return _("A city is approved only when its batch is issued.")
    missing = missing_signatures(line)
    return _("Not signed for this text: %s") % "、".join(missing) if missing else None


def rescission_issued(case: Case, asked: Asked) -> Reason:
    from .cosigning import missing_signatures

    line = case.lines.filter(is_current=True, batch__kind="rescind", batch__state=BatchState.ISSUED).first()
    if line is None:
        return _("An approval is rescinded only by issuing a co-signed rescinding batch.")
    missing = missing_signatures(line)
    return _("Not signed for this text: %s") % "、".join(missing) if missing else None


def no_other_open_case(case: Case, asked: Asked) -> Reason:
    if Case.objects.filter(city=case.city, call=case.call, state__in=OPEN).exclude(pk=case.pk).exists():
        return _("The city has another open plan in this call; withdraw that one first.")
    return None
