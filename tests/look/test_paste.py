"""Pasting from Word and WPS into the editor, and half-width punctuation, in a real browser."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clipboard"
PAGE = """<!doctype html><html lang="zh-CN"><title>x</title><body><form>
<textarea class="editor" id="text">{text}</textarea><div>{said}</div></form>
<script src="/static/js/clipboard_text.js" defer></script>
<script src="/static/js/paste.js" defer></script></body></html>"""
PASTE = """([html, plain]) => {
  const field = document.querySelector('#text'), data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', plain);
  field.focus();
  const begun = performance.now();
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  const untouched = field.dispatchEvent(event);
  return {untouched, text: field.value, took: performance.now() - begun};
}"""


@pytest.fixture(scope="module")
def _tab(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(_tab):
    """One tab for all of the module: every test opens its page anew."""
    yield _tab
    _tab.unroute_all()


@pytest.fixture
def editor(show, page):
    def _editor(text: str = "", language: str = "zh-hans"):
        with override(language):
            said = render_to_string("applications/_paste_said.html")
        shown = show(PAGE.format(text=text, said=said))
        assert shown["complaints"] == []
        page.complaints = shown["complaints"]
        return page

    return _editor


def fixture(name: str) -> tuple[str, dict]:
    return (FIXTURES / f"{name}.html").read_text("utf-8"), json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


def said(page) -> str:
    return page.locator("[data-paste-words]").inner_text()


@pytest.mark.parametrize("name", ["word", "wps", "browser"])
def test_what_is_kept_of_each_program(editor, name):
    html, wanted = fixture(name)
    assert "constructed" in html.split("\n")[0]
    page = editor()
    assert page.evaluate("html => window.portalClipboard.fromHtml(html)", html) == wanted
    assert page.title() == "x", "nothing of the clipboard is executed"
    assert page.complaints == [], "and nothing of it breaks the policy"


def test_paste_from_word_says_what_was_kept_and_can_be_taken_back(editor):
    html, wanted = fixture("word")
    page = editor("前文。\n后文。")
    page.evaluate("document.querySelector('#text').setSelectionRange(4, 4)")
    page.evaluate("window.inputs = 0; document.addEventListener('input', () => { window.inputs += 1; })")
    done = page.evaluate(PASTE, [html, "一、\t网上信用体系"])
    assert not done["untouched"]
    assert done["text"] == "前文。\n" + "\n".join(wanted["lines"]) + "后文。"
    assert said(page) == (
        "保留 8 段、1 个表（每行一段，单元格用竖线“|”隔开），去掉了字体和颜色。未带入 1 张图片，请作为附件上传。"
        "未带入 1 处修订中已删除的文字。未带入 1 条批注。"
    )
    assert page.locator("[data-paste-words]").get_attribute("role") == "status"
    assert page.evaluate("window.inputs") == 1, "autosave hears of it"
    page.get_by_role("button", name="撤销").click()
    assert (page.input_value("#text"), said(page)) == ("前文。\n后文。", "已撤销。")
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == ["text", 4]
    assert page.evaluate("window.inputs") == 2
    assert page.get_by_role("button", name="撤销").count() == 0


def test_ctrl_z_takes_a_paste_back(editor):
    html, wanted = fixture("wps")
    page = editor("甲")
    page.evaluate(PASTE, [html, ""])
    assert page.input_value("#text") != "甲"
    page.keyboard.press("Control+z")
    assert page.input_value("#text") == "甲"


def test_what_was_typed_after_a_paste_is_not_taken_back(editor):
    page = editor()
    page.evaluate(PASTE, [fixture("wps")[0], ""])
    page.locator("#text").press_sequentially("再写")
    assert page.get_by_role("button", name="撤销").count() == 0
    assert page.input_value("#text").endswith("再写")


def test_the_selection_is_replaced(editor):
    page = editor("旧文要换掉")
    page.evaluate("document.querySelector('#text').setSelectionRange(0, 2)")
    assert page.evaluate(PASTE, ["<p>一</p><p>二</p>", "一\n二"])["text"] == "一\n二要换掉"


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("", "一\n二"),  # plain text goes the browser's own way
        ("<span style='color:red'>半句话</span>", "半句话"),
        ("<p>短</p><p>文</p>", "短\n文\n还有许多没有读出来的话"),  # a reading that loses words is not used
        ("<style>p {}</style>", "字"),
    ],
)
def test_left_to_the_browser(editor, html, plain):
    page = editor("原文")
    done = page.evaluate(PASTE, [html, plain])
    assert (done["untouched"], done["text"], said(page)) == (True, "原文", "")


def test_in_english(editor):
    page = editor(language="en")
    page.evaluate(PASTE, [fixture("wps")[0], ""])
    assert (
        said(page) == "Kept: paragraphs 6, tables 1 (a row a line, cells between bars “|”). Dropped: fonts and colours."
    )


def test_100_000_characters_are_there_within_two_seconds(editor):
    line = "<p class=MsoNormal style='mso-list:l0 level1 lfo1'><span style='font-size:16pt'>示例，文字</span>" + (
        "<span lang=EN-US>12</span><span>示例文字、内容</span>" * 5
    )
    page = editor()
    html = "<html><body>" + (line + "</p>\n") * 2000 + "</body></html>"
    done = page.evaluate(PASTE, [html, ""])
    assert len(done["text"]) > 100_000
    assert done["text"].count("\n") == 1999
    assert done["took"] < 2000, done["took"]
    begun = page.evaluate("performance.now()")
    page.evaluate("text => window.portalClipboard.halfWidth(text)", "示例,文字(内容)。" * 12_000)
    assert page.evaluate("performance.now()") - begun < 2000


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("覆盖率,到2028年", "覆盖率，到2028年"),
        ("覆盖率, 到", "覆盖率，到"),
        ("完成65%,同比增长", "完成65%，同比增长"),
        ("依托平台(一期)建设", "依托平台（一期）建设"),
        ("要求:按期完成!", "要求：按期完成！"),
        ("到2028年完成.\n下一段.", "到2028年完成。\n下一段。"),
        ("(一)现状", "（一）现状"),
        ("如何做?由谁做;何时做", "如何做？由谁做；何时做"),
    ],
)
def test_half_width_punctuation_inside_chinese(editor, text, fixed):
    found = editor().evaluate("text => window.portalClipboard.halfWidth(text)", text)
    assert found["fixed"] == fixed
    assert found["count"] == sum(a != b for a, b in zip(text.replace(", 到", ",到"), fixed, strict=True))
    assert found["example"] in text
    assert found["example"] != ""


@pytest.mark.parametrize(
    "text",
    [
        "1,000家", "比例为3:1", "10:42", "E-commerce, platform", "http://portal.example/a?b=1", "（一）现状，已完成。",
        "1.2万条", "一.总体要求", "GB/T 1.1(E)", "4.8亿元", "CJ-330400(2026)", "",
    ],
)  # fmt: skip
def test_figures_and_latin_text_keep_theirs(editor, text):
    assert editor().evaluate("text => window.portalClipboard.halfWidth(text)", text) == {
        "count": 0, "example": "", "fixed": text,
    }  # fmt: skip


def test_half_width_is_offered_and_never_changed_by_itself(editor):
    page = editor("覆盖率,到65%,由市商务局(牵头)办.")
    offer = page.locator("p[data-half]")
    assert offer.locator("[data-half-words]").inner_text().startswith("中文里有 5 处半角标点，如“")
    assert page.input_value("#text") == "覆盖率,到65%,由市商务局(牵头)办."
    offer.get_by_role("button", name="一键改为全角").click()
    assert page.input_value("#text") == "覆盖率，到65%，由市商务局（牵头）办。"
    assert (said(page), offer.is_visible()) == ("已替换 5 处。", False)
    page.get_by_role("button", name="撤销").click()
    assert page.input_value("#text") == "覆盖率,到65%,由市商务局(牵头)办."
    assert offer.is_visible()


TABLE = """<!doctype html><html lang="zh-CN"><title>x</title><body><p id="page">页面</p><input id="search">
<form hidden method="post" action="/paste/" data-table-paste><input type="hidden" name="text"></form>
<script src="/static/js/table_paste.js" defer></script></body></html>"""
ON = """([where, text]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  return document.querySelector(where).dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_cells_pasted_on_a_table_open_their_preview(show, page):
    shown = show(TABLE)
    assert page.evaluate(ON, ["#search", "甲\t乙"]), "a field keeps its own paste"
    assert page.evaluate(ON, ["#page", "只有一格"])
    assert shown["posts"] == []
    with page.expect_request(lambda request: request.method == "POST") as sent:
        assert not page.evaluate(ON, ["#page", "指标\t目标值\n甲\t1\n"])
    assert sent.value.url.endswith("/paste/")
    assert parse_qs(sent.value.post_data) == {"text": ["指标\t目标值\r\n甲\t1\r\n"]}
    assert shown["complaints"] == []
