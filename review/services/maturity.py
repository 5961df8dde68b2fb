"""The maturity sheet: what each member finds on eight dimensions, side by side, never added up (requirement D8)."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.models import Membership

from ..actors import Actor
from ..machine import NotAllowed
from ..models import Assignment, Case, MaturityLevel, Round
from ..models.opinions import Dimension
from ..states import State
from .desk import hold, words

ASSESSING = frozenset({State.UNDER_DISCUSSION, State.OPINION_DRAFTING, State.RECHECK})
EVIDENCE_FROM = 3
TALK_FROM = 2  # levels apart at which the members are asked to talk


def assess(case: Case, dimension: str, *, level: int, reason: str, evidence: str = "", by: Membership) -> MaturityLevel:
    """Write or change one member's finding on one dimension in the current round."""
    with transaction.atomic():
        case = hold(case.pk, by=by, actors={Actor.MEMBER}, states=ASSESSING)
        mine = own_assignment(case, by)
        if mine is None:
            raise NotAllowed([_("You are not assigned to this round.")])
        if dimension not in Dimension.values or level not in range(5):
            raise NotAllowed([_("Choose one of the five levels.")])
        label = Dimension(dimension).label
        reason = words(reason, _("“%s”: give the reason for the level in a sentence.") % label)
        least = 1 if level >= EVIDENCE_FROM else 0
        evidence = words(
            evidence, _("“%s”: levels 3 and 4 need evidence: name the place in the plan.") % label, least=least
        )
        found, _new = MaturityLevel.objects.update_or_create(
            assignment=mine,
            dimension=dimension,
            defaults={"level": level, "reason": reason, "evidence": evidence, "given_at": clock.now()},
        )
        audit.record("maturity:assess", case, by=by, dimension=dimension, level=level, reason=reason, evidence=evidence)
        return found


def own_assignment(case: Case, by: Membership) -> Assignment | None:
    """Return the member's place in the current round, unless excused."""
    return Assignment.objects.filter(round=case.current_round, member=by, excused_at__isnull=True).first()


@dataclass(slots=True)
class Line:
    """One dimension: ``own``, the ``others`` who may be seen, the levels of this round and of the one before."""

    dimension: Dimension
    own: MaturityLevel | None = None
    others: list[MaturityLevel] = field(default_factory=list)
    before: list[int] = field(default_factory=list)

    @property
    def levels(self) -> list[int]:
        return sorted(found.level for found in ([self.own] if self.own else []) + self.others)

    @property
    def spread(self) -> int:
        return self.levels[-1] - self.levels[0] if self.levels else 0

    @property
    def talk(self) -> bool:
        return self.spread >= TALK_FROM


@dataclass(slots=True)
class Sheet:
    """``open`` says whether the asker may see the others' findings: a member only after finishing their own."""

    lines: list[Line]
    members: list[Assignment]
    finished: list[Assignment]
    mine: Assignment | None
    open: bool
    round: Round | None
    round_before: Round | None


def sheet(case: Case, viewer: Membership) -> Sheet:
    """Return what ``viewer`` may see of the current round's findings, and the levels of the round before."""
    current = case.current_round
    before = (
        case.rounds.filter(number__lt=current.number, opened_at__isnull=False).order_by("-number").first()
        if current
        else None
    )
    members = list(
        Assignment.objects.filter(round=current, excused_at__isnull=True)
        .exclude(member__user__in=case.recusals.values("user_id"))
        .select_related("member__user", "member__organisation")
    )
    found = list(
        MaturityLevel.objects.filter(assignment__in=members)
        .select_related("assignment__member__user", "assignment__member__organisation")
        .order_by("assignment_id")
    )
    mine = next((a for a in members if a.member_id == viewer.pk), None)
    finished = [a for a in members if sum(f.assignment_id == a.pk for f in found) == len(Dimension)]
    shown = mine is None or mine in finished
    lines = {d: Line(d) for d in Dimension}
    for level in found:
        line = lines[Dimension(level.dimension)]
        if mine and level.assignment_id == mine.pk:
            line.own = level
        elif shown and level.assignment in finished:
            line.others.append(level)
    past = MaturityLevel.objects.filter(assignment__round=before, assignment__excused_at__isnull=True)
    for dimension, value in past.order_by("level").values_list("dimension", "level") if before else ():
        lines[Dimension(dimension)].before.append(value)
    return Sheet(list(lines.values()), members, finished, mine, shown, current, before)
