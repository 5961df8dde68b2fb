"""Going from change to change by keyboard, in a real browser."""

from playwright.sync_api import expect

from applications.models import Section
from review.models import OpinionItem
from review.services import responses
from review.states import State as S
from tests.browser import road
from tests.builders import Walk
from tests.past_guards import past_guards

FOCUSED = "() => document.activeElement.id"


def test_keys_lead_through_the_changes_and_change_the_view(live_world, live_server, page):
    case = live_world.case(S.UNDER_REVISION)
    section = Section.objects.get(plan=case.plan, key="policy")
    section.paragraphs = [p | {"text": f"{p['text']}另有示例。"} for p in section.paragraphs]
    assert len(section.paragraphs) > 1
    with past_guards():
        section.save(update_fields=["paragraphs"])
    responses.answer(OpinionItem.objects.get(), handling="adopted", by=live_world.lead)
    Walk(live_world, case, live_world.lead).fire("resubmit", live_world.lead, given={"change_note": "示例"})
    session = road.session(live_world.experts[0])
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/compare/1/2/")
    page.keyboard.press("n")
    assert page.evaluate(FOCUSED) == ""
    page.locator("[data-first-change]").focus()
    seen = []
    for key in ("n", "n", "p", "p"):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen == ["change-1", "change-2", "change-1", "change-1"]
    with page.expect_navigation():
        page.keyboard.press("v")
    expect(page.locator("[data-views] [aria-current]")).to_have_text("左右对照")
