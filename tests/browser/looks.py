"""How a page is looked at: what axe finds, whether it fits the window, whether the console stays quiet."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser import road as roads
from tests.browser.visits import GROUPS, Visit

NAMES = [group.__name__ for group in GROUPS]
NARROW = {"front", "home", "plan_read"}  # looked at in 320 px too, as at four times the letters' size
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
  elementRef: false, preload: false})).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"""
WIDER = """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""
EMPTY = """form => {
  form.noValidate = true;
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = false; else field.value = '';
  }
  form.submit();
}"""
REFUSED = "the server responded with a status of 4"  # the browser's own words for an answer we asked for


def people(road) -> dict[str, list]:
    """Return every group's visits with the cookie of the person who makes them."""
    return {group.__name__: [(post and roads.session(post), pages) for post, pages in group(road)] for group in GROUPS}


def faults(browser, server: str, visitors: list, language: str) -> list:
    """Make the visits of one group one after the other and return what is wrong on them."""
    wrong = []
    for cookie, pages in visitors:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        context.add_init_script(Axe().axe_script)
        page = context.new_page()
        page.set_default_timeout(15_000)
        complaints = []
        page.on("console", lambda said, kept=complaints: kept.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error, kept=complaints: kept.append(str(error)))
        for visit in pages:
            complaints.clear()
            path = visit.path(language)
            if missing := _missing(page, server + path, visit):
                wrong.append((path, missing))
                continue
            widths = (1280, 390, 320) if visit.name in NARROW and language != "en" else (1280, 390)
            wrong += [(path, *found) for width in widths for found in _judge(page, width)]
            wrong += [(path, complaint) for complaint in complaints if REFUSED not in complaint]
        context.close()
    return wrong


def _judge(page, width: int) -> list:
    page.set_viewport_size({"width": width, "height": 900})
    found = [(width, *violation) for violation in page.evaluate(RUN, TAGS)]
    across = page.evaluate("document.documentElement.scrollWidth")
    if across > width:
        found.append((width, f"the page is {across} wide", page.evaluate(WIDER)))
    return found


def _missing(page, address: str, visit: Visit) -> str:
    """Open the page and return what is missing on it."""
    answer = page.goto(address, wait_until="domcontentloaded")
    if answer.status != visit.status or page.locator(visit.shows).count() < visit.least:
        return f"{answer.status}, {page.locator(visit.shows).count()} of {visit.shows}"
    if visit.empty:
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.locator(visit.shows).first.evaluate(EMPTY)
        if page.locator(".error-summary a, .error-summary li").count() == 0:
            return f"no error summary at {page.url}"
    page.wait_for_function("document.readyState === 'complete'")
    return ""
