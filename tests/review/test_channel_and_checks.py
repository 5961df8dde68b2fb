"""The channel declaration, the check before submitting, and the import of a draft."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from docx import Document
from PIL import Image

from applications.models import Plan, Section
from review.models import Case
from review.states import State


def scan():
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    return SimpleUploadedFile("函.png", stream.getvalue())


def draft_docx(path=None):
    document = Document()
    document.add_heading("示例市创建工作方案", 0)
    document.add_heading("一、创建基础和需求", 1)
    document.add_paragraph("本市电子商务企业较多。")
    document.add_heading("二、主要任务", 1)
    document.add_heading("（一）完善电子商务政策环境", 2)
    document.add_paragraph("制定网络交易管理办法。")
    document.add_heading("附件：联系名单", 1)
    document.add_paragraph("名单另附。")
    stream = io.BytesIO()
    document.save(path or stream)
    return stream.getvalue()


def test_declaring_the_channel(client, world):
    client.force_login(world.lead.user)
    sent = {"kind": "commerce", "document_title": "示例函", "document_number": "示例〔2026〕1号", "evidence": scan()}
    refused = client.post("/city/channel/", sent)
    assert refused.status_code == 422
    assert "请确认文件不含涉密内容" in refused.content.decode()
    assert not world.city.channels.exists()
    response = client.post("/city/channel/", sent | {"evidence": scan(), "unclassified": "on"}, follow=True)
    assert "渠道单位已定为" in response.content.decode()
    assert world.city.channels.get().declared_by == world.lead


def test_channel_needs_its_document(client, world):
    client.force_login(world.lead.user)
    response = client.post("/city/channel/", {"kind": "commerce"})
    assert response.status_code == 422
    assert "请填写文号，如 示例〔2026〕1号。" in response.content.decode()
    assert not world.city.channels.exists()


def test_channel_page_is_the_citys(client, world):
    client.force_login(world.channel.user)
    assert client.get("/city/channel/").status_code == 403


def test_checks_link_to_the_move_for_the_lead_only(client, world):
    case = world.draft()
    move = f"/plans/{case.plan.reference}/moves/submit/"
    client.force_login(world.lead.user)
    assert move in client.get(f"/plans/{case.plan.reference}/checks/").content.decode()
    client.force_login(world.editor.user)
    assert move not in client.get(f"/plans/{case.plan.reference}/checks/").content.decode()


def test_checks_say_what_blocks_and_where(client, world):
    case = world.draft()
    Section.objects.filter(plan=case.plan, key="policy").update(paragraphs=[])
    client.force_login(world.lead.user)
    response = client.get(f"/plans/{case.plan.reference}/checks/")
    (line,) = response.context["blocking"]
    assert line["url"] == f"/plans/{case.plan.reference}/sections/policy/#id_text"
    assert f"/plans/{case.plan.reference}/moves/submit/" not in response.content.decode()


@pytest.mark.parametrize(
    ("state", "blocked"), [(State.UNDER_REVISION, 1), (State.READY, 0), (State.RETURNED, 0), (State.CHECKING, 0)]
)
def test_checks_in_other_states(client, world, state, blocked):
    if state == State.RETURNED:
        from tests.builders import Walk

        case = world.draft()
        walk = Walk(world, case, world.lead)
        walk.submit()
        walk.return_()
    else:
        case = world.case(state)
    client.force_login(world.lead.user)
    response = client.get(f"/plans/{case.plan.reference}/checks/")
    assert (response.status_code, len(response.context["blocking"])) == (200, blocked)


def test_importing_fills_empty_parts_only(client, world):
    case = world.draft()
    before = Section.objects.get(plan=case.plan, key="policy").paragraphs
    client.force_login(world.editor.user)
    sent = {"file": SimpleUploadedFile("方案.docx", draft_docx()), "unclassified": "on"}
    assert client.post(f"/plans/{case.plan.reference}/import/", sent).status_code == 302
    texts = {s.key: s.text for s in case.plan.sections.all()}
    assert texts["basis"] == "本市电子商务企业较多。"
    assert Section.objects.get(plan=case.plan, key="policy").paragraphs == before
    assert texts["appendix"].split("\n") == [
        "（一）完善电子商务政策环境", "制定网络交易管理办法。", "附件：联系名单", "名单另附。",
    ]  # fmt: skip


def test_import_command_opens_a_case(world, tmp_path, capsys):
    assert world.lead
    path = tmp_path / "plan.docx"
    draft_docx(str(path))
    call_command("import_plan", str(path), city="330400")
    plan = Plan.objects.get()
    assert (plan.title, plan.created_by) == ("示例市创建工作方案", world.lead)
    assert "CJ-330400-2026-1" in capsys.readouterr().out


def test_import_command_refuses_and_leaves_nothing(world, tmp_path):
    assert world.lead
    path = tmp_path / "plan.docx"
    path.write_bytes(b"not a document")
    for arguments in ({"city": "330400"}, {"city": "999999"}, {"city": "330400", "call": 1999}):
        with pytest.raises(CommandError):
            call_command("import_plan", str(path), **arguments)
    with pytest.raises(CommandError):
        call_command("import_plan", str(tmp_path / "none.docx"), city="330400")
    assert (Plan.objects.count(), Case.objects.count()) == (0, 0)
