"""Rule and policy measures must show that e-commerce firms were heard: which entries of the ledger show it.

Measures and entries are taken in the shape of a snapshot.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .models.rows import Instrument

RULES_AND_POLICY = frozenset({Instrument.REGULATION, Instrument.RULE, Instrument.NORMATIVE, Instrument.FISCAL})
Row = Mapping[str, Any]


def is_asked_for(measure: Row) -> bool:
    return measure.get("instrument") in RULES_AND_POLICY


def is_about(entry: Row, measure: Row) -> bool:
    """An entry names the measure or its task area; one that names nothing was about the whole plan."""
    if entry.get("measures"):
        return measure["id"] in entry["measures"]
    parts = entry.get("parts")
    return not parts or measure["area"] in parts or "measures" in parts


def of_firms(measure: Row, ledger: Iterable[Row]) -> list[Row]:
    """Return the entries that show that firms were heard on a measure."""
    return [entry for entry in ledger if entry.get("from_firms") and is_about(entry, measure)]


def is_missing(measure: Row, ledger: Iterable[Row]) -> bool:
    return is_asked_for(measure) and not of_firms(measure, ledger)


def shown(measure: Row, ledger: Iterable[Row]) -> list[tuple[date, str]]:
    """Return day and form of the hearings of firms behind a rule or policy measure, the earliest first."""
    if not is_asked_for(measure):
        return []
    return sorted((date.fromisoformat(e["held_on"]), e["form"]) for e in of_firms(measure, ledger))
