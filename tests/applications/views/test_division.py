"""The division of work: whose part it is, held by every way of writing, whatever the page showed."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.importing import ImportedPlan
from applications.models import Attachment, Duty, Indicator, Section
from applications.services import editing, imports, sections, team
from portal.models import AuditEntry
from portal.roles import Role
from tests.builders import person

IN_CHARGE, HELPS, INFORMED = "in_charge", "helps", "informed"
NOT_YOURS = "由嘉兴市示例工信局编写，你可以在这里阅读，但不能修改。"
TEXT = "示例：本段由另一部门直接提交，应当被拒绝。"


@pytest.fixture
def other(world, case):
    """Another department of the city, with one editor."""
    department = team.add_department(case.plan, "嘉兴市示例工信局", by=world.lead)
    return person(Role.CITY_EDITOR, department)


def give(case, world, part, *duties):
    wanted = {post.organisation_id: kind for post, kind in duties}
    return team.divide(case.plan, part, wanted, by=world.lead)


def address(case, tail):
    return f"/plans/{case.plan.reference}/{tail}"


def sent(client, case, key="policy"):
    form = client.get(address(case, f"sections/{key}/")).context["form"]
    return {name: form.initial.get(name, "") for name in form.fields}


def test_departments_are_those_under_the_government(world, case, other):
    assert set(team.departments(case.plan)) == {other.organisation}
    assert set(team.departments(case.plan)) | {world.editor.organisation} == set(team.departments(case.plan))
    assert team.person_department(other, case.plan) == other.organisation
    assert team.person_department(world.lead, case.plan) == world.city.government
    assert team.person_department(world.neighbour_lead, case.plan) is None


def test_the_government_is_a_department_once_somebody_writes_for_it(world, case):
    assert world.city.government not in team.departments(case.plan)
    person(Role.CITY_EDITOR, world.city.government)
    assert world.city.government in team.departments(case.plan)


def test_only_the_lead_divides(world, case, other):
    for stranger in (world.editor, world.neighbour_lead):
        with pytest.raises(ValidationError, match="分工由城市牵头负责人确定"):
            team.divide(case.plan, "policy", {other.organisation_id: IN_CHARGE}, by=stranger)
        with pytest.raises(ValidationError, match="分工由城市牵头负责人确定"):
            team.add_department(case.plan, "嘉兴市示例税务局", by=stranger)
    assert Duty.objects.count() == 0


@pytest.mark.parametrize(
    ("part", "duties", "words"),
    [
        ("nowhere", {}, "没有这一部分：nowhere"),
        ("policy", {0: IN_CHARGE}, "这个部门不在编写组里。请刷新页面后重新选择。"),
        ("policy", {"both": IN_CHARGE}, "一个部分只有一个主责部门，其他部门协办。"),
    ],
)
def test_a_wrong_division_is_refused_in_words(world, case, other, part, duties, words):
    if "both" in duties:
        duties = {other.organisation_id: IN_CHARGE, world.editor.organisation_id: IN_CHARGE}
    with pytest.raises(ValidationError, match=words):
        team.divide(case.plan, part, duties, by=world.lead)
    assert Duty.objects.count() == 0


def test_a_closed_part_is_not_divided(world, case, other):
    case.plan.open_parts = ["safeguards"]
    case.plan.save(update_fields=["open_parts"])
    with pytest.raises(editing.Closed):
        give(case, world, "policy", (other, IN_CHARGE))


@pytest.mark.parametrize(("name", "words"), [("工", "请用2至40个字"), ("嘉兴市示例工信局", "已经在编写组里")])
def test_a_department_is_named_once(world, case, other, name, words):
    with pytest.raises(ValidationError, match=words):
        team.add_department(case.plan, name, by=world.lead)


def test_the_division_is_on_record_and_names_the_department_in_the_text(world, case, other):
    gained = give(case, world, "policy", (other, IN_CHARGE), (world.editor, HELPS))
    assert gained == {IN_CHARGE: [other.organisation], HELPS: [world.editor.organisation]}
    assert Section.objects.get(plan=case.plan, key="policy").department == "嘉兴市示例工信局"
    entry = AuditEntry.objects.get(action="duty:divide")
    assert json.loads(entry.text)["data"] == {
        "reference": case.plan.reference,
        "part": "policy",
        "duties": {"嘉兴市示例工信局": IN_CHARGE, "嘉兴市商务局": HELPS},
    }
    assert give(case, world, "policy", (other, IN_CHARGE), (world.editor, HELPS)) == {}
    assert AuditEntry.objects.filter(action="duty:divide").count() == 1


def test_the_department_in_charge_cannot_be_typed_over(client, world, case, other):
    client.force_login(other.user)
    before = sent(client, case)  # the page was opened before the work was divided
    give(case, world, "policy", (other, IN_CHARGE))
    path = address(case, "sections/policy/save/")
    for text in (before["text"] + "\n示例：新的一段。", before["text"] + "\n示例：新的一段，又改。"):
        answer = client.post(path, before | {"text": text, "department": "别的部门"})
        assert answer.status_code == 200
    row = Section.objects.get(plan=case.plan, key="policy")
    assert row.department == "嘉兴市示例工信局"
    assert row.text.endswith("示例：新的一段，又改。")
    assert "department" not in sent(client, case)


def test_without_a_division_everybody_writes(city, world, case, other):
    answer = city.post(address(case, "sections/policy/save/"), sent(city, case) | {"text": TEXT})
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", [IN_CHARGE, HELPS])
def test_those_in_charge_and_those_who_help_write(city, world, case, other, kind):
    give(case, world, "policy", (world.editor, kind), (other, HELPS))
    answer = city.post(address(case, "sections/policy/save/"), sent(city, case) | {"text": TEXT})
    assert (answer.status_code, Section.objects.get(plan=case.plan, key="policy").text) == (200, TEXT)


def test_the_lead_writes_everything(client, world, case, other):
    give(case, world, "policy", (other, IN_CHARGE))
    client.force_login(world.lead.user)
    answer = client.post(address(case, "sections/policy/save/"), sent(client, case) | {"text": TEXT})
    assert answer.status_code == 200


def test_a_text_of_another_department_is_read_not_written(city, world, case, other):
    before = sent(city, case)
    give(case, world, "policy", (other, IN_CHARGE), (world.editor, INFORMED))
    page = city.get(address(case, "sections/policy/")).content.decode()
    assert NOT_YOURS in page
    assert 'name="text"' not in page
    kept = Section.objects.get(plan=case.plan, key="policy")
    saved = city.post(address(case, "sections/policy/save/"), before | {"text": TEXT})
    assert (saved.status_code, saved.json()["error"]) == (409, "closed")
    assert NOT_YOURS in saved.json()["words"]
    assert "留在这一部分的修改历史里" in saved.json()["words"]
    lost = kept.revisions.get()
    assert (lost.cause, lost.by, [p["text"] for p in lost.paragraphs]) == ("closed", world.editor, [TEXT])
    answer = city.post(address(case, "sections/policy/"), before | {"text": TEXT, "act": "done"})
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()  # what was typed can still be copied
    now = Section.objects.get(plan=case.plan, key="policy")
    assert (now.text, now.revision, now.is_done) == (kept.text, kept.revision, False)
    assert now.revisions.count() == 1, "the same text is kept once"


def test_whoever_writes_the_part_now_can_put_in_what_met_the_closed_door(city, client, world, case, other):
    before = sent(city, case)
    give(case, world, "policy", (other, IN_CHARGE))
    city.post(address(case, "sections/policy/save/"), before | {"text": before["text"] + "\n" + TEXT})
    client.force_login(world.lead.user)
    link = f'<a href="{address(case, "sections/policy/history/")}">没有保存成功、另外留下的文字</a>'
    assert link in client.get(address(case, "sections/policy/")).content.decode()
    page = client.get(address(case, "sections/policy/history/")).content.decode()
    assert "没有保存：这一部分当时已不能修改，或已交给其他部门" in page
    held = Section.objects.get(plan=case.plan, key="policy").revisions.get()
    client.post(
        address(case, "sections/policy/history/"), {"revision": held.pk, "paragraph": held.paragraphs[-1]["id"]}
    )
    assert Section.objects.get(plan=case.plan, key="policy").text.split("\n")[-1] == TEXT


def test_an_earlier_text_of_another_department_is_not_put_back(city, world, case, other):
    first = Section.objects.get(plan=case.plan, key="policy")
    sections.save(case.plan, "policy", sections.Draft(TEXT, sections.Base.of(first)), by=world.lead)
    give(case, world, "policy", (other, IN_CHARGE))
    held = first.revisions.order_by("pk").first()
    page = city.get(address(case, "sections/policy/history/")).content.decode()
    assert 'name="revision"' not in page
    city.post(address(case, "sections/policy/history/"), {"revision": held.pk})
    assert Section.objects.get(plan=case.plan, key="policy").text == TEXT


def test_rows_of_another_department_stay_as_they_are(city, world, case, other):
    give(case, world, "indicators", (other, IN_CHARGE))
    row = Indicator.objects.get(plan=case.plan)
    at, before = address(case, "tables/indicators/"), Indicator.objects.values().get()
    assert NOT_YOURS in city.get(at).content.decode()
    form = city.get(f"{at}{row.pk}/").context["form"]
    values = {n: "" if v is None else v for n, v in ((n, form[n].value()) for n in form.fields)}
    assert city.post(f"{at}{row.pk}/", values | {"target_value": "999"}).status_code == 409
    assert city.post(f"{at}add/", values | {"name": "示例指标"}).status_code == 409
    text = "指标\t所属任务\t软硬\t目标年\t目标值\t单位\n示例指标\t深化应用\t硬\t2028\t5\t亿元\n"
    assert city.post(f"{at}paste/", {"text": text}).status_code == 409
    for tail, values in ((f"{row.pk}/delete/", {}), (f"{row.pk}/move/", {"to": "up"}), ("undo/", {"change": "1"})):
        answer = city.post(f"{at}{tail}", values, follow=True)
        assert NOT_YOURS in answer.content.decode()
    assert Indicator.objects.values().get() == before


@pytest.mark.parametrize(("part", "tail"), [("summaries", "records/summaries/"), ("basics", "basics/")])
def test_records_and_basic_data_of_another_department(city, world, case, other, part, tail):
    form = city.get(address(case, tail)).context["form"]
    values = {n: "" if v is None else v for n, v in ((n, form[n].value()) for n in form.fields)}
    give(case, world, part, (other, IN_CHARGE))
    saves = AuditEntry.objects.filter(action__endswith=":save").count()
    answer = city.post(address(case, tail), values | {"form": "另一种形式", "contact_name": "示例·别人"})
    assert answer.status_code == 409
    assert NOT_YOURS in answer.content.decode()
    assert AuditEntry.objects.filter(action__endswith=":save").count() == saves


def test_files_of_another_department(city, world, case, other):
    give(case, world, "attachments", (other, IN_CHARGE))
    row, files = Attachment.objects.get(plan=case.plan), AuditEntry.objects.filter(action="file:keep").count()
    file = SimpleUploadedFile("示例.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    sent_ = {"file": file, "title": "示例", "kind": "ordinary", "unclassified": "on"}
    answer = city.post(address(case, "attachments/"), sent_)
    assert (answer.status_code, NOT_YOURS in answer.content.decode()) == (422, True)
    city.post(address(case, f"attachments/{row.pk}/delete/"))
    assert Attachment.objects.get(plan=case.plan) == row
    assert AuditEntry.objects.filter(action="file:keep").count() == files


def test_a_word_draft_fills_only_what_is_ones_own(world, case, other):
    Section.objects.filter(plan=case.plan, key__in=["policy", "support"]).update(paragraphs=[])
    give(case, world, "policy", (other, IN_CHARGE))
    read = ImportedPlan(sections={"policy": ["示例甲。"], "support": ["示例乙。"]}, unplaced=[], notes=[])
    imports.take_over(case.plan, read, by=world.editor)
    texts = {s.key: s.text for s in Section.objects.filter(plan=case.plan)}
    assert (texts["policy"], texts["support"]) == ("", "示例乙。")
    assert texts["appendix"].endswith("示例甲。")


def test_two_who_change_one_paragraph_of_a_divided_part_choose(client, world, case, other):
    give(case, world, "policy", (other, IN_CHARGE), (world.editor, HELPS))
    client.force_login(other.user)
    before = sent(client, case)
    assert "60%" in before["text"]
    path = address(case, "sections/policy/save/")
    client.post(path, before | {"text": before["text"].replace("60%", "65%")})
    client.force_login(world.editor.user)
    mine = before | {"text": before["text"].replace("60%", "70%"), "page": "another"}
    answer = client.post(path, mine)
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert client.post(address(case, "sections/policy/"), mine).status_code == 409
    assert "65%" in Section.objects.get(plan=case.plan, key="policy").text
