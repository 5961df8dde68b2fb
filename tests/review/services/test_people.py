"""Nobody leaves while something would stay undone; a hand-over moves everything to somebody fitting, or nothing."""

from datetime import timedelta

import pytest

from portal import clock
from portal.models import AuditEntry, Notice, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.duties import duties
from review.machine import NotAllowed
from review.models import Assignment
from review.services import people, rounds
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import person


@pytest.fixture
def admin(world):
    house = Organisation.objects.create(kind=Kind.PORTAL, name="示例平台管理处", short_name="示例平台管理处")
    return person(Role.SECURITY_ADMIN, house)


def said(post) -> list[str]:
    return [duty.text for duty in duties(post)]


def third(world):
    """Another member from the same employer, without a seat."""
    return person(Role.EXPERT, world.experts[0].organisation)


def test_member_who_has_not_published_cannot_leave(world, admin):
    world.case(S.UNDER_DISCUSSION)
    member = world.experts[0]
    assert said(member) == ["嘉兴市：批注方案并发布批注"]
    for act in (
        lambda: people.end_post(member, on=clock.today(), by=admin),
        lambda: people.suspend(member.user, reason="示例", by=admin),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.reasons == ["请先移交或办结以下事项：", "嘉兴市：批注方案并发布批注"]
    member.refresh_from_db()
    assert (member.ends, member.user.is_active) == (None, True)


def test_seat_is_handed_over_and_the_post_can_end(world, admin):
    case = world.case(S.UNDER_DISCUSSION)
    member, other = world.experts[0], third(world)
    people.hand_over(member, other, by=admin)
    old = Assignment.objects.get(round__case=case, member=member)
    new = Assignment.objects.get(round__case=case, member=other)
    assert (old.excused_at, old.excused_reason) == (clock.now(), f"移交给{other.user.full_name}。")
    assert (new.assigned_by, new.recusal_checked, new.published_at) == (admin, True, None)
    assert said(member) == []
    assert said(other) == ["嘉兴市：批注方案并发布批注"]
    entry = AuditEntry.objects.get(action="post:hand_over")
    assert (entry.post, entry.object_id) == (admin, str(member.pk))
    told = Notice.objects.filter(kind__in=["handed_over", "taken_over"]).order_by("pk").values_list("kind", "recipient")
    assert list(told) == [("handed_over", member.user_id), ("taken_over", other.user_id)]
    people.end_post(member, on=clock.today(), by=admin)
    assert member.user.posts().count() == 1  # its last day
    clock.advance(days=1)
    assert member.user.posts().count() == 0


def test_recused_successor_is_refused_with_the_reason_and_nothing_moves(world, admin):
    case = world.case(S.UNDER_DISCUSSION)
    member, other = world.experts[0], third(world)
    rounds.recuse(case, other.user, reason="示例利害关系", by=world.group_office)
    with pytest.raises(NotAllowed) as refused:
        people.hand_over(member, other, by=admin)
    assert refused.value.reasons == [f"嘉兴市：{other.user.full_name}应当回避。已回避：示例利害关系"]
    assert not Assignment.objects.filter(member=other).exists()
    assert not AuditEntry.objects.filter(action="post:hand_over").exists()


def test_successor_holds_the_same_role_in_the_same_organisation(world, admin):
    world.case(S.UNDER_DISCUSSION)
    elsewhere = Organisation.objects.create(kind=Kind.EXPERTS, name="另一示例机构", short_name="另一示例机构")
    for wrong in (person(Role.EXPERT, elsewhere), world.group_office, world.experts[0]):
        with pytest.raises(NotAllowed, match="同一单位担任同一角色"):
            people.hand_over(world.experts[0], wrong, by=admin)


def test_member_stays_until_verdicts_and_maturity_sheet_are_there(world, admin):
    from tests.builders import Walk

    case = world.case(S.RECHECK)
    walk, member = Walk(world, case, world.lead), world.experts[0]
    assert said(member) == ["嘉兴市：对答复作出结论"]
    walk.judge()
    assert said(member) == ["嘉兴市：填写成熟度评估表"]
    walk.assess()
    assert said(member) == []


def test_last_holder_on_turn_stays_until_somebody_else_holds_the_role(world, admin):
    case = world.case(S.AWAITING_DISCUSSION)
    office = world.group_office
    (duty,) = duties(office)
    assert duty.url == f"/plans/{case.plan.reference}/assignments/"
    second = person(Role.GROUP_OFFICE, world.group)
    assert duties(office) == []
    rounds.recuse(case, second.user, reason="示例利害关系", by=office)
    assert [d.text for d in duties(office)] == [duty.text]  # the other one may not touch this plan
    with pytest.raises(NotAllowed):
        people.suspend(office.user, reason="示例", by=admin)


def test_city_and_channel_are_held_by_their_last_person_alone(world, admin):
    world.case(S.WITH_CHANNEL)
    assert said(world.lead) == []
    assert len(said(world.channel)) == 1
    person(Role.CHANNEL_OFFICE, world.channel.organisation)
    assert said(world.channel) == []


def test_items_shared_out_to_a_department_rest_on_its_last_editor(world, admin):
    from review.models import OpinionItem
    from review.services import responses

    case, editor = world.case(S.UNDER_REVISION), world.editor
    person(Role.CITY_EDITOR, world.city.government)  # the city's other editor does not speak for the department
    item = OpinionItem.objects.get(opinion__case=case)
    responses.entrust(item, department="嘉兴市商务局", by=world.lead)
    assert said(editor) == ["嘉兴市：答复 1 条分给嘉兴市商务局的意见"]
    responses.answer(item, handling="adopted", text="已写明。", by=editor)
    assert said(editor) == []


def test_batch_rests_on_the_last_signer_of_an_agency(world, admin):
    walk = BatchWalk(world, world.case(S.PROPOSED))
    walk.freeze()
    signer = world.signers[1]
    assert len(said(signer)) == 1
    person(Role.AGENCY_SIGNER, world.agencies[1])
    assert said(signer) == []


def test_ending_needs_the_administrator_a_day_ahead_and_somebody_else(world, admin):
    post = third(world)
    with pytest.raises(NotAllowed, match="安全管理员"):
        people.end_post(post, on=clock.today(), by=world.group_office)
    with pytest.raises(NotAllowed, match="今天或以后"):
        people.end_post(post, on=clock.today() - timedelta(days=1), by=admin)
    with pytest.raises(NotAllowed, match="不能结束自己的岗位"):
        people.end_post(admin, on=clock.today(), by=admin)
    with pytest.raises(NotAllowed, match="不能停用自己"):
        people.suspend(admin.user, reason="示例", by=admin)
    with pytest.raises(NotAllowed, match="没有需要移交"):
        people.hand_over(post, world.experts[0], by=admin)


def test_suspended_person_is_out_at_once_and_can_be_reinstated(world, admin, client):
    post = third(world)
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/home/").status_code == 200
    with pytest.raises(NotAllowed, match="停用原因"):
        people.suspend(post.user, reason=" ", by=admin)
    people.suspend(post.user, reason="示例：离岗", by=admin)
    assert "/login/" in client.get("/home/")["Location"]
    people.reinstate(post.user, reason="示例：返岗", by=admin)
    acts = AuditEntry.objects.filter(action__startswith="person:").order_by("seq").values_list("action", "post")
    assert list(acts) == [("person:suspend", admin.pk), ("person:reinstate", admin.pk)]
