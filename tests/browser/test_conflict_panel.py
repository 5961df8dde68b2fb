"""The conflict panel open: accessible and within the window in both languages, and settled with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from applications.services import sections
from applications.services.sections import Base, Draft
from tests.browser.drafting import Editor, enter
from tests.browser.keys import Keys
from tests.browser.looks import RUN, TAGS

pytestmark = pytest.mark.django_db(transaction=True)
PREFIX = {"zh-CN": "", "en": "/en"}


@pytest.fixture
def _django_db_helper(desk):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.fixture
def clash(browser, desk):
    """Return ``clash(language, width)``: an editor whose first paragraph somebody else has changed just before."""
    made = []

    def _clash(language: str, width: int) -> Editor:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
        made.append(enter(context, desk, desk.world.lead))
        context.add_init_script(Axe().axe_script)
        at = Editor(context.new_page(), desk, "policy")
        at.address = at.address.replace(desk.url, desk.url + PREFIX[language])
        at.open()
        _somebody_else_saves(desk, f"示例：别人用{language}在{width}写的。")
        lines = at.field.input_value().split("\n")
        at.field.fill("\n".join([f"示例：我用{language}在{width}写的。", *lines[1:]]))
        at.field.press("Control+s")
        expect(at.page.locator("[data-conflict-panel]")).to_be_visible()
        return at

    yield _clash
    for context in made:
        context.close()


def _somebody_else_saves(desk, text: str) -> None:
    part = desk.case.plan.sections.get(key="policy")
    lines = [p["text"] for p in part.paragraphs]
    lines[0] = text
    sections.save(desk.case.plan, "policy", Draft("\n".join(lines), Base.of(part)), by=desk.world.editor)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", list(PREFIX))
def test_the_open_panel_is_accessible_and_fits(clash, language, width):
    at = clash(language, width)
    assert at.page.evaluate(RUN, TAGS) == []
    assert at.page.evaluate("document.documentElement.scrollWidth") <= width
    assert at.page.evaluate("document.activeElement.matches('[data-conflict-panel] h2')"), "the panel has the focus"


def test_it_is_settled_with_the_keyboard_alone(clash, desk):
    at = clash("zh-CN", 1366)
    keys = Keys(at.page)
    keys.to(tag="TEXTAREA")
    keys.to(type="radio")
    keys.press("ArrowRight")
    assert (keys.focused()["value"], keys.focused()["checked"]) == ("mine", True)
    keys.to(tag="BUTTON")
    keys.press("Enter")
    at.sees("已保存")
    expect(at.page.locator("[data-conflict-panel]")).to_be_hidden()
    desk.holds("policy", "示例：我用zh-CN在1366写的。")
