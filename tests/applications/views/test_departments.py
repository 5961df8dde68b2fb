"""A department of the team gets another name, or is taken off when it was entered by mistake."""

import json

import pytest

from applications.models import Duty, Section
from applications.services import team
from portal.models import AuditEntry, Organisation
from portal.roles import Role
from tests.builders import person
from tests.pages import text

IN_CHARGE = Duty.Kind.IN_CHARGE
NAME = "嘉兴市示例工信局"


@pytest.fixture
def joined(world, case):
    return team.add_department(case.plan, NAME, by=world.lead)


@pytest.fixture
def lead(client, world):
    world.editor  # noqa: B018 - the department of the editor belongs to the team
    client.force_login(world.lead.user)
    return client


def at(case, department):
    return f"/plans/{case.plan.reference}/team/departments/{department.pk}/"


def names():
    return set(Organisation.objects.filter(kind="city_department").values_list("name", flat=True))


def test_another_name_stands_in_the_team_and_where_the_department_is_in_charge(lead, world, case, joined):
    team.divide(case.plan, "policy", {joined.pk: IN_CHARGE}, by=world.lead)
    answer = lead.post(at(case, joined), {"name": " 嘉兴市示例工业和信息化局 "}, follow=True)
    assert "部门名称已改为“嘉兴市示例工业和信息化局”。" in text(answer)
    joined.refresh_from_db()
    assert (joined.name, joined.short_name) == ("嘉兴市示例工业和信息化局",) * 2
    assert Section.objects.get(plan=case.plan, key="policy").department == joined.name
    told = json.loads(AuditEntry.objects.get(action="organisation:rename").text)["data"]
    assert (told["had"], told["name"]) == (NAME, joined.name)


def test_a_part_that_is_closed_keeps_the_name_it_was_handed_over_with(world, case, joined):
    team.divide(case.plan, "policy", {joined.pk: IN_CHARGE}, by=world.lead)
    case.plan.open_parts = ["support"]
    case.plan.save(update_fields=["open_parts"])
    team.rename_department(case.plan, joined.pk, "嘉兴市示例数据局", by=world.lead)
    assert Section.objects.get(plan=case.plan, key="policy").department == NAME


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "请填写"),
        ("局", "部门名称请用2至40个字。"),
        ("长" * 41, "部门名称请用2至40个字。"),
        ("taken", "已经在编写组里。"),
    ],
    ids=["empty", "one character", "too long", "another's"],
)
def test_a_name_that_does_not_do_is_refused_in_words(lead, world, case, joined, name, said):
    before, noted = names(), AuditEntry.objects.count()
    answer = lead.post(at(case, joined), {"name": world.editor.organisation.name if name == "taken" else name})
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["name"])
    assert (names(), AuditEntry.objects.count()) == (before, noted)


def test_the_same_name_again_changes_nothing(lead, case, joined):
    noted = AuditEntry.objects.count()
    assert lead.post(at(case, joined), {"name": NAME}).status_code == 302
    assert AuditEntry.objects.count() == noted


def test_a_department_entered_by_mistake_is_taken_off(lead, case, joined):
    assert f"将“{NAME}”撤出编写组" in text(lead.get(at(case, joined)))
    answer = lead.post(at(case, joined), {"take_off": "1"}, follow=True)
    assert f"“{NAME}”已撤出编写组。" in text(answer)
    assert NAME not in names()
    assert NAME in AuditEntry.objects.get(action="organisation:strike").text
    assert lead.get(at(case, joined)).status_code == 404


def test_a_department_with_parts_or_people_stays(lead, world, case, joined):
    team.divide(case.plan, "policy", {joined.pk: IN_CHARGE}, by=world.lead)
    answer = lead.post(at(case, joined), {"take_off": "1"})
    assert answer.status_code == 422
    assert f"“{NAME}”承担着方案的部分内容。请先改由其他部门承担。" in text(answer)
    team.divide(case.plan, "policy", {}, by=world.lead)
    person(Role.CITY_EDITOR, joined)
    answer = lead.post(at(case, joined), {"take_off": "1"})
    assert answer.status_code == 422
    assert f"“{NAME}”有人员正在或曾经编写方案" in text(answer)
    assert NAME in names()
    assert "撤出编写组</button>" not in answer.content.decode()


def test_other_cities_departments_and_the_government_are_not_found(lead, world, case):
    world.editor  # noqa: B018
    stranger = Organisation.objects.create(kind="city_department", name="示例外市商务局", short_name="示例外市商务局")
    for one in (stranger, case.plan.city.government):
        assert lead.get(at(case, one)).status_code == 404
        assert lead.post(at(case, one), {"name": "示例新名称"}).status_code == 404


def test_editors_do_not_rename(client, world, case, joined):
    client.force_login(world.editor.user)
    assert client.get(at(case, joined)).status_code == 403
    assert client.post(at(case, joined), {"name": "示例新名称"}).status_code == 403
    assert NAME in names()


def test_the_team_page_leads_there_for_the_lead_alone(lead, client, world, case, joined):
    page = lead.get(f"/plans/{case.plan.reference}/team/").content.decode()
    assert f'href="{at(case, joined)}"' in page
    client.force_login(world.editor.user)
    assert at(case, joined) not in client.get(f"/plans/{case.plan.reference}/team/").content.decode()
