"""A table of the plan as the cells of a sheet, in the order in which it is read back."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.words import listed

from . import columns, values


def rows(table: str, found: Sequence[Any], *, english: bool) -> list[list[Any]]:
    """Return the head row and one row for each of ``found``."""
    head = [columns.label(table, column) for column in columns.COLUMNS[table]]
    return [head, *([_cell(row, column, english) for column in columns.COLUMNS[table]] for row in found)]


def _cell(row: Any, column: columns.Column, english: bool) -> Any:
    if column.kind == "names":
        return listed([i.name for i in row.indicators.all()], english=english)
    if column.kind == "one_name":
        return row.indicator.name if row.indicator else ""
    value = getattr(row, column.name)
    if isinstance(value, bool):
        return str(values.Told(str(value)).label) if value else ""
    if column.kind == "choice":
        return str(getattr(row, f"get_{column.name}_display")())
    if column.kind in {"first_day", "last_day"}:
        return value.isoformat() if value else ""
    return "" if value is None else value


def notes(table: str) -> list[list[str]]:
    """Return the second sheet: what each column takes."""
    found = [[_("Column"), _("What it takes")]]
    for column in columns.COLUMNS[table]:
        found.append([columns.label(table, column), _words(column)])
    found.append(
        [_("Rows"), _("A row is known again by its first column; a new name is a new row. Nothing is deleted.")]
    )
    found.append([_("Empty cells"), _("An empty cell leaves what the plan says there as it is.")])
    return found


def _words(column: columns.Column) -> str:
    if column.kind == "choice":
        return _("One of: %s") % " / ".join(str(m.label) for m in values.CHOICES[column.name])
    return {
        "text": _("Text"),
        "year": _("Four digits, such as 2028"),
        "figure": _("A figure, such as 480 or 4.8亿"),
        "first_day": _("A date, such as 2027-06-30"),
        "last_day": _("A date, such as 2027-06-30"),
        "names": _("Names of indicators of this plan, 、 between them"),
        "one_name": _("The name of an indicator of this plan"),
    }[column.kind]
