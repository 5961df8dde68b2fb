"""What a city changed since its opinion, in the phrases an answer begins with."""

import pytest

from applications import snapshot
from applications.services import versions
from review import since_opinion
from review.states import State as S
from tests.past_guards import past_guards


@pytest.fixture
def two(world):
    """Return the plan as the opinion speaks of it and as it stands, both as plain data."""
    case = world.case(S.UNDER_REVISION)
    return versions.read(case.current_round.version), snapshot.take(case.plan)


def texts(taken, key):
    return next(s["paragraphs"] for s in taken["sections"] if s["key"] == key)


def test_nothing_changed_says_nothing(two):
    assert since_opinion.between(*two) == {}
    assert since_opinion.drafted("policy", {}) == ""
    assert since_opinion.drafted("", {}) == ""


def test_each_way_to_change_a_text_has_its_phrase(two):
    then, now = two
    for taken in two:
        texts(taken, "policy")[:] = [
            {"id": "a", "text": "到2028年覆盖率达到60%，由各区负责。"},
            {"id": "b", "text": "每季度召开一次会议。"},
        ]
    texts(now, "policy")[0]["text"] = "到2028年覆盖率达到65%，由各区和市统计局负责。"
    texts(now, "policy")[1:] = [{"id": "c", "text": "企业诉求在十个工作日内办结。"}]
    found = since_opinion.between(then, now)
    assert found == {
        "policy": [
            "将“60%”改为“65%”",
            "补充“和市统计局”",
            "删去一段“每季度召开一次会议。”",
            "新增一段“企业诉求在十个工作日内办结。”",
        ]
    }
    assert since_opinion.drafted("policy", found) == (
        "已在“完善电子商务政策环境”中将“60%”改为“65%”，补充“和市统计局”，删去一段“每季度召开一次会议。”等4处修改。"
    )
    assert since_opinion.drafted("support", found) == ""


def test_a_moved_paragraph_is_said_to_have_moved(two):
    then, now = two
    kept = [
        {"id": n, "text": f"{word}由市商务局按月公布，接受企业查询。"} for n, word in zip("abc", "甲乙丙", strict=True)
    ]
    texts(then, "policy")[:], texts(now, "policy")[:] = kept, [kept[2], kept[0], kept[1]]
    assert since_opinion.between(then, now) == {"policy": ["移动一段“丙由市商务局按月公布，接受企业查询。”"]}


def test_rows_records_and_files_are_named(two):
    then, now = two
    row = now["indicators"][0]
    row["target_value"] = "999"
    now["records"]["assessment"]["frequency"] = "每季度一次"
    now["attachments"].append(
        {"id": "9", "title": "示例附件", "kind": "other", "name": "a.pdf", "mime": "", "size": 1, "sha256": ""}
    )
    found = since_opinion.between(then, now)
    assert found["indicators"] == [f"修改“{row['name']}”"]
    assert found["assessment"] == ["修改“考核机制”"]
    assert since_opinion.drafted("attachments", found) == "已在“附件”中新增“附件：示例附件”。"


def test_a_long_phrase_is_cut_short(two):
    then, now = two
    texts(now, "policy").append({"id": "z", "text": "长" * 300})
    (said,) = since_opinion.between(then, now)["policy"]
    assert said == f"新增一段“{'长' * 39}…”"


def test_working_text_is_compared_with_the_version_of_the_opinion(world):
    case = world.case(S.UNDER_REVISION)
    assert since_opinion.edits(case) == {}
    section = case.plan.sections.get(key="policy")
    section.paragraphs = [*section.paragraphs, {"id": "p1z", "text": "由市统计局负责。"}]
    with past_guards():
        section.save(update_fields=["paragraphs"])
    assert since_opinion.edits(case) == {"policy": ["新增一段“由市统计局负责。”"]}
