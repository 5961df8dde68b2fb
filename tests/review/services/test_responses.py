import pytest

from portal import clock
from portal.models import AuditEntry
from review.machine import NotAllowed
from review.models import OpinionItem, Response, Verdict
from review.services import responses
from review.states import State as S
from tests.builders import Walk

REASON = "示例：该事项由省级平台统一建设，本市不再另建同类系统。"


def item_of(case) -> OpinionItem:
    return OpinionItem.objects.get(opinion__case=case)


def shared(world):
    return world.case(S.UNDER_REVISION)


def test_editor_and_lead_answer_and_may_change_it(world, case):
    item = item_of(case)
    responses.answer(
        item, handling="adopted", text=" 已写明。 ", section="policy", department="市统计局", by=world.editor
    )
    found = responses.answer(item, handling="not_adopted", text=REASON, by=world.lead)
    assert Response.objects.get() == found
    assert (found.handling, found.text, found.section, found.answered_by, found.answered_at) == (
        "not_adopted",
        REASON,
        "",
        world.lead,
        clock.now(),
    )
    assert AuditEntry.objects.filter(action="response:answer").count() == 2


@pytest.mark.parametrize("handling", ["partly", "not_adopted"])
def test_not_following_needs_twenty_characters(world, case, handling):
    item = item_of(case)
    for text in ("", "太短", "字" * 19, "字" * 19 + "  "):
        with pytest.raises(NotAllowed):
            responses.answer(item, handling=handling, text=text, by=world.editor)
    assert not Response.objects.exists()
    responses.answer(item, handling=handling, text="字" * 20, by=world.editor)


def test_explaining_needs_words_and_handling_must_be_known(world, case):
    item = item_of(case)
    for bad in ({"handling": "explained"}, {"handling": ""}, {"handling": "adopted", "section": "nowhere"}):
        with pytest.raises(NotAllowed):
            responses.answer(item, **bad, by=world.editor)
    assert not Response.objects.exists()


@pytest.mark.parametrize("who", ["group_office", "neighbour_lead", "channel"])
def test_nobody_else_answers(world, case, who):
    with pytest.raises(NotAllowed):
        responses.answer(item_of(case), handling="adopted", by=getattr(world, who))


def test_answers_are_closed_once_the_plan_is_submitted_again(world):
    case = world.case(S.RECHECK)
    with pytest.raises(NotAllowed):
        responses.answer(item_of(case), handling="adopted", by=world.lead)


def test_answers_are_open_again_while_the_plan_matures(world):
    case = world.case(S.MATURING)
    responses.answer(item_of(case), handling="explained", text="示例说明", by=world.lead)
    assert Response.objects.get().text == "示例说明"


def test_entrusting_names_a_department_and_is_no_answer(world, case):
    found = responses.entrust(item_of(case), department=" 市商务局 ", by=world.editor)
    assert (found.department, found.answered_at, found.handling) == ("市商务局", None, "")


def test_assigned_members_and_the_office_judge(world):
    case = world.case(S.RECHECK)
    item = item_of(case)
    with pytest.raises(NotAllowed):
        responses.judge(item, verdict="still", text=" ", by=world.experts[0])
    responses.judge(item, verdict="still", text="缺口径。", by=world.experts[0])
    responses.judge(item, verdict="solved", by=world.group_office)
    found = Verdict.objects.get()
    assert (found.verdict, found.text, found.given_by) == ("solved", "", world.group_office)
    assert AuditEntry.objects.filter(action="verdict:give").count() == 2


@pytest.mark.parametrize("who", ["lead", "leader", "channel"])
def test_nobody_else_judges(world, who):
    case = world.case(S.RECHECK)
    with pytest.raises(NotAllowed):
        responses.judge(item_of(case), verdict="solved", by=getattr(world, who))
    assert not Verdict.objects.exists()


def test_an_excused_member_judges_no_longer(world):
    case = world.case(S.RECHECK)
    case.current_round.assignments.filter(member=world.experts[0]).update(
        excused_at=clock.now(), excused_reason="示例原因"
    )
    with pytest.raises(NotAllowed):
        responses.judge(item_of(case), verdict="solved", by=world.experts[0])


def test_no_verdict_before_the_revision_is_there(world, case):
    with pytest.raises(NotAllowed):
        responses.judge(item_of(case), verdict="solved", by=world.experts[0])


def test_an_earlier_rounds_item_is_closed(world):
    case = world.case(S.RECHECK)
    old = item_of(case)
    walk = Walk(world, case, world.lead)
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    walk.close()
    walk.opinion()
    with pytest.raises(NotAllowed):
        responses.answer(old, handling="adopted", by=world.lead)
    assert [i.opinion.round.number for i in responses.items(case)] == [2]
