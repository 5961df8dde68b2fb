"""The indicator table written in its cells, by keyboard and by paste, in a real browser."""

import pytest
from playwright.sync_api import expect

from applications.models import Indicator
from tests.browser import road

AT = "() => document.activeElement.name"
PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
}"""


@pytest.fixture
def plan(live_world, live_server, page):
    found = live_world.draft().plan
    first = found.indicators.get()
    Indicator.objects.bulk_create(
        Indicator(
            plan=found, name=f"示例指标{n}", area="policy", kind="soft", unit="家", target_year=2028, target_value=n,
            position=first.position + n,
        )
        for n in (2, 3)
    )  # fmt: skip
    page.context.add_cookies([{"name": "sessionid", "value": road.session(live_world.lead), "url": live_server.url}])
    page.goto(f"{live_server.url}/plans/{found.reference}/tables/indicators/cells/")
    return found


def values(plan):
    return [int(row.target_value) for row in plan.indicators.all()]


def test_cells_are_walked_filled_and_saved_with_keys(plan, page):
    cell = page.get_by_label("网络零售额，目标值")
    cell.focus()
    seen = []
    for key in ("Enter", "Enter", "Shift+Enter", "Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowLeft"):
        page.keyboard.press(key)
        seen.append(page.evaluate(AT))
    assert seen == [
        "form-1-target_value", "form-2-target_value", "form-1-target_value", "form-1-unit", "form-0-unit",
        "form-0-target_value",
    ]  # fmt: skip
    page.keyboard.insert_text("555")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")
    assert page.get_by_label("示例指标2，目标值").input_value() == "555"
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存 2 行。")).to_be_visible()
    assert values(plan) == [555, 555, 3]


def test_cells_pasted_at_a_cell_go_to_its_rows_and_columns_through_the_preview(plan, page):
    page.get_by_label("示例指标2，目标年").focus()
    with page.expect_navigation():
        page.evaluate(PASTE, "2029\t81\r\n2029\t82\r\n")
    expect(page.locator("main")).to_contain_text("示例指标3")
    assert values(plan) == [480, 2, 3]
    with page.expect_navigation():
        page.locator("button[name=apply]").click()
    assert values(plan) == [480, 81, 82]
    assert [row.target_year for row in plan.indicators.all()][1:] == [2029, 2029]


def test_paste_waits_until_what_is_typed_is_saved(plan, page):
    cell = page.get_by_label("示例指标2，目标值")
    cell.fill("9")
    page.evaluate(PASTE, "81\t家\r\n")
    expect(page.get_by_text("请先保存：粘贴会转到预览页。")).to_be_visible()
    assert cell.input_value() == "9"


def test_what_was_typed_is_offered_again_after_the_page_was_closed(plan, page):
    page.get_by_label("示例指标2，目标值").fill("77")
    page.wait_for_timeout(700)
    page.goto(page.url)
    expect(page.get_by_label("示例指标2，目标值")).to_have_value("2")
    page.locator("[data-kept-restore]").click()
    expect(page.get_by_label("示例指标2，目标值")).to_have_value("77")
    page.get_by_role("button", name="保存表格").click()
    expect(page.get_by_text("已保存 1 行。")).to_be_visible()
    assert values(plan) == [480, 77, 3]
