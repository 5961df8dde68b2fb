"""An invitation once from end to end: the lead asks, the mail comes, the person joins and writes."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from portal import outbox
from portal.models import Membership
from tests.browser import road


@pytest.fixture
def lead(live_world, live_server, page):
    page.context.add_cookies([{"name": "sessionid", "value": road.session(live_world.lead), "url": live_server.url}])
    return page


def test_somebody_is_invited_joins_and_writes(live_world, live_server, lead, browser, settings):
    settings.SITE_URL = live_server.url
    case = live_world.draft()
    lead.goto(f"{live_server.url}/city/people/")
    lead.get_by_role("link", name="邀请人员").click()
    lead.get_by_label("姓名").fill("示例·市商务局经办人")
    lead.get_by_label("岗位").fill("电子商务处副处长")
    lead.get_by_label("部门").fill("示例市商务局")
    lead.get_by_label("工作邮箱").fill("invited@portal.example")
    lead.get_by_role("button", name="发送邀请").click()
    expect(lead.get_by_role("cell", name="等待接受")).to_be_visible()
    outbox.sweep(kind="invitation")
    link = re.search(r"http\S+/join/\S+", mail.outbox[0].body)[0]

    guest = browser.new_context(locale="zh-CN").new_page()
    complaints: list[str] = []
    guest.on("pageerror", lambda error: complaints.append(str(error)))
    guest.goto(link)
    guest.get_by_label("账号").fill("shangwu-01")
    guest.get_by_label("密码", exact=False).first.fill("示例Password-9")
    guest.get_by_label("再输一次密码").fill("示例Password-8")
    guest.get_by_role("button", name="开通账号并加入").click()
    expect(guest.locator("[data-error-summary]")).to_be_focused()
    expect(guest.locator("[data-error-summary]")).to_contain_text("两次输入的密码不同")
    expect(guest.get_by_label("账号")).to_have_value("shangwu-01")
    guest.get_by_label("密码", exact=False).first.fill("示例Password-9")
    guest.get_by_label("再输一次密码").fill("示例Password-9")
    guest.get_by_role("button", name="开通账号并加入").click()
    expect(guest.get_by_text("欢迎加入")).to_be_visible()
    guest.goto(f"{live_server.url}/plans/{case.plan.reference}/sections/policy/")
    expect(guest.locator("textarea[name=text]")).to_be_editable()
    post = Membership.objects.get(user__username="shangwu-01")
    assert (post.role, post.organisation.name) == ("city_editor", "示例市商务局")

    other = browser.new_context(locale="zh-CN").new_page()
    assert other.goto(link).status == 410
    expect(other.get_by_text("这份邀请已经使用")).to_be_visible()
    lead.reload()
    expect(lead.get_by_role("cell", name="已加入")).to_be_visible()
    assert complaints == []
    for page in (guest, other):
        page.context.close()
