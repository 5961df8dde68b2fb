"""What people say of a part, what the machine misses in it, and what neither says once the plan is away."""

import pytest

from applications import tasks_list
from applications.models import Assessment, PartMark, Plan, Section
from applications.services import marks
from portal.models import AuditEntry
from review.states import State as S
from tests.pages import text


def at(case, key):
    return f"/plans/{case.plan.reference}/parts/{key}/done/"


def row(case, key):
    plan = Plan.objects.get(pk=case.plan_id)
    (found,) = [r for group in tasks_list.rows(plan) for r in group.rows if r.key == key]
    return found


@pytest.mark.parametrize("key", ["basics", "indicators", "assessment", "attachments"])
def test_a_filled_part_is_in_progress_until_somebody_says_that_it_is_finished(case, city, key):
    assert row(case, key).status == tasks_list.IN_PROGRESS
    assert city.post(at(case, key), {"act": "done"}).url == f"/plans/{case.plan.reference}/"
    assert row(case, key).status == tasks_list.FOR_SIGN_OFF
    (entry,) = AuditEntry.objects.filter(action="part:finish")
    assert f'"parts":["{key}"]' in entry.text.replace(" ", "")
    assert city.post(at(case, key), {"act": "later"}).status_code == 302
    assert row(case, key).status == tasks_list.IN_PROGRESS
    assert AuditEntry.objects.filter(action="part:reopen").count() == 1


def test_the_lead_signs_off_and_no_editor_takes_that_back_by_marking(case, world, city, see):
    city.post(at(case, "indicators"), {"act": "done"})
    page = see(world.lead, f"/plans/{case.plan.reference}/tables/indicators/")
    assert "审定这部分" in text(page)
    marks.finish(case.plan, "indicators", by=world.lead)
    assert row(case, "indicators").status == tasks_list.COMPLETED
    marks.finish(case.plan, "indicators", by=world.editor)
    assert PartMark.objects.get().by == world.lead


def test_what_people_say_and_what_the_machine_misses_stand_apart(case, world, see):
    Assessment.objects.filter(plan=case.plan).update(method="")
    marks.finish(case.plan, "assessment", by=world.lead)
    Section.objects.filter(plan=case.plan, key="policy").update(paragraphs=[], is_done=True, done_by=world.lead)
    found = row(case, "assessment")
    assert (found.status, found.problem) == (tasks_list.COMPLETED, tasks_list.PROBLEM)
    assert (found.remark, found.blocks) == ("缺：考核办法", True)
    said = text(see(world.lead, f"/plans/{case.plan.reference}/"))
    assert "核对： 缺：考核办法 有问题 已完成" in said
    assert "核对： 请写一段不少于 50 字的正文，或者说明不作为重点的原因。 有问题 已完成" in said
    unmarked = row(case, "measures")
    assert (unmarked.status, unmarked.problem) == (tasks_list.IN_PROGRESS, None)


@pytest.mark.parametrize("state", [S.WITH_CHANNEL, S.UNDER_DISCUSSION, S.READY])
def test_a_plan_that_was_sent_says_of_no_closed_part_that_it_is_being_written(world, see, state):
    case = world.case(state)
    rows = [r for group in tasks_list.rows(Plan.objects.get(pk=case.plan_id)) for r in group.rows]
    assert {r.status["label"] for r in rows if not r.is_open} == {tasks_list.HANDED_IN["label"]}
    assert any(r.is_open for r in rows) == (state == S.READY)
    said = text(see(world.lead, f"/plans/{case.plan.reference}/"))
    assert "已提交" in said
    assert ("填写中" in said) == (state == S.READY)
    assert "写完了吗" not in text(see(world.lead, f"/plans/{case.plan.reference}/tables/indicators/"))


def test_a_withdrawn_draft_was_never_handed_in(world):
    case = world.case(S.WITHDRAWN)
    assert {r.status["label"] for g in tasks_list.rows(case.plan) for r in g.rows} == {tasks_list.CLOSED["label"]}


def test_a_plan_that_is_away_and_parts_that_are_none_are_refused(world, client):
    case = world.case(S.WITH_CHANNEL)
    client.force_login(world.lead.user)
    assert client.post(at(case, "indicators"), {"act": "done"}).status_code == 409
    draft = world.draft(world.direct, world.direct_lead)
    client.force_login(world.direct_lead.user)
    for key in ("policy", "none"):
        assert client.post(at(draft, key), {"act": "done"}).status_code == 404
    client.force_login(world.lead.user)
    assert client.post(at(draft, "indicators"), {"act": "done"}).status_code == 404
    assert not PartMark.objects.exists()


def test_a_part_closed_at_this_step_says_so(world, client):
    case = world.case(S.READY)
    client.force_login(world.lead.user)
    answer = client.post(at(case, "indicators"), {"act": "done"}, follow=True)
    assert "“指标”在这一步不开放修改，只能改任务清单里开放的部分。" in text(answer)
    assert client.post(at(case, "assessment"), {"act": "done"}).status_code == 302
    assert [m.part for m in PartMark.objects.all()] == ["assessment"]
