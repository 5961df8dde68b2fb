"""Snapshots made by hand: a plan in which every check finds nothing, to be spoilt one piece at a time."""

import copy
from typing import Any

from applications.parts import PARTS, TEXT_PARTS
from portal.words import count_characters

SENTENCE = "市商务局在2027年底前完成3项工作，成果向社会公开。"
FIGURE = "到2028年，网络零售额达到480亿元。"
RECORDS = {
    "leading_group": {
        "leader_post": "分管副市长", "lead_department": "市发展改革委", "members": "市商务局",
        "founding_title": "通知", "founding_number": "", "founding_date": "2026-01-15",
    },
    "coordination": {"departments": "市商务局", "frequency": "quarterly", "arrangement": "联席会议"},
    "assessment": {
        "assessing_department": "市政府办公室", "assessed_departments": "各成员单位", "frequency": "yearly",
        "in_annual_evaluation": True, "method": "对照任务分解表", "accountability": "责任到岗",
    },
    "summaries": {
        "frequency": "half_yearly", "lead_department": "市发展改革委", "form": "书面总结",
        "recipients": "协调小组", "first_due": "2026-12-31",
    },
    "funds": {"amount": "", "sources": "市级财政", "people": ""},
}  # fmt: skip
SOFT = {
    "id": "11", "area": "policy", "kind": "soft", "title": "制定管理办法", "deliverable": "办法一件",
    "instrument": "normative", "drafting_department": "市司法局", "lead_department": "市市场监管局",
    "post": "处长", "place": "", "money": "", "schedule": "", "due": "2027-06-30", "indicators": ["1"],
}  # fmt: skip
HARD = {
    **SOFT, "id": "12", "kind": "hard", "title": "建设分拨中心", "instrument": "", "drafting_department": "",
    "place": "东部园区", "money": "0", "schedule": "2027年开工",
}  # fmt: skip
RETAIL = {
    "id": "1", "name": "网络零售额", "unit": "亿元", "area": "applications", "kind": "hard",
    "baseline_year": 2025, "baseline_value": "320", "target_year": 2028, "target_value": "480",
    "source": "统计", "department": "市商务局",
}  # fmt: skip


def perfect() -> dict[str, Any]:
    """Return a plan of which no check has anything to say."""
    sections = []
    for key in TEXT_PARTS:
        repeated = PARTS[key].guide[0] // count_characters(SENTENCE) + 1
        said = SENTENCE * repeated + (FIGURE if key == "positioning" else "")
        paragraphs = [{"id": f"{key}1", "text": said}]
        sections.append({"key": key, "not_focus_reason": "", "department": "", "paragraphs": paragraphs})
    return copy.deepcopy(
        {
            "plan": {"starts": 2026, "ends": 2028},
            "sections": sections,
            "indicators": [RETAIL | {"is_priority": True}],
            "measures": [SOFT, HARD],
            "milestones": [
                {"id": "21", "kind": "soft", "ends": "2027-03-31"},
                {"id": "22", "kind": "soft", "ends": "2028-12-31"},
            ],
            "consultations": [{"id": "31", "from_firms": True}],
            "records": RECORDS,
            "attachments": [{"id": "41", "kind": "founding"}],
        }
    )


def section(snapshot: dict[str, Any], key: str) -> dict[str, Any]:
    return next(s for s in snapshot["sections"] if s["key"] == key)
