"""How a plan stands by the machine's count, beside what people say is finished: for the task list."""

from typing import Any

from django.utils.translation import ngettext

from portal.punctuation import listed

from . import snapshot
from .areas import Softness
from .finding import advising, completeness, gauge
from .models import Plan
from .parts import PARTS
from .tasks_list import place


def of(plan: Plan) -> dict[str, Any]:
    """Return the hard requirements, the gauge and the parts that still lack something, each with its place."""
    taken = snapshot.take(plan)
    filled = completeness.of_plan(taken)
    return {
        "hard": [_line(plan, f) for f in completeness.hard_requirements(taken)],
        "gauge": _gauge(plan, taken["measures"]),
        "priority": {
            "count": sum(bool(i["is_priority"]) for i in taken["indicators"]),
            "most": advising.MOST_PRIORITY_GOALS,
        },
        "full": sum(f.is_full for f in filled.values()),
        "of": len(filled),
        "lacking": [_line(plan, f) for f in filled.values() if not f.is_full and not PARTS[f.part].hard_requirement],
    }


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
