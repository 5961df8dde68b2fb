"""Versions compared by the opinion between them: remark, answer and change in one row, and the keys among changes."""

import pytest

from applications.services import sections
from applications.services.sections import Base, Draft
from review.models import Annotation, OpinionItem
from review.services import responses
from review.states import State as S
from tests.builders import Walk
from tests.pages import counted, text
from tests.past_guards import past_guards


def page(case, a=1, b=2, tab="opinions"):
    return f"/plans/{case.plan.reference}/compare/{a}/{b}/?tab={tab}"


def write(case, key, change, by):
    section = case.plan.sections.get(key=key)
    draft = Draft(change(section.text), Base.of(section), department=None, not_focus_reason=None)
    sections.save(case.plan, key, draft, by=by)


def answered(world, *, change=None, key="policy", handling="adopted", words="已写明统计部门。"):
    """Return a case whose city has answered its one item, changed its text and submitted again."""
    case = world.case(S.UNDER_REVISION)
    if change:
        write(case, key, change, world.editor)
    responses.answer(OpinionItem.objects.get(), handling=handling, text=words, section=key, by=world.lead)
    Walk(world, case, world.lead).fire("resubmit", world.lead, given={"change_note": "示例"})
    case.refresh_from_db()
    return case


def rows(answer):
    return answer.context["opinions"].items


def test_a_change_in_the_marked_passage_stands_beside_its_item(world, see):
    case = answered(world, change=lambda t: t.replace("60%", "65%"))
    answer = see(world.experts[0], page(case))
    (one,) = rows(answer)
    assert (one.exact, len(one.changes), one.more) == (True, 1, 0)
    html = answer.content.decode()
    for said in ("写明统计部门。", "采纳", "已写明统计部门。", "<del>60%</del><ins>65%</ins>"):
        assert said in html
    assert "不在批注标出的原文" not in html
    assert answer.context["opinions"].rest == []


def test_a_passage_written_anew_shows_what_went_and_what_came_in_its_place(world, see):
    new = "全市实行统计月报制度，各区按月汇总，企业名录由市统计局维护并向社会公布。"
    case = answered(world, change=lambda t: t.replace(t.split("\n")[1], new))
    (one,) = rows(see(world.experts[0], page(case)))
    assert one.exact
    assert [str(change["label"]) for change in one.changes] == ["删除", "增加"]
    assert f"<ins>{new}</ins>" in see(world.experts[0], page(case)).content.decode()


def test_a_change_elsewhere_in_the_part_is_shown_and_said_to_be_elsewhere(world, see):
    case = answered(world, change=lambda t: t + "\n由市统计局负责。")
    answer = see(world.experts[0], page(case))
    assert not rows(answer)[0].exact
    assert "<ins>由市统计局负责。</ins>" in answer.content.decode()
    assert "改在这一部分的别处，不在批注标出的原文。" in answer.content.decode()


def test_an_answer_without_a_change_says_so_and_other_changes_are_listed(world, see):
    case = answered(world, change=lambda t: t + "\n另写一段。", key="support", handling="explained")
    answer = see(world.experts[0], page(case))
    assert rows(answer)[0].changes == []
    said = text(answer)
    assert "这一部分没有改动。" in said
    assert "没有对应意见的改动" in said
    assert [(key, count) for key, _title, count in answer.context["opinions"].rest] == [("support", 1)]


def test_versions_that_are_the_same_still_show_the_answers(world, see):
    case = answered(world, handling="explained")
    assert "写明统计部门。" in text(see(world.experts[0], page(case)))


def test_an_item_about_a_row_finds_its_row(world, see):
    case = world.case(S.UNDER_REVISION)
    row = case.plan.indicators.get()
    with past_guards():
        OpinionItem.objects.update(section="indicators")
        Annotation.objects.update(section="indicators", target="indicator", target_id=str(row.pk), quote="", end=0)
        row.target_value = 520
        row.save(update_fields=["target_value"])
    responses.answer(OpinionItem.objects.get(), handling="adopted", by=world.lead)
    Walk(world, case, world.lead).fire("resubmit", world.lead, given={"change_note": "示例"})
    answer = see(world.experts[0], page(case))
    assert rows(answer)[0].exact
    html = answer.content.decode()
    assert "<del>480</del> <ins>520</ins>" in html


@pytest.mark.parametrize("who", ["lead", "channel"])
def test_open_verdicts_stay_with_the_group_here_too(world, see, who):
    case = answered(world, change=lambda t: t + "\n由市统计局负责。")
    responses.judge(OpinionItem.objects.get(), verdict="still", text="仍缺口径。", by=world.experts[0])
    assert "仍缺口径。" in see(world.experts[1], page(case)).content.decode()
    assert "仍缺口径。" not in see(getattr(world, who), page(case)).content.decode()


def test_the_city_never_reads_who_judged(world, see):
    case = answered(world)
    responses.judge(OpinionItem.objects.get(), verdict="still", text="仍缺口径。", by=world.experts[0])
    Walk(world, case, world.lead).mature_later()
    html = see(world.lead, page(case)).content.decode()
    assert "仍缺口径。" in html
    assert world.experts[0].user.full_name not in html


def test_nothing_of_an_opinion_that_is_not_sent(world, see):
    case = world.case(S.OPINION_DRAFTING)
    assert rows(see(world.lead, page(case, 1, 1))) == []
    assert rows(see(world.experts[0], page(case, 1, 1))) == []


def test_many_items_ask_no_more_than_one(world, see):
    case = answered(world, change=lambda t: t + "\n由市统计局负责。")
    few = counted(see, world.experts[0], page(case))
    first = OpinionItem.objects.get()
    with past_guards():
        for position in range(2, 8):
            item = OpinionItem.objects.create(
                opinion=first.opinion, position=position, kind="question", text=f"示例疑问{position}", section="policy"
            )
            item.sources.set(first.sources.all())
    assert counted(see, world.experts[0], page(case)) == few
