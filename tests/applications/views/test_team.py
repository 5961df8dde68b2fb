"""The page of a plan's team: the matrix, the people, and the lead's division of one part after the other."""

import re

import pytest

from applications.models import Duty
from applications.services import sections, team
from applications.services.sections import Base, Draft
from portal.models import AuditEntry, Notice, Organisation
from portal.roles import Role
from tests.builders import person
from tests.pages import counted, text

IN_CHARGE, HELPS = "in_charge", "helps"


@pytest.fixture
def other(world, case):
    return person(Role.CITY_EDITOR, team.add_department(case.plan, "嘉兴市示例工信局", by=world.lead))


@pytest.fixture
def lead(client, world):
    world.editor  # noqa: B018 - the department of the editor belongs to the team
    client.force_login(world.lead.user)
    return client


def at(case, tail=""):
    return f"/plans/{case.plan.reference}/team/{tail}"


def line(answer, part):
    """Return the words of a part's line of the matrix."""
    page = answer.content.decode()
    found = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if f"/{part}/" in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).strip()


def test_the_matrix_says_who_writes_what(lead, world, case, other):
    assert "还没有分工：编写组成员可以编写每个部分。" in text(lead.get(at(case)))
    duties = {other.organisation_id: IN_CHARGE, world.editor.organisation_id: HELPS}
    team.divide(case.plan, "policy", duties, by=world.lead)
    page = lead.get(at(case))
    assert "还没有分工" not in text(page)
    assert re.search(r"完善政策环境 (协办 主责|主责 协办) ", line(page, "policy"))
    assert "主责" not in line(page, "support")


def test_the_lead_divides_part_by_part(lead, world, case, other):
    fields = {f"department_{other.organisation_id}": IN_CHARGE, f"department_{world.editor.organisation_id}": HELPS}
    answer = lead.post(at(case, "policy/"), fields | {"next": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == at(case, "support/")
    assert "“完善政策环境”的分工已保存。" in answer.content.decode()
    assert dict(Duty.objects.values_list("organisation_id", "kind")) == {
        other.organisation_id: IN_CHARGE,
        world.editor.organisation_id: HELPS,
    }
    told = Notice.objects.get(recipient=other.user)
    assert (told.kind, told.path) == ("duty", at(case))
    twice = dict.fromkeys(fields, IN_CHARGE)
    refused = lead.post(at(case, "policy/"), twice)
    assert refused.status_code == 422
    assert "一个部分只有一个主责部门，其他部门协办。" in refused.content.decode()
    assert lead.get(at(case, "nowhere/")).status_code == 404


def test_a_department_joins_and_waits_for_its_first_person(lead, world, case):
    answer = lead.post(at(case), {"name": "嘉兴市示例税务局"}, follow=True)
    assert "“嘉兴市示例税务局”已加入编写组。" in answer.content.decode()
    assert "这个部门还没有人可以登录填写。" in text(answer)
    assert "/city/people/invite/?department=%E5%98%89" in answer.content.decode()
    made = Organisation.objects.get(name="嘉兴市示例税务局")
    assert (made.kind, made.parent, made.region_code) == ("city_department", world.city.government, "330400")
    entry = AuditEntry.objects.get(action="organisation:establish")
    assert entry.post == world.lead
    again = lead.post(at(case), {"name": "嘉兴市示例税务局"})
    assert again.status_code == 422
    assert "已经在编写组里" in again.content.decode()
    assert lead.post(at(case), {"name": " "}).status_code == 422


def test_the_people_with_telephone_and_what_they_wrote(lead, world, case):
    user = world.editor.user
    user.phone = "0573-0000001"
    user.save(update_fields=["phone"])
    section = case.plan.sections.get(key="policy")
    draft = Draft(section.text + "\n示例：新的一段。", Base.of(section), section.department)
    sections.save(case.plan, "policy", draft, by=world.editor)
    page = text(lead.get(at(case)))
    assert f"{user.full_name} 城市编写人员 0573-0000001 3月2日 09:00 完善政策环境 1次，最近3月2日 09:00" in page


def test_an_editor_reads_and_a_stranger_does_not(client, world, case, other):
    client.force_login(other.user)
    page = client.get(at(case))
    assert page.status_code == 200
    assert "改分工" not in page.content.decode()
    assert client.post(at(case), {"name": "嘉兴市示例税务局"}).status_code == 403
    assert client.get(at(case, "policy/")).status_code == 403
    client.force_login(world.neighbour_lead.user)
    assert client.get(at(case)).status_code == 404


def test_as_many_queries_for_many_departments_as_for_one(client, world, case, other):
    def see(post, path):
        client.force_login(post.user)
        return client.get(path)

    team.divide(case.plan, "support", {other.organisation_id: IN_CHARGE}, by=world.lead)
    one = counted(see, world.lead, at(case))
    for name in ("甲局", "乙局", "丙局"):
        post = person(Role.CITY_EDITOR, team.add_department(case.plan, f"嘉兴市示例{name}", by=world.lead))
        team.divide(case.plan, "support", {post.organisation_id: IN_CHARGE}, by=world.lead)
    assert counted(see, world.lead, at(case)) == one


def test_who_was_consulted_stands_beside_the_division(lead, world, case):
    ledger = f"/plans/{case.plan.reference}/tables/consultations/"
    case.plan.consultations.update(outcome="partly", dissenting="示例市规划部门", dissent="示例：宜由区县确定。")
    page = lead.get(at(case))
    row = case.plan.consultations.get()
    assert f"{row.form} {row.who} 部分采纳 示例市规划部门保留不同意见。" in text(page)
    assert ledger in page.content.decode()
    case.plan.consultations.all().delete()
    page = lead.get(at(case))
    assert "台账还是空的" in text(page)
    assert ledger in page.content.decode()
