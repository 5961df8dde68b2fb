"""Indicators a city may begin with: three for each task area, with their units."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .areas import Area

_FILE = Path(__file__).resolve().parent / "data" / "indicators.json"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``name`` as it stands in a plan, always Chinese."""

    area: str
    kind: str
    name: str
    unit: str


@cache
def suggestions() -> tuple[Suggestion, ...]:
    return tuple(Suggestion(**row) for row in json.loads(_FILE.read_text(encoding="utf-8")))


def unit_of(name: str) -> str:
    """Return the unit the library gives an indicator in, empty for one it does not know."""
    return next((s.unit for s in suggestions() if s.name == name.strip()), "")


def missing(areas: Iterable[str]) -> list[tuple[Area, list[tuple[int, Suggestion]]]]:
    """Return what may be added for each area that is not among ``areas``, with its number in the library."""
    there = set(areas)
    return [
        (area, [(n, s) for n, s in enumerate(suggestions()) if s.area == area])
        for area in Area
        if area.value not in there
    ]
