import io
import zipfile

import pytest
from django.urls import reverse
from docx import Document

from portal import clock
from review.models import OpinionItem, Response, Verdict
from review.services import responses
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries
from tests.past_guards import past_guards

REASON = "示例：该事项由省级平台统一建设，本市不再另建同类系统。"


def go(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, case, *args):
    return reverse(name, args=[case.plan.reference, *args])


def item_of(case):
    return OpinionItem.objects.get(opinion__case=case)


def shared(world):
    return world.case(S.UNDER_REVISION)


def test_city_answers_an_item_and_sees_it_in_the_table(world, case, client):
    item, city = item_of(case), go(client, world.editor)
    table, form = url("plan_responses", case, 1), url("plan_response", case, item.pk)
    assert form in city.get(table).content.decode()
    assert city.get(form).status_code == 200
    answer = city.post(form, {"handling": "partly", "text": "太短", "section": "", "department": ""})
    assert answer.status_code == 422
    assert "太短" in answer.content.decode()
    assert not Response.objects.exists()
    answer = city.post(form, {"handling": "partly", "text": REASON, "section": "policy", "department": "市商务局"})
    assert answer.url.endswith(f"{table}#item-{item.pk}")
    found = Response.objects.get()
    assert (found.handling, found.text, found.section, found.department, found.answered_by) == (
        "partly",
        REASON,
        "policy",
        "市商务局",
        world.editor,
    )
    assert REASON in city.get(table).content.decode()


def test_saving_may_go_on_to_the_next_item(world, case, client):
    first = item_of(case)
    with past_guards():
        second = OpinionItem.objects.create(
            opinion=first.opinion, position=2, kind="question", text="与省级平台是何关系？"
        )
    city = go(client, world.lead)
    answer = city.post(url("plan_response", case, first.pk), {"handling": "adopted", "next": "1"})
    assert answer.url == url("plan_response", case, second.pk)


def test_the_changed_part_is_named_by_itself(world, case, client):
    section = case.plan.sections.get(key="policy")
    section.paragraphs = [*section.paragraphs, {"id": "p1c", "text": "由市统计局负责。"}]
    section.save(update_fields=["paragraphs"])
    html = go(client, world.lead).get(url("plan_response", case, item_of(case).pk)).content.decode()
    assert '<option value="policy" selected>' in html


def test_items_are_shared_out_to_departments(world, case, client):
    item, city = item_of(case), go(client, world.editor)
    page = url("plan_responses", case, 1)
    assert city.post(page, {"items": [], "department": "市商务局"}).status_code == 422
    assert city.post(page, {"items": [item.pk], "department": " "}).status_code == 422
    city.post(page, {"items": [item.pk], "department": "市商务局"})
    found = Response.objects.get()
    assert (found.department, found.answered_at) == ("市商务局", None)


def test_answers_are_shown_to_the_group_only_when_handed_in(world, case, client):
    responses.answer(item_of(case), handling="not_adopted", text=REASON, by=world.lead)
    page = url("plan_responses", case, 1)
    for reader in (world.experts[0], world.group_office, world.channel):
        html = go(client, reader).get(page).content.decode()
        assert "写明统计部门。" in html
        assert REASON not in html
    Walk(world, case, world.lead).fire("resubmit", world.lead, given={"change_note": "说明理由"})
    for reader in (world.experts[0], world.group_office, world.channel):
        assert REASON in go(client, reader).get(page).content.decode()


@pytest.mark.parametrize("who", ["group_office", "leader", "channel"])
def test_nobody_else_answers(world, case, client, who):
    asked = go(client, getattr(world, who))
    page = url("plan_response", case, item_of(case).pk)
    assert asked.get(page).status_code == 403
    assert asked.post(page, {"handling": "adopted"}).status_code == 403
    assert not Response.objects.exists()


def test_another_city_finds_nothing(world, case, client):
    asked = go(client, world.neighbour_lead)
    assert asked.get(url("plan_responses", case, 1)).status_code == 404
    assert asked.post(url("plan_response", case, item_of(case).pk), {"handling": "adopted"}).status_code == 404


def test_an_item_of_another_case_is_not_found(world, case, client):
    other = world.case(S.UNDER_REVISION, city=world.neighbour, by=world.neighbour_lead)
    foreign = item_of(other)
    assert (
        go(client, world.lead).post(url("plan_response", case, foreign.pk), {"handling": "adopted"}).status_code == 404
    )
    assert not Response.objects.exists()


def test_members_judge_in_the_table(world, client):
    case = world.case(S.RECHECK)
    item, member = item_of(case), go(client, world.experts[0])
    page = url("plan_verdict", case, item.pk)
    assert 'name="verdict"' in member.get(url("plan_responses", case, 1)).content.decode()
    assert member.post(page, {"verdict": "still", "text": " "}).status_code == 422
    assert member.post(page, {}).status_code == 422
    member.post(page, {"verdict": "still", "text": "仍缺口径。"})
    found = Verdict.objects.get()
    assert (found.verdict, found.text, found.given_by) == ("still", "仍缺口径。", world.experts[0])


def test_verdicts_reach_the_city_when_the_check_is_over_and_without_names(world, client):
    case = world.case(S.RECHECK)
    responses.judge(item_of(case), verdict="still", text="仍缺口径。", by=world.experts[0])
    page = url("plan_responses", case, 1)
    assert "仍缺口径。" not in go(client, world.lead).get(page).content.decode()
    Walk(world, case, world.lead).mature_later()
    html = go(client, world.lead).get(page).content.decode()
    assert "仍缺口径。" in html
    assert "甲" in html
    assert world.experts[0].user.full_name not in html


@pytest.mark.parametrize("who", ["lead", "leader", "channel"])
def test_nobody_else_judges(world, client, who):
    case = world.case(S.RECHECK)
    asked = go(client, getattr(world, who))
    assert 'name="verdict"' not in asked.get(url("plan_responses", case, 1)).content.decode()
    assert asked.post(url("plan_verdict", case, item_of(case).pk), {"verdict": "solved"}).status_code == 403
    assert not Verdict.objects.exists()


def test_table_is_closed_to_outsiders_before_the_opinion_is_sent(world, client):
    case = world.case(S.OPINION_DRAFTING)
    assert go(client, world.lead).get(url("plan_responses", case, 1)).status_code == 403
    assert go(client, world.group_office).get(url("plan_responses", case, 1)).status_code == 200
    assert go(client, world.group_office).get(url("plan_responses", case, 7)).status_code == 404


@pytest.mark.parametrize(("state", "who"), [(S.UNDER_REVISION, "lead"), (S.RECHECK, "group_office")])
def test_queries_do_not_grow_with_the_items(world, client, state, who):
    case = world.case(state)
    asked, page, opinion = go(client, getattr(world, who)), url("plan_responses", case, 1), item_of(case).opinion
    asked.get(page)
    with Queries() as few:
        asked.get(page)
    for position in (2, 3):
        with past_guards():
            item = OpinionItem.objects.create(
                opinion=opinion, position=position, kind="must", text="示例", section="policy"
            )
            Response.objects.create(item=item, handling="adopted", answered_by=world.lead, answered_at=clock.now())
    with Queries() as many:
        asked.get(page)
    assert len(many) == len(few)


def document(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    return Document(io.BytesIO(answer.content))


def cells(found):
    return [[cell.text for cell in row.cells] for row in found.tables[0].rows]


def test_table_leaves_as_a_word_document(world, case, client):
    responses.answer(
        item_of(case), handling="partly", text=REASON, section="policy", department="市商务局", by=world.lead
    )
    found = document(go(client, world.editor).get(url("plan_responses_docx", case, 1)))
    assert found.paragraphs[0].text == "嘉兴市创建方案第1轮修改意见采纳情况表"
    assert cells(found) == [
        ["序号", "类型", "意见内容", "责任部门", "处理", "说明", "改在哪里", "状态"],
        ["1", "必改", "写明统计部门。\n（完善政策环境）", "市商务局", "部分采纳", REASON, "完善政策环境", "已答复"],
    ]
    assert found.tables[0].rows[0]._tr.xpath("w:trPr/w:tblHeader")
    assert found.sections[0].page_width > found.sections[0].page_height
    core = found.core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("嘉兴市", "嘉兴市", "")
    assert (
        url("plan_responses_docx", case, 1)
        in go(client, world.editor).get(url("plan_responses", case, 1)).content.decode()
    )


def test_document_keeps_back_what_the_page_keeps_back(world, case, client):
    responses.answer(item_of(case), handling="not_adopted", text=REASON, by=world.lead)
    address = url("plan_responses_docx", case, 1)
    for reader in (world.experts[0], world.group_office, world.channel):
        assert REASON not in str(cells(document(go(client, reader).get(address))))
    assert go(client, world.neighbour_lead).get(address).status_code == 404
    assert go(client, world.lead).get(url("plan_responses_docx", case, 7)).status_code == 404


def test_document_names_no_expert_towards_the_city(world, client):
    case = world.case(S.RECHECK)
    responses.judge(item_of(case), verdict="still", text="仍缺口径。", by=world.experts[0])
    address = url("plan_responses_docx", case, 1)
    assert "仍缺口径。" not in str(cells(document(go(client, world.lead).get(address))))
    assert "仍缺口径。" in str(cells(document(go(client, world.group_office).get(address))))
    Walk(world, case, world.lead).mature_later()
    answer = go(client, world.lead).get(address)
    said = cells(document(answer))
    assert said[0][-1] == "专家结论"
    assert "仍缺口径。" in said[1][-1]
    assert "甲" in said[1][-1]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as whole:
        everything = b"".join(whole.read(name) for name in whole.namelist()).decode("utf-8", "ignore")
    assert world.experts[0].user.full_name not in everything


def test_document_is_chinese_in_the_english_portal_too(world, case, client):
    found = document(go(client, world.lead).get("/en" + url("plan_responses_docx", case, 1)))
    assert cells(found)[1][1] == "必改"
    assert cells(found)[1][7] == "待答复"
