"""Two versions compared by the opinion between them: each item, what the city answered, what it changed for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from applications import comparison
from applications.comparison import Kind
from applications.marking import KIND_WORDS, marked
from applications.models import PlanVersion
from applications.parts import PARTS
from portal.models import Membership

from . import answering, comparing
from .models import Case, OpinionItem

MOST_SHOWN = 5


@dataclass(slots=True)
class Heeded:
    """One item with the changes it is about.

    ``exact``: they stand in the very passages the group had marked; otherwise anywhere in the part it names.
    """

    row: answering.Row
    round: int
    exact: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class ByOpinion:
    """``rest`` names the parts that were changed though no item speaks of them, with the number of changes."""

    items: list[Heeded]
    rest: list[tuple[str, str, int]]


def compare(case: Case, old: PlanVersion, new: PlanVersion, *, actors: frozenset[str], viewer: Membership) -> ByOpinion:
    """Return what stands between two versions by opinion; what an asker may not read yet is left out as elsewhere."""
    places = _places(old, new)
    rounds = case.rounds.filter(opened_at__isnull=False, opinion__sent_at__isnull=False)
    found = []
    for current in rounds.filter(version__number__gte=old.number, version__number__lt=new.number).select_related(
        "version", "case", "opinion"
    ):
        targets = _targets(current.opinion)
        for row in answering.rows(case, current, actors, viewer):
            found.append(_heeded(row, current.number, targets.get(row.item.pk, set()), places))
    spoken = {heeded.row.item.section for heeded in found}
    rest = [(key, str(PARTS[key].title), len(rows)) for key, rows in places.items() if rows and key not in spoken]
    return ByOpinion(found, rest)


def _heeded(row: answering.Row, number: int, targets: set[str], places: dict[str, list[dict]]) -> Heeded:
    part = places.get(row.item.section, [])
    exact = [change for change in part if change["ids"] & targets]
    chosen = exact or part
    return Heeded(row, number, bool(exact), chosen[:MOST_SHOWN], max(0, len(chosen) - MOST_SHOWN))


def _targets(opinion) -> dict[int, set[str]]:
    """Return by item the paragraphs and rows its notes were written on."""
    found: dict[int, set[str]] = {}
    pairs = OpinionItem.sources.through.objects.filter(opinionitem__opinion=opinion)
    for item, target in pairs.values_list("opinionitem_id", "annotation__target_id"):
        found.setdefault(item, set()).add(target)
    return found


def _places(old: PlanVersion, new: PlanVersion) -> dict[str, list[dict[str, Any]]]:
    """Return by part, in the order of the plan, every change in it."""
    text, tables, records = comparing.differing(old, new)
    found: dict[str, list[dict[str, Any]]] = {key: _paragraphs(rows) for key, rows in text}
    for name, rows in tables.items():
        found[name] = [_row(row) for row in rows]
    for row in records:
        found.setdefault(row["part"], []).append(_row(row))
    return {key: found.get(key, []) for key in PARTS}


def _paragraphs(rows: Sequence[comparison.Row]) -> list[dict[str, Any]]:
    """Return the changed paragraphs; one written in the place of another that went bears that one's id as well."""
    found = []
    gone: set[str] = set()
    for row in rows:
        replaced = set(gone) if row.kind == Kind.ADDED else set()
        gone = gone | {row.id} if row.kind == Kind.REMOVED else gone if row.kind == Kind.ADDED else set()
        if row.kind != Kind.SAME:
            found.append(
                {"ids": {row.id} | replaced, "label": KIND_WORDS[row.kind], "html": marked(row.runs), "fields": []}
            )
    return found


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {"ids": {row.get("id", "")}, "label": row["word"], "html": row["label"], "fields": row["changes"]}
