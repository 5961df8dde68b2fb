"""Signals that a target may reach too far, for the coordination group's own eyes.

They stand here and not beside the checks of a plan: nothing that a city sees or that goes into a file may import
this layer. A signal is a reason to ask, never a finding against the city.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from applications.finding.figures import base, flat
from portal import words

TIMES = 3  # the target against the baseline
YEARLY = 30  # per cent a year
RISE = 40  # percentage points of a share
OF_NATION = 10  # per cent of the national amount
ABOVE_NATION = 30  # percentage points above the national share
SHARES = ("%", "‰")
_FILE = Path(__file__).resolve().parent / "data" / "national.json"


@dataclass(frozen=True, slots=True)
class National:
    """A figure for the whole country; ``unit`` as it is published."""

    names: tuple[str, ...]
    unit: str
    value: Decimal
    year: int
    source: str


@cache
def national() -> tuple[National, ...]:
    rows = json.loads(_FILE.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return tuple(National(tuple(r["names"]), r["unit"], r["value"], int(r["year"]), r["source"]) for r in rows)


def signals(snapshot: Mapping[str, Any], known: tuple[National, ...] | None = None) -> dict[str, list[str]]:
    """Return the sentences for each indicator that has any, by its row id."""
    made = {i["id"]: on_indicator(i, national() if known is None else known) for i in snapshot["indicators"]}
    return {row: found for row, found in made.items() if found}


def on_indicator(indicator: Mapping[str, Any], known: tuple[National, ...] = ()) -> list[str]:
    """Return what makes the target of one row of a snapshot look out of reach."""
    last = _number(indicator.get("target_value"))
    if last is None:
        return []
    _scale, unit = base(indicator["unit"])
    first = _number(indicator.get("baseline_value"))
    found = _share(unit, first, last) if unit in SHARES else _growth(indicator, first, last)
    return found + [said for n in known if (said := _against(n, indicator, last))]


def _number(value: Any) -> Decimal | None:
    return None if value in ("", None) else Decimal(str(value))


def _share(unit: str, first: Decimal | None, last: Decimal) -> list[str]:
    whole = 100 if unit == "%" else 1000
    if last > whole:
        return [_("The target is a share above %(most)s%(unit)s.") % {"most": whole, "unit": unit}]
    if unit == "%" and first is not None and last - first > RISE:
        return [_("The share is to rise by %s percentage points.") % words.plain(last - first)]
    return []


def _growth(indicator: Mapping[str, Any], first: Decimal | None, last: Decimal) -> list[str]:
    if first is None or first <= 0 or last <= first:
        return []
    found = []
    if last > TIMES * first:
        times = words.plain((last / first).quantize(Decimal("0.1")))
        found.append(
            _("The target is %(times)s times the baseline (more than %(most)d).") % {"times": times, "most": TIMES}
        )
    years = int(indicator.get("target_year") or 0) - int(indicator.get("baseline_year") or 0)
    if indicator.get("baseline_year") and years > 0:
        rate = 100 * ((last / first) ** (Decimal(1) / years) - 1)
        if rate > YEARLY:
            shown = words.plain(rate.quantize(Decimal("0.1")))
            found.append(
                _("It means %(rate)s%% growth a year (more than %(most)d%%).") % {"rate": shown, "most": YEARLY}
            )
    return found


def _against(nation: National, indicator: Mapping[str, Any], last: Decimal) -> str:
    """Return the sentence that holds a city's target against the country; empty where nothing is out of the way."""
    own_scale, own = base(indicator["unit"])
    scale, unit = base(nation.unit)
    if flat(indicator["name"]).strip() not in nation.names or own != unit:
        return ""
    said = {"value": words.thousands(nation.value), "unit": nation.unit, "year": nation.year, "source": nation.source}
    if unit in SHARES:
        if last - nation.value <= ABOVE_NATION:
            return ""
        return _("The national figure was %(value)s%(unit)s in %(year)d (%(source)s).") % said
    part = 100 * (last * own_scale) / (nation.value * scale)
    if part <= OF_NATION:
        return ""
    said["part"] = words.plain(part.quantize(Decimal("0.1")))
    return _("It is %(part)s%% of the national %(value)s %(unit)s of %(year)d (%(source)s).") % said
