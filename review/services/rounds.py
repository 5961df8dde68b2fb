"""Rounds of discussion: who reads, until when, who stands back (requirements D10; recusal covers everybody)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, clock, notices, words
from portal.models import Membership, User
from portal.roles import GROUP, Role
from portal.workdays_store import calendar, deadline

from ..actors import Actor, actors_on
from ..guards import prepared_round
from ..machine import NotAllowed
from ..models import Annotation, Assignment, Case, Recusal, Round
from ..states import State
from . import desk

PREPARING = frozenset({State.AWAITING_DISCUSSION, State.RECHECK})
ASSIGNING = PREPARING | {State.UNDER_DISCUSSION}

notices.register(
    {
        "assigned": notices.Kind(
            gettext_lazy("%(city)s: please annotate the plan"),
            gettext_lazy("You have been asked to read and annotate the plan of %(city)s."),
        ),
        "round_due": notices.Kind(
            gettext_lazy("%(city)s: the deadline for notes has changed"),
            gettext_lazy("Notes on the plan of %(city)s are now expected by %(due)s."),
        ),
        "excused": notices.Kind(
            gettext_lazy("%(city)s: you have been excused from this round"),
            gettext_lazy("You need not publish notes on the plan of %(city)s. Reason: %(reason)s"),
        ),
        "recused": notices.Kind(
            gettext_lazy("%(city)s: you no longer deal with this plan"),
            gettext_lazy("Your recusal has been recorded; the plan of %(city)s is closed to you. Reason: %(reason)s"),
        ),
        "member_recused": notices.Kind(
            gettext_lazy("%(city)s: a member has been recused"),
            gettext_lazy(
                "%(who)s no longer deals with the plan of %(city)s; published notes by this person: %(notes)s."
            ),
        ),
        "all_published": notices.Kind(
            gettext_lazy("%(city)s: every member has published"),
            gettext_lazy("Every member has published or been excused; the discussion of %(city)s can be closed."),
        ),
    }
)


def prepare(case: Case, *, by: Membership) -> Round:
    """Return the prepared, unopened round on the latest version; the deadline begins as the call's usual one."""
    with transaction.atomic():
        case = desk.hold(case.pk, by=by, actors={Actor.GROUP_OFFICE}, states=PREPARING)
        found = prepared_round(case)
        latest = case.latest_version
        assert latest is not None, "a plan enters these states by a submission, which keeps a version"
        if found:
            if found.version_id != latest.pk:
                found.version = latest
                found.save(update_fields=["version"])
            return found
        days = case.call.deadlines.get(State.UNDER_DISCUSSION)
        found = Round.objects.create(
            case=case,
            number=(case.rounds.aggregate(last=Max("number"))["last"] or 0) + 1,
            version=latest,
            due=deadline(days) if days else None,
            prepared_at=clock.now(),
        )
        audit.record("round:prepare", found, by=by, reference=case.plan.reference, number=found.number)
        return found


def due_problem(due: datetime) -> str:
    """Return why notes cannot be asked for by this moment, with the next working day; empty when they can."""
    from .. import presenting

    if due <= clock.now():
        return _("The deadline lies in the past; choose a later day.")
    days, day = calendar(), clock.beijing(due).date()
    if not days.is_workday(day):
        shown = {
            "day": words.full_day(day, english=presenting.english()),
            "next": words.full_day(days.add(day, 1), english=presenting.english()),
        }
        return _("%(day)s is not a working day; the next one is %(next)s.") % shown
    return ""


def set_due(round: Round, *, due: datetime, by: Membership) -> Round:
    """Set until when notes are expected; of a running round the members are told and the case's deadline follows."""
    with transaction.atomic():
        case = desk.hold(round.case_id, by=by, actors={Actor.GROUP_OFFICE}, states=ASSIGNING)
        round = _live(case, round.pk)
        if problem := due_problem(due):
            raise NotAllowed([problem])
        if round.due == due:
            return round
        round.due = due
        round.save(update_fields=["due"])
        if case.state == State.UNDER_DISCUSSION:
            case.due = due
            case.save(update_fields=["due"])
            _tell_of_due(case, round)
        audit.record("round:due", round, by=by, reference=case.plan.reference, number=round.number, due=due)
        return round


def _tell_of_due(case: Case, round: Round) -> None:
    assert round.due is not None, "the caller has just set it"
    members = Membership.objects.filter(assignments__in=_open(round.assignments)).select_related("user")
    facts = {"city": case.city.name, "due": f"{clock.beijing(round.due):%Y-%m-%d %H:%M}"}
    key = f"round_due:{round.pk}:{facts['due']}"
    notices.send("round_due", to=members, key=key, path=_read(case, round), facts=facts)


def _open(assignments):
    return assignments.filter(excused_at__isnull=True, published_at__isnull=True)


def _read(case: Case, round: Round) -> str:
    return f"{case.plan.path}v{round.version.number}/read/"


def _desk_path(case: Case) -> str:
    return f"{case.plan.path}assignments/"


def _live(case: Case, round_id: int) -> Round:
    """Fetch the round that is being prepared or discussed; earlier ones no longer change."""
    live = case.current_round if case.state == State.UNDER_DISCUSSION else prepared_round(case)
    if live is None or live.pk != round_id:
        raise NotAllowed([_("This round is over; it no longer changes.")])
    return live


def conflict(case: Case, user: User) -> str:
    """Return why this person must stand back from the case, in words; empty when nothing is known against it."""
    return conflicts(case, [user]).get(user.pk, "")


def conflicts(case: Case, users: Iterable[User]) -> dict[int, str]:
    """Return the reasons of many people with two queries: a recusal on record, the own city, an office of the case."""
    ids = [u.pk for u in users]
    found = {}
    offices = [i for i in (case.city.government_id, case.channel_id, case.local_drc_id) if i]
    own = Q(organisation__region_code=case.city_id) | Q(organisation__in=offices) | Q(organisation__parent__in=offices)
    for post in Membership.objects.current().filter(own, user__in=ids).select_related("organisation"):
        found[post.user_id] = _("Belongs to %s, which has a part in this plan.") % post.organisation.name
    for recusal in Recusal.objects.filter(case=case, user__in=ids):
        found[recusal.user_id] = _("Recused: %s") % recusal.reason
    return found


def assign(case: Case, member: Membership, *, by: Membership) -> Assignment:
    """Ask a member to read the coming or the running round, after the check for recusal; twice changes nothing."""
    with transaction.atomic():
        case = desk.hold(case.pk, by=by, actors={Actor.GROUP_OFFICE}, states=ASSIGNING)
        if member.role != Role.EXPERT or not Membership.objects.current().filter(pk=member.pk).exists():
            raise NotAllowed([_("Only a current member of the coordination group can be assigned.")])
        if reason := conflict(case, member.user):
            raise NotAllowed([_("%(who)s must stand back. %(reason)s") % {"who": member.user, "reason": reason}])
        running = case.state == State.UNDER_DISCUSSION
        chosen = case.current_round if running else prepare(case, by=by)
        found, new = Assignment.objects.get_or_create(
            round=chosen,
            member=member,
            defaults={"assigned_by": by, "assigned_at": clock.now(), "recusal_checked": True},
        )
        if not new and found.excused_at is None:
            return found
        if not new:
            found.excused_at, found.excused_reason, found.recusal_checked = None, "", True
            found.save(update_fields=["excused_at", "excused_reason", "recusal_checked"])
        entry = audit.record(
            "round:assign", found, by=by, reference=case.plan.reference, round=chosen.number, member=member.pk
        )
        if running:
            facts = {"city": case.city.name}
            notices.send(
                "assigned", to=[member], key=f"assigned:{found.pk}:{entry.seq}", path=_read(case, chosen), facts=facts
            )
        return found


def excuse(assignment: Assignment, *, reason: str, by: Membership) -> Assignment:
    """Free a member from a round; what they noted and did not publish stays their own."""
    with transaction.atomic():
        case = desk.hold(assignment.round.case_id, by=by, actors={Actor.GROUP_OFFICE}, states=ASSIGNING)
        assignment = Assignment.objects.select_related("round__version", "member__user").get(pk=assignment.pk)
        reason = desk.words(reason, _("Give the reason for excusing this member."), most=500)
        if assignment.excused_at:
            raise NotAllowed([_("This member has been excused already.")])
        if not (case.state == State.RECHECK and assignment.round == case.current_round):
            _live(case, assignment.round_id)
            if assignment.published_at:
                raise NotAllowed([_("This member has published and need not be excused.")])
        _excuse(assignment, reason)
        audit.record("round:excuse", assignment, by=by, reference=case.plan.reference, reason=reason)
        if assignment.round.opened_at:
            facts = {"city": case.city.name, "reason": reason}
            key = f"excused:{assignment.pk}:{assignment.excused_at.isoformat()}"
            notices.send("excused", to=[assignment.member], key=key, path="/home/", facts=facts)
        tell_when_all_published(case)
        return assignment


def _excuse(assignment: Assignment, reason: str) -> None:
    assignment.excused_at, assignment.excused_reason = clock.now(), reason
    assignment.save(update_fields=["excused_at", "excused_reason"])


def recuse(case: Case, user: User, *, reason: str, by: Membership) -> Recusal:
    """Close the case to a person at once: declared by themselves, or found by the group office for anybody.

    Assignments of the live rounds end with the same reason. Published notes stay; the group leader, who is told,
    decides on their use.
    """
    with transaction.atomic():
        own = user.pk == by.user_id
        allowed = {Actor.GROUP_OFFICE, Actor.GROUP_LEADER, Actor.MEMBER} if own else {Actor.GROUP_OFFICE}
        case = desk.hold(case.pk, by=by, actors=allowed, states=State)
        if not Membership.objects.filter(user=user, role__in=[*GROUP, Role.EXPERT]).exists():
            raise NotAllowed([_("Only people of the coordination group are recused.")])
        reason = desk.words(reason, _("Give the reason for the recusal."), most=500)
        if Recusal.objects.filter(case=case, user=user).exists():
            raise NotAllowed([_("This person has been recused already.")])
        found = Recusal.objects.create(case=case, user=user, reason=reason, declared_by=by, declared_at=clock.now())
        rounds = [r.pk for r in (case.current_round, prepared_round(case)) if r]
        ended = list(Assignment.objects.filter(round__in=rounds, member__user=user, excused_at__isnull=True))
        for assignment in ended:
            _excuse(assignment, reason)
        audit.record(
            "case:recuse", found, by=by, reference=case.plan.reference, person=user.username, reason=reason,
            assignments=[a.pk for a in ended],
        )  # fmt: skip
        _tell_of_recusal(case, found, own=own)
        tell_when_all_published(case)
        return found


def _tell_of_recusal(case: Case, recusal: Recusal, *, own: bool) -> None:
    notes = Annotation.objects.filter(round__case=case, author__user=recusal.user_id, published_at__isnull=False)
    facts = {"city": case.city.name, "reason": recusal.reason, "who": recusal.user.full_name, "notes": notes.count()}
    if not own:
        notices.send("recused", to=[recusal.user], key=f"recused:{recusal.pk}", path="/home/", facts=facts)
    others = [
        p for p in Membership.objects.holding(*GROUP)
        if p.user_id not in {recusal.user_id, recusal.declared_by.user_id} and actors_on(p, case)
    ]  # fmt: skip
    key = f"member_recused:{recusal.pk}"
    notices.send("member_recused", to=others, key=key, path=_desk_path(case), facts=facts)


def tell_when_all_published(case: Case) -> None:
    """Tell the group office once that nobody is waited for any more."""
    if case.state != State.UNDER_DISCUSSION:
        return
    current = case.current_round
    if _open(current.assignments).exists() or not current.assignments.filter(published_at__isnull=False).exists():
        return
    office = [p for p in Membership.objects.holding(Role.GROUP_OFFICE) if actors_on(p, case)]
    last = current.assignments.aggregate(last=Max("published_at"))["last"]
    key = f"all_published:{current.pk}:{last.isoformat()}"
    notices.send("all_published", to=office, key=key, path=_desk_path(case), facts={"city": case.city.name})


def load(members: Iterable[Membership]) -> dict[int, int]:
    """Return how many assignments each member has open in all cases, by the membership's id."""
    ids = [m.pk for m in members]
    waiting = Assignment.objects.filter(
        member__in=ids, published_at__isnull=True, excused_at__isnull=True, round__closed_at__isnull=True
    )
    found = Counter(waiting.values_list("member_id", flat=True))
    return {pk: found[pk] for pk in ids}
