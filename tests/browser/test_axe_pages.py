"""Pages of the road, filled, as its own people see it: accessible, no wider than the window, quiet console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from portal import access
from tests.browser import road as roads
from tests.browser.visits import GROUPS, NOT_PAGES, Visit

# After the tests that roll back, since this module's world is committed.
pytestmark = pytest.mark.django_db(transaction=True)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
  .violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"""
WIDER = """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""
NARROW = {"front", "help", "login", "home", "plans", "plan", "plan_read", "batch_sign", "verify_code", "plan_section"}
LOOKS = [(group.__name__, language) for language in ("zh-hans", "en") for group in GROUPS]
EMPTY = """form => {
  form.noValidate = true;
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = false; else field.value = '';
  }
  form.submit();
}"""


@pytest.fixture
def _django_db_helper(the_road):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.fixture(scope="module")
def visits(the_road):
    """Every group's visits with the cookie of the person who makes them."""

    return {
        group.__name__: [(post and roads.session(post), pages) for post, pages in group(the_road)] for group in GROUPS
    }


@pytest.fixture
def enter(browser, server):
    """Return ``enter(cookie, language)``: a page of a signed-in person; its complaints are kept on the page."""
    opened = []

    def _enter(cookie, language):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
        opened.append(context)
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        context.add_init_script(Axe().axe_script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield _enter
    for context in opened:
        context.close()


def judge(page, width: int) -> list:
    """Return what is wrong with the page at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    found = [(width, *violation) for violation in page.evaluate(RUN, TAGS)]
    across = page.evaluate("document.documentElement.scrollWidth")
    if across > width:
        found.append((width, f"the page is {across} wide", page.evaluate(WIDER)))
    return found


def shown(page, server, visit: Visit, path: str) -> str:
    """Open the page and return what is missing on it."""
    answer = page.goto(server + path, wait_until="domcontentloaded")
    if answer.status != visit.status or page.locator(visit.shows).count() < visit.least:
        return f"{answer.status}, {page.locator(visit.shows).count()} of {visit.shows}"
    if visit.empty:
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.locator(visit.shows).first.evaluate(EMPTY)
        if page.locator(".error-summary a, .error-summary li").count() == 0:
            return f"no error summary at {page.url}"
    page.wait_for_function("document.readyState === 'complete'")
    return ""


@pytest.mark.parametrize(("group", "language"), LOOKS)
def test_pages_are_accessible_and_fit(enter, server, visits, group, language):
    wrong = []
    for cookie, pages in visits[group]:
        page = enter(cookie, language)
        for visit in pages:
            path = visit.path(language)
            page.complaints.clear()
            if missing := shown(page, server, visit, path):
                wrong.append((path, missing))
                continue
            widths = (1280, 390, 320) if visit.name in NARROW else (1280, 390)
            wrong += [(path, *found) for width in widths for found in judge(page, width)]
            refused = "the server responded with a status of 4"  # the browser's own words for an answer we asked for
            wrong += [(path, complaint) for complaint in page.complaints if refused not in complaint]
    assert wrong == []


def test_every_page_of_the_rules_is_visited(the_road):
    """No address with a page of its own is left out, and no reason outlives its address."""
    pages = {url for url, method in access.table() if method == "GET"}
    visited = {visit.name for group in GROUPS for _, found in group(the_road) for visit in found}
    assert visited == pages - NOT_PAGES.keys()
    assert NOT_PAGES.keys() < pages
