"""Four people of three departments write one plan at once, in four browsers: whatever anybody typed is there once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from applications.models import Section
from applications.services import team
from portal import clock
from portal.roles import Role
from review.states import State as S
from tests.browser import road
from tests.browser.drafting import Editor
from tests.browser.looks import RUN, TAGS
from tests.builders import World, person
from tests.conftest import START
from tests.stage import empty_tables

pytestmark = pytest.mark.django_db(transaction=True)
SAVED, FIRST = "已保存 ", "示例：税务局在本部分写的一段。"
BEFORE, MINE, THEIRS = "到2028年覆盖率达到60%。", "到2028年底覆盖率达到60%。", "到2028年覆盖率达到65%。"


class Table:
    """The people at their parts: commerce and industry share the policy part, taxation has the support part."""

    def __init__(self, server: str):
        self.world = World()
        self.case = self.world.draft()
        self.url, self.ref = server, self.case.plan.reference
        plan, lead = self.case.plan, self.world.lead
        offices = [team.add_department(plan, f"嘉兴市示例{name}", by=lead) for name in ("工信局", "税务局")]
        self.commerce = self.world.editor
        self.industry, self.taxation = [person(Role.CITY_EDITOR, office) for office in offices]
        shared = {self.commerce.organisation_id: "in_charge", offices[0].pk: "helps"}
        team.divide(plan, "policy", shared, by=lead)
        team.divide(plan, "support", {offices[1].pk: "in_charge"}, by=lead)

    def text(self, key: str) -> str:
        return Section.objects.get(plan=self.case.plan, key=key).text


@pytest.fixture(scope="module")
def table(_module_settings, django_db_setup, django_db_blocker):
    clock.set_to(START)
    with django_db_blocker.unblock():
        empty_tables()
        server = LiveServer("localhost")
        try:
            yield Table(server.url)
        finally:
            server.stop()
            empty_tables()


@pytest.fixture
def _django_db_helper(table):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.fixture
def sits(browser, table):
    """Return ``sits(post)``: the person's page in a browser of their own."""
    made = []

    def _sits(post):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        context.add_cookies([{"name": "sessionid", "value": road.session(post), "url": table.url}])
        context.add_init_script(Axe().axe_script)
        made.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield _sits
    for context in made:
        context.close()


def opened(page, table, key) -> Editor:
    page.clock.install()
    return Editor(page, table, key).open()


def faults(page) -> list:
    return page.evaluate(RUN, TAGS)


def press(page, name: str) -> None:
    """Press a button of the editor that leads to the task list."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/plans/*-1/")


def test_four_people_write_hand_in_and_submit_without_losing_a_word(table, sits):
    one, two = opened(sits(table.commerce), table, "policy"), opened(sits(table.industry), table, "policy")
    three, lead = opened(sits(table.taxation), table, "support"), opened(sits(table.world.lead), table, "positioning")
    # Different parts, and different paragraphs of one part.
    three.add(FIRST).wait(2).sees(SAVED)
    lead.add("示例：牵头人写总体要求。").wait(2).sees(SAVED)
    one.add("示例：商务局写在最后的一段。").wait(2).sees(SAVED)
    two.field.fill("示例：工信局写在最前的一段。\n" + two.field.input_value())
    two.wait(2).sees("已并入别人在其他段落的修改")
    # The same paragraph: a panel, in which nothing is lost.
    one.open()
    one.field.fill(one.field.input_value().replace(BEFORE, THEIRS))
    one.wait(2).sees(SAVED)
    two.field.fill(two.field.input_value().replace(BEFORE, MINE))
    two.wait(2).sees("请在下面选择")
    panel = two.page.locator("[data-conflict-panel]")
    assert faults(two.page) == []
    panel.get_by_label("两段都留下").check()
    panel.get_by_role("button").click()
    two.sees(SAVED)
    # Whose part it is not reads it.
    three.page.goto(f"{table.url}/plans/{table.ref}/sections/policy/")
    expect(three.page.locator("textarea[name=text]")).to_have_count(0)
    expect(three.page.get_by_text("但不能修改")).to_be_visible()
    # Handed in by the departments, signed off by the lead, submitted once.
    one.open()
    press(one.page, "交牵头审定")
    press(three.open().page, "交牵头审定")
    for key in ("policy", "support"):
        lead.page.goto(f"{table.url}/plans/{table.ref}/sections/{key}/")
        press(lead.page, "审定这部分")
    lead.page.goto(f"{table.url}/plans/{table.ref}/moves/submit/")
    lead.page.locator("main [name=declared]").check()
    assert faults(lead.page) == []
    lead.page.locator("main form button.btn").dblclick()
    lead.page.wait_for_url("**/receipts/1/")
    table.case.refresh_from_db()
    assert (table.case.state, table.case.plan.versions.count()) == (S.WITH_CHANNEL, 1)
    policy = table.text("policy")
    for sentence in ("示例：商务局写在最后的一段。", "示例：工信局写在最前的一段。", MINE, THEIRS):
        assert policy.count(sentence) == 1, policy
    assert table.text("support").count(FIRST) == 1
    assert table.text("positioning").count("示例：牵头人写总体要求。") == 1
