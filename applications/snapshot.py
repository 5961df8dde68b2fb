"""A plan as plain data: what a frozen version holds and what its digest is made of.

Shape::

    {"plan": {"reference", "title", "city", "city_code", "call", "starts", "ends",
              "contact_name", "contact_phone", "contact_email"},
     "sections": [{"key", "heading", "department", "not_focus_reason", "paragraphs": [{"id", "text"}]}],
     "indicators": [{"id", …}], "measures": [{"id", …, "indicators": [indicator ids]}],
     "milestones": [{"id", …}],
     "consultations": [{"id", …, "parts": [keys of parts], "measures": [measure ids]}],
     "records": {"leading_group": {…}, "coordination": {…}, "assessment": {…}, "summaries": {…}, "funds": {…}},
     "attachments": [{"id", "title", "kind", "name", "mime", "size", "sha256"}]}

Row ids are strings and outlive versions; dates are ISO strings, decimals plain strings; empty values are "".
What was frozen before a field existed lacks its key.
"""

from decimal import Decimal
from typing import Any

from .models import Measure, Milestone, Plan
from .models.records import RECORDS
from .parts import PARTS, TEXT_PARTS

_INDICATOR = (
    "name",
    "area",
    "kind",
    "unit",
    "baseline_year",
    "baseline_value",
    "target_year",
    "target_value",
    "is_priority",
    "source",
    "department",
)
_MEASURE = (
    "area",
    "kind",
    "title",
    "deliverable",
    "instrument",
    "drafting_department",
    "lead_department",
    "cooperating_departments",
    "post",
    "place",
    "money",
    "schedule",
    "due",
    "facility",
    "helped",
    "helped_group",
)
_MILESTONE = ("title", "area", "kind", "starts", "ends", "department")
_CONSULTATION = (
    "held_on",
    "form",
    "who",
    "participants",
    "from_firms",
    "parts",
    "opinions",
    "outcome",
    "adopted",
    "dissenting",
    "dissent",
)


def plain(value: Any) -> Any:
    """Return ``value`` as JSON keeps it for ever: no floats, no nulls."""
    if value is None:
        return ""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat()


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {"id": str(row.pk), **{name: plain(getattr(row, name)) for name in names}}


def take(plan: Plan) -> dict[str, Any]:
    """Return the whole working text of ``plan`` in the shape above."""
    sections = {s.key: s for s in plan.sections.all()}
    return {
        "plan": {
            "reference": plan.reference,
            "title": plan.title,
            "city": plan.city.name,
            "city_code": plan.city_id,
            "call": plan.call.title,
            "starts": plan.starts,
            "ends": plan.ends,
            "contact_name": plan.contact_name,
            "contact_phone": plan.contact_phone,
            "contact_email": plan.contact_email,
        },
        "sections": [_section(key, sections.get(key)) for key in TEXT_PARTS],
        "indicators": indicators(plan),
        "measures": [measure(row) for row in plan.measures.prefetch_related("indicators")],
        "milestones": [milestone(row) for row in plan.milestones.all()],
        "consultations": consultations(plan),
        "records": {name: _record(plan, name) for name in RECORDS},
        "attachments": [
            {
                "id": str(a.pk),
                "title": a.title,
                "kind": a.kind,
                "name": a.file.name,
                "mime": a.file.mime,
                "size": a.file.size,
                "sha256": a.file.sha256,
            }
            for a in plan.attachments.select_related("file")
        ],
    }


def indicators(plan: Plan) -> list[dict[str, Any]]:
    """Return the indicator table alone."""
    return [_fields(row, _INDICATOR) for row in plan.indicators.all()]


def measure(row: Measure) -> dict[str, Any]:
    return _fields(row, _MEASURE) | {"indicators": [str(i.pk) for i in row.indicators.all()]}


def consultations(plan: Plan) -> list[dict[str, Any]]:
    """Return the ledger as a version keeps it."""
    return [
        _fields(row, _CONSULTATION) | {"measures": [str(m.pk) for m in row.measures.all()]}
        for row in plan.consultations.prefetch_related("measures")
    ]


def milestone(row: Milestone) -> dict[str, Any]:
    return _fields(row, _MILESTONE) | {"indicator": str(row.indicator_id or "")}


def _section(key: str, section) -> dict[str, Any]:
    return {
        "key": key,
        "heading": PARTS[key].heading,
        "department": section.department if section else "",
        "not_focus_reason": section.not_focus_reason if section else "",
        "paragraphs": [{"id": p["id"], "text": p["text"]} for p in section.paragraphs] if section else [],
    }


def _record(plan: Plan, name: str) -> dict[str, Any]:
    model = RECORDS[name]
    row = model.objects.filter(plan=plan).first()
    names = [f.name for f in model._meta.fields if f.name not in {"id", "plan"}]
    return {n: plain(getattr(row, n)) if row else "" for n in names}


def characters(snapshot: dict[str, Any]) -> int:
    """Return how many characters the prose holds."""
    return sum(len(p["text"]) for s in snapshot["sections"] for p in s["paragraphs"])


def paragraphs(snapshot: dict[str, Any], key: str) -> list[dict[str, str]]:
    """Return the paragraphs of one section."""
    return next(s["paragraphs"] for s in snapshot["sections"] if s["key"] == key)
