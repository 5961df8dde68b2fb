"""The whole of writing and submitting with the keyboard alone: no mouse, no field filled by script."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from applications.models import Indicator, Section
from review.models import Case
from review.states import State as S
from tests.browser import road
from tests.browser.keys import Keys
from tests.builders import PASSWORD
from tests.journey.people import wait_for


@pytest.fixture
def desk(live_world, live_server, page):
    case = live_world.draft()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.set_default_timeout(20_000)
    page.context.add_cookies([{"name": "sessionid", "value": road.session(live_world.lead), "url": live_server.url}])
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/")
    return case


def test_plan_is_written_checked_and_submitted_with_the_keyboard_alone(desk, page):
    keys, plan = Keys(page), desk.plan
    at = f"/plans/{plan.reference}"
    keys.round()
    page.goto(page.url.partition("#")[0])

    keys.main().go(f"{at}/sections/policy/")
    _writes(keys, plan)
    keys.main().go(f"{at}/")

    keys.main().go(f"{at}/tables/indicators/")
    keys.main().go(f"{at}/tables/indicators/add/")
    _adds_an_indicator(keys, plan)
    keys.main().go(f"{at}/")

    keys.main().go(f"{at}/checks/")
    keys.round()
    page.goto(page.url.partition("#")[0])
    keys.main().go(f"{at}/moves/submit/")
    keys.main().to(tag="BUTTON", type="submit")
    keys.leave("Enter")  # without the declaration
    _is_led_to_the_mistake(keys, "declared")
    keys.press("Space")
    assert keys.focused()["checked"]
    keys.to(tag="BUTTON", type="submit")
    keys.leave("Enter")
    assert page.url.partition("#")[0].endswith(f"{at}/receipts/1/")
    assert Case.objects.get(pk=desk.pk).state == S.WITH_CHANNEL
    assert "由市统计局按企业数统计" in plan.versions.get().text
    assert "示例认证覆盖率" in plan.versions.get().text
    keys.round()


def _writes(keys: Keys, plan) -> None:
    page, status = keys.page, keys.page.locator("[data-autosave-status]")
    keys.main().to(name="text")
    keys.press("Control+End").write("\n由市统计局按企业数统计。").press("Control+s")
    expect(status).to_contain_text("已保存")
    assert Section.objects.get(plan=plan, key="policy").text.endswith("由市统计局按企业数统计。")
    keys.press("Control+s")
    expect(status).to_contain_text("已全部保存")
    assert keys.focused()["name"] == "text", "saving took the focus away"

    # Signed out meanwhile: the panel is reached by Tab and gives the focus back.
    Session.objects.all().delete()
    keys.write("每年公布。").press("Control+s")
    expect(page.locator("#again-password")).to_be_visible()
    keys.to(name="password", most=60)
    keys.write(PASSWORD).press("Enter")
    wait_for(lambda: Section.objects.get(plan=plan, key="policy").text.endswith("每年公布。"), 20)
    expect(page.locator("[data-session-warning]")).to_be_hidden()
    assert keys.focused().get("name") == "text", f"after signing in the focus is lost: {keys.focused()}"
    keys.to(tag="BUTTON", name="act", value="save")
    keys.leave("Space")
    expect(page.locator("[role=status], .messages").first).to_be_visible()
    keys.round()
    page.goto(page.url.partition("#")[0])


def _adds_an_indicator(keys: Keys, plan) -> None:
    keys.main().to(name="name")
    keys.leave("Enter")  # nothing is filled in
    _is_led_to_the_mistake(keys, "name")
    keys.write("示例认证覆盖率")
    keys.to(name="area")
    keys.press("ArrowDown", "ArrowDown")
    keys.to(name="kind")
    keys.press("ArrowDown")
    for name, value in (
        ("unit", "%"), ("baseline_year", "2025"), ("baseline_value", "38"), ("source", "示例数据"),
        ("target_year", "2028"), ("target_value", "65"),
    ):  # fmt: skip
        keys.to(name=name)
        keys.write(value)
    keys.leave("Enter")
    row = Indicator.objects.get(plan=plan, name="示例认证覆盖率")
    assert (row.area, row.kind, row.unit, row.target_value) == ("support", "soft", "%", 65)


def _is_led_to_the_mistake(keys: Keys, name: str) -> None:
    """After a refusal the focus is on the summary, and its first line leads to the control."""
    page = keys.page
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert page.title().startswith("有误")
    keys.press("Tab")
    assert keys.focused()["tag"] == "A"
    keys.press("Enter")
    assert keys.focused()["name"] == name, keys.focused()
    assert keys.focused()["ring"] >= 2
