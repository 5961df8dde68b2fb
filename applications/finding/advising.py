"""The checks that advise: each looks at a snapshot and says what it found; none can keep a plan from being sent."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.punctuation import listed
from portal.words import thousands

from .. import hearing, prose_tables
from ..areas import Softness
from ..parts import PARTS, TEXT_PARTS
from . import completeness, gauge, mentions, wording, writing
from .base import Finding

logger = logging.getLogger(__name__)
Snapshot = Mapping[str, Any]
MOST_PRIORITY_GOALS = 8


@dataclass(frozen=True, slots=True)
class Check:
    """``name`` stands in the sentence that says the check failed; ``fine`` is said when it found nothing wrong.

    ``look`` returns ``None`` where the plan holds nothing it could look at: that is neither passed nor advice.
    """

    key: str
    name: Any
    look: Callable[[Snapshot], list[Finding] | None]
    part: str
    fine: Any = ""


def run(snapshot: Snapshot, checks: Sequence[Check] | None = None) -> list[Finding]:
    """Return what every check found or passed; one that fails itself is told as failed, the others go on."""
    found: list[Finding] = []
    for check in CHECKS if checks is None else checks:
        try:
            own = check.look(snapshot)
        except Exception:
            logger.exception("the check %s failed", check.key)
            words = _("The check “%s” could not be made; this does not keep you from submitting.") % check.name
            found.append(Finding("failed", words, check.part))
            continue
        found += own or []
        if own == [] and check.fine:
            found.append(Finding("passed", str(check.fine), check.part))
    return found


def hard_requirements(snapshot: Snapshot) -> list[Finding]:
    return [
        Finding(
            "advice",
            _("Hard requirement “%(part)s” lacks: %(fields)s")
            % {"part": PARTS[f.part].title, "fields": listed(f.lacks)},
            f.part,
            f.anchor,
        )
        for f in completeness.hard_requirements(snapshot)
        if f.lacks
    ]


def mismatches(snapshot: Snapshot) -> list[Finding] | None:
    """One line for each figure of the prose that the indicator table gives otherwise."""
    found, compared = [], 0
    for section in snapshot["sections"]:
        numbers = {p["id"]: n for n, p in enumerate(section["paragraphs"], start=1)}
        for m in mentions.find(section["paragraphs"], snapshot["indicators"]):
            compared += 1
            if m.agrees:
                continue
            said = {
                "part": PARTS[section["key"]].title,
                "number": numbers[m.paragraph],
                "quote": m.quote,
                "table": m.table,
            }
            words = (
                _("“%(part)s”, paragraph %(number)d: “%(quote)s”, but the indicator table comes to %(table)s a year.")
                if m.kind == "growth"
                else _("“%(part)s”, paragraph %(number)d: “%(quote)s” differs from the indicator table (%(table)s).")
            )
            found.append(Finding("advice", words % said, section["key"], f"#p-{m.paragraph}"))
    return found if compared else None


def vague_measures(snapshot: Snapshot) -> list[Finding] | None:
    if not snapshot["measures"]:
        return None
    return [
        Finding(
            "advice",
            _("Measure “%(title)s” is vague: %(what)s") % {"title": m["title"], "what": listed(what)},
            "measures",
            f"#row-{m['id']}",
        )
        for m in snapshot["measures"]
        if (what := gauge.vagueness(m))
    ]


def vague_wording(snapshot: Snapshot) -> list[Finding] | None:
    """One line for each part, leading to its first sentence of mere intention."""
    found = []
    promising = [s for s in snapshot["sections"] if s["key"] in wording.PROMISING and s["paragraphs"]]
    if not promising:
        return None
    for section in promising:
        own = wording.vague(section["paragraphs"])
        if not own:
            continue
        words = ngettext(
            "“%(part)s”: %(count)d sentence says no number, date or department, such as “%(quote)s”.",
            "“%(part)s”: %(count)d sentences say no number, date or department, such as “%(quote)s”.",
            len(own),
        )
        said = {"part": PARTS[section["key"]].title, "count": len(own), "quote": shortened(own[0].quote)}
        found.append(Finding("advice", words % said, section["key"], f"#p-{own[0].paragraph}"))
    return found


def broken_rows(snapshot: Snapshot) -> list[Finding] | None:
    """One line for each line between bars that readers would see as bars, not as a row of a table."""
    found = [
        Finding(
            "advice",
            _("“%(part)s”, paragraph %(number)d “%(quote)s”: %(why)s")
            % {
                "part": PARTS[section["key"]].title,
                "number": section["paragraphs"].index(row) + 1,
                "quote": shortened(row["text"]),
                "why": writing.BROKEN_ROWS[why],
            },
            section["key"],
            f"#p-{row['id']}",
        )
        for section in snapshot["sections"]
        for row, why in prose_tables.broken(section["paragraphs"])
    ]
    return found or None


def shortened(quote: str) -> str:
    text = quote.rstrip("。！；")
    return text if len(text) <= 30 else text[:29] + "…"


def gap(snapshot: Snapshot) -> list[Finding] | None:
    points = gauge.concreteness(snapshot["measures"])["gap"]
    if points is None:
        return None
    if points <= gauge.GAP_ADVICE:
        return []
    words = _("Soft measures are %d percentage points less concrete than hard ones.") % points
    first = next(m for m in snapshot["measures"] if m["kind"] == Softness.SOFT and not gauge.is_concrete(m))
    return [Finding("advice", words, "measures", f"#row-{first['id']}")]


def empty_tables(snapshot: Snapshot) -> list[Finding]:
    found = []
    if not snapshot["measures"]:
        found.append(Finding("advice", _("The task breakdown is empty."), "measures"))
    if not snapshot["indicators"]:
        found.append(Finding("advice", _("The plan has no indicators yet."), "indicators"))
    return found


def firms_heard(snapshot: Snapshot) -> list[Finding] | None:
    """The whole ledger first; where firms were heard, the rule and policy measures on which they were not."""
    if not any(c["from_firms"] for c in snapshot["consultations"]):
        if not snapshot["measures"]:
            return None
        return [Finding("advice", _("The ledger does not show that e-commerce firms were heard."), "consultations")]
    words = _("The ledger does not show that e-commerce firms were heard on the rule or policy measure “%s”.")
    return [
        Finding("advice", words % m["title"], "measures", f"#row-{m['id']}")
        for m in snapshot["measures"]
        if hearing.is_missing(m, snapshot["consultations"])
    ]


def soft_put_off(snapshot: Snapshot) -> list[Finding] | None:
    """Everything soft in the plan's last half-year means: rules come when the buildings stand.

    One soft milestone alone is no reason for advice, but late it is none for praise either.
    """
    soft = [m for m in snapshot["milestones"] if m["kind"] == Softness.SOFT]
    late = date(int(snapshot["plan"]["ends"]), 7, 1).isoformat()
    if any(m["ends"] < late for m in soft):
        return []
    if len(soft) < 2:
        return None
    words = _("All soft milestones end in the plan's last half-year. Bring some forward.")
    return [Finding("advice", words, "milestones", f"#row-{soft[0]['id']}")]


def priority_goals(snapshot: Snapshot) -> list[Finding] | None:
    """A plan that stresses everything stresses nothing."""
    chosen = [i for i in snapshot["indicators"] if i.get("is_priority")]
    if not chosen:
        return None
    if len(chosen) <= MOST_PRIORITY_GOALS:
        return []
    words = _("The plan has %(count)d priority goals; at most %(most)d are advised.")
    said = {"count": len(chosen), "most": MOST_PRIORITY_GOALS}
    return [Finding("advice", words % said, "indicators", f"#row-{chosen[MOST_PRIORITY_GOALS]['id']}")]


def short_texts(snapshot: Snapshot) -> list[Finding]:
    found = []
    for key in TEXT_PARTS:
        filled = completeness.of_part(snapshot, PARTS[key])
        if filled.lacks:
            least, most = map(thousands, PARTS[key].guide)
            words = _("“%(part)s” has %(done)s characters; %(least)s–%(most)s are advised.")
            said = {"part": PARTS[key].title, "done": thousands(filled.done), "least": least, "most": most}
            found.append(Finding("advice", words % said, key, filled.anchor))
    return found


CHECKS = (
    Check("mismatches", gettext_lazy("Prose against the indicator table"), mismatches, "indicators",
          gettext_lazy("The figures of the prose agree with the indicator table.")),
    Check("hard_requirements", gettext_lazy("Hard requirements"), hard_requirements, "assessment"),
    Check("empty_tables", gettext_lazy("Tables"), empty_tables, "measures",
          gettext_lazy("Measures and indicators are entered.")),
    Check("gap", gettext_lazy("Soft against hard measures"), gap, "measures",
          gettext_lazy("Soft measures are about as concrete as hard ones.")),
    Check("vague_measures", gettext_lazy("Vague measures"), vague_measures, "measures",
          gettext_lazy("Every measure has a deliverable, a due date and a post in charge.")),
    Check("vague_wording", gettext_lazy("Vague wording"), vague_wording, "policy",
          gettext_lazy("The prose promises nothing without a number, a date or a department.")),
    Check("broken_rows", gettext_lazy("Tables in the prose"), broken_rows, "policy"),
    Check("soft_put_off", gettext_lazy("Soft milestones"), soft_put_off, "milestones",
          gettext_lazy("Soft milestones are spread over the plan's years.")),
    Check("firms_heard", gettext_lazy("Consultation"), firms_heard, "consultations",
          gettext_lazy("The ledger shows that e-commerce firms were heard.")),
    Check("priority_goals", gettext_lazy("Priority goals"), priority_goals, "indicators",
          gettext_lazy("The plan keeps to a few priority goals.")),
    Check("short_texts", gettext_lazy("Length of the parts"), short_texts, "basis",
          gettext_lazy("Every part has the advised length.")),
)  # fmt: skip
