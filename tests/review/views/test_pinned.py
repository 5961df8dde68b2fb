"""The opinion's items where the city works: in the task list, beside the part, in the answer that begins by itself."""

import pytest
from django.urls import reverse

from applications import anchors
from applications.models import Duty
from applications.services import sections
from applications.services.sections import Base, Draft
from review.models import Annotation, OpinionItem
from review.services import responses
from review.states import State as S
from tests.builders import Walk
from tests.pages import counted, text
from tests.past_guards import past_guards

QUOTE = "到2028"
TO_ANSWER = "意见 1 条未答复"


def item_of(case):
    return OpinionItem.objects.get(opinion__case=case)


def home(case):
    return f"/plans/{case.plan.reference}/"


def policy(case, item=None):
    return f"{home(case)}sections/policy/" + (f"?item={item.pk}" if item else "")


@pytest.fixture
def case(world):
    """Return a plan under revision; its one item speaks of a passage whose surroundings are known."""
    found = world.case(S.UNDER_REVISION)
    paragraph = next(p for p in found.plan.sections.get(key="policy").paragraphs if p["id"] == "p1b")
    anchor = anchors.make(paragraph["text"], 0, len(QUOTE))
    assert anchor.quote == QUOTE
    with past_guards():
        Annotation.objects.update(**anchor.as_dict())
    return found


def write(case, words, by):
    """Save a text for the policy part."""
    section = case.plan.sections.get(key="policy")
    draft = Draft(words, Base.of(section), department=None, not_focus_reason=None)
    sections.save(case.plan, "policy", draft, by=by)


def test_task_list_says_at_each_part_what_is_to_answer(world, case, see):
    said = text(see(world.editor, home(case)))
    assert said.count(TO_ANSWER) == 1
    row = said[said.index("完善政策环境") :]
    assert row.index(TO_ANSWER) < row.index("健全支撑体系")
    assert TO_ANSWER in text(see(world.lead, f"{home(case)}status/"))
    responses.answer(item_of(case), handling="adopted", by=world.lead)
    assert TO_ANSWER not in text(see(world.editor, home(case)))


def test_an_item_about_the_whole_plan_is_named_above_the_list(world, case, see):
    with past_guards():
        OpinionItem.objects.filter(opinion__case=case).update(section="")
    said = text(see(world.lead, home(case)))
    assert "本轮还有 1 条意见没有答复。 其中 1 条针对方案全文。" in said
    assert TO_ANSWER not in said


def test_departments_see_their_parts_items_on_their_home_page(world, case, see):
    Duty.objects.create(plan=case.plan, part="policy", organisation=world.editor.organisation, kind=Duty.Kind.IN_CHARGE)
    assert TO_ANSWER in text(see(world.editor, reverse("home")))


def test_item_stands_beside_its_part_with_its_passage(world, case, see):
    item = item_of(case)
    html = see(world.editor, policy(case)).content.decode()
    assert "本部分意见 1 条" in html
    assert item.text in html
    assert 'data-find="到2028"' in html
    assert f"/responses/{item.pk}/" in html
    assert "data-asked" not in html
    assert "data-asked" in see(world.editor, policy(case, item)).content.decode()
    assert "本部分意见" not in see(world.editor, f"{home(case)}sections/support/").content.decode()


def test_nobody_learns_who_wrote_the_remark(world, case, see):
    html = see(world.editor, policy(case, item_of(case))).content.decode()
    note = Annotation.objects.get()
    assert note.author.user.full_name not in html
    assert note.body not in html


def test_passage_is_followed_while_the_text_changes_and_said_to_be_gone(world, case, see):
    before = case.plan.sections.get(key="policy").text
    write(case, f"新的第一段，写在前面。\n{before}", world.editor)
    html = see(world.editor, policy(case)).content.decode()
    at = f"新的第一段，写在前面。\n{before}".index("到2028")
    assert f'data-find="到2028" data-find-at="{at}"' in html
    assert "意见之后已改" not in html
    write(
        case,
        "全部改写，另起一文，与从前没有一处相同，内容不少于五十个字，以便这一部分仍然算作写过，不影响其他检查，也不留空白。",
        world.editor,
    )
    html = see(world.editor, policy(case)).content.decode()
    assert "正文里已没有这段话。" in html
    assert "data-find=" not in html[html.index('id="opinions"') : html.index("</section>", html.index('id="opinions"'))]


def test_answered_items_are_folded_away(world, case, see):
    item = item_of(case)
    responses.answer(item, handling="adopted", by=world.lead)
    html = see(world.editor, policy(case)).content.decode()
    assert "<details><summary>第 1 条意见" in html
    assert "修改答复" in html


@pytest.mark.parametrize("state", [S.OPINION_DRAFTING, S.RECHECK])
def test_items_are_shown_only_while_the_city_answers(world, see, state):
    case = world.case(state)
    assert "本部分意见" not in see(world.lead, policy(case)).content.decode()
    assert TO_ANSWER not in text(see(world.lead, home(case)))


def test_items_of_a_table_lead_to_its_row(world, case, see):
    row = case.plan.indicators.first()
    with past_guards():
        OpinionItem.objects.filter(opinion__case=case).update(section="indicators")
        Annotation.objects.update(section="indicators", target="indicator", target_id=str(row.pk), quote="", end=0)
    html = see(world.editor, f"{home(case)}tables/indicators/").content.decode()
    assert "本部分意见 1 条" in html
    assert f'href="#row-{row.pk}"' in html
    assert f'id="row-{row.pk}"' in html


def test_saving_from_an_item_comes_back_to_it(world, case, client, see):
    item = item_of(case)
    page = see(world.editor, policy(case, item))
    form = page.context["form"]
    sent = {
        "text": form["text"].value() + "\n由市统计局负责。",
        "base": form["base"].value(),
        "page": form["page"].value(),
    }
    answer = client.post(policy(case, item), sent | {"department": form["department"].value(), "not_focus_reason": ""})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"item={item.pk}")
    assert "data-asked" in client.get(answer["Location"]).content.decode()


def test_answer_begins_with_what_was_changed_and_where(world, case, see):
    item = item_of(case)
    page = f"{home(case)}responses/{item.pk}/"
    form = see(world.editor, page).context["form"]
    assert (form["section"].value(), form["text"].value()) == ("", "")
    write(case, case.plan.sections.get(key="policy").text + "\n由市统计局负责。", world.editor)
    form = see(world.editor, page).context["form"]
    said = "已在“完善电子商务政策环境”中新增一段“由市统计局负责。”。"
    assert (form["section"].value(), form["text"].value()) == ("policy", said)
    table = f"{home(case)}rounds/1/responses/"
    assert f"目前已改：{said}" in text(see(world.lead, table))
    responses.answer(item, handling="adopted", text="另有说明。", by=world.lead)
    assert see(world.editor, page).context["form"]["text"].value() == "另有说明。"
    assert "目前已改" not in text(see(world.lead, table))


def test_the_group_does_not_learn_of_changes_before_they_are_handed_in(world, case, see):
    write(case, case.plan.sections.get(key="policy").text + "\n由市统计局负责。", world.editor)
    for reader in (world.experts[0], world.group_office, world.channel):
        assert "由市统计局负责" not in see(reader, f"{home(case)}rounds/1/responses/").content.decode()


def test_many_items_ask_no_more_than_one(world, case, see):
    pages = [home(case), policy(case), f"{home(case)}rounds/1/responses/"]
    few = [counted(see, world.lead, page) for page in pages]
    first = item_of(case)
    with past_guards():
        for position in range(2, 12):
            item = OpinionItem.objects.create(
                opinion=first.opinion, position=position, kind="question", text=f"示例疑问{position}", section="policy"
            )
            item.sources.set(first.sources.all())
    assert [counted(see, world.lead, page) for page in pages] == few
    assert "意见 11 条未答复" in text(see(world.lead, home(case)))


def test_opinions_of_earlier_rounds_stay_at_hand(world, case, see):
    assert "前几轮意见" not in see(world.editor, policy(case)).content.decode()
    walk = Walk(world, case, world.lead)
    walk.resubmit()
    walk.judge("still")
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    walk.close()
    walk.opinion()
    html = see(world.editor, policy(case)).content.decode()
    assert "前几轮意见 1 条" in html
    folded = html[html.index("前几轮意见") :]
    assert "答复：采纳：已写明。" in folded
    assert "专家结论：仍需修改" in folded or "结论：仍需修改" in folded
    assert html.index("本部分意见 1 条") < html.index("前几轮意见 1 条")
    for path in (policy(case).replace("policy", "support"), f"{home(case)}tables/indicators/"):
        assert "前几轮意见" not in see(world.editor, path).content.decode()


def test_an_empty_part_begins_with_questions(world, see):
    case = world.draft()
    html = see(world.editor, f"{home(case)}sections/steps/").content.decode()
    assert "（一）工作分哪几个阶段，起止时间是什么？" in html
    assert "（三）怎样衡量，由谁核对，多久一次？" in see(world.editor, policy(case)).content.decode()
    assert 'placeholder=""' in see(world.editor, f"{home(case)}sections/appendix/").content.decode()
