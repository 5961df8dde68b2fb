"""Checks of a plan's working text: what blocks a step, what is only advised."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .areas import AREAS, Area, Softness
from .models import Measure, Plan, Section
from .models.records import RECORDS
from .parts import HARD_REQUIREMENTS, PARTS

TOUCHED_CHARACTERS = 50  # decisions 16: one paragraph of 50 characters, or a written reason
GAP_ADVICE = 15


@dataclass(frozen=True, slots=True)
class Finding:
    """``band`` is blocks, advice or passed; ``part`` the key of the place to go to (``plan``: its basic data)."""

    band: str
    text: str
    part: str


def area_touched(plan: Plan, area: Area) -> bool:
    section = next((s for s in plan.sections.all() if s.key == area.value), None)
    return section is not None and is_touched(section)


def is_touched(section: Section) -> bool:
    """Return whether an area says enough for the preliminary plan."""
    if section.not_focus_reason.strip():
        return True
    return any(len(p["text"].strip()) >= TOUCHED_CHARACTERS for p in section.paragraphs)


def stage_one(plan: Plan) -> list[Finding]:
    """Return the blocking findings of the preliminary plan: identity, contact, five areas touched."""
    found = []
    if not plan.title.strip():
        found.append(Finding("blocks", _("Give the plan a title."), "plan"))
    if not (plan.contact_name.strip() and (plan.contact_phone.strip() or plan.contact_email.strip())):
        found.append(Finding("blocks", _("Name a contact person with a work telephone or e-mail."), "plan"))
    found.extend(
        Finding(
            "blocks",
            _("“%s”: write one paragraph of at least 50 characters, or say why this area is not a focus.")
            % AREAS[area].task,
            area.value,
        )
        for area in Area
        if not area_touched(plan, area)
    )
    return found


def missing_in(plan: Plan, part: str) -> list[str]:
    """Return the labels of the required fields of a record that are still empty."""
    model = RECORDS[part]
    row = model.objects.filter(plan=plan).select_related("plan").first()
    names = row.missing() if row else list(model.REQUIRED)
    return [str(model._meta.get_field(name).verbose_name) for name in names]


def formal(plan: Plan) -> list[Finding]:
    """Return what blocks the formal application: both hard requirements and the leading group."""
    found = []
    for part in (*HARD_REQUIREMENTS, "leading_group"):
        missing = missing_in(plan, part)
        if missing:
            found.append(
                Finding(
                    "blocks",
                    _("“%(part)s” lacks: %(fields)s") % {"part": PARTS[part].title, "fields": "、".join(missing)},
                    part,
                )
            )
    if not plan.attachments.filter(kind="founding").exists():
        found.append(Finding("blocks", _("Attach the founding document of the leading group."), "attachments"))
    return found


def advice(plan: Plan) -> list[Finding]:
    """Return what the city should still look at before submitting; nothing here blocks."""
    found = [
        Finding(
            "advice",
            _("Hard requirement “%(part)s” lacks: %(fields)s") % {"part": PARTS[p].title, "fields": "、".join(missing)},
            p,
        )
        for p in HARD_REQUIREMENTS
        if (missing := missing_in(plan, p))
    ]
    measures = list(plan.measures.prefetch_related("indicators"))
    found.extend(
        Finding(
            "advice",
            _("Measure “%(title)s” is vague: %(what)s") % {"title": m.title, "what": "、".join(what)},
            "measures",
        )
        for m in measures
        if (what := vagueness(m))
    )
    gauge = concreteness(measures)
    if gauge["gap"] is not None and gauge["gap"] > GAP_ADVICE:
        found.append(
            Finding(
                "advice",
                _("Soft measures are %d percentage points less concrete than hard ones.") % gauge["gap"],
                "measures",
            )
        )
    if not measures:
        found.append(Finding("advice", _("The task breakdown is empty."), "measures"))
    if not plan.indicators.exists():
        found.append(Finding("advice", _("The plan has no indicators yet."), "indicators"))
    if measures and not plan.consultations.filter(from_firms=True).exists():
        found.append(
            Finding("advice", _("The ledger does not show that e-commerce firms were heard."), "consultations")
        )
    return found


def passed(plan: Plan) -> list[Finding]:
    """Return what is in order, in words."""
    found = [
        Finding("passed", _("“%s” is covered.") % AREAS[area].task, area.value)
        for area in Area
        if area_touched(plan, area)
    ]
    found.extend(
        Finding("passed", _("Hard requirement “%s” is complete.") % PARTS[p].title, p)
        for p in HARD_REQUIREMENTS
        if not missing_in(plan, p)
    )
    return found


def stage_one_obstacles(plan: Plan) -> list[str]:
    return [f.text for f in stage_one(plan)]


def formal_obstacles(plan: Plan) -> list[str]:
    return [f.text for f in formal(plan)]


def vagueness(measure: Measure) -> list[str]:
    """Return what makes a measure vague (虚): no deliverable, no due date, no owner."""
    what = []
    if not measure.deliverable.strip():
        what.append(_("no deliverable"))
    if measure.due is None:
        what.append(_("no due date"))
    if not measure.post.strip():
        what.append(_("no post in charge"))
    return what


def is_concrete(measure: Measure) -> bool:
    """Decisions 16: deliverable, due date, post, an indicator, and what its kind asks for."""
    if vagueness(measure) or not measure.indicators.all():
        return False
    if measure.kind == Softness.SOFT:
        return bool(measure.instrument and measure.drafting_department.strip())
    return bool(measure.place.strip() and measure.money is not None and measure.schedule.strip())


def concreteness(measures: list[Measure]) -> dict[str, Any]:
    """Return ``{"soft": (concrete, all), "hard": (concrete, all), "gap": points or None}``."""
    counts = {}
    for kind in Softness:
        own = [m for m in measures if m.kind == kind]
        counts[kind.value] = (sum(is_concrete(m) for m in own), len(own))
    shares = {k: 100 * done / total for k, (done, total) in counts.items() if total}
    gap = round(shares["hard"] - shares["soft"]) if len(shares) == 2 else None
    return {**counts, "gap": gap}
