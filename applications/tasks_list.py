"""The task list of a plan: every part with its state in words, its length, its department and last change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.models import Membership
from portal.punctuation import listed
from portal.roles import Role
from portal.words import count_characters, thousands

from . import checks, hearing, snapshot
from .advice import on_measure
from .models import Duty, PartMark, Plan, Section
from .models.records import RECORDS
from .parts import GROUPS, PARTS, Part
from .services.editing import BASICS

# What people say of a part; the machine's remarks stand beside it and never change it.
NOT_STARTED = {"label": gettext_lazy("Not started"), "colour": "grey"}
IN_PROGRESS = {"label": gettext_lazy("In progress"), "colour": "amber"}
FOR_SIGN_OFF = {"label": gettext_lazy("For sign-off"), "colour": "teal"}
COMPLETED = {"label": gettext_lazy("Completed"), "colour": ""}
# Of a part that cannot be edited now nobody is asked whether it is finished.
HANDED_IN = {"label": pgettext_lazy("state of a part", "Handed in"), "colour": ""}
CLOSED = {"label": gettext_lazy("Closed"), "colour": "grey"}
PROBLEM = {"label": gettext_lazy("There is a problem"), "colour": "red"}


@dataclass(frozen=True, slots=True)
class Row:
    """``detail`` says what is there; ``remark`` what the machine misses, ``blocks`` whether a step needs it.

    ``opinions`` counts the items of the present opinion that the part has still to answer.
    """

    key: str
    title: str
    url: str
    status: dict[str, Any]
    detail: str = ""
    remark: str = ""
    blocks: bool = False
    department: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""
    opinions: int = 0
    hard_requirement: bool = False
    is_open: bool = True

    @property
    def is_done(self) -> bool:
        return self.status is COMPLETED

    @property
    def problem(self) -> dict[str, Any] | None:
        """People say that the part is finished, the machine misses something that a step needs."""
        return PROBLEM if self.blocks and self.status in (COMPLETED, FOR_SIGN_OFF) else None


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    rows: list[Row]

    @property
    def progress(self) -> str:
        done, total = sum(r.is_done for r in self.rows), sum(r.is_open for r in self.rows)
        if not total:
            return ngettext("%d part", "%d parts", len(self.rows)) % len(self.rows)
        return ngettext("%(done)d of %(total)d completed", "%(done)d of %(total)d completed", total) % {
            "done": done,
            "total": total,
        }


def rows(plan: Plan, waiting: Mapping[str, int] | None = None) -> list[Group]:
    """Return the groups of the task list; the number of queries does not depend on what the plan holds.

    ``waiting`` gives by part the number of opinions to answer.
    """
    known = _Known(plan, waiting or {})
    groups = []
    for key, title in GROUPS.items():
        found = [known.row(part) for part in PARTS.values() if part.group == key]
        if key == "basis":
            found.insert(0, known.basics())
        groups.append(Group(key, str(title), found))
    return groups


def of_department(plan: Plan, department: int, waiting: Mapping[str, int]) -> list[tuple[Row, str]]:
    """Return the parts that the division of work gives to a department, each with its duty in words."""
    duties = {d.part: str(Duty.Kind(d.kind).label) for d in Duty.objects.filter(plan=plan, organisation=department)}
    if not duties:
        return []
    return [(row, duties[row.key]) for group in rows(plan, waiting) for row in group.rows if row.key in duties]


def place(plan: Plan, part: str) -> str:
    """Return the address where a part is written; ``plan`` and ``basics`` are the basic data."""
    if part in (BASICS, "plan"):
        return reverse("plan_basics", args=[plan.reference])
    names = {"text": "plan_section", "rows": "plan_rows", "record": "plan_record"}
    form = PARTS[part].form
    return reverse(names[form], args=[plan.reference, part]) if form in names else _attachments(plan)


def _attachments(plan: Plan) -> str:
    return reverse("plan_attachments", args=[plan.reference])


@dataclass(frozen=True, slots=True)
class _Look:
    """What the machine sees of a part."""

    has_content: bool
    detail: str = ""
    remark: str = ""
    blocks: bool = False
    department: str = ""


class _Known:
    """Everything the list needs, read once."""

    def __init__(self, plan: Plan, waiting: Mapping[str, int]):
        self.plan, self.waiting = plan, waiting
        self.sections = {s.key: s for s in plan.sections.select_related("done_by")}
        self.tables: dict[str, list[Any]] = {
            "indicators": list(plan.indicators.all()),
            "measures": list(plan.measures.prefetch_related("indicators")),
            "milestones": list(plan.milestones.all()),
            "consultations": snapshot.consultations(plan),
        }
        self.records = {
            key: model.objects.filter(plan=plan).select_related("plan").first() for key, model in RECORDS.items()
        }
        self.attachments = list(plan.attachments.select_related("file"))
        self.marks = {mark.part: mark.by for mark in PartMark.objects.filter(plan=plan).select_related("by")}
        posts = Membership.objects.filter(pk__in=set(plan.part_writers.values())).select_related("user")
        self.writers = {post.pk: f"{post.user.full_name}" for post in posts}
        self.was_sent = plan.versions.exists()

    def row(self, part: Part) -> Row:
        look = getattr(self, f"_{part.form}")(part)
        section = self.sections.get(part.key)
        by = section.done_by if section and section.is_done else self.marks.get(part.key)
        is_open = self.plan.is_open(part.key)
        hollow = by is not None and not (look.has_content or look.remark or part.optional)
        return Row(
            key=part.key,
            title=str(part.title),
            url=place(self.plan, part.key),
            status=self._status(is_open, by, look.has_content),
            detail=look.detail,
            remark=_("Nothing has been entered here.") if hollow else look.remark,
            blocks=look.blocks,
            department=look.department,
            changed_at=self.plan.part_changed_at(part.key),
            changed_by=self.writers.get(self.plan.part_writers.get(part.key), ""),
            opinions=self.waiting.get(part.key, 0),
            hard_requirement=part.hard_requirement,
            is_open=is_open,
        )

    def _status(self, is_open: bool, by: Membership | None, has_content: bool) -> dict[str, Any]:
        if not is_open:
            return HANDED_IN if self.was_sent else CLOSED
        if by is not None:
            return FOR_SIGN_OFF if by.role == Role.CITY_EDITOR else COMPLETED
        return IN_PROGRESS if has_content else NOT_STARTED

    def basics(self) -> Row:
        plan = self.plan
        has_contact = bool(plan.contact_name and (plan.contact_phone or plan.contact_email))
        return Row(
            key=BASICS,
            title=_("Title, years and contact"),
            url=place(plan, BASICS),
            status=self._status(plan.basics_open, self.marks.get(BASICS), has_content=True),
            detail="" if not has_contact else plan.contact_name,
            remark="" if has_contact else _("The contact person is missing."),
            blocks=not has_contact,
            changed_at=plan.part_changed_at(BASICS),
            changed_by=self.writers.get(plan.part_writers.get(BASICS), ""),
            is_open=plan.basics_open,
        )

    def _text(self, part: Part) -> _Look:
        section = self.sections.get(part.key) or Section(key=part.key)
        count = count_characters(section.text)
        if part.optional and not count:
            detail = _("May stay empty.")
        elif section.not_focus_reason and not count:
            detail = _("Not a focus: the reason is given.")
        else:
            detail = length_words(count, part)
        thin = bool(part.area) and not checks.is_touched(section)
        remark = _("Write one paragraph of at least 50 characters, or say why it is not a focus.") if thin else ""
        return _Look(bool(count or section.not_focus_reason), detail, remark, thin, section.department)

    def _rows(self, part: Part) -> _Look:
        found = self.tables[part.key]
        detail, remark = ngettext("%d row", "%d rows", len(found)) % len(found), ""
        if part.key == "measures":
            ledger = self.tables["consultations"]
            vague = sum(bool(on_measure(m, not hearing.is_missing(snapshot.measure(m), ledger))) for m in found)
            remark = ngettext("%d not concrete yet", "%d not concrete yet", vague) % vague if vague else ""
        return _Look(bool(found), detail, remark)

    def _record(self, part: Part) -> _Look:
        row = self.records[part.key]
        department = getattr(row, "lead_department", "") or getattr(row, "assessing_department", "") if row else ""
        model = RECORDS[part.key]
        missing = row.missing() if row else list(model.REQUIRED)
        labels = listed(str(model._meta.get_field(name).verbose_name) for name in missing)
        remark = _("Missing: %s") % labels if missing else ""
        return _Look(row is not None, "", remark, bool(missing) and part.hard_requirement, department)

    def _files(self, part: Part) -> _Look:
        count = len(self.attachments)
        detail = ngettext("%d file", "%d files", count) % count
        founded = any(a.kind == "founding" for a in self.attachments)
        return _Look(bool(count), detail, "" if founded else _("the founding document is missing"))


def length_words(count: int, part: Part) -> str:
    """Return the length against the guide in words."""
    least, most = part.guide
    said = ngettext("%(n)s character", "%(n)s characters", count) % {"n": thousands(count)}
    if not most:
        return said
    if count > most:
        return said + _("; ") + _("%s over the advised length") % thousands(count - most)
    if count >= least:
        return said
    return said + _("; ") + _("%(least)s–%(most)s advised") % {"least": thousands(least), "most": thousands(most)}
