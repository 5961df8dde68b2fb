"""What differs between the rows of two snapshots: indicators, measures, milestones, by their lasting id."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .comparison import Kind

INDICATOR_FIELDS = (
    *("name", "area", "kind", "unit", "baseline_year", "baseline_value", "target_year", "target_value"),
    *("is_priority", "source", "department"),
)
MEASURE_FIELDS = (
    *("title", "area", "kind", "deliverable", "instrument", "drafting_department", "lead_department"),
    *("cooperating_departments", "post", "place", "money", "schedule", "due", "facility", "helped"),
    *("helped_group", "indicators"),
)
MILESTONE_FIELDS = ("title", "area", "kind", "starts", "ends", "department", "indicator")
_VALUES = {"baseline_value", "target_value", "money"}
_DATES = {"starts", "ends", "due"}
_PERCENT_UNITS = {"%", "％"}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class FieldChange:
    """``difference`` and ``percent`` are for numbers, ``words`` says the change aloud."""

    field: str
    old: Any
    new: Any
    words: str
    difference: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the table; ``label`` is the name it bears now, or bore last."""

    kind: Kind
    id: str
    label: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    changes: tuple[FieldChange, ...]


def compare_indicators(a: Sequence[dict], b: Sequence[dict]) -> list[RowChange]:
    """Compare indicator rows; numbers come with difference and percent."""
    return _compare(a, b, INDICATOR_FIELDS, "name")


def compare_measures(a: Sequence[dict], b: Sequence[dict]) -> list[RowChange]:
    """Compare measure rows."""
    return _compare(a, b, MEASURE_FIELDS, "title")


def compare_milestones(a: Sequence[dict], b: Sequence[dict]) -> list[RowChange]:
    """Compare milestone rows; dates come with the shift in words."""
    return _compare(a, b, MILESTONE_FIELDS, "title")


def _compare(a, b, fields, label) -> list[RowChange]:
    """Return the rows of ``b`` in order, then the removed ones in their old order."""
    former = {row["id"]: row for row in a}
    present = {row["id"] for row in b}
    rows = []
    for row in b:
        old = former.get(row["id"])
        if old is None:
            rows.append(RowChange(Kind.ADDED, row["id"], str(row.get(label, "")), None, row, ()))
            continue
        changes = tuple(_field(name, old, row) for name in fields if _held(old, name) != _held(row, name))
        kind = Kind.CHANGED if changes else Kind.SAME
        rows.append(RowChange(kind, row["id"], str(row.get(label, "")), old, row, changes))
    return rows + [
        RowChange(Kind.REMOVED, row["id"], str(row.get(label, "")), row, None, ())
        for row in a
        if row["id"] not in present
    ]


def _held(row: dict, name: str) -> Any:
    """A version frozen before a field came says nothing about it, which is the same as no."""
    value = row.get(name, "")
    return "" if value is False else value


def _field(name: str, old_row: dict, new_row: dict) -> FieldChange:
    old, new = old_row.get(name, ""), new_row.get(name, "")
    if name == "is_priority":
        return FieldChange(name, old, new, _("now a priority goal") if new else _("no longer a priority goal"))
    if name in _VALUES:
        before, after = _number(old), _number(new)
        same_unit = old_row.get("unit", "") == new_row.get("unit", "")
        if before is not None and after is not None and same_unit:
            return _number_change(name, old, new, before, after, str(new_row.get("unit", "")))
    if name in _DATES and (words := _shift(_date(old), _date(new))):
        return FieldChange(name, old, new, words)
    if old in ("", None):
        return FieldChange(name, old, new, _("filled in: %(new)s") % {"new": _plain(new)})
    if new in ("", None):
        return FieldChange(name, old, new, _("emptied, it was: %(old)s") % {"old": _plain(old)})
    return FieldChange(name, old, new, _("from %(old)s to %(new)s") % {"old": _plain(old), "new": _plain(new)})


def _plain(value: Any) -> str:
    return _(", ").join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _number(value: Any) -> Decimal | None:
    if value in ("", None) or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number_change(name, old, new, before: Decimal, after: Decimal, unit: str) -> FieldChange:
    difference = after - before
    amount = {"amount": _figure(abs(difference)), "unit": unit}
    percent = None
    if unit in _PERCENT_UNITS:
        up, down = _("up %(amount)s percentage points"), _("down %(amount)s percentage points")
    elif before == 0:
        up, down = _("up %(amount)s %(unit)s"), _("down %(amount)s %(unit)s")
    else:
        exact = difference / abs(before) * 100
        percent = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
        amount["percent"] = _figure(abs(percent))
        up, down = _("up %(amount)s %(unit)s (%(percent)s%%)"), _("down %(amount)s %(unit)s (%(percent)s%%)")
    if difference == 0:
        return FieldChange(name, old, new, _("the same value, written differently"), difference, percent)
    return FieldChange(name, old, new, (up if difference > 0 else down) % amount, difference, percent)


def _figure(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _shift(old: date | None, new: date | None) -> str:
    """Return “postponed by 3 months” in whole months where the day agrees, else months and days."""
    if old is None or new is None or old == new:
        return ""
    months, days = _apart(min(old, new), max(old, new))
    parts = []
    if months:
        parts.append(ngettext("%(n)s month", "%(n)s months", months) % {"n": months})
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    span = pgettext("between months and days", " and ").join(parts)
    return (_("postponed by %(span)s") if new > old else _("brought forward by %(span)s")) % {"span": span}


def _apart(first: date, last: date) -> tuple[int, int]:
    """Return whole months and the days left; the last day of a month answers to the last of another."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    if _is_month_end(first) and _is_month_end(last):
        return months, 0
    if last.day < first.day:
        months -= 1
    year, month = divmod(first.year * _MONTHS + first.month - 1 + months, _MONTHS)
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return months, (last - date(year, month + 1, day)).days


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
