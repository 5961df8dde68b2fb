"""The checks that advise, on snapshots made by hand: what each finds, where it leads, one that fails itself."""

import pytest

from applications.finding import advising, completeness, gauge, writing
from applications.finding.advising import Check
from applications.parts import PARTS
from tests.applications.finding.plans import FIGURE, HARD, RETAIL, SOFT, perfect, section

VAGUE = "加强电子认证体系建设，推进互联互通。"


def advice(snapshot):
    return [(f.text, f.part, f.anchor) for f in advising.run(snapshot) if f.band != "passed"]


def test_nothing_to_say_of_a_perfect_plan():
    found = advising.run(perfect())
    assert [f for f in found if f.band != "passed"] == []
    assert [f.text for f in found] == [FINE[c.key] for c in advising.CHECKS if c.fine]


FINE = {
    "mismatches": "正文中的数据与指标表一致。",
    "empty_tables": "任务分解表和指标表都已填写。",
    "gap": "软性任务与硬性任务写得一样实。",
    "vague_measures": "每项措施都写明了成果、期限和责任岗位。",
    "vague_wording": "正文中的安排都写有数量、时间或部门。",
    "soft_put_off": "软性时间节点没有都压到最后半年。",
    "firms_heard": "征求意见情况表明已听取电子商务企业意见。",
    "priority_goals": "重点目标数量适当。",
    "short_texts": "各部分都达到建议篇幅。",
}
TABLES = ("indicators", "measures", "milestones", "consultations")


def emptied():
    snapshot = perfect()
    for table in TABLES:
        snapshot[table] = []
    for part in snapshot["sections"]:
        part["paragraphs"] = []
    return snapshot


def praised(snapshot):
    return [f.text for f in advising.run(snapshot) if f.band == "passed"]


def test_an_empty_plan_is_praised_for_nothing():
    found = advising.run(emptied())
    assert praised(emptied()) == []
    assert [f.text for f in found if f.part in TABLES] == ["任务分解表还是空的。", "方案还没有指标。"]


RISING = {"id": "p", "text": FIGURE}
BEARING = [
    ("mismatches", lambda s: (section(s, "policy").update(paragraphs=[RISING]), s.update(indicators=[RETAIL]))),
    ("empty_tables", lambda s: s.update(measures=[SOFT], indicators=[RETAIL])),
    ("gap", lambda s: s.update(measures=[SOFT, HARD])),
    ("vague_measures", lambda s: s.update(measures=[HARD])),
    ("vague_wording", lambda s: section(s, "policy").update(paragraphs=[RISING])),
    ("soft_put_off", lambda s: s.update(milestones=[{"id": "1", "kind": "soft", "ends": "2027-03-31"}])),
    ("firms_heard", lambda s: s.update(consultations=[{"id": "1", "from_firms": True}])),
    ("priority_goals", lambda s: s.update(indicators=[{**RETAIL, "is_priority": True}])),
    ("short_texts", lambda s: s.update(sections=perfect()["sections"])),
]


@pytest.mark.parametrize(("key", "fill"), BEARING)
def test_what_is_there_and_right_is_praised(key, fill):
    snapshot = emptied()
    assert FINE[key] not in praised(snapshot)
    fill(snapshot)
    assert FINE[key] in praised(snapshot)


@pytest.mark.parametrize(
    ("key", "fill"),
    [
        ("mismatches", lambda s: s.update(indicators=[RETAIL])),  # no figure of it in the prose
        ("gap", lambda s: s.update(measures=[SOFT])),  # nothing hard beside it
        ("soft_put_off", lambda s: s.update(milestones=[{"id": "1", "kind": "soft", "ends": "2028-12-31"}])),
        ("soft_put_off", lambda s: s.update(milestones=[{"id": "1", "kind": "hard", "ends": "2027-12-31"}])),
        ("firms_heard", lambda s: s.update(consultations=[{"id": "1", "from_firms": False}])),
        ("priority_goals", lambda s: s.update(indicators=[RETAIL])),
    ],
)
def test_too_little_to_judge_is_neither_praised_nor_advised(key, fill):
    snapshot = emptied()
    fill(snapshot)
    assert advising.run(snapshot, [c for c in advising.CHECKS if c.key == key]) == []


def write(snapshot, key, text):
    section(snapshot, key)["paragraphs"].append({"id": "neu", "text": text})


def spoil(change):
    snapshot = perfect()
    change(snapshot)
    return advice(snapshot)


SPOILT = [
    (
        lambda s: write(s, "positioning", "到2028年，网络零售额达到500亿元。"),
        [("“定位和目标”第 2 段“网络零售额达到500亿元”与指标表（480 亿元）不一致。", "positioning", "#p-neu")],
    ),
    (
        lambda s: write(s, "positioning", "网络零售额年均增长30%。"),
        [
            (
                "“定位和目标”第 2 段“网络零售额年均增长30%”与指标表算出的年均增速 14.5% 不一致。",
                "positioning",
                "#p-neu",
            )
        ],
    ),
    (
        lambda s: write(s, "positioning", "| 指标 | 目标值"),
        [
            (
                "“定位和目标”第 2 段“| 指标 | 目标值”：这一行不成表格：第一格之前、最后一格之后都要写竖线“|”。",
                "positioning",
                "#p-neu",
            )
        ],
    ),
    (
        lambda s: (write(s, "support", VAGUE), write(s, "basis", VAGUE)),
        [
            (
                "“健全支撑体系”有 1 句没有写数量、时间或部门，如“加强电子认证体系建设，推进互联互通”。",
                "support",
                "#p-neu",
            )
        ],
    ),
    (
        lambda s: s["records"]["assessment"].update(frequency="", in_annual_evaluation=False),
        [("硬性要求“考核机制”还缺：频次、纳入部门年度工作评价", "assessment", "#id_frequency")],
    ),
    (
        lambda s: s["records"]["summaries"].update(first_due="2025-12-31"),
        [("硬性要求“定期总结交流”还缺：首次总结时间", "summaries", "#id_first_due")],
    ),
    (
        lambda s: s["measures"][1].update(due="", post=" "),
        [("措施“建设分拨中心”偏虚：没有完成时限、没有责任岗位", "measures", "#row-12")],
    ),
    (
        lambda s: s["measures"][0].update(instrument=""),
        [("软性任务的实化程度比硬性任务低 100 个百分点。", "measures", "#row-11")],
    ),
    (lambda s: s["measures"].clear(), [("任务分解表还是空的。", "measures", "")]),
    (lambda s: s["indicators"].clear(), [("方案还没有指标。", "indicators", "")]),
    (
        lambda s: [m.update(ends="2028-07-01") for m in s["milestones"]],
        [("软性节点全部排在最后半年，请提前一部分。", "milestones", "#row-21")],
    ),
    (lambda s: [m.update(ends="2028-07-01") for m in s["milestones"][1:]], []),
    (
        lambda s: s["consultations"][0].update(from_firms=False),
        [("征求意见情况中没有听取电子商务企业意见的记录。", "consultations", "")],
    ),
    (
        lambda s: section(s, "steps").update(paragraphs=[{"id": "x", "text": "示例" * 60}]),
        [("“实施步骤”现有 120 字，建议 500–1,500 字。", "steps", "#id_text")],
    ),
    (lambda s: section(s, "policy").update(paragraphs=[], not_focus_reason="本市以应用为主。"), []),
    (lambda s: section(s, "projects").update(paragraphs=[]), []),
    (
        lambda s: s["indicators"].extend({**RETAIL, "id": str(n), "is_priority": True} for n in range(100, 109)),
        [("重点目标有 10 个，建议不超过 8 个。", "indicators", "#row-107")],
    ),
    (
        lambda s: s["indicators"].extend({**RETAIL, "id": str(n), "is_priority": n > 101} for n in range(100, 109)),
        [],
    ),
]


@pytest.mark.parametrize(("change", "found"), SPOILT)
def test_what_each_check_finds_and_where_it_leads(change, found):
    assert spoil(change) == found


def breaks(snapshot):
    raise ZeroDivisionError


def test_a_check_that_fails_says_so_and_the_others_go_on(caplog):
    snapshot = perfect()
    snapshot["indicators"].clear()
    broken = Check("broken", "示例检查", breaks, "policy", "从不说")
    found = advising.run(snapshot, [broken, *advising.CHECKS])
    assert (found[0].band, found[0].text) == ("failed", "“示例检查”这项检查没有做成，不影响提交。")
    assert [f.text for f in found if f.band == "advice"] == ["方案还没有指标。"]
    assert "the check broken failed" in caplog.text


@pytest.mark.parametrize(
    ("changed", "vague", "concrete"),
    [
        ({}, [], True),
        ({"deliverable": ""}, ["没有成果"], False),
        ({"due": ""}, ["没有完成时限"], False),
        ({"post": "  "}, ["没有责任岗位"], False),
        ({"deliverable": "", "due": "", "post": ""}, ["没有成果", "没有完成时限", "没有责任岗位"], False),
        ({"indicators": []}, [], False),
        ({"instrument": ""}, [], False),
        ({"drafting_department": ""}, [], False),
        ({"place": "", "money": "", "schedule": ""}, [], True),  # a rule needs no place
    ],
)
def test_a_soft_measure(changed, vague, concrete):
    measure = SOFT | changed
    assert (gauge.vagueness(measure), gauge.is_concrete(measure)) == (vague, concrete)


@pytest.mark.parametrize(
    ("changed", "concrete"),
    [({}, True), ({"money": ""}, False), ({"money": "0"}, True), ({"place": ""}, False), ({"schedule": ""}, False)],
)
def test_a_hard_measure(changed, concrete):
    assert gauge.is_concrete(HARD | changed) is concrete


@pytest.mark.parametrize(
    ("measures", "counted"),
    [
        ([], {"soft": (0, 0), "hard": (0, 0), "gap": None}),
        ([SOFT], {"soft": (1, 1), "hard": (0, 0), "gap": None}),
        ([SOFT, HARD], {"soft": (1, 1), "hard": (1, 1), "gap": 0}),
        ([SOFT, SOFT | {"post": ""}, SOFT | {"due": ""}, HARD], {"soft": (1, 3), "hard": (1, 1), "gap": 67}),
        ([SOFT, HARD | {"place": ""}], {"soft": (1, 1), "hard": (0, 1), "gap": -100}),
    ],
)
def test_the_gauge(measures, counted):
    assert gauge.concreteness(measures) == counted


def test_every_part_of_a_perfect_plan_is_full():
    filled = completeness.of_plan(perfect())
    assert list(filled) == list(PARTS)
    assert [f for f in filled.values() if not f.is_full] == []


@pytest.mark.parametrize(
    ("part", "values", "done", "of", "lacks"),
    [
        ("assessment", {}, 0, 6, ("考核部门", "被考核部门", "频次", "纳入部门年度工作评价", "考核办法", "责任落实")),
        ("assessment", {"assessing_department": "市政府办公室", "in_annual_evaluation": True}, 2, 6,
         ("被考核部门", "频次", "考核办法", "责任落实")),
        ("summaries", {"frequency": "yearly", "lead_department": "甲", "form": "乙", "recipients": "丙"}, 4, 5,
         ("首次总结时间",)),
        ("funds", {"sources": ""}, 0, 1, ("资金来源",)),
    ],
)  # fmt: skip
def test_what_a_record_lacks(part, values, done, of, lacks):
    found = completeness.of_record(part, values, 2026)
    assert (found.done, found.of, found.lacks) == (done, of, lacks)


def test_notes_of_one_part_in_the_order_of_its_text():
    paragraphs = [
        {"id": "a", "text": "到2028年，网络零售额达到480亿元。"},
        {"id": "b", "text": VAGUE + "网络零售额达到500亿元。"},
    ]
    text = "\n".join(p["text"] for p in paragraphs)
    found = writing.notes("applications", paragraphs, [RETAIL])
    assert [(n.kind, n.number, n.text) for n in found] == [
        ("vague", 2, "没有写数量、时间或部门：做到多少？什么时候？谁来做？"),
        ("mismatch", 2, "指标表：480 亿元"),
        ("table", 1, "指标表：480 亿元"),
    ]
    assert all(text[n.start : n.start + len(n.quote)] == n.quote for n in found)
    assert writing.summary(found) == "有 2 处建议再看看。"
    assert writing.summary(found[2:]) == "这一部分没有需要再看的地方。"
    assert writing.summary([], is_written=False) == "还没有可核对的内容。"


def test_wording_is_left_alone_where_the_city_describes_itself():
    assert writing.notes("basis", [{"id": "a", "text": VAGUE}], []) == []


def test_a_line_between_bars_that_is_no_row_is_pointed_out_in_every_part():
    lines = ("前文。", "| 指标 | 目标值 |", "| 网络零售额 | 480亿元 | 2028年 |")
    found = writing.notes("basis", [{"id": str(n), "text": text} for n, text in enumerate(lines)], [])
    same_width = "这一行与相邻的表格行格数不同：同一个表格每行格数应当相同。"
    assert [(n.kind, n.number, n.start, n.text, n.is_advice) for n in found] == [
        ("row", 2, 4, same_width, True),
        ("row", 3, 17, same_width, True),
    ]
