"""An opinion beside the text, and the keys of the drafting pages, in a real browser."""

import pytest
from playwright.sync_api import expect

from applications import anchors
from applications.models import Section
from review.models import Annotation, OpinionItem
from review.states import State as S
from tests.browser import road
from tests.past_guards import past_guards

CHOSEN = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
FOCUSED = "() => document.activeElement.id || document.activeElement.textContent.trim()"


@pytest.fixture
def case(live_world, live_server, page):
    found = live_world.case(S.UNDER_REVISION)
    text = next(p["text"] for p in Section.objects.get(plan=found.plan, key="policy").paragraphs if p["id"] == "p1b")
    with past_guards():
        Annotation.objects.update(**anchors.make(text, 0, 5).as_dict())
    page.set_viewport_size({"width": 1280, "height": 800})
    page.context.add_cookies([{"name": "sessionid", "value": road.session(live_world.lead), "url": live_server.url}])
    return found


def test_go_and_edit_leads_to_the_passage_and_back_to_an_answer_that_says_the_change(case, live_server, page):
    item = OpinionItem.objects.get(opinion__case=case)
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/rounds/1/responses/")
    page.get_by_role("link", name="去改").click()
    field = page.locator("#id_text")
    expect(field).to_be_focused()
    assert field.evaluate(CHOSEN) == "到2028"
    expect(page.locator("#opinions [data-asked]")).to_contain_text(item.text)
    with page.expect_response(lambda answer: "/save/" in answer.url and answer.ok):
        page.keyboard.insert_text("到2029")
    page.locator("#opinions").get_by_role("link", name="答复这一条").click()
    expect(page.get_by_role("textbox", name="说明")).to_have_value(
        "已在“完善电子商务政策环境”中将“2028年”改为“2029年”。"
    )
    expect(page.get_by_label("改在哪里")).to_have_value("policy")


def test_keys_go_between_hints_text_and_opinions(case, live_server, page):
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/sections/policy/")
    seen = []
    for key in ("F6", "F6", "F6", "F6", "Shift+F6"):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen == ["id_text", "opinions", "guidance", "id_text", "guidance"]
    field = page.locator("#id_text")
    field.focus()
    field.evaluate("e => { const at = e.value.indexOf('到2028') + 2; e.setSelectionRange(at, at); }")
    page.keyboard.press("Control+Alt+m")
    assert page.evaluate(FOCUSED) == "到原文处"
    page.keyboard.press("Control+Alt+m")
    expect(field).to_be_focused()
    assert field.evaluate(CHOSEN) == "到2028"


def test_j_and_k_walk_the_task_list_only_while_it_holds_the_focus(case, live_server, page):
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/")
    rows = page.locator("[data-row-keys] a")
    page.keyboard.press("j")
    assert page.evaluate("() => document.activeElement === document.body")
    rows.nth(0).focus()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    for _step in range(4):
        page.keyboard.press("j")
    expect(rows.nth(4)).to_be_focused()  # on into the next group
    page.keyboard.press("k")
    expect(rows.nth(3)).to_be_focused()


def test_reply_left_unsaved_is_offered_again_and_keys_go_to_the_next_item(case, live_server, page):
    first = OpinionItem.objects.get(opinion__case=case)
    with past_guards():
        second = OpinionItem.objects.create(opinion=first.opinion, position=2, kind="question", text="示例疑问")
    at = f"{live_server.url}/plans/{case.plan.reference}/responses"
    page.goto(f"{at}/{first.pk}/")
    page.get_by_role("textbox", name="说明").fill("示例：写了一半的答复")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url(f"{at}/{second.pk}/")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_url(f"{at}/{first.pk}/")
    expect(page.get_by_role("textbox", name="说明")).to_have_value("")
    page.get_by_role("button", name="放回").click()
    expect(page.get_by_role("textbox", name="说明")).to_have_value("示例：写了一半的答复")
    page.get_by_label("采纳", exact=True).check()
    page.get_by_role("button", name="保存并返回").click()
    page.goto(f"{at}/{first.pk}/")
    expect(page.get_by_role("textbox", name="说明")).to_have_value("示例：写了一半的答复")
    expect(page.locator("[data-kept]")).to_be_hidden()
