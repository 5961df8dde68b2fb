"""Dissent of a department, kept beside the text it is about; read from the ledger in the shape of a snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .models import Consultation
from .parts import PARTS

# What a hearing can be about: everything the plan says, not the ledger itself nor loose files.
PARTS_HEARD = tuple(key for key, part in PARTS.items() if part.group != "annexes")


@dataclass(frozen=True, slots=True)
class Dissent:
    """``id`` is that of the ledger's row, ``measures`` the titles of what it is about; an old row names nobody."""

    id: str
    who: str
    text: str
    held_on: date
    form: str
    outcome: str
    adopted: str
    measures: tuple[str, ...] = ()

    @property
    def outcome_words(self) -> str:
        return str(dict(Consultation.Outcome.choices).get(self.outcome, ""))


def about(row: dict[str, Any]) -> set[str]:
    """Return the parts a row of the ledger is about; a row on a measure is about their table."""
    return set(row.get("parts", ())) | ({"measures"} if row.get("measures") else set())


def beside(ledger: Iterable[dict[str, Any]], part: str, titles: dict[str, str]) -> list[Dissent]:
    """Return what departments hold against the text of ``part``; ``titles`` names the measures by id."""
    return [
        Dissent(
            row["id"],
            row.get("dissenting", ""),
            row["dissent"],
            date.fromisoformat(row["held_on"]),
            row["form"],
            row.get("outcome", ""),
            row["adopted"],
            tuple(titles[m] for m in row.get("measures", ()) if m in titles),
        )
        for row in ledger
        if row.get("dissent") and part in about(row)
    ]
