import json
from pathlib import Path

import pytest

from tests.look import gallery
from tests.look.test_gallery import rendered, violations

CASES = json.loads((Path(__file__).parent / "characters.json").read_text("utf-8"))


def test_error_summary_has_the_focus_and_leads_to_each_control(show, page):
    show(rendered("zh-hans"))
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    links = page.locator("[data-error-summary] a")
    assert links.all_inner_texts() == [
        "请写标题，如“杭州市第 4 版”。",
        "请选择处理方式。",
        "请选择“部门考核机制”的考核频次。",
        "请核对后勾选声明。",
    ]
    reached = []
    for i in range(links.count()):
        links.nth(i).click()
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached == ["id_title", "id_kind", "id_often_0", "id_true"]


def test_control_is_tied_to_its_help_and_error(show, page):
    show(rendered("zh-hans"))
    control = page.locator("#id_title")
    assert control.get_attribute("aria-invalid") == "true"
    tied = [page.locator(f"#{name}").inner_text() for name in control.get_attribute("aria-describedby").split()]
    assert tied[0] == "写清城市和事项。"
    assert tied[1].endswith("请写标题，如“杭州市第 4 版”。")
    assert page.locator("label[for=id_title]").inner_text() == "标题 （必填）"
    assert "*" not in page.locator("main").inner_text()


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:12] for case in CASES])
def test_browser_counts_characters_as_the_server_does(show, page, case):
    show(rendered("zh-hans"))
    assert page.evaluate("text => window.portalCountCharacters(text)", case["text"]) == case["count"]


def test_counter_follows_the_typing_and_never_blocks(show, page):
    show(rendered("zh-hans"))
    line = page.locator("#id_text_count")
    assert line.inner_text() == "24 字，超出建议篇幅 4 字（建议不超过 20 字），可以照常保存。"
    page.fill("#id_text", "短一点")
    assert line.inner_text() == "3 字（建议不超过 20 字）"
    page.fill("#id_text", "长" * 300)
    assert page.input_value("#id_text") == "长" * 300


def test_form_pressed_twice_is_sent_once(show, page):
    shown = show(rendered("zh-hans"))
    page.locator("main form[data-confirm-once]").last.evaluate("form => form.action = '/act/'")
    page.evaluate(
        """() => { const press = [...document.querySelectorAll('form[data-confirm-once] button')].at(-1);
        press.click(); press.click(); press.click(); }"""
    )
    page.wait_for_timeout(300)
    assert shown["posts"] == ["/act/"]


def minutes(page, number: float) -> None:
    page.clock.run_for(int(number * 60_000))


@pytest.fixture
def at_work(show, page):
    page.clock.install()
    return show(rendered("zh-hans", form=gallery.ReplyForm()))


def test_session_warning_comes_two_minutes_before_the_end(at_work, page):
    box = page.locator("[data-session-warning]")
    minutes(page, 27.9)
    assert not box.is_visible()
    minutes(page, 0.2)
    assert box.is_visible()
    assert page.locator("#live").inner_text() == page.locator("[data-session-text]").inner_text()
    assert at_work["posts"] == []


def test_session_is_extended_by_the_button(at_work, page):
    minutes(page, 28.5)
    with page.expect_response("**/*"):
        page.click("[data-session-extend]")
    page.wait_for_function("document.querySelector('[data-session-warning]').hidden")
    assert len(at_work["posts"]) == 1
    minutes(page, 27)
    assert not page.locator("[data-session-warning]").is_visible()


def test_typing_extends_the_session_without_a_question(at_work, page):
    minutes(page, 20)
    page.keyboard.press("a")
    minutes(page, 8.5)
    page.wait_for_timeout(200)
    assert len(at_work["posts"]) == 1
    assert not page.locator("[data-session-warning]").is_visible()


def test_ended_session_says_that_the_text_is_still_there(at_work, page):
    minutes(page, 30.1)
    assert "还在这一页上" in page.locator("[data-session-text]").inner_text()
    assert not page.locator("[data-session-extend]").is_visible()


def test_portal_out_of_reach_is_said(at_work, page):
    minutes(page, 28.5)
    at_work["status"] = 503
    page.click("[data-session-extend]")
    page.wait_for_function("document.querySelector('[data-session-text]').textContent.includes('没有连上平台')")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("passed", "shown"), [(28.5, "[data-session-extend]"), (30.1, "[data-session-text]")])
def test_session_panel_is_accessible_while_it_is_open(show, page, width, passed, shown):
    page.clock.install()
    show(rendered("zh-hans", form=gallery.ReplyForm()), width)
    minutes(page, passed)
    assert page.locator(shown).is_visible()
    page.clock.resume()
    assert violations(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_signing_in_again_is_accessible_while_its_panel_is_open(show, page, language):
    show(rendered(language, form=gallery.ReplyForm()))
    page.evaluate("document.dispatchEvent(new CustomEvent('portal:signed-out'))")
    assert page.locator("[data-sign-in-again] [name=password]").is_visible()
    assert violations(page) == []
