"""Reminders: when they are written, to whom, once each, in words, with a link that opens."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from portal import clock, notices, outbox
from portal.models import Membership, Notice, Outbox, Reminder
from portal.roles import Role
from portal.workdays_store import calendar, days_left
from review import reminders
from review.models import Assignment, Case
from review.reminders import write_due
from review.services import cases, rounds
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import Walk, person

BACKEND = "django.contrib.auth.backends.ModelBackend"


def stand_at(due: datetime, *, left: int, hour: int = 10) -> None:
    """Set the clock to the working day on which ``left`` working days remain."""
    clock.set_to(clock.at(calendar().add(clock.beijing(due).date(), -left), hour))


def stand_after(due: datetime) -> None:
    """Set the clock to the first working day after the deadline's."""
    stand_at(due, left=-1)


def stand_next_morning() -> None:
    """Set the clock to the moment at which reminders may leave again."""
    clock.set_to(clock.at(calendar().add(clock.today(), 1), 8, 30))


def let_leave(mails: list) -> set[str]:
    """Let all mails that wait be tried now, and return who has got a reminder so far, by address."""
    Outbox.objects.update(claimed_until=None)
    outbox.sweep()
    return {m.to[0] for m in mails if m.subject.startswith(("〔提醒〕", "〔催办〕"))}


def why_not_mailed(person: Membership) -> set[tuple[bool, str]]:
    """Return of each reminder's mail to this person whether it is done with, and what its row says."""
    told = Reminder.objects.filter(recipient=person.user).values_list("notice", flat=True)
    rows = Outbox.objects.filter(key__in=[f"mail:notice:{pk}" for pk in told])
    return {(row.done_at is not None, row.last_error) for row in rows}


def ledger(rule: str) -> set[int]:
    return set(Reminder.objects.filter(rule=rule).values_list("recipient", flat=True))


@pytest.fixture
def revising(world):
    """A case under revision with 20 working days, its city's people and the group's."""
    _ = world.editor, world.channel
    return world.case(S.UNDER_REVISION)


def test_thirty_and_fifteen_percent_and_overdue_once_each(world, revising):
    city = {world.lead.user_id, world.editor.user_id}
    stand_at(revising.due, left=7)
    assert write_due() == 0
    stand_at(revising.due, left=6)  # 6 of 20 working days: 30 %
    assert write_due() == 2
    assert ledger("remind_30") == city
    assert write_due() == 0
    stand_at(revising.due, left=4)
    assert write_due() == 0
    stand_at(revising.due, left=3)  # 15 %
    assert write_due() == 2
    assert ledger("remind_15") == city
    stand_after(revising.due)
    assert write_due() == 3
    assert ledger("overdue") == city | {world.group_office.user_id}
    assert write_due() == 0


def test_only_the_strictest_rule_is_written_when_a_look_comes_late(world, revising):
    stand_at(revising.due, left=1)
    assert write_due() == 2
    assert set(Reminder.objects.values_list("rule", flat=True)) == {"remind_15"}


def test_the_last_hour_decides_between_remind_and_overdue(world, revising):
    clock.set_to(revising.due)
    write_due()
    assert set(Reminder.objects.values_list("rule", flat=True)) == {"remind_15"}
    clock.set_to(revising.due + timedelta(seconds=1))
    write_due()
    assert set(Reminder.objects.values_list("rule", flat=True)) == {"remind_15", "overdue"}


def test_nothing_is_written_on_a_day_off(world, revising):
    friday = next(
        d for d in (calendar().add(clock.beijing(revising.due).date(), -n) for n in range(1, 7)) if d.weekday() == 4
    )
    clock.set_to(clock.at(friday + timedelta(days=1)))
    assert not calendar().is_workday(clock.today())
    assert write_due() == 0
    assert Reminder.objects.count() == 0


def test_a_moved_deadline_reminds_anew(world):
    case = world.case(S.UNDER_DISCUSSION)
    stand_at(case.due, left=1)
    first = write_due()
    assert first == 2
    current = case.current_round
    later = clock.at(calendar().add(clock.beijing(case.due).date(), 1), 18)
    Case.objects.filter(pk=case.pk).update(due=later)
    current.due = later
    current.save(update_fields=["due"])
    assert write_due() == 2
    assert Reminder.objects.values("due_on").distinct().count() == 2


def test_each_open_assignment_is_reminded_of_and_a_published_one_is_not(world):
    case = world.case(S.UNDER_DISCUSSION)
    first, second = world.experts
    Assignment.objects.filter(member=first).update(published_at=clock.now())
    stand_at(case.due, left=1)
    assert write_due() == 1
    row = Reminder.objects.get()
    assert (row.object_kind, row.recipient_id) == ("assignment", second.user_id)
    stand_after(case.due)
    assert write_due() == 2
    assert ledger("overdue") == {second.user_id, world.group_office.user_id}


def test_the_office_is_reminded_to_close_when_everybody_has_published(world):
    case = world.case(S.UNDER_DISCUSSION)
    Assignment.objects.update(published_at=clock.now())
    stand_at(case.due, left=1)
    assert write_due() == 1
    assert ledger("remind_15") == {world.group_office.user_id}


def test_the_leader_is_asked_to_decide_once_the_check_is_done(world):
    _ = world.leader
    case = world.case(S.RECHECK)
    stand_at(case.due, left=3)
    write_due()
    assert ledger("remind_30") == {e.user_id for e in world.experts}
    walk = Walk(world, case, world.lead)
    walk.judge()
    walk.assess()
    stand_at(case.due, left=1)
    write_due()
    assert ledger("remind_15") == {world.leader.user_id}


def test_a_recused_member_is_not_reminded(world):
    from review.models import Recusal

    case = world.case(S.UNDER_DISCUSSION)
    Recusal.objects.create(case=case, user=world.experts[0].user, reason="示例", declared_by=world.group_office)
    stand_at(case.due, left=1)
    assert write_due() == 1
    assert ledger("remind_15") == {world.experts[1].user_id}


def test_agencies_that_have_not_signed_are_reminded_of_the_batch_not_of_each_city(world):
    _ = world.handlers, world.signers
    walk = BatchWalk.of_two(world)
    walk.freeze()
    walk.sign(0)
    batch = walk.batch
    stand_at(batch.due, left=1)
    write_due()
    assert {r.object_kind for r in Reminder.objects.all()} == {"batch"}
    waiting = {p.user_id for p in (*world.handlers[1:], *world.signers[1:])}
    assert ledger("remind_15") == waiting
    clock.set_to(batch.due + timedelta(minutes=1))
    write_due()
    assert ledger("overdue") == waiting | {world.handlers[0].user_id}


def test_closed_cases_and_states_without_a_deadline_are_left_alone(world):
    case = world.case(S.DRAFT)
    assert case.due is None
    clock.advance(days=200)
    assert write_due() == 0


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            "zh-hans",
            "〔提醒〕嘉兴市：{due}前，答复修改意见，提交修改后的方案",
            "嘉兴市：答复修改意见，提交修改后的方案。期限{due}，还有 6 个工作日。",
        ),
        (
            "en",
            "[Reminder] 嘉兴市: answer the revision opinion and submit the revised plan by {due}",
            "嘉兴市: answer the revision opinion and submit the revised plan. Deadline {due}, 6 working days left.",
        ),
    ],
)
def test_words_name_what_until_when_and_how_long(world, revising, language, title, body):
    from portal import words

    stand_at(revising.due, left=6)
    write_due()
    notice = Notice.objects.get(recipient=world.lead.user, kind="remind")
    due = words.full_moment(revising.due, english=language == "en")
    with translation.override(language):
        assert notices.words(notice) == (title.format(due=due), body.format(due=due))
    stand_after(revising.due)
    write_due()
    notice = Notice.objects.get(recipient=world.lead.user, kind="chase")
    with translation.override(language):
        assert notices.words(notice)[0].startswith("〔催办〕" if language == "zh-hans" else "[Chasing]")


def test_each_reminder_has_its_mail_and_obeys_quiet_hours(world, revising):
    stand_at(revising.due, left=6)
    before = Outbox.objects.filter(kind="mail").count()
    assert write_due() == 2
    assert Outbox.objects.filter(kind="mail").count() == before + 2
    assert all(notices.KINDS[kind].reminder for kind in ("remind", "chase"))


NO_LONGER = {(True, "no longer due when the mail was to leave")}


def test_a_city_that_answers_in_the_evening_is_not_reminded_in_the_morning(world, mailoutbox):
    case = world.case(S.UNDER_REVISION)
    other = world.case(S.UNDER_REVISION, world.direct, world.direct_lead)
    stand_at(case.due, left=6, hour=19)
    assert write_due() == 2
    assert let_leave(mailoutbox) == set()
    assert why_not_mailed(world.lead) == {(False, "quiet hours")}
    clock.advance(hours=1)
    Walk(world, case, world.lead).resubmit()
    stand_next_morning()
    assert let_leave(mailoutbox) == {world.direct_lead.user.email}
    assert why_not_mailed(world.lead) == NO_LONGER
    assert why_not_mailed(world.direct_lead) == {(True, "")}
    assert Notice.objects.filter(recipient=world.lead.user, kind="remind").count() == 1, "the portal still shows it"
    assert other.state == S.UNDER_REVISION


def test_a_member_who_publishes_in_the_evening_is_not_reminded_in_the_morning(world, mailoutbox):
    case = world.case(S.UNDER_DISCUSSION)
    first, second = world.experts
    stand_at(case.due, left=2, hour=19)
    assert write_due() == 2
    Assignment.objects.filter(member=first).update(published_at=clock.now())
    stand_next_morning()
    assert let_leave(mailoutbox) == {second.user.email}
    assert why_not_mailed(first) == NO_LONGER


def test_a_reader_to_whom_the_plan_was_closed_is_not_reminded(world, mailoutbox):
    case = world.case(S.UNDER_DISCUSSION)
    first, second = world.experts
    stand_at(case.due, left=2, hour=19)
    write_due()
    rounds.recuse(case, first.user, reason="示例", by=world.group_office)
    stand_next_morning()
    assert let_leave(mailoutbox) == {second.user.email}
    assert why_not_mailed(first) == NO_LONGER


def test_an_agency_that_signs_in_the_evening_is_not_reminded_in_the_morning(world, mailoutbox):
    _ = world.handlers, world.signers
    walk = BatchWalk.of_two(world)
    walk.freeze()
    stand_at(walk.batch.due, left=1, hour=19)
    write_due()
    walk.sign(0)
    stand_next_morning()
    assert let_leave(mailoutbox) == {p.user.email for p in (*world.handlers[1:], *world.signers[1:])}
    assert why_not_mailed(world.signers[0]) == NO_LONGER


def test_of_two_reminders_that_waited_only_the_strictest_is_mailed(world, revising, mailoutbox):
    stand_at(revising.due, left=6)
    write_due()
    stand_at(revising.due, left=3)
    write_due()
    stand_after(revising.due)
    write_due()
    let_leave(mailoutbox)
    got = [m.subject[:4] for m in mailoutbox if m.to == [world.lead.user.email] and m.subject.startswith("〔")]
    assert got == ["〔催办〕"]
    assert why_not_mailed(world.lead) == NO_LONGER | {(True, "")}


def test_a_moved_deadline_takes_the_meaning_of_the_reminder_before_it(world, mailoutbox):
    case = world.case(S.UNDER_DISCUSSION)
    stand_at(case.due, left=2, hour=19)
    write_due()
    later = calendar().add(clock.beijing(case.due).date(), 30)
    rounds.set_due(case.current_round, due=clock.at(later, 18), by=world.group_office)
    stand_next_morning()
    assert let_leave(mailoutbox) == set()
    assert why_not_mailed(world.experts[0]) == NO_LONGER


@pytest.mark.parametrize(
    "state", [S.WITH_CHANNEL, S.AWAITING_DISCUSSION, S.UNDER_REVISION, S.RECHECK, S.READY, S.CHECKING, S.FORMAL_REVIEW]
)
def test_every_link_opens_for_its_recipient(world, state):
    _ = world.editor, world.channel, world.drc, world.group_office, world.leader
    case = world.case(state)
    stand_after(case.due)
    assert write_due() > 0
    for row in Reminder.objects.select_related("notice__recipient"):
        client = Client()
        client.force_login(row.recipient, backend=BACKEND)
        answer = client.get(row.notice.path)
        assert (row.recipient.username, answer.status_code) == (row.recipient.username, 200)


def test_a_ready_plan_reminds_the_lead_until_the_release_and_the_local_drc_after_it(world):
    _ = world.editor, world.drc
    case = world.case(S.READY)
    stand_after(case.due)
    assert write_due() == 2
    assert ledger("overdue") == {world.lead.user_id, world.group_office.user_id}
    said = notices.words(Notice.objects.get(recipient=world.lead.user, kind="chase"))
    assert "放行正式申报" in said[0]
    assert write_due() == 0
    cases.release(case, by=world.lead)
    assert write_due() == 1, "the lead, who coordinates from here, was told of this deadline"
    assert ledger("overdue") == {world.lead.user_id, world.group_office.user_id, world.drc.user_id}
    assert "组织正式申报" in notices.words(Notice.objects.get(recipient=world.drc.user, kind="chase"))[0]


def test_nobody_of_another_city_or_office_is_told(world, revising):
    strangers = [world.neighbour_lead, world.far_lead, world.other_channel, world.direct_lead]
    person(Role.GROUP_OFFICE, world.group)
    stand_after(revising.due)
    assert days_left(revising.due) < 0
    write_due()
    assert not Reminder.objects.filter(recipient__in=[s.user_id for s in strangers]).exists()


def test_the_task_of_the_beat_calls_it(world, revising):
    from review.tasks import write_reminders

    stand_at(revising.due, left=6)
    assert write_reminders() == 2
    assert reminders.write_due() == 0
