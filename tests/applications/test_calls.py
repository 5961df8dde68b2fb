"""Gates and guidance of a call: data of the group office, checked in words, versions kept for ever."""

import html
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from applications.models import Guidance
from applications.parts import PARTS
from applications.services import calls
from portal import clock
from portal.models import AuditEntry
from review import machine
from review.guards import Asked
from review.states import State as S
from tests.builders import Walk

CLOSED = {"preliminary_until": date(2026, 3, 1), "formal_from": None, "formal_until": None}


def gates(world, **days):
    call = calls.set_gates(world.call, **{**dict.fromkeys(CLOSED), **days}, by=world.group_office)
    world.call.refresh_from_db()
    return call


def test_committed_data_set_no_gate_and_load_twice_changes_nothing(world):
    call_command("load_programme")
    world.call.refresh_from_db()
    assert (world.call.preliminary_until, world.call.formal_from, world.call.formal_until) == (None, None, None)
    assert Guidance.objects.count() == len(PARTS) - 1  # every part but the appendix
    assert set(Guidance.objects.values_list("number", flat=True)) == {1}


def test_gate_stops_first_submissions_alone(world):
    late, returned = world.draft(), world.case(S.RETURNED, world.neighbour, world.neighbour_lead)
    gates(world, preliminary_until=date(2026, 3, 1))
    told = machine.obstacles(late, "submit", Asked(world.lead))
    assert [t for t in told if "2026-03-01" in t] == [
        "本次创建工作初步方案的提交已于 2026-03-01 截止。后续安排请咨询协调小组办公室。"
    ]
    returned.refresh_from_db()
    assert returned.state == S.RETURNED  # closing moves nothing
    Walk(world, returned, world.neighbour_lead).fire(
        "submit", world.neighbour_lead, given={"change_note": "补充指标来源"}
    )
    gates(world, preliminary_until=clock.today())
    late.refresh_from_db()
    Walk(world, late, world.lead).submit()
    assert late.state == S.WITH_CHANNEL
    assert AuditEntry.objects.filter(action="call:gates", post=world.group_office).count() == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"formal_from": date(2026, 3, 3)}, "自 2026-03-03 起办理"),
        ({"formal_until": date(2026, 3, 1)}, "已于 2026-03-01 截止"),
    ],
)
def test_formal_filing_has_a_first_and_a_last_day(world, days, said):
    case = world.case(S.READY)
    gates(world, **days)
    case.refresh_from_db()
    assert any(said in text for text in machine.obstacles(case, "file_formally", Asked(world.drc)))


def test_gates_are_settled_in_order_by_the_group_office_alone(world):
    with pytest.raises(ValidationError, match="协调小组办公室"):
        calls.set_gates(world.call, **CLOSED, by=world.leader)
    with pytest.raises(ValidationError, match="不得早于开始日期"):
        gates(world, formal_from=date(2026, 9, 2), formal_until=date(2026, 9, 1))


def test_guidance_grows_by_versions_with_a_note(world):
    first = calls.guidance(world.call)["policy"]
    row = calls.advise(world.call, "policy", text="示例指引", change_note="补充要求", by=world.group_office)
    assert (row.number, row.by, row.at) == (2, world.group_office, clock.now())
    assert calls.guidance(world.call)["policy"] == row
    assert Guidance.objects.filter(pk=first.pk, text=first.text).exists()
    assert AuditEntry.objects.get(action="guidance:advise").object_id == str(row.pk)
    for wrong in (
        {"part": "policy", "text": "另一示例", "change_note": " "},
        {"part": "policy", "text": "示例指引", "change_note": "无"},
        {"part": "policy", "text": " ", "change_note": "无"},
        {"part": "nothing", "text": "示例", "change_note": "无"},
    ):
        with pytest.raises(ValidationError):
            calls.advise(world.call, **wrong, by=world.group_office)
    with pytest.raises(ValidationError, match="协调小组办公室"):
        calls.advise(world.call, "policy", text="示例", change_note="示例", by=world.lead)


@pytest.mark.parametrize("sql", ["UPDATE applications_guidance SET text = '示例'", "DELETE FROM applications_guidance"])
def test_database_keeps_every_version(world, sql):
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_guidance_stands_folded_in_the_editor_and_on_the_check_page(world, client):
    case = world.draft()
    calls.advise(world.call, "policy", text="示例指引<b>", change_note="补充要求", by=world.group_office)
    client.force_login(world.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    for page in ("sections/policy/", "checks/"):
        answer = client.get(f"/plans/{case.plan.reference}/{page}")
        text = answer.content.decode()
        assert "<summary>编写指引</summary>" in text, page
        assert "示例指引&lt;b&gt;" in text, page
        assert "修改说明：补充要求" in html.unescape(text), page
