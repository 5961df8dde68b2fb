"""Rows of the tables, records, basic data and attachments through their forms."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.models import Assessment, Attachment, Indicator, Measure
from applications.services import rows, versions
from portal.models import AuditEntry
from tests.pages import Queries

INDICATOR = {
    "name": "电子认证覆盖率",
    "area": "support",
    "kind": "soft",
    "unit": "%",
    "baseline_year": "２０２５年",
    "baseline_value": "３８",
    "target_year": "2028",
    "target_value": "65％",
    "source": "",
    "department": "",
}
MEASURE = {"title": "建设公共信息平台", "area": "infrastructure", "kind": "hard", "place": "示例园区", "money": "1.2亿"}


def table(case, name, tail="add/"):
    return f"/plans/{case.plan.reference}/tables/{name}/{tail}"


def test_indicator_with_full_width_digits(city, world, case):
    response = city.post(table(case, "indicators"), INDICATOR)
    assert response.status_code == 302
    row = Indicator.objects.get(name="电子认证覆盖率")
    assert (row.baseline_year, row.baseline_value, row.target_value, row.position) == (2025, 38, 65, 1)
    entry = AuditEntry.objects.get(action="row:add")
    assert (entry.post, json.loads(entry.text)["data"]["table"]) == (world.editor, "indicators")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"target_year": "2025"}, "目标年要晚于基期年 2025 年。"),
        ({"target_value": "120"}, "百分比不能超过 100。"),
        ({"target_value": "约六成"}, "“目标值”要填数字，如 480。单位是%。"),
        ({"target_value": ""}, "目标值要填数字，如 480。"),
        ({"baseline_year": ""}, "请写明基期值是哪一年的。"),
        ({"target_year": "28"}, "请用四位数字填写 2000 至 2050 之间的年份"),
        ({"area": ""}, "请选择所属的任务。"),
        ({"name": "网络零售额"}, "表里已有指标“网络零售额”，请直接修改那一行。"),
        ({"target_value": "-5"}, "数字不能小于 0。"),
        ({"target_value": "1.234"}, "小数点后最多保留两位"),
        ({"unit": "家", "target_value": "99999999999"}, "数字太大"),
    ],
)
def test_indicator_says_what_is_wrong(city, case, wrong, words):
    response = city.post(table(case, "indicators"), INDICATOR | wrong)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Indicator.objects.count() == 1


def test_growth_and_advice_in_the_list(city, case):
    page = city.get(table(case, "indicators", "")).content.decode()
    assert "14.5%" in page
    assert "请写明由哪个部门负责。" in page


def test_measure_turns_yi_into_wan(city, case):
    assert city.post(table(case, "measures"), MEASURE).status_code == 302
    assert Measure.objects.get(title="建设公共信息平台").money == 12000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"instrument": "rule"}, "“政策工具”属于另一类措施。"),
        ({"kind": "soft"}, "“地点”属于另一类措施。"),
        ({"helped_group": "小微企业"}, "只有财税政策才填帮扶对象。"),
        ({"helped": "small_firms"}, "只有财税政策才填帮扶对象。"),
        ({"area": "policy", "facility": "platform"}, "只有“加强基础设施”任务的措施才分建设改造和公共平台。"),
        ({"due": "2035-01-01"}, "方案期限为 2026 年至 2029 年"),
        ({"title": ""}, "请用一句话写明要做什么。"),
    ],
)
def test_measure_says_what_is_wrong(city, case, wrong, words):
    response = city.post(table(case, "measures"), MEASURE | wrong)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_indicators_of_another_city_cannot_be_linked(city, world, case):
    other = world.draft(world.far, world.far_lead)
    foreign = other.plan.indicators.get()
    assert city.post(table(case, "measures"), MEASURE | {"indicators": [foreign.pk]}).status_code == 422


def test_row_of_another_plan_is_unknown(city, world, case):
    other = world.draft(world.far, world.far_lead)
    row = other.plan.indicators.get()
    assert city.get(table(case, "indicators", f"{row.pk}/")).status_code == 404
    assert city.post(table(case, "indicators", f"{row.pk}/delete/")).status_code == 404
    assert Indicator.objects.filter(pk=row.pk).exists()


def test_milestone_and_consultation_dates(city, case):
    dates = {"title": "建成", "area": "policy", "kind": "soft", "starts": "2027-05-01", "ends": "2027-04-01"}
    assert "结束日期不能早于开始日期。" in city.post(table(case, "milestones"), dates).content.decode()
    heard = {
        "held_on": "2026-03-03",
        "form": "座谈会",
        "who": "企业",
        "participants": "１２",
        "opinions": "无意见",
        "outcome": "nothing_asked",
        "adopted": "无",
    }
    assert "这一天还没有到" in city.post(table(case, "consultations"), heard).content.decode()
    assert city.post(table(case, "consultations"), heard | {"held_on": "2026-03-02"}).status_code == 302


def sent_by(city, url):
    form = city.get(url).context["form"]
    data = {n: form[n].value() for n in form.fields}
    return {n: "" if v is None else v for n, v in data.items()}


def test_editing_a_row_somebody_else_changed(city, case):
    row = case.plan.indicators.get()
    url = table(case, "indicators", f"{row.pk}/")
    sent = sent_by(city, url)
    Indicator.objects.update(target_value=500)
    response = city.post(url, sent | {"target_value": "490"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "你打开之后别人改过这里" in page
    assert "<dd><p>500</p></dd>" in page.replace("<dd>500</dd>", "<dd><p>500</p></dd>")
    again = sent | {"target_value": "490", "seen": response.context["form"]["seen"].value()}
    assert city.post(url, again).status_code == 302
    assert Indicator.objects.get().target_value == 490


def test_deleting_a_row_is_asked_first_with_what_would_be_lost(city, case):
    row = case.plan.indicators.get()
    case.plan.measures.get().indicators.add(row)
    url = table(case, "indicators", f"{row.pk}/delete/")
    assert url in city.get(table(case, "indicators", f"{row.pk}/")).content.decode()
    asked = city.get(url)
    assert asked.status_code == 200
    shown = asked.content.decode()
    assert row.name in shown
    assert "1 项举措将不再对应该指标。" in shown
    assert Indicator.objects.get() == row
    assert not AuditEntry.objects.filter(action="row:delete").exists()
    assert city.post(url).status_code == 302
    assert not Indicator.objects.exists()


def test_deleting_from_a_closed_table_is_not_offered(city, case):
    row = case.plan.indicators.get()
    versions.set_open(case.plan, ("policy",))
    answer = city.get(table(case, "indicators", f"{row.pk}/delete/"), follow=True)
    assert "“指标”在这一步不开放修改" in answer.content.decode()
    assert Indicator.objects.get() == row


def test_deleting_keeps_the_content_in_the_audit_trail(city, case):
    row = case.plan.measures.get()
    assert city.post(table(case, "measures", f"{row.pk}/delete/")).status_code == 302
    assert not case.plan.measures.exists()
    entry = AuditEntry.objects.get(action="row:delete")
    assert json.loads(entry.text)["data"]["content"]["title"] == "制定网络交易管理办法"


def test_closed_table(city, case):
    versions.set_open(case.plan, ("policy",))
    response = city.post(table(case, "indicators"), INDICATOR)
    assert response.status_code == 409
    assert "“指标”在这一步不开放修改" in response.content.decode()
    row = case.plan.indicators.get()
    city.post(table(case, "indicators", f"{row.pk}/delete/"))
    assert Indicator.objects.count() == 1


def test_record_may_be_saved_half_filled(city, case):
    url = f"/plans/{case.plan.reference}/records/assessment/"
    sent = sent_by(city, url) | {"method": ""}
    response = city.post(url, {n: v for n, v in sent.items() if v is not False}, follow=True)
    assert "还缺：考核办法" in response.content.decode()
    assert Assessment.objects.get().method == ""


def test_basics(city, case):
    url = f"/plans/{case.plan.reference}/basics/"
    sent = sent_by(city, url)
    wrong = city.post(url, sent | {"starts": "2029", "ends": "2026"})
    assert "结束年份不能早于起始年份。" in wrong.content.decode()
    assert city.post(url, sent | {"title": "另一个名称"}).status_code == 302
    case.plan.refresh_from_db()
    assert (case.plan.title, case.plan.open_parts != []) == ("另一个名称", True)


def picture(name="示例.png"):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue())


def test_attachments(city, case):
    url = f"/plans/{case.plan.reference}/attachments/"
    undeclared = city.post(url, {"file": picture(), "kind": "ordinary", "title": ""})
    assert "涉密文件不得上传" in undeclared.content.decode()
    bad = SimpleUploadedFile("示例.pdf", b"MZ not a document")
    assert city.post(url, {"file": bad, "kind": "ordinary", "unclassified": "on"}).status_code == 422
    assert Attachment.objects.count() == 1
    declared = {"kind": "ordinary", "unclassified": "on", "title": ""}
    assert city.post(url, {"file": picture(), **declared}).status_code == 302
    row = Attachment.objects.get(title="示例")
    assert (row.file.kind, row.unclassified) == ("png", True)
    assert "这个文件已经作为“示例”附上了" in city.post(url, {"file": picture(), **declared}).content.decode()
    asked = city.get(f"{url}{row.pk}/delete/")
    assert "示例.png" in asked.content.decode()
    assert Attachment.objects.filter(pk=row.pk).exists()
    assert city.post(f"{url}{row.pk}/delete/").status_code == 302
    assert not Attachment.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(action="attachment:remove").count() == 1


@pytest.mark.parametrize("name", ["indicators", "measures", "milestones", "consultations"])
def test_lists_ask_a_constant_number_of_questions(city, case, name):
    counts = []
    for number in range(2):
        with Queries() as caught:
            city.get(table(case, name, ""))
            city.get(f"/plans/{case.plan.reference}/")
        counts.append(len(caught))
        plan = case.plan
        for n in range(2):
            row = Indicator.objects.create(
                plan=plan,
                name=f"示例{number}{n}",
                area="policy",
                kind="soft",
                unit="家",
                target_year=2028,
                target_value=1,
            )
            Measure.objects.create(plan=plan, title="示例", area="policy", kind="soft").indicators.add(row)
            plan.milestones.create(
                title="示例", area="policy", kind="soft", starts="2026-01-01", ends="2026-02-01", indicator=row
            )
            plan.consultations.create(held_on="2026-01-01", form="函", who="企业", opinions="无", adopted="无")
    assert counts[0] == counts[1]


ROW_ANSWERS = {
    "indicators": ({**INDICATOR, "name": "示例·正在填写的指标"}, "示例·正在填写的指标"),
    "measures": ({**MEASURE, "title": "示例·正在填写的措施"}, "示例·正在填写的措施"),
    "milestones": ({"title": "示例·正在填写的节点", "area": "policy", "kind": "soft"}, "示例·正在填写的节点"),
    "consultations": ({"who": "示例·行业协会", "opinions": "示例·正在填写的意见"}, "示例·正在填写的意见"),
}


@pytest.mark.parametrize("name", ROW_ANSWERS)
def test_what_was_typed_into_a_row_deleted_meanwhile_is_handed_back(city, case, name):
    sent, typed = ROW_ANSWERS[name]
    rows = getattr(case.plan, name)
    before = rows.count()
    answer = city.post(table(case, name, "987654/"), sent)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "这一行已不在表中" in page
    assert typed in page
    assert f'action="{table(case, name)}"' in page
    assert rows.count() == before, "nothing is added by itself"


def test_a_row_deleted_under_its_writer_can_be_kept_as_a_new_one(city, world, case):
    city.post(table(case, "indicators"), INDICATOR)
    row = Indicator.objects.get(name="电子认证覆盖率")
    opened = city.get(table(case, "indicators", f"{row.pk}/"))
    assert opened.status_code == 200
    rows.delete(case.plan, "indicators", row.pk, by=world.lead)
    sent = {**INDICATOR, "target_value": "72"}
    assert city.post(table(case, "indicators", f"{row.pk}/"), sent).status_code == 404
    assert city.post(table(case, "indicators"), sent).status_code == 302
    again = Indicator.objects.get(name="电子认证覆盖率")
    assert (again.pk != row.pk, again.target_value) == (True, 72)


def test_the_page_of_a_row_that_is_gone_offers_a_new_one_and_its_kept_copy(city, case):
    answer = city.get(table(case, "indicators", "987654/"))
    assert answer.status_code == 404
    assert "data-kept" in answer.content.decode()
    assert "存为新的一行" in answer.content.decode()


def test_what_was_typed_into_a_row_gone_from_a_closed_table_is_handed_back(city, world, case):
    city.post(table(case, "indicators"), INDICATOR)
    row = Indicator.objects.get(name="电子认证覆盖率")
    rows.delete(case.plan, "indicators", row.pk, by=world.lead)
    versions.set_open(case.plan, ())
    answer = city.post(table(case, "indicators", f"{row.pk}/"), {**INDICATOR, "source": "示例市统计公报"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "示例市统计公报" in page
    assert "请复制后交给现在编写该表的人" in page
    assert "存为新的一行" not in page
    assert city.get(table(case, "indicators", f"{row.pk}/")).status_code == 404


def test_a_row_leads_to_the_rows_beside_it(city, case):
    for n in (2, 3):
        city.post(table(case, "indicators"), INDICATOR | {"name": f"示例指标{n}"})
    first, second, third = case.plan.indicators.values_list("pk", flat=True)
    page = city.get(table(case, "indicators", f"{second}/")).content.decode()
    assert f'href="{table(case, "indicators", f"{first}/")}" rel="prev">上一行' in page
    assert f'href="{table(case, "indicators", f"{third}/")}" rel="next">下一行' in page
    assert 'rel="prev"' not in city.get(table(case, "indicators", f"{first}/")).content.decode()
    assert 'rel="next"' not in city.get(table(case, "indicators", f"{third}/")).content.decode()
