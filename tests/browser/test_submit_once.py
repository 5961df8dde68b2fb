"""A double click, a refresh and the Back button in a real browser: one move, one receipt; and what is printed."""

import io
import unicodedata

import pypdf
import pytest
from pytest_django.live_server_helper import LiveServer

from portal import clock
from review.states import State as S
from tests.browser import road
from tests.builders import World
from tests.conftest import START
from tests.stage import empty_tables

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def portal(_module_settings, django_db_setup, django_db_blocker):
    """Return (world, address) with a draft of a city with a channel office and one of a city that files directly."""
    clock.set_to(START)
    with django_db_blocker.unblock():
        empty_tables()
        world, server = World(), LiveServer("localhost")
        world.drafts = {"through": world.draft(), "direct": world.draft(world.direct, world.direct_lead)}
        try:
            yield world, server.url
        finally:
            server.stop()
            empty_tables()


@pytest.fixture
def _django_db_helper(portal):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.fixture
def page_of(browser, portal):
    made = []

    def _page(post, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", **options)
        context.add_cookies([{"name": "sessionid", "value": road.session(post), "url": portal[1]}])
        made.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield _page
    for context in made:
        context.close()


def press_twice(page, address: str) -> list[str]:
    """Fill in the form of a move and double-click its button; return the addresses that were posted to."""
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.goto(address)
    page.locator("main [name=declared]").check()
    page.locator("main form button.btn").dblclick()
    page.wait_for_url("**/receipts/1/")
    return posted


def test_double_click_refresh_and_back_submit_once(portal, page_of):
    world, address = portal
    case = world.drafts["through"]
    page = page_of(world.lead)
    form = f"{address}/plans/{case.plan.reference}/moves/submit/"
    assert press_twice(page, form) == [form]
    assert "已收到：提交渠道单位" in page.locator("h1").inner_text()
    page.reload()
    assert page.url.endswith("/receipts/1/")
    page.go_back()
    assert "你已经办理过这一步" in page.locator("main").inner_text()
    page.get_by_role("link", name="查看回执").click()
    page.wait_for_url("**/receipts/1/")
    case.refresh_from_db()
    assert (case.state, case.history.count(), case.plan.versions.count()) == (S.WITH_CHANNEL, 1, 1)


def test_double_click_without_javascript_submits_once(portal, page_of):
    world, address = portal
    case = world.drafts["direct"]
    page = page_of(world.direct_lead, java_script_enabled=False)
    press_twice(page, f"{address}/plans/{case.plan.reference}/moves/submit_direct/")
    case.refresh_from_db()
    assert (case.state, case.history.count(), case.plan.versions.count()) == (S.AWAITING_DISCUSSION, 1, 1)


def test_receipt_fills_one_sheet_of_paper(portal, page_of):
    world, address = portal
    case = world.drafts["through"]
    page = page_of(world.lead)
    page.goto(f"{address}/plans/{case.plan.reference}/receipts/1/")
    (sheet,) = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    width, height = (round(float(side) / 72 * 25.4) for side in (sheet.mediabox.width, sheet.mediabox.height))
    assert (width, height) == (210, 297)
    said = "".join(unicodedata.normalize("NFKC", sheet.extract_text()).split())
    digest = case.plan.versions.get().digest.upper()
    for words in (case.plan.reference, "第1版", "09:00:00", digest, "接下来", world.lead.user.full_name):
        assert unicodedata.normalize("NFKC", words) in said, words
    assert "打印本页" not in said


def test_status_sheet_is_one_page_however_much_stands_in_it(portal, page_of):
    world, address = portal
    plan = world.draft(world.far, world.far_lead).plan
    plan.title = "示例" * 60
    plan.save(update_fields=["title"])
    plan.sections.update(department="示例市商务局、发展改革委、市场监管局、税务局、邮政管理局、海关、人民银行分行" * 2)
    for key in ("leading_group", "coordination", "assessment", "summaries", "funds"):
        getattr(plan, key).delete()
    page = page_of(world.far_lead)
    for prefix in ("", "/en"):
        page.goto(f"{address}{prefix}/plans/{plan.reference}/status/")
        (sheet,) = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        said = "".join(unicodedata.normalize("NFKC", sheet.extract_text()).split())
        assert said.count("Hardrequirement" if prefix else "硬性要求") == 2
        assert plan.reference in said
