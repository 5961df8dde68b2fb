"""The task list of a plan: every part with its state in words, its length, its department and last change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.punctuation import listed
from portal.words import count_characters

from . import checks
from .advice import on_measure
from .models import Plan, Section
from .models.records import RECORDS
from .parts import GROUPS, PARTS, Part
from .services.editing import BASICS

NOT_STARTED = {"label": gettext_lazy("Not started"), "colour": "grey"}
IN_PROGRESS = {"label": gettext_lazy("In progress"), "colour": "amber"}
FOR_SIGN_OFF = {"label": gettext_lazy("For sign-off"), "colour": "teal"}
COMPLETED = {"label": gettext_lazy("Completed"), "colour": ""}
PROBLEM = {"label": gettext_lazy("There is a problem"), "colour": "red"}


@dataclass(frozen=True, slots=True)
class Row:
    """``detail`` is one sentence about what is there or missing."""

    key: str
    title: str
    url: str
    status: dict[str, Any]
    detail: str = ""
    department: str = ""
    changed_at: datetime | None = None
    hard_requirement: bool = False
    is_open: bool = True

    @property
    def is_done(self) -> bool:
        return self.status is COMPLETED


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    rows: list[Row]

    @property
    def progress(self) -> str:
        done, total = sum(r.is_done for r in self.rows), len(self.rows)
        return ngettext("%(done)d of %(total)d completed", "%(done)d of %(total)d completed", total) % {
            "done": done,
            "total": total,
        }


def rows(plan: Plan) -> list[Group]:
    """Return the groups of the task list; the number of queries does not depend on what the plan holds."""
    known = _Known(plan)
    groups = []
    for key, title in GROUPS.items():
        found = [known.row(part) for part in PARTS.values() if part.group == key]
        if key == "basis":
            found.insert(0, known.basics())
        groups.append(Group(key, str(title), found))
    return groups


def place(plan: Plan, part: str) -> str:
    """Return the address where a part is written; ``plan`` and ``basics`` are the basic data."""
    if part in (BASICS, "plan"):
        return reverse("plan_basics", args=[plan.reference])
    names = {"text": "plan_section", "rows": "plan_rows", "record": "plan_record"}
    form = PARTS[part].form
    return reverse(names[form], args=[plan.reference, part]) if form in names else _attachments(plan)


def _attachments(plan: Plan) -> str:
    return reverse("plan_attachments", args=[plan.reference])


class _Known:
    """Everything the list needs, read once."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.sections = {s.key: s for s in plan.sections.select_related("done_by")}
        self.tables: dict[str, list[Any]] = {
            "indicators": list(plan.indicators.all()),
            "measures": list(plan.measures.prefetch_related("indicators")),
            "milestones": list(plan.milestones.all()),
            "consultations": list(plan.consultations.all()),
        }
        self.records = {
            key: model.objects.filter(plan=plan).select_related("plan").first() for key, model in RECORDS.items()
        }
        self.attachments = list(plan.attachments.select_related("file"))

    def row(self, part: Part) -> Row:
        status, detail, department = getattr(self, f"_{part.form}")(part)
        return Row(
            key=part.key,
            title=str(part.title),
            url=place(self.plan, part.key),
            status=status,
            detail=detail,
            department=department,
            changed_at=self.plan.part_changed_at(part.key),
            hard_requirement=part.hard_requirement,
            is_open=self.plan.is_open(part.key),
        )

    def basics(self) -> Row:
        plan = self.plan
        has_contact = bool(plan.contact_name and (plan.contact_phone or plan.contact_email))
        return Row(
            key=BASICS,
            title=_("Title, years and contact"),
            url=place(plan, BASICS),
            status=COMPLETED if has_contact and plan.title else IN_PROGRESS,
            detail="" if has_contact else _("The contact person is missing."),
            changed_at=plan.part_changed_at(BASICS),
            is_open=plan.basics_open,
        )

    def _text(self, part: Part):
        section = self.sections.get(part.key) or Section(key=part.key)
        count = count_characters(section.text)
        detail = ""
        if count or not section.not_focus_reason:
            detail = length_words(count, part)
        else:
            detail = _("Not a focus: the reason is given.")
        if part.optional and not count:
            detail = _("May stay empty.")
        return self._text_status(section, part, count), detail, section.department

    def _text_status(self, section: Section, part: Part, count: int):
        if section.is_done and part.area and not checks.is_touched(section):
            return PROBLEM
        if section.is_done:
            by_editor = section.done_by and section.done_by.role == "city_editor"
            return FOR_SIGN_OFF if by_editor else COMPLETED
        return IN_PROGRESS if count or section.not_focus_reason else NOT_STARTED

    def _rows(self, part: Part):
        found = self.tables[part.key]
        detail = ngettext("%d row", "%d rows", len(found)) % len(found)
        if not found:
            return NOT_STARTED, detail, ""
        if part.key == "measures":
            heard = any(c.from_firms for c in self.tables["consultations"])
            vague = sum(bool(on_measure(m, heard)) for m in found)
            if vague:
                detail += _("; ") + ngettext("%d not concrete yet", "%d not concrete yet", vague) % vague
                return IN_PROGRESS, detail, ""
        return COMPLETED, detail, ""

    def _record(self, part: Part):
        row = self.records[part.key]
        department = getattr(row, "lead_department", "") or getattr(row, "assessing_department", "") if row else ""
        model = RECORDS[part.key]
        missing = row.missing() if row else list(model.REQUIRED)
        labels = listed(str(model._meta.get_field(name).verbose_name) for name in missing)
        detail = _("Missing: %s") % labels if missing else ""
        if row is None:
            return NOT_STARTED, detail, department
        if missing:
            return (PROBLEM if part.hard_requirement else IN_PROGRESS), detail, department
        return COMPLETED, detail, department

    def _files(self, part: Part):
        count = len(self.attachments)
        detail = ngettext("%d file", "%d files", count) % count
        if not count:
            return NOT_STARTED, detail, ""
        if not any(a.kind == "founding" for a in self.attachments):
            return IN_PROGRESS, detail + _("; ") + _("the founding document is missing"), ""
        return COMPLETED, detail, ""


def length_words(count: int, part: Part) -> str:
    """Return the length against the guide in words."""
    least, most = part.guide
    said = ngettext("%d character", "%d characters", count) % count
    if not most:
        return said
    if count < least:
        return said + _("; ") + _("%d or more advised") % least
    if count > most:
        return said + _("; ") + _("%d over the guide") % (count - most)
    return said
