"""The line one types at the end of a long part is in sight: neither under the save bar nor outside the window."""

import pytest
from playwright.sync_api import expect

from applications.models import Section
from tests.browser import road

WINDOWS = ((1280, 900), (1366, 680), (390, 844))
LAST_LINE = """() => {
    const field = document.getElementById("id_text"), bar = document.querySelector(".save-bar");
    const box = field.getBoundingClientRect(), style = getComputedStyle(field);
    const end = box.top + field.clientTop + field.scrollHeight - field.scrollTop - parseFloat(style.paddingBottom);
    const covers = getComputedStyle(bar).position === "sticky" && bar.getBoundingClientRect().top < innerHeight;
    const line = parseFloat(style.lineHeight), lead = (line - parseFloat(style.fontSize)) / 2;
    return {
        top: end - line + lead, bottom: end - lead,
        free: Math.min(innerHeight, box.bottom, covers ? bar.getBoundingClientRect().top : innerHeight),
        scrolls: field.scrollHeight > field.clientHeight,
    };
}"""


@pytest.fixture
def part(live_world, live_server, page):
    case = live_world.draft()
    long = [{"id": f"p{n}", "text": f"示例：第{n}段正文。"} for n in range(60)]
    Section.objects.filter(plan=case.plan, key="policy").update(paragraphs=long)
    page.context.add_cookies([{"name": "sessionid", "value": road.session(live_world.lead), "url": live_server.url}])
    return f"{live_server.url}/plans/{case.plan.reference}/sections/policy/"


def test_the_line_one_types_is_never_under_the_save_bar(part, page):
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(part)
        page.locator("#id_text").focus()
        page.keyboard.press("Control+End")
        for words in ("\n示例：现在写的第一行", "\n示例：现在写的第二行"):
            page.keyboard.type(words)
            page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 60))")
            seen = page.evaluate(LAST_LINE)
            assert seen["scrolls"], (width, seen)
            assert 0 <= seen["top"] < seen["bottom"] <= seen["free"], (width, height, seen)
        # What the save bar says afterwards does not push it over the line.
        page.keyboard.press("Control+s")
        expect(page.locator("[data-autosave-status]")).to_contain_text("已保存")
        seen = page.evaluate(LAST_LINE)
        assert 0 <= seen["top"] < seen["bottom"] <= seen["free"], (width, height, seen)
