"""Handing a plan over: once, whoever presses how often; the receipt, the way back, and what is never asked twice."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from portal import clock
from portal.models import AuditEntry
from portal.roles import Role
from review import suggesting
from review.models import Move, Opinion, OpinionItem
from review.samples.files import founding_pdf
from review.services import cases, opinions, responses
from review.states import State as S
from tests.builders import Walk, person
from tests.pages import text
from tests.review.test_machine_races import together

NOW = "2026年3月2日（星期一）09:00:00"


def browser(post) -> Client:
    client = Client()
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(client, path, **more) -> dict:
    """Return what the form of a page would send as it stands, with the boxes ticked that are named."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | more


def submit_page(case, name="submit"):
    return f"/plans/{case.plan.reference}/moves/{name}/"


def test_the_same_form_sent_again_leads_to_the_same_receipt(world):
    case = world.draft()
    client = browser(world.lead)
    sent = filled(client, submit_page(case), declared="on")
    receipt = f"/plans/{case.plan.reference}/receipts/1/"
    assert client.post(submit_page(case), sent).url == receipt
    again = client.post(submit_page(case), sent, follow=True)
    assert again.redirect_chain == [(receipt, 302)]
    assert f"这个表单已经提交过：“提交渠道单位”已于{NOW}办理，没有重复办理。" in text(again)
    assert (case.history.count(), case.plan.versions.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="move:submit").count() == 1


def test_an_old_form_does_nothing_once_the_plan_was_recalled(world):
    case = world.draft()
    client = browser(world.lead)
    sent = filled(client, submit_page(case), declared="on")
    client.post(submit_page(case), sent)
    client.post(submit_page(case, "recall"), filled(client, submit_page(case, "recall")))
    again = client.post(submit_page(case), sent, follow=True)
    assert "之后：“撤回”" in text(again)
    case.refresh_from_db()
    assert (case.state, case.history.count(), case.plan.versions.count()) == (S.DRAFT, 2, 1)


def test_the_page_of_a_step_that_was_taken_shows_the_way_to_its_receipt(world):
    case = world.case(S.WITH_CHANNEL)
    answer = browser(world.lead).get(submit_page(case))
    assert answer.status_code == 409
    assert f"你已经办理过这一步：“提交渠道单位”，{NOW}。" in text(answer)
    assert f'href="/plans/{case.plan.reference}/receipts/1/"' in answer.content.decode()


def test_the_second_of_two_coordinators_reads_who_was_first_and_when(world):
    walk = Walk(world, world.draft(), world.lead)
    walk.to(S.UNDER_REVISION)
    walk.answer()
    second = person(Role.CITY_LEAD, world.city.government)
    page = submit_page(walk.case, "resubmit")
    client = browser(second)
    sent = filled(client, page, declared="on", change_note="第二个人写的说明")
    clock.advance(minutes=2)
    walk.fire("resubmit", world.lead, given={"change_note": "写明统计部门"})
    answer = client.post(page, sent)
    assert answer.status_code == 409
    who = f"{world.lead.user.full_name}（{world.lead.organisation.short_name}）"
    first = walk.case.history.get(name="resubmit")
    said = text(answer)
    assert f"{who}已经办理过这一步：“提交修改后的方案”，2026年3月2日（星期一）09:02:00。" in said
    assert "第二个人写的说明" in said
    assert f'href="/plans/{walk.case.plan.reference}/receipts/{first.number}/"' in answer.content.decode()
    assert walk.case.plan.versions.count() == 2


def test_another_step_taken_meanwhile_is_named(world):
    case = world.draft()
    client = browser(person(Role.CITY_LEAD, world.city.government))
    sent = filled(client, submit_page(case), declared="on")
    Walk(world, case, world.lead).to(S.WITHDRAWN)
    answer = client.post(submit_page(case), sent)
    assert answer.status_code == 409
    assert "办理了另一步：“撤回方案”" in text(answer)
    assert case.plan.versions.count() == 0


def test_two_coordinators_in_the_same_second(live_world):
    case = live_world.draft()
    posts = [live_world.lead, person(Role.CITY_LEAD, live_world.city.government)]
    clients = [browser(post) for post in posts]
    sent = [filled(client, submit_page(case), declared="on") for client in clients]
    calls = [lambda c=c, s=s: c.post(submit_page(case), s) for c, s in zip(clients, sent, strict=True)]
    first, second = sorted(together(calls), key=lambda answer: answer.status_code)
    receipt = f"/plans/{case.plan.reference}/receipts/1/"
    assert (first.status_code, first.url, second.status_code) == (302, receipt, 409)
    winner = Move.objects.get(case=case).by
    assert f"{winner.user.full_name}（{winner.organisation.short_name}）已经办理过这一步" in text(second)
    assert f'href="{receipt}"' in second.content.decode()
    assert case.plan.versions.count() == 1
    assert AuditEntry.objects.filter(action="move:submit").count() == 1


def test_receipt_names_everything_and_the_next_step(world):
    case = world.draft()
    client = browser(world.lead)
    page = client.post(submit_page(case), filled(client, submit_page(case), declared="on"), follow=True)
    said, version = text(page), case.plan.versions.get()
    digest = version.digest.upper()
    for shown in (
        case.plan.reference, case.plan.title, "第 1 版", NOW, world.lead.user.full_name,
        " ".join(digest[i : i + 4] for i in range(0, 64, 4)),
        f"现在轮到：{world.channel.organisation.short_name}。", "渠道单位审核后转报协调小组",
        "2026年3月16日（星期一）18:00",
        "开始办理前可以撤回",
    ):  # fmt: skip
        assert shown in said, shown
    assert Move.objects.get(case=case).given == {"declared_name": world.lead.user.full_name}


def test_recall_stands_on_receipt_and_task_list_until_the_office_begins(world, see):
    case = world.case(S.WITH_CHANNEL)
    plan, receipt = f"/plans/{case.plan.reference}/", f"/plans/{case.plan.reference}/receipts/1/"
    recall = f'<a class="btn sec sm" href="{plan}moves/recall/">撤回</a>'
    for page in (plan, receipt):
        assert recall in see(world.lead, page).content.decode()
        assert recall not in see(world.editor, page).content.decode()
    assert f'href="{receipt}"' in see(world.editor, plan).content.decode()
    client = browser(world.lead)
    sent = filled(client, f"{plan}moves/recall/")
    cases.open_handling(case, by=world.channel)
    for page in (plan, receipt):
        shown = see(world.lead, page)
        assert recall not in shown.content.decode()
        office = world.channel.organisation.short_name
        assert f"{office}已于2026年3月2日（星期一）09:00开始办理，不能再撤回" in text(shown)
    refused = client.post(f"{plan}moves/recall/", sent)
    assert refused.status_code == 422
    assert "该单位已开始办理，不能撤回" in text(refused)
    case.refresh_from_db()
    assert case.state == S.WITH_CHANNEL


def test_a_stranger_reads_no_receipt(world, see):
    case = world.case(S.WITH_CHANNEL)
    receipt = f"/plans/{case.plan.reference}/receipts/1/"
    assert see(world.neighbour_lead, receipt).status_code == 404
    assert see(world.lead, f"/plans/{case.plan.reference}/receipts/8/").status_code == 404


@pytest.mark.parametrize(
    ("handled", "parts", "opening", "said"),
    [
        ({}, [], "", ""),
        ({"adopted": 7, "partly": 2, "explained": 1}, [], "", "意见采纳7条、部分采纳2条、说明1条"),
        ({"not_adopted": 1}, ["指标表"], "", "意见不采纳1条；修改指标表"),
        ({}, ["指标表", "时间节点"], "", "修改指标表、时间节点"),
        ({}, [], "正式申报", "正式申报"),
        ({}, ["考核机制"], "正式申报", "正式申报；修改考核机制"),
        (
            {"adopted": 12, "partly": 10, "not_adopted": 11, "explained": 13},
            ["完善电子商务政策环境", "健全电子商务支撑体系", "指标表"],
            "",
            "意见采纳12条、部分采纳10条、不采纳11条、说明13条；修改完善电子商务政策环境等3处",
        ),
    ],
)  # fmt: skip
def test_a_change_note_is_suggested(handled, parts, opening, said):
    assert suggesting.note(handled, parts, opening) == said
    assert len(said) <= 50


def test_a_suggested_note_never_grows_too_long():
    parts = ["加强电子商务基础设施建设"] * 20
    for count in range(21):
        assert len(suggesting.note({"adopted": 10**40}, parts[:count])) <= 50


def test_revised_plan_begins_with_its_answers_and_changed_parts(world):
    walk = Walk(world, world.draft(), world.lead)
    walk.to(S.UNDER_REVISION)
    clock.advance(days=1)
    walk.answer()
    plan = walk.case.plan
    plan.part_changes |= {"policy": clock.now().isoformat(), "indicators": clock.now().isoformat()}
    plan.save(update_fields=["part_changes"])
    form = browser(world.lead).get(submit_page(walk.case, "resubmit")).context["form"]
    assert form["change_note"].value() == "意见采纳1条；修改指标表、完善电子商务政策环境"
    assert form["declared_name"].value() == world.lead.user.full_name


def test_a_remark_that_comes_again_begins_with_its_last_answer(world):
    walk = Walk(world, world.draft(), world.lead)
    walk.to(S.UNDER_REVISION)
    (first,) = OpinionItem.objects.all()
    responses.answer(
        first, handling="explained", text="统计由市统计局负责。", section="policy", department="市统计局", by=world.lead
    )
    walk.fire("resubmit", world.lead, given={"change_note": "示例"})
    walk.judge("still")
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    walk.close()
    with transaction.atomic():
        current = walk.case.current_round
        opinion = Opinion.objects.create(
            case=walk.case, kind="revision", round=current, version=current.version, drafted_by=world.group_office
        )
        again = opinion.items.create(position=1, kind="must", text="仍请写明。", section="policy", reopens=first)
        again.sources.set(current.annotations.all())
        opinions.put_signature(opinion, opinions.SERIES, world.leader)
    walk.fire("send_opinion", world.leader)
    form = browser(world.lead).get(f"/plans/{walk.case.plan.reference}/responses/{again.pk}/").context["form"]
    assert {n: form[n].value() for n in ("text", "section", "department", "handling")} == {
        "text": "统计由市统计局负责。", "section": "policy", "department": "市统计局", "handling": None,
    }  # fmt: skip


def test_formal_filing_begins_with_its_letter_and_after_a_return_with_that_of_last_time(world):
    walk = Walk(world, world.draft(), world.lead)
    case = walk.to(S.READY)
    cases.release(case, by=world.lead)
    path = f"/plans/{case.plan.reference}/file/"
    drc = browser(world.drc)
    sent = filled(drc, path, cover_number="示例发改〔2026〕9号", unclassified="on")
    assert (sent["cover_title"], sent["cover_date"]) == (f"关于报送《{case.plan.title}》的函", date(2026, 3, 2))
    assert sent["change_note"] == "正式申报"
    sent["cover_file"] = SimpleUploadedFile("申报函.pdf", founding_pdf())
    assert drc.post(path, sent).status_code == 302
    assert drc.post(path, sent, follow=True).redirect_chain[0][0].endswith("/receipts/8/")  # the same form again
    walk.fire("return_formal", world.group_office, reason="示例：请补充")
    clock.advance(days=1)
    case.refresh_from_db()
    cases.release(case, by=world.lead)
    again = filled(drc, path, unclassified="on")
    assert (again["cover_title"], again["cover_number"]) == (sent["cover_title"], "示例发改〔2026〕9号")
    assert drc.post(path, again).status_code == 302
    second, first = case.filings.all()
    assert second.cover_file_id == first.cover_file_id
    assert (second.version.number, first.version.number) == (4, 3)


def test_a_new_plan_of_the_city_keeps_its_contact(world):
    Walk(world, world.draft(), world.lead).to(S.WITHDRAWN)
    plan = cases.create(world.city, world.call, by=world.lead).plan
    assert (plan.contact_name, plan.contact_phone, plan.contact_email) == ("示例·联系人", "0573-0000000", "")
    other = cases.create(world.direct, world.call, by=world.direct_lead).plan
    assert (other.contact_name, other.contact_phone) == ("", "")
