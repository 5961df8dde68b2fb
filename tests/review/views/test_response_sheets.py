"""The response table out as XLSX and back, whole or not at all."""

import html
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from portal import clock, sheets
from portal.models import AuditEntry
from review.models import OpinionItem, Response, Round, Verdict
from review.services import responses
from review.states import State as S
from tests.pages import Queries
from tests.past_guards import past_guards

HEAD = ["条目编号", "类型", "条目", "方案部分", "责任部门", "处理", "说明", "改在"]
REASON = "示例：该事项由省级平台统一建设，本市不再另建同类系统。"


def words(response):
    text = re.sub(r"</?(del|ins|strong)[^>]*>", "", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def shared(world):
    return world.case(S.UNDER_REVISION)


@pytest.fixture
def items(case):
    first = OpinionItem.objects.get(opinion__case=case)
    with past_guards():  # the opinion is signed already
        more = [
            OpinionItem.objects.create(opinion=first.opinion, position=n, kind="question", text=text)
            for n, text in ((2, "=1+1 与省级平台是何关系？"), (3, "示例：请补充考核频次。"))
        ]
    return [first, *more]


@pytest.fixture
def city(client, world):
    client.force_login(world.editor.user)
    return client


def at(case, name):
    return reverse(name, args=[case.plan.reference])


def head(city, case):
    return [c.value for c in load_workbook(io.BytesIO(city.get(at(case, "plan_responses_sheet")).content)).active[1]]


def upload(city, case, rows):
    content = sheets.write({"答复": [head(city, case), *rows]})
    return city.post(
        at(case, "plan_responses_import"), {"file": SimpleUploadedFile("答复.xlsx", content), "unclassified": "on"}
    )


def line(item, handling="", text="", section="", department=""):
    return [item if isinstance(item, int) else item.pk, "", "", "", department, handling, text, section]


def confirm(city, case, shown):
    fields = re.findall(r'<input type="hidden" name="(text|seen)" value="([^"]*)"', shown.content.decode())
    sent = {name: html.unescape(value) for name, value in fields} | {"apply": "1"}
    return city.post(at(case, "plan_responses_import"), sent, follow=True)


def test_open_items_go_out_as_text(city, case, items):
    responses.answer(items[2], handling="adopted", department="市商务局", section="policy", by=case.plan.created_by)
    answer = city.get(at(case, "plan_responses_sheet"))
    assert answer["Content-Disposition"] == f'attachment; filename="{case.plan.reference}-1-answers.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[1:]] == [item.pk for item in items]
    assert (rows[2][2], sheet["C3"].data_type) == ("=1+1 与省级平台是何关系？", "s")
    assert rows[3][4:] == ["市商务局", "采纳", None, "完善政策环境"]


def test_answers_come_back_through_a_preview(city, world, case, items):
    shown = upload(
        city,
        case,
        [
            line(items[0], "部分采纳", REASON, "完善政策环境", "市商务局"),
            line(items[1], "", "", "", "市工信局"),
            line(items[2]),
        ],
    )
    assert shown.status_code == 200
    assert "识别 3 行 × 5 列：更新 2 行、1 行不变。" in words(shown)
    assert not Response.objects.exists()
    done = confirm(city, case, shown)
    assert "已写入 2 条答复。" in words(done)
    found = Response.objects.get(item=items[0])
    assert (found.handling, found.text, found.section, found.department, found.answered_by, found.answered_at) == (
        "partly", REASON, "policy", "市商务局", world.editor, clock.now(),
    )  # fmt: skip
    only = Response.objects.get(item=items[1])
    assert (only.handling, only.department, only.answered_at) == ("", "市工信局", None)
    assert not Response.objects.filter(item=items[2]).exists()
    entry = AuditEntry.objects.get(action="response:import")
    assert (entry.post, json.loads(entry.text)["data"]["items"]) == (world.editor, [items[0].pk, items[1].pk])
    again = upload(city, case, [line(items[0], "部分采纳", REASON, "完善政策环境", "市商务局")])
    assert (again.status_code, "上传的内容与现有答复一致" in words(again)) == (422, True)


def test_every_wrong_row_is_named_and_nothing_is_written(city, case, items):
    with past_guards():
        Verdict.objects.create(
            item=items[2], verdict=Verdict.Kind.SOLVED, given_by=case.plan.created_by, given_at=clock.now()
        )
    shown = upload(
        city,
        case,
        [
            line(items[0], "采纳"),
            line(items[0], "采纳"),
            line(999_999, "采纳"),
            line(items[1], "同意"),
            line(items[2], "采纳"),
        ],
    )
    said = words(shown)
    assert shown.status_code == 422
    assert f"第 3 行“条目编号” 条目 {items[0].pk} 在第 2 行已经出现过。" in said
    assert "第 4 行“条目编号” 本轮意见里没有条目“999999”。" in said
    assert "第 5 行“处理” 看不懂“同意”。请写下列之一：采纳 / 部分采纳 / 不采纳 / 已说明。" in said
    assert f"第 6 行“条目编号” 条目 {items[2].pk} 已办结：协调小组已经认定。" in said
    assert 'name="apply"' not in shown.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("handling", "text", "told"),
    [
        ("不采纳", "太短", "“说明” 理由至少写 20 字，现在有 2 字。"),
        ("已说明", "", "“说明” 请填写这条意见要求作出的说明。"),
        ("", "只有说明，没有处理。", "“处理” 请选择这条意见的处理方式。"),
    ],
)
def test_the_rules_of_a_single_answer_hold(city, case, items, handling, text, told):
    shown = upload(city, case, [line(items[0], handling, text), line(items[1], "采纳")])
    assert shown.status_code == 422
    assert told in words(shown)
    assert not Response.objects.exists()


def test_items_of_another_plan_are_not_known(city, world, case):
    other = world.case(S.UNDER_REVISION, world.direct, world.direct_lead)
    foreign = OpinionItem.objects.get(opinion__case=other)
    shown = upload(city, case, [line(foreign, "采纳")])
    assert shown.status_code == 422
    assert f"本轮意见里没有条目“{foreign.pk}”。" in words(shown)


def test_items_of_a_former_round_are_closed(city, case, items):
    opinion = items[0].opinion
    opinion.pk, opinion.number = None, "示例-2"
    opinion.round = Round.objects.create(
        case=case, number=2, version=opinion.round.version, opened_at=clock.now(), prepared_at=clock.now()
    )
    opinion.save(force_insert=True)
    with past_guards():
        now = OpinionItem.objects.create(opinion=opinion, position=1, kind="must", text="示例：第二轮的意见。")
    shown = upload(city, case, [line(now, "采纳"), line(items[1], "采纳")])
    assert shown.status_code == 422
    assert f"第 3 行“条目编号” 条目 {items[1].pk} 属于第 1 轮，该轮已经结束。" in words(shown)


def test_an_answer_changed_meanwhile_stops_the_whole_sheet(city, world, case, items):
    shown = upload(city, case, [line(items[0], "采纳"), line(items[1], "采纳")])
    responses.answer(items[1], handling="explained", text="示例：已说明。", by=world.lead)
    answer = confirm(city, case, shown)
    assert answer.status_code == 409
    assert "其间有人改过答复。" in words(answer)
    assert Response.objects.count() == 1
    assert confirm(city, case, answer).status_code == 200
    assert Response.objects.filter(handling="adopted").count() == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [([["x", "y"], [1, 2]], "表头缺少：条目编号 / 处理"), ([HEAD], "表头下面没有数据行")],
)
def test_a_sheet_of_another_kind(city, case, items, rows, told):
    content = sheets.write({"一": rows})
    shown = city.post(
        at(case, "plan_responses_import"), {"file": SimpleUploadedFile("a.xlsx", content), "unclassified": "on"}
    )
    assert shown.status_code == 422
    assert told in words(shown)


def test_no_file_and_no_sheet(city, case, items):
    said = words(city.post(at(case, "plan_responses_import"), {}))
    assert "请先选择文件" in said
    assert "请确认文件不含涉密内容" in said
    bad = city.post(
        at(case, "plan_responses_import"),
        {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "unclassified": "on"},
    )
    assert bad.status_code == 422


def test_only_the_city_and_only_while_it_answers(client, world, case):
    for post, status in ((world.channel, 403), (world.group_office, 403), (world.neighbour_lead, 404)):
        client.force_login(post.user)
        assert client.get(at(case, "plan_responses_sheet")).status_code == status
        assert client.post(at(case, "plan_responses_import")).status_code == status


def test_the_page_offers_both_ways(city, case, items):
    page = city.get(reverse("plan_responses", args=[case.plan.reference, 1])).content.decode()
    assert at(case, "plan_responses_sheet") in page
    assert at(case, "plan_responses_import") in page
    assert city.get(at(case, "plan_responses_import")).status_code == 200


def test_the_preview_asks_the_database_the_same_number_of_times(city, case, items):
    def queries(rows):
        with Queries() as seen:
            assert upload(city, case, rows).status_code == 200
        return len(seen)

    queries([line(items[0], "采纳")])
    assert queries([line(items[0], "采纳")]) == queries([line(item, "采纳") for item in items])
