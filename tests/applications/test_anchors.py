"""Notes carried to the next version; the generator knows where each one truly went."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.anchors import Anchor, Status, locate, make

ALPHABET = "电子商务示范城市政策环境支撑体系基础设施服务应用建设认证支付物流信用数据企业交易规则𠮷😀"
TEXT = st.text(alphabet=ALPHABET + "，。6%", min_size=30, max_size=120)
SENTENCE = "到2028年，电子认证覆盖率达到60%，建立在线支付安全监测机制，形成交易诚信档案。"


def paragraphs(**texts):
    return [{"id": key, "text": text} for key, text in texts.items()]


def note(text, quote):
    start = text.index(quote)
    return make(text, start, start + len(quote))


def at(text, quote):
    start = text.index(quote)
    return start, start + len(quote)


def test_anchor_counts_code_points_and_keeps_32_characters_of_context():
    text = "😀" * 40 + "覆盖率" + "𠮷" * 40
    assert make(text, 40, 43) == Anchor(40, 43, "覆盖率", "😀" * 32, "𠮷" * 32)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (-1, 2), (0, 99)])
def test_selection_outside_the_paragraph_is_an_error(start, end):
    with pytest.raises(ValueError, match="selection"):
        make("电子商务", start, end)


@given(TEXT, st.data())
def test_same_version_finds_the_very_place_or_says_it_cannot(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = locate(make(text, start, end), "p", paragraphs(o="别的段落。", p=text))
    assert (found.status, found.paragraph_id, found.start, found.end) == (Status.UNCHANGED, "p", start, end)


def test_quote_moves_with_text_inserted_before_it():
    new = "新增一句。" + SENTENCE
    found = locate(note(SENTENCE, "在线支付"), "p", paragraphs(p=new))
    assert (found.status, found.start, found.end) == (Status.UNCHANGED, *at(new, "在线支付"))


def test_edited_quote_is_changed_and_shows_what_stands_there_now():
    new = SENTENCE.replace("60%", "65%")
    found = locate(note(SENTENCE, "60%"), "p", paragraphs(p=new))
    assert (found.status, found.start, found.end) == (Status.CHANGED, *at(new, "65%"))


def test_deleted_quote_is_an_orphan():
    new = SENTENCE.replace("建立在线支付安全监测机制，", "")
    found = locate(note(SENTENCE, "建立在线支付安全监测机制，"), "p", paragraphs(p=new))
    assert (found.status, found.paragraph_id, found.start, found.end) == (Status.ORPHAN, None, 0, 0)


def test_deleted_occurrence_never_slides_to_its_twin():
    old = "健全物流体系，推动物流园区建设；同时优化城市配送网络，鼓励物流企业上网。"
    new = "健全物流体系，推动园区建设；同时优化城市配送网络，鼓励企业上网。"
    start = old.index("物流园区")
    found = locate(make(old, start, start + 2), "p", paragraphs(p=new))
    assert found.status is not Status.UNCHANGED


def test_paragraph_taken_over_under_a_new_id_is_found_by_quote_and_contexts():
    found = locate(note(SENTENCE, "60%"), "p", paragraphs(p="完全不同的内容，与此无关。", q=SENTENCE))
    assert (found.status, found.paragraph_id) == (Status.UNCHANGED, "q")


def test_similar_text_elsewhere_is_an_orphan():
    similar = SENTENCE.replace("电子认证覆盖率", "移动支付普及率").replace("建立", "完善")
    assert locate(note(SENTENCE, "60%"), "p", paragraphs(q=similar)).status is Status.ORPHAN


def test_quote_twice_elsewhere_is_an_orphan():
    found = locate(note(SENTENCE, "60%"), "p", paragraphs(q=SENTENCE, r=SENTENCE))
    assert found.status is Status.ORPHAN


@given(TEXT, TEXT, st.data())
def test_whatever_is_called_unchanged_bears_the_exact_quote(old, new, data):
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    anchor = make(old, start, end)
    texts = {"p": new, "q": old}
    found = locate(anchor, "p", paragraphs(**texts))
    if found.status is Status.UNCHANGED:
        assert texts[found.paragraph_id][found.start : found.end] == anchor.quote
    if found.status is Status.CHANGED:
        assert found.paragraph_id == "p"
        assert 0 <= found.start < found.end <= len(new)


def _generated(rng, serial):
    body = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(60, 140)))
    return f"第{serial}项，{body}。"


def _edit_outside(rng, text, start, end):
    """Change the text around the quote; return it with the quote's new place."""
    for _ in range(rng.randint(1, 3)):
        piece = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 8)))
        if rng.random() < 0.5:
            where = rng.randint(0, start)
            cut = min(start, where + rng.randint(0, 6))
            text = text[:where] + piece + text[cut:]
            start, end = start + len(piece) - (cut - where), end + len(piece) - (cut - where)
        else:
            where = rng.randint(end, len(text))
            text = text[:where] + piece + text[min(len(text), where + rng.randint(0, 6)) :]
    return text, start, end


def test_of_notes_whose_quote_survives_once_95_percent_stay_and_none_goes_astray():
    rng = random.Random(20260701)
    kept = astray = total = 0
    for serial in range(600):
        texts = [_generated(rng, f"{serial}-{n}") for n in range(4)]
        text = texts[1]
        start = rng.randint(0, len(text) - 8)
        end = start + rng.randint(4, 8)
        anchor = make(text, start, end)
        texts[1], start, end = _edit_outside(rng, text, start, end)
        version = [{"id": f"p{n}", "text": t} for n, t in enumerate(texts)]
        if sum(t.count(anchor.quote) for t in texts) != 1:
            continue
        total += 1
        rng.shuffle(version)
        found = locate(anchor, "p1", version)
        right = (found.paragraph_id, found.start, found.end) == ("p1", start, end)
        kept += found.status is Status.UNCHANGED and right
        astray += found.status is Status.UNCHANGED and not right
    assert total > 500
    assert kept / total >= 0.95
    assert astray == 0


def test_deleted_notes_are_never_found_unchanged():
    rng = random.Random(7)
    for serial in range(400):
        texts = [_generated(rng, f"{serial}-{n}") for n in range(4)]
        text = texts[1]
        start = rng.randint(0, len(text) - 4)
        end = start + rng.randint(2, 4)
        anchor = make(text, start, end)
        texts[1] = text[:start] + text[end:]
        if texts[1][start : start + len(anchor.quote)] == anchor.quote:
            continue
        found = locate(anchor, "p1", [{"id": f"p{n}", "text": t} for n, t in enumerate(texts)])
        assert found.status is not Status.UNCHANGED
