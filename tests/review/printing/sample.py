"""Constructed plans in the shape of a snapshot, and readers of what was printed of them."""

import subprocess
from datetime import UTC, datetime
from typing import Any

from applications.parts import PARTS, TEXT_PARTS
from review.printing.content import Facts

CODE = "0123-4567-89AB-CDEF-GHJK"
DIGEST = "9f3a77c1" * 8
RECORD = {
    "leading_group": {"leader_post": "分管副市长", "lead_department": "市发展改革委", "members": "市商务局\n市税务局"},
}


def facts(number: int | None = 2, **changes: Any) -> Facts:
    given = {
        "reference": "CJ-330400-2026-1", "number": number, "digest": DIGEST, "by": "示例市人民政府", "code": CODE,
        "at": datetime(2026, 9, 8, 2, 30, tzinfo=UTC), "verify_url": f"https://portal.example/verify/{CODE}/",
    }  # fmt: skip
    return Facts(**given | changes)


def measure(number: int) -> dict[str, Any]:
    empty = {
        "instrument": "", "drafting_department": "", "cooperating_departments": "", "post": "", "place": "",
        "money": "", "schedule": "", "due": "2027-12-31", "helped_group": "", "indicators": ["1"],
    }  # fmt: skip
    return empty | {
        "id": str(number), "area": "policy", "kind": "soft", "title": f"示例措施{number}", "deliverable": "管理办法",
        "lead_department": "市商务局",
    }  # fmt: skip


def plan(texts: dict[str, list[str]] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a snapshot whose sections hold ``texts``; one indicator, one measure, one record, no names."""
    texts = texts if texts is not None else {key: [f"示例：{PARTS[key].heading}的正文。"] for key in TEXT_PARTS}
    made = {
        "plan": {
            "reference": "CJ-330400-2026-1", "title": "示例市创建国家电子商务示范城市工作方案（示例）",
            "city": "示例市", "city_code": "330400", "call": "2026年国家电子商务示范城市创建工作", "starts": 2026,
            "ends": 2029,
            "contact_name": "示例·联系人", "contact_phone": "0573-0000000", "contact_email": "a@portal.example",
        },
        "sections": [
            {"key": key, "heading": PARTS[key].heading, "department": "", "not_focus_reason": "",
             "paragraphs": [{"id": f"{key}{n}", "text": t} for n, t in enumerate(texts.get(key, []))]}
            for key in TEXT_PARTS
        ],
        "indicators": [{
            "id": "1", "name": "网络零售额", "area": "applications", "kind": "hard", "unit": "亿元",
            "baseline_year": 2025, "baseline_value": "9800", "target_year": 2029, "target_value": "13500",
            "source": "示例数据", "department": "市商务局",
        }],
        "measures": [measure(1)],
        "milestones": [],
        "consultations": [],
        "records": RECORD,
        "attachments": [{
            "id": "1", "title": "成立领导小组的通知", "kind": "founding", "name": "通知.pdf", "mime": "application/pdf",
            "size": 20, "sha256": "ab" * 32,
        }],
    }  # fmt: skip
    return made | changes


def text_of(pdf: bytes, *options: str) -> list[str]:
    """Return the text of each page."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]
