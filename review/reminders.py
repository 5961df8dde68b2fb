"""Reminders of what is due: 提醒 to whoever's turn it is, 催办 to them and their coordinator (decisions 15).

A term is reminded of when 30 % and when 15 % of its working days are left, and once when it has passed. The ledger
row is written before the notice: a second run, or two at once, write nothing twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal import clock, notices
from portal.models import Membership, Notice, Reminder
from portal.roles import AGENCY, Role
from portal.workdays_store import calendar, days_left

from .actors import actors_on
from .announce import city_people, people_on_turn
from .guards import every_item_has_verdict, maturity_complete
from .models import Assignment, Batch, Case
from .states import OPEN, BatchState, State, Turn

OVERDUE = "overdue"
ACTS = {
    State.WITH_CHANNEL: gettext_noop("forward the preliminary plan, or return it for completion"),
    State.AWAITING_DISCUSSION: gettext_noop("assign members and open the discussion"),
    State.UNDER_DISCUSSION: gettext_noop("close the discussion"),
    State.OPINION_DRAFTING: gettext_noop("compose, sign and send the revision opinion"),
    State.UNDER_REVISION: gettext_noop("answer the revision opinion and submit the revised plan"),
    State.RECHECK: gettext_noop("check the city's answers and fill in the maturity sheet"),
    State.READY: gettext_noop("file the plan formally"),
    State.CHECKING: gettext_noop("check the formal application"),
    State.FORMAL_REVIEW: gettext_noop("prepare the formal review opinion"),
}
RELEASE = gettext_noop("release the plan for formal filing")
DECIDE = gettext_noop("decide on the revised plan")
ANNOTATE = gettext_noop("annotate the plan and publish the notes")
COSIGN = gettext_noop("co-sign, city by city")
ELSE = gettext_noop("take the next step")


@dataclass(slots=True)
class Term:
    """Something due: since when it runs, who must act, who coordinates them, and the page where it is done."""

    kind: str
    ident: int
    begins: datetime
    due: datetime
    subject: str
    what: str
    whose: Any
    path: str
    people: list[Membership] = field(default_factory=list)
    coordinators: list[Membership] = field(default_factory=list)


def write_due() -> int:
    """Write every reminder that has become due and return their number; nothing on days off."""
    if not calendar().is_workday(clock.today()):
        return 0
    written, marks = 0, _marks()
    for model, row in _candidates():
        begins = _begins(row)
        rule = rule_of(begins, row.due) if begins and row.due else None
        if rule is None or _is_done(row, rule, marks):
            continue
        with transaction.atomic():
            held = model.objects.select_for_update(of=("self",)).get(pk=row.pk)
            same = held.state == row.state and held.due == row.due
            terms = list(_terms(held, rule)) if same else []
            written += sum(_write(term, rule) for term in terms)
    return written


def rule_of(begins: datetime, due: datetime) -> str | None:
    """Return the strictest rule that applies now, or ``None``."""
    if clock.now() > due:
        return OVERDUE
    whole = max(calendar().between(clock.beijing(begins).date(), clock.beijing(due).date()), 1)
    share = 100 * days_left(due) / whole
    within = [(percent, name) for name, percent in settings.REMINDER_RULES.items() if share <= percent]
    return min(within)[1] if within else None


def _candidates() -> Iterator[tuple[type[Case] | type[Batch], Case | Batch]]:
    """Yield open cases and batches with a deadline; a city in co-signature is reminded of by its batch."""
    for case in _cases().order_by("pk"):
        yield Case, case
    for batch in _batches().order_by("pk"):
        yield Batch, batch


def _cases() -> QuerySet[Case]:
    return Case.objects.filter(state__in=OPEN - {State.COSIGNING}, due__isnull=False)


def _batches() -> QuerySet[Batch]:
    return Batch.objects.filter(state=BatchState.COSIGNING, due__isnull=False)


def _marks() -> set[tuple]:
    """Return what the ledger holds of open terms, without its recipients."""
    rows = Reminder.objects.filter(
        Q(object_kind="case", object_id__in=Case.objects.filter(state__in=OPEN).values(text=Cast("pk", CharField())))
        | Q(object_kind="batch")
    )
    return set(rows.values_list("object_kind", "object_id", "rule", "due_on").distinct())


def _is_done(row: Case | Batch, rule: str, marks: set[tuple]) -> bool:
    """Spare the locks where everybody was told; in these states those who are waited for change within one term."""
    if isinstance(row, Case) and row.state in {State.UNDER_DISCUSSION, State.RECHECK, State.READY}:
        return False
    assert row.due is not None  # only what has a deadline is reminded of
    kind = "case" if isinstance(row, Case) else "batch"
    return (kind, str(row.pk), rule, clock.beijing(row.due).date()) in marks


def _begins(row: Case | Batch) -> datetime | None:
    return row.state_since if isinstance(row, Case) else row.frozen_at


def _terms(row: Case | Batch, rule: str) -> Iterable[Term]:
    if isinstance(row, Batch):
        return [_of_batch(row)]
    if row.state == State.UNDER_DISCUSSION:
        open_ones = list(
            Assignment.objects.filter(round=row.current_round, published_at=None, excused_at=None).select_related(
                "member__user", "member__organisation", "round__version"
            )
        )
        if open_ones:
            return [_of_assignment(row, assignment) for assignment in open_ones]
    return [_of_case(row, rule)]


def _of_case(case: Case, rule: str) -> Term:
    assert case.due is not None, "only what has a deadline is reminded of"
    what, people = ACTS.get(State(case.state), ELSE), list(people_on_turn(case))
    turn = case.turn
    whose: Any = {"msg": notices.source(turn.label)}
    if turn in {Turn.CITY, Turn.CHANNEL, Turn.LOCAL_DRC}:
        office = {Turn.CHANNEL: case.channel, Turn.LOCAL_DRC: case.local_drc}.get(turn)
        whose = office.short_name if office else case.city.name
    if case.awaits_release:
        what = RELEASE
    if case.state == State.UNDER_DISCUSSION:
        people, whose = list(people_on_turn(case, Turn.GROUP_OFFICE)), {"msg": notices.source(Turn.GROUP_OFFICE.label)}
    if case.state == State.RECHECK and not _still_to_check(case):
        what, whose = DECIDE, {"msg": notices.source(Turn.GROUP_LEADER.label)}
        people = list(people_on_turn(case, Turn.GROUP_LEADER))
    return Term(
        "case",
        case.pk,
        case.state_since,
        case.due,
        case.city.name,
        what,
        whose,
        case.plan.path,
        _readers(people, case),
        _readers(_coordinators(case), case) if rule == OVERDUE else [],
    )


def _of_assignment(case: Case, assignment: Assignment) -> Term:
    assert case.due is not None, "only what has a deadline is reminded of"
    current = assignment.round
    return Term(
        "assignment",
        assignment.pk,
        max(current.opened_at or assignment.assigned_at, assignment.assigned_at),
        case.due,
        case.city.name,
        ANNOTATE,
        assignment.member.user.full_name,
        f"{case.plan.path}v{current.version.number}/read/",
        _readers([assignment.member], case),
        _readers(people_on_turn(case, Turn.GROUP_OFFICE), case),
    )


def _of_batch(batch: Batch) -> Term:
    """Ask the agencies that have not signed; the lead agency's handler coordinates."""
    assert batch.due is not None, "only what has a deadline is reminded of"
    signed = batch.signatures.filter(ended_at__isnull=True).values("agency")
    waiting = batch.agencies.exclude(organisation__in=signed).select_related("organisation").order_by("position")
    posts = Membership.objects.holding(*AGENCY)
    lead = batch.agencies.filter(position=1).values("organisation")
    return Term(
        "batch",
        batch.pk,
        batch.frozen_at or batch.created_at,
        batch.due,
        batch.title,
        COSIGN,
        "、".join(lane.organisation.short_name for lane in waiting),
        f"/batches/{batch.pk}/cosign/",
        list(posts.filter(organisation__in=waiting.values("organisation"))),
        list(posts.filter(organisation__in=lead, role=Role.AGENCY_HANDLER)) if waiting else [],
    )


def _still_to_check(case: Case) -> bool:
    return bool(every_item_has_verdict(case, None) or maturity_complete(case, None))


def _coordinators(case: Case) -> list[Membership]:
    """Return the city's people while an office outside the group holds the plan, else the group office."""
    if case.turn in {Turn.CHANNEL, Turn.LOCAL_DRC}:
        return [p for p in city_people(case) if p.role == Role.CITY_LEAD]
    return list(people_on_turn(case, Turn.GROUP_OFFICE))


def _readers(people: Iterable[Membership], case: Case) -> list[Membership]:
    """Leave out whoever may not open the plan: a recused member, an office it was taken from."""
    return [p for p in people if actors_on(p, case)]


def _people(term: Term, rule: str) -> dict[int, Membership]:
    return {p.user_id: p for p in (*(term.coordinators if rule == OVERDUE else ()), *term.people)}


def _write(term: Term, rule: str) -> int:
    """Write ledger row and notice for each recipient who has none of this rule and due date."""
    people = _people(term, rule)
    due_on = clock.beijing(term.due).date()
    facts = {
        "subject": term.subject,
        "what": {"msg": term.what},
        "whose": term.whose,
        "due": {"moment": term.due.isoformat()},
        "left": {"moment": term.due.isoformat(), "now": clock.now().isoformat(), "left": days_left(term.due)},
    }
    mark = {"object_kind": term.kind, "object_id": str(term.ident), "rule": rule, "due_on": due_on}
    written = 0
    for post in people.values():
        row, new = Reminder.objects.get_or_create(
            **mark, recipient_id=post.user_id, defaults={"created_at": clock.now()}
        )
        if not new:
            continue
        sent = notices.send(
            "chase" if rule == OVERDUE else "remind",
            to=[post],
            key=f"reminder:{term.kind}:{term.ident}:{rule}:{due_on}",
            path=term.path,
            facts=facts,
        )
        row.notice = sent[0] if sent else None
        row.save(update_fields=["notice"])
        written += 1
    return written


def still_due(notice: Notice) -> bool:
    """Say whether a reminder would be written now just as it was: same term, same task, same rule, same reader."""
    mark = Reminder.objects.filter(notice=notice).first()
    if mark is None:
        return True  # nothing is known against it
    row = _row_of(mark)
    begins = _begins(row) if row else None
    if not row or not row.due or not begins or begins > notice.created_at:
        return False
    if clock.beijing(row.due).date() != mark.due_on or rule_of(begins, row.due) != mark.rule:
        return False
    return any(
        (term.kind, str(term.ident)) == (mark.object_kind, mark.object_id)
        and notice.facts["what"] == {"msg": term.what}
        and notice.recipient_id in _people(term, mark.rule)
        for term in _terms(row, mark.rule)
    )


def _row_of(mark: Reminder) -> Case | Batch | None:
    """Return what is reminded of, as long as it is open and has a deadline."""
    number = int(mark.object_id)
    if mark.object_kind == "batch":
        return _batches().filter(pk=number).first()
    if mark.object_kind == "assignment":
        return _cases().filter(rounds__assignments=number).first()
    return _cases().filter(pk=number).first()


notices.register(
    {
        "remind": notices.Kind(
            _("[Reminder] %(subject)s: %(what)s by %(due)s"),
            _("%(whose)s: %(what)s. Deadline %(due)s, %(left)s."),
            reminder=True,
            still_due=still_due,
        ),
        "chase": notices.Kind(
            _("[Chasing] %(subject)s: %(what)s (the deadline was %(due)s)"),
            _("%(whose)s: %(what)s. The deadline was %(due)s, %(left)s. The plan keeps its place; please act soon."),
            reminder=True,
            still_due=still_due,
        ),
    }
)
