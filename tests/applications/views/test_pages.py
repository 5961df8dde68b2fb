"""Every drafting page opens for the city's own people, in both languages, and for nobody else."""

import pytest

from review.states import State

PAGES = (
    "", "basics/", "import/", "sections/policy/", "sections/basis/", "sections/appendix/", "tables/indicators/",
    "tables/measures/", "tables/milestones/", "tables/consultations/", "tables/indicators/add/", "tables/measures/add/",
    "tables/milestones/add/", "tables/consultations/add/", "records/leading_group/", "records/coordination/",
    "records/assessment/", "records/summaries/", "records/funds/", "attachments/", "checks/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_opens_for_the_city(client, world, case, page, prefix):
    client.force_login(world.editor.user)
    response = client.get(f"{prefix}/plans/{case.plan.reference}/{page}")
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_page_is_unknown_to_other_cities(client, world, case, page):
    client.force_login(world.neighbour_lead.user)
    assert client.get(f"/plans/{case.plan.reference}/{page}").status_code == 404


@pytest.mark.parametrize("page", [p for p in PAGES if p and "add" not in p and "import" not in p])
def test_page_can_be_read_while_the_plan_is_away(client, world, page):
    case = world.case(State.WITH_CHANNEL)
    client.force_login(world.lead.user)
    response = client.get(f"/plans/{case.plan.reference}/{page}")
    assert response.status_code == 200
    assert b'type="submit">' + "保存".encode() not in response.content


@pytest.mark.parametrize("page", ["sections/indicators/", "sections/none/", "tables/policy/", "records/policy/"])
def test_unknown_part(client, world, case, page):
    client.force_login(world.lead.user)
    assert client.get(f"/plans/{case.plan.reference}/{page}").status_code == 404


def test_channel_page(client, world):
    client.force_login(world.lead.user)
    assert client.get("/city/channel/").status_code == 200
