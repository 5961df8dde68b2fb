"""How a plan stands by the machine's count, beside what people say is finished: for the task list."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.punctuation import listed

from . import checks, snapshot
from .areas import Softness
from .finding import advising, completeness, gauge
from .models import Plan
from .parts import PARTS
from .services.editing import BASICS
from .tasks_list import place


def of(plan: Plan) -> dict[str, Any]:
    """Return the hard requirements, the gauge and the parts that still lack something, each with its place."""
    taken = snapshot.take(plan)
    filled = completeness.of_plan(taken)
    basics = _basics(plan)
    return {
        "hard": [_line(plan, f) for f in completeness.hard_requirements(taken)],
        "gauge": _gauge(plan, taken["measures"]),
        "priority": {
            "count": sum(bool(i["is_priority"]) for i in taken["indicators"]),
            "most": advising.MOST_PRIORITY_GOALS,
        },
        "full": sum(f.is_full for f in filled.values()) + (not basics),
        "of": len(filled) + 1,
        "lacking": basics
        + [_line(plan, f) for f in filled.values() if not f.is_full and not PARTS[f.part].hard_requirement],
    }


def _basics(plan: Plan) -> list[dict[str, Any]]:
    """The basic data are a row of the task list like any part."""
    found = checks.basics(plan)
    if not found:
        return []
    words = "".join(f.text for f in found)
    return [{"title": _("Title, years and contact"), "lacks": words, "url": place(plan, BASICS) + found[0].anchor}]


def _line(plan: Plan, filled: completeness.Filled) -> dict[str, Any]:
    return {
        "title": PARTS[filled.part].title,
        "lacks": listed(filled.lacks),
        "url": place(plan, filled.part) + filled.anchor,
    }


def _gauge(plan: Plan, measures: list[dict[str, Any]]) -> dict[str, Any] | None:
    made = gauge.shown(measures)
    bare = [m for m in measures if m["kind"] == Softness.SOFT and not m["indicators"]]
    if made and bare:
        words = ngettext(
            "%d soft measure without an indicator", "%d soft measures without an indicator", len(bare)
        ) % len(bare)
        made["missing"] = [{"label": words, "url": f"{place(plan, 'measures')}#row-{bare[0]['id']}"}]
    return made
