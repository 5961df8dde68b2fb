"""The full sample plan is long enough, says nothing twice, and becomes its later versions."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest

from applications import areas, parts
from review import samples
from review.samples import checks, revising

BANNED = ("驳回", "不合格", "淘汰", "未通过", "排名", "得分", "名额", "竞争", "截止后不予受理")
FILES = sorted(Path(samples.__file__).parent.glob("*.json"))


@pytest.fixture(scope="module")
def plan():
    return samples.load_plan()


def prose(plan):
    return [text for paragraphs in plan["sections"].values() for text in paragraphs]


def test_prose_has_13000_chinese_characters(plan):
    assert len(re.findall(r"[\u4e00-\u9fff]", "".join(prose(plan)))) >= 13_000


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_long_sentence_is_said_twice(version):
    assert checks.repeated_sentences(prose(samples.plan_version(version))) == []


def test_tables_have_their_sizes(plan):
    sizes = {table: len(plan[table]) for table in ("measures", "indicators", "milestones", "consultations")}
    assert sizes == {"measures": 20, "indicators": 11, "milestones": 16, "consultations": 7}
    assert [row["kind"] for row in plan["measures"]].count("soft") == 10
    assert [file["kind"] for file in plan["attachments"]] == ["pdf", "docx", "xlsx"]


def test_sections_are_those_of_the_portal(plan):
    assert set(plan["sections"]) == set(parts.TEXT_PARTS) - {"appendix"}
    assert tuple(area.value for area in areas.Area) == checks.AREAS


@pytest.mark.parametrize("area", checks.AREAS)
def test_every_area_has_its_own_measures_and_owners(plan, area):
    assert len([row for row in plan["measures"] if row["area"] == area]) >= 3
    tasks = [text for text in plan["sections"][area] if re.match(r"\d+\. ", text)]
    assert len(tasks) >= 7
    assert all(re.search(r"〔责任单位：[^〕]+〕$", text) for text in tasks)


def vague(plan):
    rows = plan["measures"]
    return [row["title"] for row in rows if not (row["deliverable"] and row["due"] and row["post"])]


def test_two_measures_are_vague_first_and_mended_in_version_2(plan):
    assert vague(plan) == ["完善电子商务统计监测制度", "建设循环包装回收网点"]
    assert vague(samples.plan_version(2)) == []


def test_funds_are_the_sum_of_the_projects_and_the_help():
    plan = samples.plan_version(2)
    assert sum(int(row["money"]) for row in plan["measures"] if row["money"]) + 12_000 == int(plan["funds"]["amount"])


def test_version_3_measures_what_payment_promises():
    plan = samples.plan_version(3)
    measure = revising.find_row(plan, "measures", "制定在线支付便利和安全工作规范")
    assert measure["indicators"] == ["按统一样式公示费率的收单机构占比"]
    assert revising.find_row(plan, "indicators", measure["indicators"][0])["target_value"] == "100"


def test_revising_leaves_the_earlier_version_alone(plan):
    before = deepcopy(plan)
    revising.revise(plan, samples.load_revisions()[0])
    assert plan == before


def test_unknown_version_is_refused():
    with pytest.raises(samples.SampleError, match="versions 1 to 3"):
        samples.plan_version(4)


def test_edit_without_its_paragraph_is_refused(plan):
    edit = {"section": "policy", "paragraph": "没有这样的段落", "delete": True}
    with pytest.raises(samples.SampleError, match="found 0"):
        revising.revise(plan, {"version": 2, "edits": [edit]})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.update(title="创建方案"), "must carry 示例"),
        (lambda p: p["measures"][0].update(due="明年"), "due must be a date"),
        (lambda p: p["measures"][0].update(instrument=""), "names its instrument"),
        (lambda p: p["measures"][0].update(indicators=["没有"]), "not in the table"),
        (lambda p: p["indicators"][0].update(target_value="约500"), "decimal strings"),
        (lambda p: p["assessment"].update(in_annual_evaluation=False), "annual evaluation"),
        (lambda p: p["sections"]["policy"].append(p["sections"]["basis"][0]), "said twice"),
    ],
)
def test_faults_are_told_in_words(plan, change, message):
    plan = deepcopy(plan)
    change(plan)
    with pytest.raises(samples.SampleError, match=message):
        checks.check_plan(plan, "plan")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_banned_word_occurs(file):
    text = file.read_text(encoding="utf-8")
    assert [word for word in BANNED if word in text] == []
    assert json.loads(text)


def test_every_invented_figure_is_marked(plan):
    """A paragraph that states an amount of the present or the goal says 示例数据 in the same paragraph."""
    figure = re.compile(r"\d+(\.\d+)?(亿元|万人次|余家|万平方米|万件)")
    assert [text for text in prose(plan) if figure.search(text) and "示例数据" not in text] == []
