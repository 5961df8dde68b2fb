"""Both ways to write a note, in a real browser: words selected with the mouse, sentences ticked with the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from review.models import Annotation
from review.services import annotations
from review.states import State as S
from tests.builders import Walk

FIRST = "𠮷祥街道🙂试点先行，覆盖率达到60%。再扩大到全市各区县，逐项明确责任部门。每半年总结一次，按期公布结果。"
ROWS = ["| 任务 | 责任单位 |", "| 建设𠮷祥平台 | 市商务局 |"]
SENTENCES = [sentence + "。" for sentence in FIRST.split("。") if sentence]


@pytest.fixture
def case(live_world):
    case = live_world.draft()
    section = case.plan.sections.get(key="policy")
    table = [{"id": f"t{n}", "text": text} for n, text in enumerate(ROWS, start=1)]
    section.paragraphs = [{"id": "px", "text": FIRST}, *table, *section.paragraphs]
    section.save()
    return Walk(live_world, case, live_world.lead).to(S.UNDER_DISCUSSION)


@pytest.fixture
def reading(case, live_world, live_server, page, sign_in, complaints):
    """The page of version 1 as an assigned member sees it."""
    sign_in(live_world.experts[0])
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/plans/{case.plan.reference}/v1/read/")
    yield page
    assert complaints == []


def select(page, paragraph: str, start: int, end: int) -> None:
    """Select code points ``start`` to ``end`` of a paragraph as a mouse would, whatever marks stand inside."""
    page.evaluate(
        """([id, start, end]) => {
            const text = document.querySelector(`[data-id="${id}"] .para-text`);
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, {
                acceptNode: (n) => n.parentElement.closest("sup") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
            });
            const range = document.createRange();
            for (let at = 0, node; (node = walker.nextNode()); ) {
                const points = [...node.data];
                const unit = (n) => points.slice(0, n - at).join("").length;
                if (start >= at && start < at + points.length) range.setStart(node, unit(start));
                if (end > at && end <= at + points.length) range.setEnd(node, unit(end));
                at += points.length;
            }
            const chosen = window.getSelection();
            chosen.removeAllRanges();
            chosen.addRange(range);
        }""",
        [paragraph, start, end],
    )


def write(page, words: str, kind: str = "must") -> None:
    page.locator(f"[data-composer] input[value={kind}]").check()
    page.locator("[data-composer] textarea[name=body]").fill(words)
    page.locator("[data-composer] button[type=submit]").click()
    expect(page.locator(".note-body", has_text=words)).to_be_visible()


def test_words_of_a_cell_become_a_note_and_a_row_takes_one_by_keyboard(reading, case):
    table = reading.locator("table.prose-table")
    expect(table.get_by_role("columnheader", name="责任单位")).to_be_visible()
    expect(table.get_by_role("cell", name="市商务局", exact=False)).to_be_visible()
    start = ROWS[1].index("商务局")
    select(reading, "t2", start, start + 3)
    reading.locator("[data-selection-button]").click()
    write(reading, "写明处室。")
    reading.locator('[data-id="t1"]').focus()
    reading.keyboard.press("Enter")
    expect(reading.locator("[data-composer] textarea[name=body]")).to_be_visible()
    write(reading, "表头加时限。", kind="suggestion")
    cell, head = Annotation.objects.order_by("pk")
    assert (cell.target_id, cell.quote, cell.start) == ("t2", "商务局", start)
    assert (head.target_id, head.quote) == ("t1", ROWS[0])
    expect(reading.locator(f'mark[data-notes="{cell.pk}"]')).to_contain_text("商务局")


def test_selected_words_become_a_note_counted_in_code_points(reading, case):
    start = FIRST.index("覆盖率达到60%")
    assert "🙂" in FIRST[:start]
    select(reading, "px", start, start + 8)
    button = reading.locator("[data-selection-button]")
    expect(button).to_be_visible()
    button.click()
    expect(reading.locator("[data-composer] blockquote")).to_have_text("覆盖率达到60%")
    write(reading, "请写明统计口径")
    found = Annotation.objects.get()
    assert (found.quote, found.start, found.kind) == ("覆盖率达到60%", start, "must")
    assert reading.url.endswith(f"#note-{found.pk}")
    expect(reading.locator("mark.must")).to_have_text(re.compile("^覆盖率达到60%1$"))


def test_numbers_of_notes_are_not_counted_in_a_later_selection(reading, case):
    member = case.current_round.assignments.first().member
    annotations.add(
        case, by=member, kind="question", section="policy", target="paragraph", target_id="px", start=0, end=6,
        body="先有一条",
    )  # fmt: skip
    reading.reload()
    select(reading, "px", 2, 15)
    reading.locator("[data-selection-button]").click()
    expect(reading.locator("[data-composer] blockquote")).to_have_text(FIRST[2:15])
    write(reading, "与前一条交叠")
    assert Annotation.objects.get(body="与前一条交叠").quote == FIRST[2:15]


def test_keyboard_alone_writes_a_note_on_chosen_sentences(reading, case):
    paragraph = reading.locator("#p-policy-px")
    paragraph.focus()
    reading.keyboard.press("Enter")
    boxes = reading.locator("[data-composer] input[name=sentences]")
    expect(boxes).to_have_count(3)
    assert boxes.evaluate_all("boxes => boxes.map((b) => b.checked)") == [True, True, True]
    expect(boxes.first).to_be_focused()
    reading.keyboard.press("Space")  # not the first sentence
    for _ in range(3):  # past two sentences to the kinds
        reading.keyboard.press("Tab")
    reading.keyboard.press("ArrowDown")
    reading.keyboard.press("Tab")
    reading.keyboard.type("只说后两句")
    reading.keyboard.press("Tab")
    reading.keyboard.press("Tab")
    reading.keyboard.press("Enter")
    expect(reading.locator(".note-body", has_text="只说后两句")).to_be_visible()
    found = Annotation.objects.get()
    assert found.quote == SENTENCES[1] + SENTENCES[2]
    expect(reading.locator(f"#note-{found.pk}")).to_be_focused()


def test_mistake_is_said_in_place_and_nothing_typed_is_lost(reading, case):
    reading.locator("#p-policy-px").focus()
    reading.keyboard.press("Enter")
    reading.locator("[data-composer] textarea[name=body]").fill("还没有选类型")
    reading.locator("[data-composer] button[type=submit]").click()
    expect(reading.locator("[data-composer] [data-error-summary]")).to_be_focused()
    expect(reading.locator("[data-composer] textarea[name=body]")).to_have_value("还没有选类型")
    reading.locator("#p-policy-p1b").focus()
    reading.keyboard.press("Enter")  # another paragraph: what is being written stays
    expect(reading.locator("[data-composer] textarea[name=body]")).to_have_value("还没有选类型")
    assert not Annotation.objects.exists()


def test_escape_closes_the_empty_form_and_gives_the_focus_back(reading, case):
    paragraph = reading.locator("#p-policy-px")
    paragraph.focus()
    reading.keyboard.press("Enter")
    expect(reading.locator("[data-composer] input[name=sentences]").first).to_be_focused()
    reading.keyboard.press("Escape")
    expect(reading.locator("[data-composer]")).to_have_count(0)
    expect(paragraph).to_be_focused()


@pytest.fixture
def many(case):
    member = case.current_round.assignments.first().member
    for start in (0, 4, 8, 12):
        annotations.add(
            case, by=member, kind="must", section="policy", target="paragraph", target_id="px", start=start,
            end=start + 4, body="很长的批注" * 20,
        )  # fmt: skip
    annotations.add(
        case, by=member, kind="strength", section="applications", target="paragraph", target_id="p5b", start=0, end=5,
        body="值得肯定",
    )  # fmt: skip


def boxes(page, selector: str) -> list[dict]:
    return page.locator(selector).evaluate_all("all => all.map((e) => e.getBoundingClientRect().toJSON())")


def test_notes_stand_beside_the_text_and_never_over_it(many, reading):
    notes, text = boxes(reading, ".note"), boxes(reading, ".para")
    assert len(notes) == 5
    assert min(n["left"] for n in notes) >= max(p["right"] for p in text)
    ordered = sorted(notes, key=lambda n: n["top"])
    assert all(a["bottom"] <= b["top"] for a, b in zip(ordered, ordered[1:], strict=False))
    assert reading.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_note_and_passage_lead_to_each_other(many, reading):
    strength = reading.locator(".note.strength")
    reading.locator("mark.strength").click()
    expect(strength).to_be_focused()
    expect(strength).to_have_class(re.compile("current"))
    mark, note = reading.locator("mark.strength").bounding_box(), strength.bounding_box()
    assert abs(mark["y"] - note["y"]) < 40
    reading.locator("[data-note-step='-1']").click()
    expect(reading.locator("mark.must").nth(3)).to_have_class(re.compile("current"))
    expect(reading.locator("mark.strength")).not_to_have_class(re.compile("current"))
    assert "4" in reading.locator("[data-note-count]").inner_text()


def test_on_a_narrow_screen_notes_stand_under_their_paragraph(many, reading):
    for width in (1000, 390):
        reading.set_viewport_size({"width": width, "height": 900})
        expect(reading.locator(".sheet.placed")).to_have_count(0)
        paragraph, after = reading.locator("#p-policy-px"), reading.locator("#p-policy-p1a")
        top, bottom = paragraph.bounding_box(), after.bounding_box()
        for note in boxes(reading, ".note.must"):
            assert top["y"] + top["height"] <= note["top"]
            assert note["bottom"] <= bottom["y"]
        assert reading.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_same_note_is_written(case, live_world, live_server, browser, sign_in, page):
    sign_in(live_world.experts[0])
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{live_server.url}/plans/{case.plan.reference}/v1/read/")
    plain.locator("#p-policy-px .note-here").click()
    plain.locator("input[name=sentences]").nth(0).uncheck()
    plain.locator("input[value=suggestion]").check()
    plain.locator("textarea[name=body]").fill("没有脚本也能写")
    plain.locator("main button[type=submit]").first.click()
    assert Annotation.objects.get().quote == SENTENCES[1] + SENTENCES[2]
    expect(plain.locator(".note-body", has_text="没有脚本也能写")).to_be_visible()
    context.close()


FOCUSED = "() => document.activeElement.dataset.noteCard || document.activeElement.name || ''"


def test_keys_walk_the_notes_settle_one_and_go_back_to_the_text(many, reading):
    cards = reading.locator("[data-note-card]").evaluate_all("all => all.map((c) => c.dataset.noteCard)")
    reading.keyboard.press("j")
    assert reading.evaluate(FOCUSED) not in cards  # only while a note holds the focus
    reading.locator("[data-note-step='1']").click()
    seen = [reading.evaluate(FOCUSED)]
    for key in ("j", "j", "k"):
        reading.keyboard.press(key)
        seen.append(reading.evaluate(FOCUSED))
    assert seen == [cards[0], cards[1], cards[2], cards[1]]
    reading.keyboard.press("Escape")
    assert reading.evaluate("() => document.activeElement.matches('.para')")
    assert reading.evaluate("() => document.activeElement.dataset.id") == "px"


def test_figures_choose_the_kind_of_a_new_note(case, reading):
    reading.locator('[data-id="px"]').focus()
    reading.keyboard.press("Enter")
    expect(reading.locator("[data-composer] textarea[name=body]")).to_be_visible()
    reading.locator("[data-composer] input[name=kind]").first.focus()
    kinds = reading.locator("[data-composer] input[name=kind]").evaluate_all("all => all.map((e) => e.value)")
    for number, kind in enumerate(kinds, start=1):
        reading.keyboard.press(str(number))
        assert reading.locator("[data-composer] input[name=kind]:checked").get_attribute("value") == kind
    body = reading.locator("[data-composer] textarea[name=body]")
    body.focus()
    reading.keyboard.type("2027年1月")
    expect(body).to_have_value("2027年1月")
    assert reading.locator("[data-composer] input[name=kind]:checked").get_attribute("value") == kinds[-1]


def test_e_opens_the_settling_of_a_published_note_and_types_elsewhere(case, live_world, reading):
    member = live_world.experts[0]
    made = annotations.add(
        case, by=member, kind="must", section="policy", target="paragraph", target_id="px", start=0, end=4, body="示例"
    )
    annotations.publish(case, by=member)
    reading.reload()
    reading.locator(f"#note-{made.pk}").focus()
    reading.keyboard.press("e")
    assert reading.evaluate(FOCUSED) == "resolution"
    reading.keyboard.type("je已改")
    expect(reading.locator(f"#note-{made.pk} input[name=resolution]")).to_have_value("je已改")
