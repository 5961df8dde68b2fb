"""Passages chosen as people do it: dragged over with the mouse, or reached by the Tab key alone."""

import re

import pytest
from playwright.sync_api import expect

from review.models import Annotation
from review.states import State as S
from tests.builders import Walk

TEXT = (
    "𠮷祥街道🙂试点先行，到2028年覆盖率达到60%。再扩大到全市各区县，逐项明确责任部门。"
    "每半年总结一次，按期公布结果，并听取电子商务企业的意见。由市政府办公室纳入年度考核，结果向社会公开。"
)
WHERE = """([id, at]) => {
    const text = document.querySelector(`[data-id="${id}"] .para-text`);
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, {
        acceptNode: (n) => n.parentElement.closest("sup") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    });
    for (let seen = 0, node; (node = walker.nextNode()); ) {
        const points = [...node.data];
        if (at < seen + points.length) {
            const range = document.createRange();
            const from = points.slice(0, at - seen).join("").length;
            range.setStart(node, from);
            range.setEnd(node, from + points[at - seen].length);
            return range.getBoundingClientRect().toJSON();
        }
        seen += points.length;
    }
}"""


@pytest.fixture
def case(live_world):
    case = live_world.draft()
    section = case.plan.sections.get(key="policy")
    section.paragraphs = [{"id": "px", "text": TEXT}, *section.paragraphs]
    section.save()
    return Walk(live_world, case, live_world.lead).to(S.UNDER_DISCUSSION)


@pytest.fixture
def read(case, live_world, live_server, page, sign_in, complaints):
    """Return ``read(prefix)``: the page of version 1 in that language, as an assigned member sees it."""
    sign_in(live_world.experts[0])
    page.set_viewport_size({"width": 1280, "height": 900})

    def _read(prefix: str = ""):
        page.goto(f"{live_server.url}{prefix}/plans/{case.plan.reference}/v1/read/")
        page.locator("#p-policy-px").scroll_into_view_if_needed()
        return page

    yield _read
    assert complaints == []


def box(page, at: int, paragraph: str = "px") -> dict:
    return page.evaluate(WHERE, [paragraph, at])


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=12)
    page.mouse.up()


def drag_over(page, first: int, last: int) -> None:
    """Drag from before one character to behind another, as a hand does it."""
    a, b = box(page, first), box(page, last)
    drag(page, (a["left"] + 1, a["top"] + a["height"] / 2), (b["right"] - 1, b["top"] + b["height"] / 2))


def offered(page) -> str:
    """Press the button at the selection and return the passage that the form shows."""
    button = page.locator("[data-selection-button]")
    expect(button).to_be_visible()
    button.click()
    quote = page.locator("[data-composer] blockquote")
    expect(quote).to_be_visible()
    return quote.inner_text()


def close(page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("[data-composer]")).to_have_count(0)


def save(page, words: str) -> Annotation:
    page.locator("[data-composer] input[value=must]").check()
    page.locator("[data-composer] textarea[name=body]").fill(words)
    page.locator("[data-composer] button[type=submit]").click()
    expect(page.locator(".note-body", has_text=words)).to_be_visible()
    return Annotation.objects.get(body=words)


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_words_dragged_over_with_the_mouse_become_the_passage(read, prefix):
    page = read(prefix)
    start = TEXT.index("覆盖率")
    drag_over(page, start, start + 7)
    assert offered(page) == "覆盖率达到60%"
    found = save(page, "请写明统计口径")
    assert (found.quote, found.start) == ("覆盖率达到60%", start)

    # Over two lines, across the mark and its number, from the end to the beginning.
    last = next(i for i in range(start, len(TEXT)) if box(page, i)["top"] > box(page, start)["bottom"]) + 3
    drag_over(page, last, 4)
    assert offered(page) == TEXT[5:last]
    found = save(page, "跨两行的一条")
    assert (found.quote, found.start) == (TEXT[5:last], 5)


def test_a_drag_that_leaves_the_paragraph_takes_what_it_covered_of_it(read):
    page = read()
    passage = TEXT[TEXT.index("由市政府") :]
    for where in ("in the next paragraph", "in the margin"):
        a = box(page, TEXT.index(passage))
        below = page.locator("#p-policy-p1a .para-text").bounding_box()
        x = below["x"] + (60 if where == "in the next paragraph" else below["width"] + 200)
        drag(page, (a["left"] + 1, a["top"] + a["height"] / 2), (x, below["y"] + 10))
        assert offered(page) == passage, where
        close(page)
    middle = box(page, 12)
    page.mouse.click(middle["left"] + 2, middle["top"] + middle["height"] / 2, click_count=3)
    assert offered(page) == TEXT
    close(page)
    page.mouse.click(middle["left"] + 2, middle["top"] + middle["height"] / 2)
    expect(page.locator("[data-selection-button]")).to_be_hidden()
    assert not Annotation.objects.exists()


def test_the_button_stays_away_while_the_mouse_is_pressed(read):
    page = read()
    a, b = box(page, 2), box(page, 20)
    page.mouse.move(a["left"] + 1, a["top"] + 10)
    page.mouse.down()
    page.mouse.move(b["left"], b["top"] + 10, steps=5)
    assert page.evaluate("getSelection().toString()")
    expect(page.locator("[data-selection-button]")).to_be_hidden()
    page.mouse.up()
    button = page.locator("[data-selection-button]")
    expect(button).to_be_visible()
    assert button.bounding_box()["y"] >= b["bottom"]


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_tab_and_enter_alone_lead_from_the_top_of_the_page_to_a_saved_note(read, prefix):
    page = read(prefix)
    paragraph = page.locator("#p-policy-px")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if paragraph.evaluate("p => p === document.activeElement"):
            break
    expect(paragraph).to_be_focused()
    assert float(paragraph.evaluate("p => parseFloat(getComputedStyle(p).outlineWidth)")) >= 2
    page.keyboard.press("Enter")
    boxes = page.locator("[data-composer] input[name=sentences]")
    expect(boxes).to_have_count(4)
    expect(boxes.first).to_be_focused()
    for press in ("Space", "Tab", "Space", "Tab", "Tab", "Tab", "ArrowDown", "Tab"):  # the last two sentences
        page.keyboard.press(press)
    page.keyboard.type("only the last two")
    for press in ("Tab", "Tab", "Enter"):
        page.keyboard.press(press)
    expect(page.locator(".note-body", has_text="only the last two")).to_be_visible()
    found = Annotation.objects.get()
    assert found.quote == TEXT[TEXT.index("每半年") :]
    expect(page.locator(f"#note-{found.pk}")).to_be_focused()
    expect(page.locator("mark")).to_have_text(re.compile("^每半年"))
