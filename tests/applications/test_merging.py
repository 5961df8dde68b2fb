"""Two people write one section: different paragraphs are joined, the same paragraph is never written over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.merging import BOTH, MINE, THEIRS, Written, join_words, merge, merge_value

BASE = [
    {"id": "a", "text": "第一段说明现有基础和条件。"},
    {"id": "b", "text": "第二段写信用体系的建设安排。"},
    {"id": "c", "text": "第三段列出物流配送的布局。"},
]


def texts(merged):
    return [p["text"] for p in merged.paragraphs]


def changed(ident, text, rows=BASE):
    return [{"id": p["id"], "text": text if p["id"] == ident else p["text"]} for p in rows]


def mine(**by_id):
    return [by_id.get(p["id"], p["text"]) for p in BASE if by_id.get(p["id"], p["text"])]


def test_nobody_else_wrote():
    merged = merge(BASE, ["新的开头。", *mine()], BASE)
    assert texts(merged) == ["新的开头。", *(p["text"] for p in BASE)]
    assert [p["id"] for p in merged.paragraphs[1:]] == ["a", "b", "c"]


def test_different_paragraphs_are_joined_and_keep_their_ids():
    merged = merge(BASE, mine(a="第一段说明现有基础、条件和问题。"), changed("c", "第三段列出物流配送的新布局。"))
    assert merged.clashes == []
    assert merged.paragraphs == [
        {"id": "a", "text": "第一段说明现有基础、条件和问题。"},
        {"id": "b", "text": "第二段写信用体系的建设安排。"},
        {"id": "c", "text": "第三段列出物流配送的新布局。"},
    ]


def test_the_same_paragraph_clashes_with_both_texts_kept():
    theirs = changed("b", "第二段写信用体系的建设安排，由市监局牵头。")
    merged = merge(BASE, mine(b="第二段写信用体系的建设和考核安排。"), theirs)
    (clash,) = merged.clashes
    assert (clash.id, clash.mine, clash.theirs) == (
        "b",
        "第二段写信用体系的建设和考核安排。",
        "第二段写信用体系的建设安排，由市监局牵头。",
    )


def test_choices_settle_a_clash():
    theirs = changed("b", "第二段写信用体系的建设安排，由市监局牵头。")
    sent = mine(b="第二段写信用体系的建设和考核安排。")
    assert texts(merge(BASE, sent, theirs, {"b": MINE}))[1] == sent[1]
    assert texts(merge(BASE, sent, theirs, {"b": THEIRS}))[1] == theirs[1]["text"]
    both = merge(BASE, sent, theirs, {"b": BOTH})
    assert texts(both)[1:3] == [theirs[1]["text"], sent[1]]
    assert len({p["id"] for p in both.paragraphs}) == 4


def test_same_change_by_both_is_no_clash():
    text = "第二段写信用体系的建设安排和分工。"
    merged = merge(BASE, mine(b=text), changed("b", text))
    assert (merged.clashes, texts(merged)[1]) == ([], text)


def test_removed_here_and_untouched_there_is_removed():
    merged = merge(BASE, [BASE[0]["text"], BASE[2]["text"]], changed("a", "第一段说明现有基础和有利条件。"))
    assert [p["id"] for p in merged.paragraphs] == ["a", "c"]
    assert merged.clashes == []


def test_removed_here_but_changed_there_clashes():
    merged = merge(BASE, [BASE[0]["text"], BASE[2]["text"]], changed("b", "第二段写信用体系的建设安排和进度。"))
    assert [(c.id, c.mine) for c in merged.clashes] == [("b", "")]


def test_new_paragraphs_of_both_are_kept():
    theirs = [*BASE, {"id": "t", "text": "他们添上的一段讲人才培养。"}]
    merged = merge(BASE, ["我添的开头说国家要求。", *mine()], theirs)
    assert texts(merged) == ["我添的开头说国家要求。", *(p["text"] for p in BASE), "他们添上的一段讲人才培养。"]


def test_a_new_paragraph_saved_before_is_not_doubled():
    theirs = [*BASE, {"id": "t", "text": "新写的一段，"}]
    merged = merge(BASE, [*mine(), "新写的一段，后来写完了。"], theirs)
    assert texts(merged) == [*(p["text"] for p in BASE), "新写的一段，后来写完了。"]
    assert merged.paragraphs[-1]["id"] == "t"


def test_order_is_taken_from_whoever_moved():
    merged = merge(
        BASE, [BASE[2]["text"], BASE[0]["text"], BASE[1]["text"]], changed("a", "第一段说明现有基础和有利条件。")
    )
    assert [p["id"] for p in merged.paragraphs] == ["c", "a", "b"]


def test_values():
    assert merge_value("旧", "新", "旧", "department", None, "、") == ("新", None)
    assert merge_value("旧", "旧", "新", "department", None, "、") == ("新", None)
    value, clash = merge_value("旧", "甲", "乙", "department", None, "、")
    assert (value, clash.mine, clash.theirs) == ("乙、甲", "甲", "乙")
    assert merge_value("旧", "甲", "乙", "department", {"department": MINE}, "、") == ("甲", None)


def test_new_paragraphs_that_merely_resemble_each_other_are_both_kept():
    theirs = [*BASE, {"id": "t", "text": "（四）电子认证。市商务局负责，2027年底前完成。"}]
    merged = merge(BASE, [*mine(), "（四）网上支付。市金融办负责，2027年底前完成。"], theirs)
    assert (merged.clashes, len(merged.paragraphs)) == ([], 5)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "joined"),
    [
        ("培育企业 150 家。", "培育本地企业 150 家。", "培育企业 150 家以上。", "培育本地企业 150 家以上。"),
        ("覆盖率达到60%。", "覆盖率达到65%。", "覆盖率达到70%。", None),
        ("建设平台。", "建设公共平台。", "建设共享平台。", None),
        ("建设平台，完善制度。", "完善制度。", "建设平台，完善标准。", "完善标准。"),
    ],
)
def test_words_of_one_paragraph_are_joined_where_no_change_touches_another(base, mine, theirs, joined):
    assert join_words(base, mine, theirs) == joined


def test_a_text_of_the_writers_own_settles_a_clash():
    theirs = changed("b", "第二段写信用体系的建设安排，由市监局牵头。")
    sent = mine(b="第二段写信用体系的建设和考核安排。")
    (clash,) = merge(BASE, sent, theirs).clashes
    assert clash.joined == "第二段写信用体系的建设和考核安排，由市监局牵头。"
    settled = merge(BASE, sent, theirs, {"b": Written("甲。\n乙。")})
    assert (settled.clashes, texts(settled)[1:3]) == ([], ["甲。", "乙。"])
    assert merge_value("旧", "甲", "乙", "department", {"department": Written(" 丙 ")}, "、") == ("丙", None)


WORDS = st.text("市商务局信用物流平台0123，。", min_size=8, max_size=30)
PLACES = st.lists(st.sampled_from(["keep", "mine", "theirs"]), min_size=1, max_size=8)


@settings(max_examples=60)
@given(PLACES, st.data())
def test_changes_in_different_paragraphs_all_survive_in_order(who, data):
    base = [{"id": f"p{n}", "text": f"第{n}段：{data.draw(WORDS)}"} for n in range(len(who))]
    tail = [data.draw(st.text("补充。", min_size=1, max_size=3)) for _ in who]
    wanted = [p["text"] + (t if w != "keep" else "") for p, w, t in zip(base, who, tail, strict=True)]
    own = [x if w == "mine" else p["text"] for p, w, x in zip(base, who, wanted, strict=True)]
    theirs = [
        {"id": p["id"], "text": x if w == "theirs" else p["text"]} for p, w, x in zip(base, who, wanted, strict=True)
    ]
    merged = merge(base, own, theirs)
    assert (merged.clashes, texts(merged)) == ([], wanted)
    assert [p["id"] for p in merged.paragraphs] == [p["id"] for p in base]


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5))
def test_whatever_two_write_every_paragraph_of_both_is_kept_and_none_invented(before, own, now):
    base = [{"id": f"b{n}", "text": text} for n, text in enumerate(before)]
    known = dict(zip(before, base, strict=False))
    theirs = [{"id": known.get(text, {"id": f"t{n}"})["id"], "text": text} for n, text in enumerate(dict.fromkeys(now))]
    merged = merge(base, own, theirs)
    result = texts(merged)
    assert set(result) <= {*before, *own, *now}
    clashing = {text for clash in merged.clashes for text in (clash.mine, clash.theirs)}
    for text in [*own, *now]:
        assert text in result or text in before or text in clashing
    assert len({p["id"] for p in merged.paragraphs}) == len(merged.paragraphs)
