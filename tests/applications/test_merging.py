"""Two people write one section: different paragraphs are joined, the same paragraph is never written over."""

from applications.merging import BOTH, MINE, THEIRS, merge, merge_value

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
