"""How concrete the measures are, soft against hard; and what makes one vague (虚)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ..areas import Softness

GAP_ADVICE = 15
_SOFT = ("instrument", "drafting_department")
_HARD = ("place", "money", "schedule")


def vagueness(measure: Mapping[str, Any]) -> list[str]:
    """Return what is missing for anybody to be held to it: deliverable, due date, post."""
    words = {
        "deliverable": _("no deliverable"),
        "due": _("no due date"),
        "post": _("no post in charge"),
    }
    return [said for name, said in words.items() if not _there(measure, name)]


def is_concrete(measure: Mapping[str, Any]) -> bool:
    """Deliverable, due date, post, an indicator, and what its kind asks for; nought is a sum of money too."""
    asked = _SOFT if measure["kind"] == Softness.SOFT else _HARD
    return not vagueness(measure) and bool(measure["indicators"]) and all(_there(measure, name) for name in asked)


def _there(measure: Mapping[str, Any], name: str) -> bool:
    value = measure[name]
    return value is not None and bool(str(value).strip())


def concreteness(measures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return ``{"soft": (concrete, all), "hard": (concrete, all), "gap": points or None}``."""
    counts = {}
    for kind in Softness:
        own = [m for m in measures if m["kind"] == kind]
        counts[kind.value] = (sum(map(is_concrete, own)), len(own))
    shares = {k: 100 * done / total for k, (done, total) in counts.items() if total}
    gap = round(shares["hard"] - shares["soft"]) if len(shares) == 2 else None
    return {**counts, "gap": gap}


def shown(measures: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the gauge as its component takes it, ``None`` while there is nothing to measure."""
    if not measures:
        return None
    counted = concreteness(measures)
    return {kind: dict(zip(("concrete", "total"), counted[kind], strict=True)) for kind in ("soft", "hard")} | {
        "advice": GAP_ADVICE
    }
