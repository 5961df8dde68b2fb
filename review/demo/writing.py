"""Writing plans by the services that the pages use: texts, tables, records, attachments, and their revisions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from applications import tasks_list
from applications.models import Indicator, Measure, Plan, Section
from applications.models.records import RECORDS
from applications.services import attachments, editing, marks, records, rows, sections
from portal.models import Membership

from . import documents

Sample = dict[str, Any]
DATES = frozenset({"due", "starts", "ends", "held_on", "founding_date", "first_due"})
NUMBERS = frozenset({"money", "amount", "baseline_value", "target_value"})
NAME = {"indicators": "name"}


def basics(plan: Plan, sample: Sample, *, by: Membership, phone: str) -> None:
    values = {
        "title": sample["title"],
        "starts": sample["starts"],
        "ends": sample["ends"],
        "contact_name": "示例·联系人",
        "contact_phone": phone,
        "contact_email": by.user.email,
    }
    plan.refresh_from_db()
    records.save_basics(plan, values, by=by, seen=editing.fingerprint(plan, values))


def texts(
    plan: Plan,
    wanted: dict[str, list[str]],
    *,
    by: Membership,
    done: bool | None = True,
    departments: dict[str, str] | None = None,
) -> None:
    """Write prose parts whose text differs from what stands, with the department in charge where it is known."""
    for section in Section.objects.filter(plan=plan, key__in=wanted):
        if [p["text"] for p in section.paragraphs] != wanted[section.key]:
            department = (departments or {}).get(section.key, section.department)
            base = sections.Base.of(section)
            draft = sections.Draft(
                "\n".join(wanted[section.key]), base, department, section.not_focus_reason, done=done
            )
            sections.save(plan, section.key, draft, by=by)


def sign_off(plan: Plan, *, by: Membership) -> None:
    """The lead finishes what the editor has finished: no part of a plan that was sent still waits for it."""
    sign_off_texts(plan, Section.objects.filter(plan=plan, is_done=True).exclude(done_by__role=by.role), by=by)
    listed = [row for group in tasks_list.rows(plan) for row in group.rows if row.key in marks.MARKED]
    if ready := [row.key for row in listed if row.is_open and not row.remark]:
        marks.finish(plan, *ready, by=by)


def sign_off_texts(plan: Plan, waiting: QuerySet[Section], *, by: Membership) -> None:
    for section in waiting.order_by("pk"):
        text, base = "\n".join(p["text"] for p in section.paragraphs), sections.Base.of(section)
        draft = sections.Draft(text, base, section.department, section.not_focus_reason, done=True)
        sections.save(plan, section.key, draft, by=by)


def in_charge(sample: Sample) -> dict[str, str]:
    """Return the department in charge of each area: the lead department of its first measure."""
    leads: dict[str, str] = {}
    for row in sample["measures"]:
        leads.setdefault(row["area"], row["lead_department"])
    return leads


def tables(plan: Plan, sample: Sample, *, by: Membership) -> None:
    for table in ("indicators", "measures", "milestones", "consultations"):
        for row in sample.get(table, []):
            rows.save(plan, table, None, values(plan, row), by=by)


def values(plan: Plan, sample: Sample) -> Sample:
    """Return a sample row as a form would give it."""
    return {name: _value(plan, name, value) for name, value in sample.items()}


def _value(plan: Plan, name: str, value: Any) -> Any:
    if name in DATES:
        return date.fromisoformat(value) if value else None
    if name in NUMBERS:
        return Decimal(value) if value not in ("", None) else None
    if name == "indicators":
        return list(Indicator.objects.filter(plan=plan, name__in=value))
    if name == "measures":
        return list(Measure.objects.filter(plan=plan, title__in=value))
    if name == "indicator":
        return Indicator.objects.filter(plan=plan, name=value).first()
    return value


def structured(plan: Plan, sample: Sample, names: tuple[str, ...] = tuple(RECORDS), *, by: Membership) -> None:
    for name in names:
        record(plan, name, sample[name], by=by)


def record(plan: Plan, name: str, sample: Sample, *, by: Membership) -> None:
    row, filled = RECORDS[name].objects.filter(plan=plan).first(), values(plan, sample)
    records.save(plan, name, filled, by=by, seen=editing.fingerprint(row, filled))


def founding(plan: Plan, sample: Sample, *, by: Membership) -> None:
    """Attach the founding document of the leading group as a PDF."""
    group = sample["leading_group"]
    members = "、".join(group["members"].splitlines())
    content = documents.pdf(
        group["founding_title"],
        group["founding_number"],
        "各区县人民政府，市直各单位",
        [
            "为统筹推进国家电子商务示范城市创建工作，决定成立领导小组（示例）。",
            f"一、组长由{group['leader_post']}担任，牵头部门为{group['lead_department']}。",
            f"二、成员单位：{members}。",
            "三、领导小组负责审定年度任务、协调跨部门事项，按考核机制检查各单位落实情况。",
            "四、领导小组办公室设在牵头部门，承担日常联络和总结交流工作。",
        ],
        f"{plan.city.name}人民政府办公室（示例）",
        group["founding_date"],
    )
    attach(plan, content, "领导小组成立文件（示例）.pdf", group["founding_title"], by=by, kind="founding")


def attach(plan: Plan, content: bytes, name: str, title: str, *, by: Membership, kind: str = "ordinary") -> None:
    stored = documents.keep(content, name, by=by)
    attachments.add(plan, stored, title=title, kind=kind, unclassified=True, by=by)


def annexes(plan: Plan, sample: Sample, *, by: Membership) -> None:
    """Attach the consultation ledger (DOCX) and the tables of the plan (XLSX)."""
    ledger = [
        [r["held_on"], r["form"], r["who"], str(r["participants"]), r["opinions"], r["adopted"]]
        for r in sample["consultations"]
    ]
    head = ["日期", "形式", "听取对象", "人数", "主要意见", "采纳情况"]
    told = ["本表汇总方案形成过程中听取意见的情况，文中数据均为示例数据。"]
    titles = {a["kind"]: a for a in sample["attachments"]}
    word, book = titles["docx"], titles["xlsx"]
    attach(plan, documents.docx(word["title"], told, head, ledger), word["name"], word["title"], by=by)
    indicators = [["指标", "单位", "基期年", "基期值", "目标年", "目标值", "来源"]] + [
        [r["name"], r["unit"], r["baseline_year"], float(r["baseline_value"]), r["target_year"],
         float(r["target_value"]), r["source"]]
        for r in sample["indicators"]
    ]  # fmt: skip
    measures = [["任务", "成果", "牵头部门", "责任岗位", "完成期限"]] + [
        [r["title"], r["deliverable"], r["lead_department"], r["post"], r["due"]] for r in sample["measures"]
    ]
    sheets = {"指标表": indicators, "任务分解表": measures}
    attach(plan, documents.xlsx(sheets), book["name"], book["title"], by=by)


def revise(plan: Plan, edits: list[Sample], wanted: dict[str, list[str]], *, by: Membership) -> None:
    """Take a plan to its next version: ``wanted`` are the texts, ``edits`` name what changes in the tables."""
    texts(plan, wanted, by=by)
    for edit in edits:
        if "record" in edit:
            record(plan, edit["record"], edit["set"], by=by)
        elif "add" in edit:
            rows.save(plan, edit["table"], None, values(plan, edit["add"]), by=by)
        elif "table" in edit:
            _change_row(plan, edit["table"], edit["title"], edit["set"], by=by)


def _change_row(plan: Plan, table: str, title: str, changes: Sample, *, by: Membership) -> None:
    row = rows.TABLES[table].objects.get(plan=plan, **{NAME.get(table, "title"): title})
    filled = values(plan, changes)
    rows.save(plan, table, row.pk, filled, by=by, seen=editing.fingerprint(row, filled))
