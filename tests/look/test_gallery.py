import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation

from tests.look import gallery

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
COVERED = """() => [...document.querySelectorAll('a, button, input, select, textarea, [tabindex="0"]')]
  .filter(e => e.offsetParent && !e.disabled && !e.classList.contains('skip')).map(e => {
    e.focus(); e.scrollIntoView({block: 'nearest'});
    const box = e.getBoundingClientRect();
    const x = box.left + Math.min(box.width / 2, 40), y = box.top + Math.min(box.height / 2, 20);
    const top = document.elementFromPoint(x, y);
    return top && (e === top || e.contains(top) || top.contains(e)) ? '' : e.outerHTML.slice(0, 120);
  }).filter(Boolean)"""


def violations(page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]


def rendered(language: str, **changes) -> str:
    with translation.override(language):
        return gallery.html({**gallery.context(), **changes})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_component_is_accessible_and_fits(show, page, language, width):
    shown = show(rendered(language), width)
    assert page.locator(".todo li").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert shown["complaints"] == []
    # axe is put into the page by script, which the policy rightly refuses: it looks at the page without it.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_covers_what_has_the_focus(show, page, width):
    show(rendered("zh-hans"), width)
    assert page.evaluate(COVERED) == []


def test_text_spacing_does_not_break_the_page(show, page):
    show(rendered("zh-hans"), 390)
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.add_style_tag(
        content="* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_title_says_when_the_form_is_wrong(show, page):
    show(rendered("zh-hans"))
    assert page.title() == "有误：样张 - 国家电子商务示范城市创建工作平台"
    show(rendered("zh-hans", form=gallery.ReplyForm()))
    assert page.title() == "样张 - 国家电子商务示范城市创建工作平台"
    assert page.locator("[data-error-summary]").count() == 0


def test_language_of_the_page(show, page):
    show(rendered("en"))
    assert page.locator("html").get_attribute("lang") == "en"
    show(rendered("zh-hans"))
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_short_table_becomes_cards_on_a_phone(show, page):
    show(rendered("zh-hans"), 390)
    cell = page.locator("table.cards td[data-label='目标值']")
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"目标值"'
    assert cell.evaluate("e => getComputedStyle(e).display") == "grid"
    page.set_viewport_size({"width": 1280, "height": 900})
    assert cell.evaluate("e => getComputedStyle(e).display") == "table-cell"


def test_wide_table_scrolls_in_its_own_region(show, page):
    show(rendered("zh-hans"), 320)
    region = page.locator(".scroll").first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.focus()
    assert region.evaluate("e => e === document.activeElement")


def test_paper_shows_no_navigation_and_opens_folded_parts(show, page):
    show(
        rendered("zh-hans").replace(
            "<h2>状态</h2>", "<details><summary>更多</summary><p id='folded'>内容</p></details>"
        )
    )
    page.emulate_media(media="print")
    assert not page.locator(".nav-main").is_visible()
    assert not page.locator(".bar").is_visible()
    assert page.locator("#folded").is_visible()
    assert page.locator(".print-foot").is_visible()
