import json
from datetime import date

import pytest

from portal import clock
from portal.models import AuditEntry, Notice, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.actors import Actor, actors_on
from review.machine import NotAllowed
from review.models import Assignment, Recusal
from review.services import annotations, rounds
from review.states import State as S
from tests.builders import Walk, person


@pytest.fixture
def waiting(world):
    return world.case(S.AWAITING_DISCUSSION)


@pytest.fixture
def running(world):
    return world.case(S.UNDER_DISCUSSION)


def kinds(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


def test_round_is_prepared_once_on_the_latest_version(world, waiting):
    first = rounds.prepare(waiting, by=world.group_office)
    again = rounds.prepare(waiting, by=world.group_office)
    assert first == again
    assert (first.number, first.version, first.opened_at) == (1, waiting.latest_version, None)
    assert AuditEntry.objects.filter(action="round:prepare").count() == 1


@pytest.mark.parametrize("state", [S.WITH_CHANNEL, S.UNDER_DISCUSSION, S.UNDER_REVISION])
def test_round_is_prepared_only_before_a_discussion(world, state):
    case = world.case(state)
    with pytest.raises(NotAllowed):
        rounds.prepare(case, by=world.group_office)


def test_only_the_group_office_prepares(world, waiting):
    for post in (world.leader, world.lead, world.channel):
        with pytest.raises(NotAllowed):
            rounds.prepare(waiting, by=post)


def test_next_round_takes_the_next_number_and_the_new_version(world):
    case = world.case(S.RECHECK)
    found = rounds.prepare(case, by=world.group_office)
    assert (found.number, found.version.number) == (2, 2)


def test_round_prepared_through_the_services_opens(world, waiting):
    member = world.experts[0]
    rounds.assign(waiting, member, by=world.group_office)
    prepared = rounds.prepare(waiting, by=world.group_office)
    due = clock.at(date(2026, 3, 27), 18)
    rounds.set_due(prepared, due=due, by=world.group_office)
    assert actors_on(member, waiting) == frozenset()
    Walk(world, waiting, world.lead).fire("open_discussion", world.group_office)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.due) == (S.UNDER_DISCUSSION, due)
    assert actors_on(member, waiting) == {Actor.MEMBER}


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 2, 27), ""),  # past
        (date(2026, 4, 6), "2026年4月7日"),  # Qingming, a Monday off
        (date(2026, 10, 5), "2026年10月8日"),
        (date(2026, 3, 28), "2026年3月30日"),  # a Saturday
    ],
)
def test_deadline_on_a_day_nobody_works_is_refused_with_the_next(world, waiting, day, says):
    prepared = rounds.prepare(waiting, by=world.group_office)
    kept = prepared.due
    with pytest.raises(NotAllowed) as refusal:
        rounds.set_due(prepared, due=clock.at(day, 18), by=world.group_office)
    assert says in refusal.value.reasons[0]
    prepared.refresh_from_db()
    assert prepared.due == kept


def test_new_deadline_of_a_running_round_moves_the_case_and_tells_the_members(world, running):
    due = clock.at(date(2026, 4, 17), 18)
    rounds.set_due(running.current_round, due=due, by=world.group_office)
    running.refresh_from_db()
    assert (running.due, running.current_round.due) == (due, due)
    assert kinds(world.experts[0].user)[-1] == "round_due"


def test_assigning_checks_recusal_and_counts_once(world, waiting):
    member = world.experts[0]
    first = rounds.assign(waiting, member, by=world.group_office)
    assert rounds.assign(waiting, member, by=world.group_office) == first
    assert (first.recusal_checked, first.assigned_by, first.assigned_at) == (True, world.group_office, clock.now())
    assert AuditEntry.objects.filter(action="round:assign").count() == 1
    assert kinds(member.user) == []  # told when the round opens


def test_assigned_to_a_running_round_is_told_at_once(world, running):
    newcomer = person(Role.EXPERT, world.experts[0].organisation)
    found = rounds.assign(running, newcomer, by=world.group_office)
    assert found.round == running.current_round
    assert kinds(newcomer.user) == ["assigned"]
    assert actors_on(newcomer, running) == {Actor.MEMBER}


def test_only_members_are_assigned(world, waiting):
    for post in (world.leader, world.handlers[0], world.channel):
        with pytest.raises(NotAllowed):
            rounds.assign(waiting, post, by=world.group_office)


def test_ended_membership_is_not_assigned(world, waiting):
    member = world.experts[0]
    member.ends = date(2026, 2, 1)
    member.save()
    with pytest.raises(NotAllowed):
        rounds.assign(waiting, member, by=world.group_office)


@pytest.mark.parametrize("where", ["employer", "second post", "channel", "filing office"])
def test_own_city_or_office_must_stand_back(world, waiting, where):
    in_city = Organisation.objects.create(
        kind=Kind.EXPERTS, name="示例·嘉兴研究院", short_name="嘉兴研究院", region_code=world.city.code
    )
    organisation = {
        "employer": in_city,
        "channel": waiting.channel,
        "filing office": waiting.local_drc,
    }.get(where, world.experts[0].organisation)
    member = person(Role.EXPERT, organisation)
    if where == "second post":
        type(member).objects.create(
            user=member.user, organisation=world.editor.organisation, role=Role.CITY_EDITOR, starts=member.starts
        )
    with pytest.raises(NotAllowed) as refusal:
        rounds.assign(waiting, member, by=world.group_office)
    (reason,) = refusal.value.reasons
    assert member.user.full_name in reason
    assert not Assignment.objects.exists()


def test_neighbour_city_is_no_conflict(world, waiting):
    near = Organisation.objects.create(
        kind=Kind.EXPERTS, name="示例·温州研究院", short_name="温州研究院", region_code=world.neighbour.code
    )
    rounds.assign(waiting, person(Role.EXPERT, near), by=world.group_office)


def test_excusing_needs_a_reason_and_ends_the_wait(world, running):
    first, second = running.current_round.assignments.all()
    annotations.publish(running, by=first.member)
    with pytest.raises(NotAllowed):
        rounds.excuse(second, reason="  ", by=world.group_office)
    with pytest.raises(NotAllowed):
        rounds.excuse(first, reason="已经发布", by=world.group_office)
    rounds.excuse(second, reason="出差", by=world.group_office)
    second.refresh_from_db()
    assert (second.excused_at, second.excused_reason) == (clock.now(), "出差")
    assert kinds(second.member.user)[-1] == "excused"
    assert kinds(world.group_office.user)[-1] == "all_published"
    with pytest.raises(NotAllowed):
        rounds.excuse(second, reason="再一次", by=world.group_office)


def test_excused_member_can_be_asked_again(world, running):
    seat = running.current_round.assignments.first()
    rounds.excuse(seat, reason="出差", by=world.group_office)
    again = rounds.assign(running, seat.member, by=world.group_office)
    assert (again.pk, again.excused_at, again.excused_reason) == (seat.pk, None, "")
    assert kinds(seat.member.user)[-1] == "assigned"


def test_recusal_by_the_office_closes_the_case_at_once(world, running):
    member = world.experts[0]
    note = Walk(world, running, world.lead).annotate()
    found = rounds.recuse(running, member.user, reason="曾任该市顾问", by=world.group_office)
    seat = running.current_round.assignments.get(member=member)
    assert (found.declared_by, seat.excused_reason, seat.excused_at) == (
        world.group_office,
        "曾任该市顾问",
        clock.now(),
    )
    assert actors_on(member, running) == frozenset()
    note.refresh_from_db()
    assert note.published_at is not None
    assert kinds(member.user)[-1] == "recused"
    entry = AuditEntry.objects.get(action="case:recuse")
    said = json.loads(entry.text)["data"]
    assert (entry.actor, said["person"], said["reason"]) == (
        world.group_office.user,
        member.user.username,
        "曾任该市顾问",
    )
    with pytest.raises(NotAllowed):
        rounds.assign(running, member, by=world.group_office)
    with pytest.raises(NotAllowed):
        rounds.recuse(running, member.user, reason="再一次", by=world.group_office)


def test_leader_learns_of_a_recusal_with_the_number_of_published_notes(world, running):
    leader = world.leader
    Walk(world, running, world.lead).annotate()
    rounds.recuse(running, world.experts[0].user, reason="曾任该市顾问", by=world.group_office)
    notice = Notice.objects.get(recipient=leader.user)
    assert (notice.kind, notice.facts["notes"]) == ("member_recused", 1)


def test_people_recuse_themselves_and_nobody_else(world, running):
    first, second = world.experts
    with pytest.raises(NotAllowed):
        rounds.recuse(running, second.user, reason="理由", by=first)
    with pytest.raises(NotAllowed):
        rounds.recuse(running, first.user, reason="理由", by=world.leader)
    with pytest.raises(NotAllowed):
        rounds.recuse(running, world.lead.user, reason="理由", by=world.group_office)
    rounds.recuse(running, first.user, reason="本人申请回避", by=first)
    rounds.recuse(running, world.leader.user, reason="本人申请回避", by=world.leader)
    assert Recusal.objects.count() == 2
    assert "recused" not in kinds(first.user)
    assert actors_on(world.leader, running) == frozenset()


def test_load_counts_open_assignments_of_all_cases(world, running):
    other = world.case(S.UNDER_DISCUSSION, world.direct, world.direct_lead)
    first, second = world.experts
    annotations.publish(other, by=first)
    assert rounds.load([first, second]) == {first.pk: 1, second.pk: 2}
