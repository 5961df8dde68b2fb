"""Handing a part in, signing it off, giving it back in words, and what an editor's later change does to it."""

import json

import pytest
from django.core.exceptions import ValidationError

from applications.models import PartMark, PartReturn, Section
from applications.services import handing_in, rows, team
from portal.models import AuditEntry, Notice
from portal.roles import Role
from tests.builders import person

WORDS = "示例：请补充责任部门和完成时间。"


@pytest.fixture
def other(world, case):
    """Another department, kept informed of the policy part and in charge of the indicators."""
    return person(Role.CITY_EDITOR, team.add_department(case.plan, "嘉兴市示例工信局", by=world.lead))


def at(case, tail=""):
    return f"/plans/{case.plan.reference}/{tail}"


def policy(case):
    return Section.objects.get(plan=case.plan, key="policy")


def send(client, case, post, **more):
    """Send the editor's form of the policy part as the page holds it."""
    client.force_login(post.user)
    form = client.get(at(case, "sections/policy/")).context["form"]
    sent = {name: form.initial.get(name, "") for name in form.fields}
    return client.post(at(case, "sections/policy/"), sent | more, follow=True).content.decode()


def kinds(post):
    return sorted(Notice.objects.filter(recipient=post.user).exclude(kind="duty").values_list("kind", flat=True))


def status(client, case, title):
    page = client.get(at(case)).content.decode()
    line = page.split(f">{title}</a>")[1].split("</li>")[0]
    return next(word for word in ("待审定", "已完成", "填写中", "未开始") if word in line)


def test_a_part_goes_to_the_lead_and_is_signed_off(client, world, case, other):
    duties = {world.editor.organisation_id: "in_charge", other.organisation_id: "informed"}
    team.divide(case.plan, "policy", duties, by=world.lead)
    assert "交牵头审定" in send(client, case, world.editor)
    assert "“完善政策环境”已保存，已交牵头审定。" in send(client, case, world.editor, act="done")
    assert status(client, case, "完善政策环境") == "待审定"
    assert kinds(world.lead) == ["part_handed_in"]
    assert "审定这部分" in send(client, case, world.lead)
    send(client, case, world.lead, act="done")
    assert policy(case).done_by == world.lead
    assert status(client, case, "完善政策环境") == "已完成"
    assert (kinds(world.editor), kinds(other)) == (["part_signed_off"], ["part_signed_off"])


def test_the_lead_is_told_of_handed_in_parts_once_a_day(client, world, case):
    send(client, case, world.editor, act="done")
    send(client, case, world.editor, act="later")
    send(client, case, world.editor, act="done")
    client.post(at(case, "parts/indicators/done/"), {"act": "done"})
    assert kinds(world.lead) == ["part_handed_in"]


def test_a_change_after_the_sign_off_opens_the_part_again(client, world, case):
    send(client, case, world.editor, act="done")
    send(client, case, world.lead, act="done")
    said = send(client, case, world.editor, text=policy(case).text + "\n示例：审定后又补一段。")
    assert "城市牵头负责人已审定这一部分；你修改后，它恢复为填写中，请重新交牵头审定。" in said
    assert (policy(case).is_done, policy(case).done_by) == (False, None)
    assert kinds(world.lead) == ["part_handed_in", "part_reopened"]
    entry = AuditEntry.objects.get(action="part:reopen")
    assert json.loads(entry.text)["data"] == {"reference": case.plan.reference, "parts": ["policy"]}


def test_the_leads_own_change_keeps_the_sign_off(client, world, case):
    send(client, case, world.lead, act="done")
    send(client, case, world.lead, text=policy(case).text + "\n示例：牵头人补一段。")
    assert policy(case).done_by == world.lead


def test_an_unchanged_save_keeps_the_sign_off(client, world, case):
    send(client, case, world.lead, act="done")
    send(client, case, world.editor)
    assert policy(case).is_done


def test_a_changed_row_takes_the_sign_off_of_its_table(client, world, case):
    client.force_login(world.lead.user)
    client.post(at(case, "parts/indicators/done/"), {"act": "done"})
    row = case.plan.indicators.get()
    rows.delete(case.plan, "indicators", row.pk, by=world.editor)
    assert not PartMark.objects.filter(plan=case.plan, part="indicators").exists()
    assert kinds(world.lead) == ["part_reopened"]
    client.post(at(case, "parts/measures/done/"), {"act": "done"})
    rows.delete(case.plan, "measures", case.plan.measures.first().pk, by=world.lead)
    assert PartMark.objects.get(plan=case.plan).part == "measures"


def test_the_lead_gives_a_part_back_in_words(client, world, case):
    team.divide(case.plan, "policy", {world.editor.organisation_id: "in_charge"}, by=world.lead)
    send(client, case, world.editor, act="done")
    client.force_login(world.lead.user)
    path = at(case, "parts/policy/return/")
    assert path in client.get(at(case, "sections/policy/")).content.decode()
    empty = client.post(path, {"words": " "})
    assert empty.status_code == 422
    assert "请写明还缺什么，让部门知道怎么改。" in empty.content.decode()
    said = client.post(path, {"words": WORDS}, follow=True).content.decode()
    assert "“完善政策环境”已退回，部门已收到消息。" in said
    assert (policy(case).is_done, status(client, case, "完善政策环境")) == (False, "填写中")
    assert kinds(world.editor) == ["part_returned"]
    entry = AuditEntry.objects.get(action="part:return")
    assert (entry.post, json.loads(entry.text)["data"]["words"]) == (world.lead, WORDS)
    again = client.post(path, {"words": WORDS})
    assert again.status_code == 422
    assert "还没有交来审定，不用退回。" in again.content.decode()
    client.force_login(world.editor.user)
    assert WORDS in client.get(at(case, "sections/policy/")).content.decode()
    send(client, case, world.editor, act="done")
    assert WORDS not in client.get(at(case, "sections/policy/")).content.decode()
    assert PartReturn.objects.get().settled_at is not None


def test_a_table_is_given_back_too(client, world, case):
    client.force_login(world.editor.user)
    client.post(at(case, "parts/indicators/done/"), {"act": "done"})
    handing_in.give_back(case.plan, "indicators", WORDS, by=world.lead)
    assert WORDS in client.get(at(case, "tables/indicators/")).content.decode()
    assert status(client, case, "指标") == "填写中"


def test_an_editor_gives_nothing_back(client, world, case):
    client.force_login(world.editor.user)
    assert client.post(at(case, "parts/policy/return/"), {"words": WORDS}).status_code == 403
    with pytest.raises(ValidationError, match="退回修改由城市牵头负责人决定"):
        handing_in.give_back(case.plan, "policy", WORDS, by=world.editor)


def test_the_task_list_says_who_changed_a_part_last(client, world, case):
    send(client, case, world.editor, text=policy(case).text + "\n示例：又一段。")
    page = client.get(at(case)).content.decode()
    assert f"3月2日 09:00 修改 {world.editor.user.full_name}" in page
