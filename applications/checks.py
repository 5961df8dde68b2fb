"""Checks of a plan's working text: what blocks a step, what is only advised."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.punctuation import listed

from .areas import AREAS, Area
from .finding import advising, completeness
from .finding.base import Finding
from .models import Plan, Section
from .models.records import RECORDS
from .parts import HARD_REQUIREMENTS, PARTS


def area_touched(plan: Plan, area: Area) -> bool:
    section = next((s for s in plan.sections.all() if s.key == area.value), None)
    return section is not None and is_touched(section)


def is_touched(section: Section) -> bool:
    """Return whether an area says enough for the preliminary plan."""
    return completeness.is_touched({"not_focus_reason": section.not_focus_reason, "paragraphs": section.paragraphs})


def stage_one(plan: Plan) -> list[Finding]:
    """Return the blocking findings of the preliminary plan: identity, contact, five areas touched."""
    found = basics(plan)
    found.extend(
        Finding(
            "blocks",
            _("“%s”: write one paragraph of at least 50 characters, or say why this area is not a focus.")
            % AREAS[area].task,
            area.value,
            "#id_text",
        )
        for area in Area
        if not area_touched(plan, area)
    )
    return found


def basics(plan: Plan) -> list[Finding]:
    """Return what the basic data lack."""
    found = []
    if not plan.title.strip():
        found.append(Finding("blocks", _("Give the plan a title."), "plan", "#id_title"))
    if not (plan.contact_name.strip() and (plan.contact_phone.strip() or plan.contact_email.strip())):
        found.append(
            Finding("blocks", _("Name a contact person with a work telephone or e-mail."), "plan", "#id_contact_name")
        )
    return found


def missing_in(plan: Plan, part: str) -> list[str]:
    """Return the labels of the required fields of a record that are still empty."""
    return [label for label, _name in _missing(plan, part)]


def _missing(plan: Plan, part: str) -> list[tuple[str, str]]:
    model = RECORDS[part]
    row = model.objects.filter(plan=plan).select_related("plan").first()
    names = row.missing() if row else list(model.REQUIRED)
    return [(str(model._meta.get_field(name).verbose_name), name) for name in names]


def formal(plan: Plan) -> list[Finding]:
    """Return what blocks the formal application: both hard requirements and the leading group."""
    found = []
    for part in (*HARD_REQUIREMENTS, "leading_group"):
        missing = _missing(plan, part)
        if missing:
            fields = listed(label for label, _name in missing)
            text = _("“%(part)s” lacks: %(fields)s") % {"part": PARTS[part].title, "fields": fields}
            found.append(Finding("blocks", text, part, f"#id_{missing[0][1]}"))
    if not plan.attachments.filter(kind="founding").exists():
        found.append(Finding("blocks", _("Attach the founding document of the leading group."), "attachments"))
    return found


def judged(snapshot: Mapping[str, Any], *, without: Collection[str] = ()) -> list[Finding]:
    """Return what is in order and what the city should still look at; nothing here blocks.

    ``without`` names checks that have blocked already.
    """
    found = [
        Finding("passed", _("“%s” is covered.") % AREAS[Area(s["key"])].task, s["key"])
        for s in snapshot["sections"]
        if s["key"] in list(Area) and completeness.is_touched(s)
    ]
    found.extend(
        Finding("passed", _("Hard requirement “%s” is complete.") % PARTS[f.part].title, f.part)
        for f in completeness.hard_requirements(snapshot)
        if f.is_full
    )
    return found + advising.run(snapshot, [c for c in advising.CHECKS if c.key not in without])


def stage_one_obstacles(plan: Plan) -> list[str]:
    return [f.text for f in stage_one(plan)]


def formal_obstacles(plan: Plan) -> list[str]:
    return [f.text for f in formal(plan)]
