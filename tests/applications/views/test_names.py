"""Characters that lie, in names, titles and numbers: not kept, not counted, or refused in words."""

import pytest

from applications.models import Indicator
from applications.services import team
from portal.models import Organisation
from tests.applications.views.test_rows import INDICATOR, table
from tests.pages import text


def ask(client, case, name):
    return client.post(f"/plans/{case.plan.reference}/team/", {"name": name})


@pytest.fixture
def lead(client, world):
    client.force_login(world.lead.user)
    return client


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\ufeff", "\u00ad", "\U000e0041", "\u3164", "\r\n"])
def test_a_department_that_looks_like_one_of_the_team_is_one_of_the_team(lead, world, case, unseen):
    team.add_department(case.plan, "嘉兴市示例工信局", by=world.lead)
    before = Organisation.objects.count()
    for name in (f"嘉兴市示例{unseen}工信局", f"{unseen}嘉兴市示例工信局"):
        if unseen in "\u3164\r\n" and not name.startswith(unseen):
            continue  # in the middle it is a space, which can be seen
        answer = ask(lead, case, name)
        assert "“嘉兴市示例工信局”已经在编写组里" in text(answer)
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("unseen", ["\u200b", "\u2800", "\ufe0f", "　", "\u00a0\u202e"])
def test_what_cannot_be_seen_is_not_filled_in(city, case, unseen):
    answer = city.post(table(case, "indicators"), {**INDICATOR, "name": unseen})
    assert answer.status_code == 422
    assert "请填写指标名称" in text(answer)
    assert Indicator.objects.filter(plan=case.plan).count() == 1  # the one it began with


def test_compatibility_ideographs_are_stored_and_found_in_their_usual_form(city, case):
    sent = {**INDICATOR, "name": "突\ufa0c企业数\u202e"}
    assert city.post(table(case, "indicators"), sent).status_code == 302
    assert Indicator.objects.get(name="突\ufa0c企业数").name == "突兀企业数"
    assert Indicator.objects.filter(name="突兀企业数").count() == 1


def test_a_character_of_one_computer_alone_is_refused_by_its_code_and_nothing_is_lost(city, case):
    answer = city.post(table(case, "indicators"), {**INDICATOR, "name": "示例\ue812企业数"})
    assert answer.status_code == 422
    assert "其他电脑显示不出" in text(answer)
    assert "U+E812" in text(answer)
    assert "示例\ue812企业数" in answer.content.decode()
    assert not Indicator.objects.filter(name__startswith="示例").exists()


def test_rare_characters_and_joined_pictures_stay_as_typed(city, case):
    assert city.post(table(case, "indicators"), {**INDICATOR, "name": "𠮷祥👨‍👩‍👧企业数"}).status_code == 302
    assert Indicator.objects.get(name__endswith="企业数").name == "𠮷祥👨‍👩‍👧企业数"


@pytest.mark.parametrize("typed", ["嘉兴", "嘉\u200b兴", "　嘉兴\u202c"])
def test_a_search_takes_no_notice_of_what_cannot_be_seen(see, world, case, typed):
    assert case.plan.reference in text(see(world.lead, "/plans/", q=typed))
    assert case.plan.reference not in text(see(world.lead, "/plans/", q=typed + "别处"))
