"""Dissent in frozen versions: beside its part, in print, in the comparison; versions from before read as ever."""

import pytest

from review import comparing, reading
from review.printing.content import blocks
from tests.review.printing import sample

NOW = {
    "id": "7", "held_on": "2026-02-10", "form": "部门会商", "who": "示例市十四个部门", "participants": 14,
    "from_firms": False, "parts": ["policy"], "measures": ["1"], "opinions": "写明次序", "outcome": "partly",
    "adopted": "次序已写入", "dissenting": "市规划和自然资源局", "dissent": "宜由区县确定",
}  # fmt: skip
LATER = ("parts", "measures", "outcome", "dissenting")
BEFORE = {name: value for name, value in NOW.items() if name not in LATER}


def part(snapshot, key):
    return next(p for p in reading.parts(snapshot, [], files={}) if p["key"] == key)


def test_dissent_stands_at_the_parts_it_is_about():
    snapshot = sample.plan(consultations=[NOW])
    (one,) = part(snapshot, "policy")["dissents"]
    assert (one.who, one.text, one.outcome_words, one.measures) == (
        "市规划和自然资源局", "宜由区县确定", "部分采纳", ("示例措施1",),
    )  # fmt: skip
    assert part(snapshot, "measures")["dissents"] == [one]
    assert part(snapshot, "support")["dissents"] == []
    cells = part(snapshot, "consultations")["blocks"][0]["cells"]
    assert (cells["parts"], cells["measures"]) == ("（一）完善电子商务政策环境", "示例措施1")


def test_versions_frozen_before_the_ledger_named_parts_still_read():
    snapshot = sample.plan(consultations=[BEFORE])
    assert all(p["dissents"] == [] for p in reading.parts(snapshot, [], files={}))
    assert part(snapshot, "consultations")["blocks"][0]["cells"]["dissent"] == "宜由区县确定"
    assert any(b.table and "宜由区县确定" in str(b.table.rows) for b in blocks(snapshot))


def test_print_writes_the_dissent_under_the_heading_of_its_part():
    found = blocks(sample.plan(consultations=[NOW]))
    at = next(n for n, b in enumerate(found) if b.section == "policy")
    assert found[at + 1].text == "市规划和自然资源局保留不同意见：宜由区县确定（2026年2月10日部门会商）"
    notes = [b.text for b in found if b.kind == "note" and "不同意见" in b.text]
    assert notes[1] == "市规划和自然资源局对“示例措施1”保留不同意见：宜由区县确定（2026年2月10日部门会商）"
    assert len(notes) == 2
    row = next(b.table for b in found if b.table and "涉及内容" in b.table.head).rows[0]
    assert row[3] == ("部分：（一）完善电子商务政策环境", "措施：示例措施1")
    assert row[5:] == (("部分采纳", "次序已写入"), ("市规划和自然资源局", "宜由区县确定"))


EMPTY = BEFORE | {"parts": [], "measures": [], "outcome": "", "dissenting": ""}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (BEFORE, EMPTY, []),
        (EMPTY, NOW, ["涉及的部分", "涉及的措施", "是否采纳", "持不同意见的部门"]),
        (BEFORE, NOW, ["涉及的部分", "涉及的措施", "是否采纳", "持不同意见的部门"]),
        (NOW, NOW | {"outcome": "adopted"}, ["是否采纳"]),
    ],
    ids=["nothing new", "filled in", "old version", "outcome"],
)
def test_comparison_says_what_changed_and_takes_no_new_field_for_a_change(old, new, expected):
    a, b = (sample.plan(consultations=[row]) for row in (old, new))
    found = comparing.records(a, b)
    assert [c["label"] for row in found for c in row["changes"]] == expected
    if expected[:1] == ["涉及的部分"]:
        shown = {c["label"]: (c["old"], c["new"]) for c in found[0]["changes"]}
        assert shown["涉及的部分"] == ("—", "（一）完善电子商务政策环境")
        assert shown["涉及的措施"] == ("—", "示例措施1")
        assert shown["是否采纳"] == ("—", "部分采纳")


@pytest.mark.parametrize("gone", [False, True], ids=["came", "went"])
def test_comparison_tells_the_dissent_of_an_entry_that_came_or_went(gone):
    without, having = sample.plan(consultations=[]), sample.plan(consultations=[NOW])
    (row,) = comparing.records(*((having, without) if gone else (without, having)))
    said = {c["label"]: (c["new"], c["old"]) if gone else (c["old"], c["new"]) for c in row["changes"]}
    assert said["保留的不同意见"] == ("—", "宜由区县确定")
    assert said["是否采纳"] == ("—", "部分采纳")
    assert {c["words"] for c in row["changes"]} == {row["word"]}
