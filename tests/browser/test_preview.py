"""A preview in a real browser: it takes the place of the sentence that announces it, without a reload."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from portal import outbox
from tests.some_files import attached, pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_appear_by_themselves(world, client, live_server, browser, width):
    case = world.draft()
    file = attached(case.plan, pdf(3, words="示例方案"), "说明.pdf", by=world.lead)
    client.force_login(world.lead.user)
    page = browser.new_page(base_url=live_server.url, viewport={"width": width, "height": 800})
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"/plans/{case.plan.reference}/attachments/")
    page.get_by_role("link", name="示例附件", exact=True).click()
    expect(page.locator("#preview")).to_contain_text("正在生成预览")
    page.evaluate("window.loadedOnce = true")

    assert outbox.sweep(kind="preview") == 1
    pages = page.locator("#preview img")
    expect(pages).to_have_count(3, timeout=15_000)
    assert page.evaluate("window.loadedOnce") is True
    assert page.locator("#preview[hx-get]").count() == 0
    pages.last.scroll_into_view_if_needed()
    expect(pages.last).to_have_js_property("naturalWidth", settings.PREVIEW_SIDE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert file.name in (pages.first.get_attribute("alt") or "")
    page.context.close()
