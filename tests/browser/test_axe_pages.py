"""Pages of the road, filled, as its own people see it: accessible, no wider than the window, quiet console."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation

from tests.browser import road as roads

# After the tests that roll back, since this module's world is committed.
pytestmark = pytest.mark.django_db(transaction=True)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
  .violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"""
WIDER = """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""
NARROW = {"front", "help", "login", "home", "plans", "plan", "plan_read", "batch_sign", "verify_code", "plan_section"}
TABLES = ("indicators", "measures", "milestones", "consultations")
FORM = "main form"
ROWS = "main table tbody tr"
WORK = "main ul.todo li"


@dataclass(frozen=True)
class Visit:
    """An address by name and what the page must show before it is judged."""

    name: str
    args: tuple = ()
    shows: str = "main h1"
    least: int = 1
    query: str = ""

    def path(self, language: str) -> str:
        with translation.override(language):
            return reverse(self.name, args=self.args) + self.query


def public(road):
    yield (
        None,
        [
            Visit("front"),
            Visit("help", shows=ROWS, least=16),
            Visit("login", shows=FORM),
            Visit("verify", shows=FORM),
            Visit("verify_code", (road.codes[0],), "main dl, main table"),
            Visit("verify_code", ("AAAA-AAAA-AAAA-AAAA-AAAA-A",)),
        ],
    )


def drafting(road):
    ref = road.ref("330400")
    rows = road.cases["330400"].plan
    pages = [
        Visit("home", shows=WORK),
        Visit("plans", shows=ROWS),
        Visit("plan_new", shows=FORM),
        Visit("city_channel", shows=FORM),
        Visit("plan", (ref,), "main a[href*='/sections/']", 5),
        Visit("plan_basics", (ref,), FORM),
        Visit("plan_import", (ref,), FORM),
        Visit("plan_section", (ref, "policy"), "main textarea"),
        Visit("plan_section_history", (ref, "policy"), "main article", 2),
        *(
            Visit("plan_rows", (ref, table), ROWS)
            for table in ("indicators", "measures", "milestones", "consultations")
        ),
        *(Visit("plan_rows_paste", (ref, table), FORM) for table in ("indicators", "measures")),
        *(Visit("plan_row_add", (ref, table), FORM) for table in ("indicators", "measures")),
        Visit("plan_row", (ref, "measures", rows.measures.get().pk), FORM),
        *(Visit("plan_record", (ref, key), FORM) for key in ("leading_group", "assessment", "summaries")),
        Visit("plan_attachments", (ref,), "main tbody tr, main li a"),
        Visit("plan_checks", (ref,), "main li", 5),
        Visit("plan_move", (ref, "submit"), FORM),
        Visit("plan_history", (ref,)),
        Visit("plan_versions", (ref,)),
    ]
    yield road.world.lead, pages


def revising(road):
    ref = road.ref("330800")
    item = road.cases["330800"].current_round.opinion.items.get()
    yield (
        road.leads["330800"],
        [
            Visit("home", shows=WORK),
            Visit("plan", (ref,), "main a[href*='/sections/']", 5),
            Visit("plan_opinion", (ref, 1), "main .letter"),
            Visit("plan_responses", (ref, 1), "main", 1),
            Visit("plan_response", (ref, item.pk), FORM),
            Visit("plan_responses_import", (ref,), FORM),
            Visit("plan_history", (ref,), "main .timeline li", 4),
            Visit("plan_versions", (ref,), ROWS),
            Visit("plan_export", (ref, 1), ROWS, 2),
            Visit("plan_draft_export", (ref,), FORM),
            Visit("plan_receipt", (ref, 1), "main .fingerprint"),
            Visit("plan_read", (ref, 1), "main .para", 5),
            Visit("notifications", shows=WORK),
            Visit("posts", shows=FORM),
            Visit("password", shows=FORM),
        ],
    )
    ref = road.ref("330900")
    yield (
        road.leads["330900"],
        [
            Visit("plan_versions", (ref,), ROWS, 2),
            Visit("plan_compare", (ref, 1, 2)),
            Visit("plan_responses", (ref, 1)),
        ],
    )


def offices(road):
    waiting, ready = road.ref("330300"), road.ref("331000")
    yield (
        road.world.channel,
        [
            Visit("home", shows=WORK),
            Visit("channel_desk", shows=ROWS, least=5),
            Visit("plans", shows=ROWS, least=5),
            Visit("plan", (waiting,), ROWS),
            Visit("plan_move", (waiting, "forward"), FORM),
            Visit("plan_move", (waiting, "return_for_completion"), "main input[type=checkbox]", 10),
        ],
    )
    yield (
        road.world.drc,
        [
            Visit("home", shows=WORK),
            Visit("channel_desk", shows=ROWS),
            Visit("plan", (ready,), ROWS),
            Visit("plan_file_formally", (ready,), "main input[type=file]"),
        ],
    )


def discussing(road):
    world, under = road.world, road.ref("330600")
    yield (
        world.experts[1],
        [
            Visit("home", shows=WORK),
            Visit("review_board", shows=ROWS),
            Visit("plan", (under,), ROWS),
            Visit("plan_read", (under, 1), "main .para", 5),
            Visit(
                "plan_note_add", (under,), FORM, query="?section=policy&target=paragraph&target_id=p1a&start=0&end=4"
            ),
            Visit("plan_notes_publish", (under,), FORM),
            Visit("plan_recuse", (under,), FORM),
            Visit("plan_responses", (road.ref("330900"), 1)),
        ],
    )
    yield (
        world.group_office,
        [
            Visit("home", shows=WORK, least=3),
            Visit("review_board", shows=ROWS, least=3),
            Visit("plans", shows=ROWS, least=8),
            Visit("plan", (road.ref("330500"),), ROWS),
            Visit("plan_assignments", (road.ref("330500"),), FORM),
            Visit("plan_assignments", (under,), FORM),
            Visit("plan_move", (under, "close_discussion"), FORM),
            Visit("plan_opinion", (road.ref("330700"), 1), FORM),
            Visit("plan_responses", (road.ref("330900"), 1)),
            Visit("plan_maturity", (road.ref("330900"),), ROWS),
            Visit("plan_formal_opinion", (road.ref("331100"),), FORM),
            Visit("plan_move", (road.ref("330200"), "accept"), FORM),
        ],
    )
    yield (
        world.leader,
        [
            Visit("home", shows=WORK),
            Visit("plan_opinion", (road.ref("330700"), 1)),
            Visit("plan_move", (road.ref("330900"), "keep_maturing"), FORM),
            Visit("plan_formal_opinion", (road.ref("331100"),)),
        ],
    )


GROUPS = [public, drafting, revising, offices, discussing]
IN_ENGLISH = [public, drafting, revising]
LOOKS = [(g.__name__, "zh-hans") for g in GROUPS] + [(g.__name__, "en") for g in IN_ENGLISH]


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


@pytest.mark.parametrize(("group", "language"), LOOKS)
def test_pages_are_accessible_and_fit(enter, server, visits, group, language):
    wrong = []
    for cookie, pages in visits[group]:
        page = enter(cookie, language)
        for visit in pages:
            path = visit.path(language)
            answer = page.goto(server + path)
            status = 404 if "AAAA" in path else 200
            if answer.status != status or page.locator(visit.shows).count() < visit.least:
                wrong.append((path, answer.status, f"{page.locator(visit.shows).count()} of {visit.shows}"))
                continue
            page.complaints = [c for c in page.complaints if "404" not in c]
            widths = (1280, 390, 320) if visit.name in NARROW else (1280, 390)
            wrong += [(path, *found) for width in widths for found in judge(page, width)]
            wrong += [(path, complaint) for complaint in page.complaints]
            page.complaints.clear()
    assert wrong == []
