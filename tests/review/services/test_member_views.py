"""Members' views on the plan filed formally: one's own, until the signature; silence is recorded, never consent."""

import pytest
from django.db.utils import DatabaseError

from portal import clock
from portal.models import AuditEntry, Notice
from portal.roles import Role
from review import verify
from review.machine import NotAllowed
from review.models import MemberView, Opinion, Recusal
from review.services import formal_opinions, member_views, opinions
from review.states import State as S
from tests.builders import person
from tests.conftest import raw
from tests.past_guards import past_guards

SAID, AGAIN = "示例：任务具体，同意提请会签。", "示例：请注意按期发布统计数据。"


def shared(world):
    return world.case(S.FORMAL_REVIEW)


def signed(world, case) -> Opinion:
    opinion = formal_opinions.draft_formal(case, body="示例审理意见", by=world.group_office)
    return formal_opinions.sign_formal(opinion, by=world.leader)


def standing(case) -> list[tuple]:
    found = member_views.rows(case, case.latest_version)
    return [(row.member, row.view.text if row.view else None, row.is_silent) for row in found]


def test_every_seated_member_is_asked_once_the_filing_is_accepted(world, case):
    asked = Notice.objects.filter(kind="view_wanted")
    assert {n.recipient for n in asked} == {e.user for e in world.experts}
    assert {n.path for n in asked} == {f"/plans/{case.plan.reference}/formal-opinion/view/"}
    assert standing(case) == [(e, None, False) for e in world.experts]


def test_own_view_can_be_changed_until_the_signature(world, case):
    first, _second = world.experts
    member_views.give(case, text=f" {SAID} ", by=first)
    view = member_views.give(case, text=AGAIN, by=first)
    assert MemberView.objects.get() == view
    assert (view.text, view.given_at) == (AGAIN, clock.now())
    assert AuditEntry.objects.filter(action="view:give").count() == 2
    signed(world, case)
    with pytest.raises(NotAllowed) as refusal:
        member_views.give(case, text=SAID, by=first)
    assert refusal.value.reasons == ["正式审理意见已经签发，成员意见不再变动。"]


@pytest.mark.parametrize(
    ("text", "reason"), [("  ", "请填写意见。"), ("长" * 2001, "文字共 2001 字，最多可写 2000 字，请压缩。")]
)
def test_view_is_short_and_not_empty(world, case, text, reason):
    with pytest.raises(NotAllowed) as refusal:
        member_views.give(case, text=text, by=world.experts[0])
    assert refusal.value.reasons == [reason]


def test_office_is_told_once_when_nobody_is_waited_for(world, case):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    assert not Notice.objects.filter(kind="all_replied").exists()
    member_views.give(case, text=SAID, by=second)
    member_views.give(case, text=AGAIN, by=second)
    notice = Notice.objects.get(kind="all_replied")
    assert (notice.recipient, notice.path) == (world.group_office.user, f"/plans/{case.plan.reference}/formal-opinion/")


def test_nobody_but_a_seated_member_gives_a_view(world, case):
    other = person(Role.EXPERT, world.experts[0].organisation)
    for post in (other, world.group_office, world.leader, world.lead, world.drc, world.handlers[0]):
        with pytest.raises(NotAllowed):
            member_views.give(case, text=SAID, by=post)
    assert not MemberView.objects.exists()


def test_views_wait_for_the_formal_review(world):
    case = world.case(S.CHECKING)
    with pytest.raises(NotAllowed):
        member_views.give(case, text=SAID, by=world.experts[0])


def test_whoever_has_not_replied_is_recorded_at_the_signing(world, case):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    signed(world, case)
    assert standing(case) == [(first, SAID, False), (second, "", True)]
    assert MemberView.objects.get(member=second).given_at is None
    assert verify.first_offenders() == {}


def test_recused_member_is_not_waited_for_and_their_view_stays_marked(world, case):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    for member in world.experts:
        Recusal.objects.create(case=case, user=member.user, reason="示例：任职", declared_by=world.group_office)
    with pytest.raises(NotAllowed):
        member_views.give(case, text=SAID, by=second)
    signed(world, case)
    (row,) = member_views.rows(case, case.latest_version)
    assert (row.member, row.is_given, row.is_recused) == (first, True, True)


def test_signature_taken_back_waits_again_and_signed_anew_records_anew(world, case):
    first, second = world.experts
    opinion = signed(world, case)
    digest = opinion.digest
    opinions.unsign(opinion, reason="示例：补充一句", by=world.leader)
    assert standing(case) == [(first, None, False), (second, None, False)]
    member_views.give(case, text=SAID, by=second)
    again = formal_opinions.sign_formal(opinion, by=world.leader)
    assert standing(case) == [(first, "", True), (second, SAID, False)]
    assert again.digest != digest, "the signature binds what the members said"
    assert verify.first_offenders() == {}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE review_memberview SET text = '同意。', given_at = now()",
        "DELETE FROM review_memberview",
        "INSERT INTO review_memberview (case_id, version_id, member_id, text, given_at)"
        " SELECT case_id, version_id, drafted_by_id, '同意。', now() FROM review_opinion WHERE kind = 'formal'",
    ],
)
def test_database_keeps_views_once_the_opinion_is_signed(world, case, sql):
    member_views.give(case, text=SAID, by=world.experts[0])
    signed(world, case)
    with pytest.raises(DatabaseError):
        raw(sql)


def test_silence_has_no_words_and_a_view_has_some(world, case):
    facts = {"case": case, "version": case.latest_version, "member": world.experts[0]}
    with pytest.raises(DatabaseError, match="a_view_has_words_or_records_silence"):
        MemberView.objects.create(**facts, text="同意。")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "UPDATE review_memberview SET text = '同意。' WHERE given_at IS NOT NULL",
            "the view of member {first} is not the one that was given",
        ),
        (
            "UPDATE review_memberview SET text = '同意。', given_at = now() WHERE given_at IS NULL",
            "the view of member {second} is not the one that was given",
        ),
        ("DELETE FROM review_memberview WHERE given_at IS NULL", "the view of member {second} is not there"),
    ],
)
def test_view_changed_behind_the_portals_back_is_found(world, case, sql, said):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    signed(world, case)
    with past_guards():
        raw(sql)
    found = verify.first_offenders()
    said = said.format(first=first.pk, second=second.pk)
    assert found["members' views"] == f"plan {case.plan.reference}, version 3: {said}"
    assert found["opinions"] == "opinion SL-2026-001: its text is not the one that was signed"
