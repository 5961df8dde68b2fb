"""A form sent after its step has passed: refused in words, what was typed handed back in full, nothing written."""

import html
import re

import pytest
from django.urls import reverse

from applications.models import Indicator, Section
from portal.models import AuditEntry
from review.states import State

LONG = "（一）示例：本市另写一段，说明要做的事。\n\n（二）责任部门 <市商务局> & 完成时间。" + "示例文字。" * 400


@pytest.fixture
def closed(world):
    return world.case(State.AWAITING_DISCUSSION)


def areas(answer) -> dict[str, str]:
    found = re.findall(
        r'<label for="typed-\d+">(.*?)</label><textarea[^>]*readonly>\n(.*?)</textarea>', answer.content.decode(), re.S
    )
    return {html.unescape(label): html.unescape(text) for label, text in found}


def test_text_of_a_section_comes_back_in_full(client, world, closed):
    before = Section.objects.get(plan=closed.plan, key="policy").paragraphs
    client.force_login(world.lead.user)
    sent = {"text": LONG, "department": "示例市商务局", "base": "abc:1", "page": "x1", "act": "save"}
    answer = client.post(f"/plans/{closed.plan.reference}/sections/policy/", sent)
    assert answer.status_code == 409
    assert areas(answer) == {"正文": LONG, "责任部门": "示例市商务局"}
    assert "当前状态不能办理这一步，请返回并刷新页面。" in answer.content.decode()
    assert Section.objects.get(plan=closed.plan, key="policy").paragraphs == before
    assert not AuditEntry.objects.filter(action="section:save").exists()
    assert AuditEntry.objects.filter(action="access:refused").count() == 1


def test_a_row_and_a_record_come_back_field_by_field(client, world, closed):
    client.force_login(world.lead.user)
    ref, rows = closed.plan.reference, Indicator.objects.count()
    answer = client.post(
        reverse("plan_row_add", args=[ref, "indicators"]),
        {"name": "示例指标", "unit": "%", "target_value": "65", "kind": "soft"},
    )
    assert answer.status_code == 409
    assert {"示例指标", "%", "65"} <= set(areas(answer).values())
    assert Indicator.objects.count() == rows
    answer = client.post(
        reverse("plan_record", args=[ref, "leading_group"]), {"members": "示例·组长\n示例·成员", "seen": "abc"}
    )
    assert answer.status_code == 409
    assert list(areas(answer).values()) == ["示例·组长\n示例·成员"]


def test_other_forms_hand_back_sentences_and_never_a_password(client, world, closed):
    client.force_login(world.lead.user)
    sent = {"reason": "示例原因", "seen": "3", "op_key": "a-b_c", "password": "口令 口令"}
    answer = client.post(reverse("plan_responses", args=[closed.plan.reference, 1]), sent)
    assert answer.status_code == 409
    assert list(areas(answer).values()) == ["示例原因"]


def test_a_saving_script_is_answered_in_words_it_can_show(client, world, closed):
    client.force_login(world.lead.user)
    place = f"/plans/{closed.plan.reference}/sections/policy/save/"
    answer = client.post(place, {"text": LONG}, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["error"] == "closed"
    assert answer.json()["words"]


def test_who_takes_another_step_gets_what_was_typed_too(client, world, closed):
    client.force_login(world.group_office.user)
    answer = client.post(f"/plans/{closed.plan.reference}/sections/policy/", {"text": "示例：写错了地方。"})
    assert answer.status_code == 403
    assert areas(answer) == {"正文": "示例：写错了地方。"}
    assert not areas(client.get(f"/plans/{closed.plan.reference}/sections/policy/"))


def test_a_form_sent_after_the_sign_in_has_ended_comes_back_too(client, world, closed):
    page = f"/plans/{closed.plan.reference}/sections/policy/"
    sent = {"text": LONG, "department": "示例市商务局", "base": "abc:1", "act": "save"}
    answer = client.post(page, sent, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 401
    assert areas(answer) == {"正文": LONG, "责任部门": "示例市商务局"}
    assert f'href="/login/?next={page}"' in answer.content.decode()
    assert client.post(page, sent, headers={"referer": "https://elsewhere.example/x"}).context["sign_in_url"] == (
        "/login/?next=/home/"
    )
    empty = client.post(page, {})
    assert (empty.status_code, empty["Location"]) == (302, "/login/?next=/home/")
