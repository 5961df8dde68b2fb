"""Levels, splitting, stable ids and sentence spans of structured plain text."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.paragraphs import assign_ids, level, sentences, split

WORDS = st.text(alphabet="电子商务示范城市建设60%。，；！？…”一二（）1. 𠮷\u3000\n", max_size=40)
TEXTS = st.lists(WORDS, max_size=12)


def ids():
    numbers = count(1)
    return lambda: f"n{next(numbers)}"


def stored(*texts):
    return [{"id": f"p{i}", "text": text} for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、创建基础和需求", 1),
        ("十二、附则", 1),
        ("（一）完善政策环境", 2),
        ("(三)加强基础设施", 2),
        ("1. 建立交易规则", 3),
        ("12、组织实施", 3),
        ("（1）出台办法", 4),
        ("(12) 出台办法", 4),
        ("2.5亿元用于物流", 0),
        ("2028年建成", 0),
        ("一是完善规则", 0),
        ("", 0),
    ],
)
def test_level_follows_the_official_numbering(text, expected):
    assert level(text) == expected


def test_split_trims_and_drops_empty_lines_of_every_kind():
    assert split("一、基础\r\n\r\n　　正文。\u2028第二段\v第三段\r \n") == [
        "一、基础",
        "正文。",
        "第二段",
        "第三段",
    ]


def test_edited_paragraph_keeps_its_id_and_a_new_one_gets_a_fresh_id():
    old = stored("电子认证覆盖率达到60%。", "培训人员一万名。", "建设物流园区。")
    new = assign_ids(old, ["电子认证覆盖率达到65%。", "新设在线调解中心，受理消费纠纷。", "建设物流园区。"], ids())
    assert [p["id"] for p in new] == ["p0", "n1", "p2"]


def test_moved_paragraph_keeps_its_id():
    old = stored("甲段讲政策环境。", "乙段讲支撑体系。", "丙段说到别的事情。")
    new = assign_ids(old, ["丙段说到别的事情。", "甲段讲政策环境。", "乙段讲支撑体系。"], ids())
    assert [p["id"] for p in new] == ["p2", "p0", "p1"]


def test_rewritten_paragraph_gets_a_fresh_id():
    new = assign_ids(stored("建设物流园区。"), ["Entirely other words"], ids())
    assert new == [{"id": "n1", "text": "Entirely other words"}]


def test_factory_that_repeats_an_old_id_is_asked_again():
    answers = iter(["p0", "p0", "fresh"])
    new = assign_ids(stored("甲"), ["甲", "完全不同的另一段"], lambda: next(answers))
    assert [p["id"] for p in new] == ["p0", "fresh"]


def test_factory_that_only_repeats_itself_is_an_error():
    with pytest.raises(RuntimeError, match="repeating"):
        assign_ids(stored("甲"), ["甲", "完全不同的另一段"], lambda: "p0")


@given(TEXTS, TEXTS)
def test_ids_are_unique_and_texts_untouched(old, new):
    result = assign_ids(stored(*old), new, ids())
    assert [p["text"] for p in result] == new
    assert len({p["id"] for p in result}) == len(new)


@given(TEXTS)
def test_unchanged_text_keeps_every_id(texts):
    assert assign_ids(stored(*texts), texts, ids()) == stored(*texts)


@given(st.lists(WORDS, min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_any_order_of_distinct_texts_keeps_every_id(texts, random):
    shuffled = stored(*texts)
    random.shuffle(shuffled)
    assert assign_ids(stored(*texts), [p["text"] for p in shuffled], ids()) == shuffled


def test_sentences_keep_closing_quotes_and_count_code_points():
    text = "𠮷市提出“先行先试。”随后实施！未完"
    assert [text[a:b] for a, b in sentences(text)] == ["𠮷市提出“先行先试。”", "随后实施！", "未完"]


@given(WORDS)
def test_sentences_hold_every_visible_character_once_and_in_order(text):
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    covered = "".join(text[a:b] for a, b in spans)
    assert "".join(covered.split()) == "".join(text.split())
