"""The comparison of two versions, read back from its own runs."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applications.comparison import Kind, as_list, compare, compare_text, tokens

TEXT = st.text(alphabet="电子商务示范城市6058%亿元家，。𠮷😀 ab\n", max_size=60)
PARAGRAPHS = st.lists(TEXT, max_size=10).map(lambda ts: [{"id": f"p{i}", "text": t} for i, t in enumerate(ts)])
SIDES = st.tuples(PARAGRAPHS, PARAGRAPHS, st.randoms(use_true_random=False))


def side(runs, without):
    return "".join(text for op, text in runs if op != without)


def version(**texts):
    return [{"id": key, "text": text} for key, text in texts.items()]


@pytest.mark.parametrize("token", ["60%", "65％", "200家", "480亿元", "2028年", "1,200万元", "3.5个百分点", "18:00"])
def test_number_and_unit_are_one_token(token):
    assert tokens(f"达到{token}以上") == ["达", "到", token, "以", "上"]


def test_percentage_changes_as_a_whole():
    assert compare_text("覆盖率达到60%（按企业数）", "覆盖率达到65%（按企业数）") == [
        ("=", "覆盖率达到"),
        ("-", "60%"),
        ("+", "65%"),
        ("=", "（按企业数）"),
    ]


def test_amount_and_year_change_as_wholes():
    runs = compare_text("到2028年交易额达到480亿元。", "到2030年交易额达到520亿元。")
    assert [r for r in runs if r[0] != "="] == [
        ("-", "2028年"),
        ("+", "2030年"),
        ("-", "480亿元"),
        ("+", "520亿元"),
    ]


@given(TEXT, TEXT)
def test_runs_give_back_both_texts(old, new):
    runs = compare_text(old, new)
    assert side(runs, "+") == old
    assert side(runs, "-") == new


@given(TEXT, TEXT)
def test_no_single_character_is_left_between_two_changes(old, new):
    runs = compare_text(old, new)
    assert not [text for op, text in runs[1:-1] if op == "=" and len(text) == 1]
    assert all(a[0] != b[0] for a, b in zip(runs, runs[1:], strict=False))


@given(SIDES)
def test_rows_give_back_both_versions(sides):
    a, b, random = sides
    random.shuffle(b)
    rows = compare(a, b)
    assert [r.new for r in rows if r.new is not None] == [p["text"] for p in b]
    assert [r.new_at for r in rows if r.new is not None] == list(range(len(b)))
    old = sorted((r.old_at, r.old) for r in rows if r.old is not None)
    assert old == [(i, p["text"]) for i, p in enumerate(a)]
    for row in rows:
        assert side(row.runs, "+") == (row.old or "")
        assert side(row.runs, "-") == (row.new or "")


@given(PARAGRAPHS)
def test_version_compared_with_itself_shows_nothing(paragraphs):
    rows = compare(paragraphs, paragraphs)
    assert {row.kind for row in rows} <= {Kind.SAME}
    assert as_list(rows) == []


def test_every_kind_of_row():
    a = version(a="政策环境。", b="支撑体系达到60%。", c="删去的一段。", d="基础设施。", e="服务。")
    b = version(e="服务。", a="政策环境。", b="支撑体系达到65%。", d="基础设施。", f="应用。")
    kinds = [(row.kind, row.id, row.old_at, row.new_at) for row in compare(a, b)]
    assert kinds == [
        (Kind.MOVED, "e", 4, 0),
        (Kind.SAME, "a", 0, 1),
        (Kind.CHANGED, "b", 1, 2),
        (Kind.REMOVED, "c", 2, None),
        (Kind.SAME, "d", 3, 3),
        (Kind.ADDED, "f", None, 4),
    ]


def test_paragraph_with_a_new_id_is_found_by_its_text():
    rows = compare(version(a="建立电子认证服务机构。"), version(z="建立电子认证服务中心。"))
    assert [(row.kind, row.id) for row in rows] == [(Kind.CHANGED, "z")]


def test_list_for_the_ear_names_each_change():
    a = version(a="政策环境。", b="支撑体系达到60%。", c="删去的一段。", e="服务。")
    b = version(e="服务。", a="政策环境。", b="支撑体系达到65%。", f="应用。")
    with translation.override("en"):
        assert as_list(compare(a, b)) == [
            "Paragraph 1 moved, it was paragraph 4",
            "Paragraph 3 changed: “60%” became “65%”",
            "Former paragraph 3 removed: “删去的一段。”",
            "Paragraph 4 added: “应用。”",
        ]
