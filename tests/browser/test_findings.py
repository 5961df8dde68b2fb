"""The list beside the editor in a real browser: it follows every save and leads to its words in the field."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from applications.models import Section

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "市商务局在2027年底前公布名单。"
SAID = "到2028年，网络零售额达到500亿元。"
CHOSEN = "e => e.value.slice(e.selectionStart, e.selectionEnd)"


def test_the_list_follows_the_text_and_leads_to_it(world, client, live_server, browser):
    case = world.draft()
    paragraphs = [{"id": f"x{n}", "text": OTHER} for n in range(60)] + [{"id": "x60", "text": SAID}]
    Section.objects.filter(plan=case.plan, key="applications").update(paragraphs=paragraphs)
    client.force_login(world.lead.user)
    page = browser.new_page(base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    page.goto(f"/plans/{case.plan.reference}/checks/")
    line = page.locator("main li.advice", has_text="网络零售额达到500亿元")
    line.get_by_role("link").click()
    field = page.locator("#id_text")
    expect(field).to_be_focused()
    assert field.evaluate(CHOSEN) == "网络零售额达到500亿元"
    assert field.evaluate("e => e.scrollTop") > 0

    notes = page.locator("[data-findings] li.advice")
    expect(notes).to_have_count(1)
    field.fill("加强电子认证体系建设，推进互联互通。\n" + SAID)
    expect(notes).to_have_count(2)
    expect(page.locator("[data-findings-said]")).to_have_text("有 2 处建议再看看。")
    notes.first.get_by_role("link", name="第 1 段").click()
    assert field.evaluate(CHOSEN) == "加强电子认证体系建设，推进互联互通。"
    field.fill("到2028年，网络零售额达到480亿元。")
    expect(notes).to_have_count(0)
    expect(page.locator("[data-findings]")).to_contain_text("指标表：480 亿元")
    page.close()
