"""The safeguards' records: what is refused, what stays missing, and how they are read."""

import re
from datetime import date

from applications import checks
from applications.models import Summaries
from review.reading import record_facts
from review.states import State as S


def test_a_first_summary_before_the_plan_is_refused_in_words(client, world, case):
    client.force_login(world.lead.user)
    sent = {"frequency": "yearly", "lead_department": "市发展改革委", "form": "书面", "recipients": "协调小组"}
    path = f"/plans/{case.plan.reference}/records/summaries/"
    before = Summaries.objects.get(plan=case.plan).first_due
    answer = client.post(path, sent | {"first_due": "2025-12-31"})
    assert answer.status_code == 422
    assert "首次总结时间不能早于方案的起始年份：请填写2026年或以后的日期。" in answer.content.decode()
    assert Summaries.objects.get(plan=case.plan).first_due == before
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(path).content.decode())
    client.post(path, sent | {"first_due": "2026-01-01", "seen": seen[1]})
    assert Summaries.objects.get(plan=case.plan).first_due == date(2026, 1, 1)


def test_a_first_summary_before_the_plan_does_not_count_as_given(case):
    assert checks.missing_in(case.plan, "summaries") == []
    Summaries.objects.filter(plan=case.plan).update(first_due=date(2025, 12, 31))
    assert checks.missing_in(case.plan, "summaries") == ["首次总结时间"]


def test_a_record_is_read_in_the_order_of_its_form():
    record = {"recipients": "协调小组", "first_due": "2026-12-31", "form": "书面", "frequency": "yearly"}
    labels = [fact["label"] for fact in record_facts("summaries", record)]
    fields = ("frequency", "form", "recipients", "first_due")
    assert labels == [str(Summaries._meta.get_field(name).verbose_name) for name in fields]


def test_task_list_says_what_is_open(client, world, case):
    client.force_login(world.lead.user)
    drafting = client.get(f"/plans/{case.plan.reference}/").content.decode()
    assert "各部分可以随时、按任意顺序填写" in drafting
    assert "/import/" in drafting
    ready = world.case(S.READY, world.direct, world.direct_lead)
    client.force_login(world.direct_lead.user)
    shown = client.get(f"/plans/{ready.plan.reference}/").content.decode()
    assert "这一步只开放部分内容" in shown
    assert "各部分可以随时、按任意顺序填写" not in shown
    assert "/import/" not in shown
