"""Adding, changing and removing the rows of a plan's tables."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.models import Membership
from portal.saving import write

from ..models import Consultation, Indicator, Measure, Milestone, Plan
from ..snapshot import plain
from . import editing

# Any: what the code asks of a row differs from table to table, and the shared base is abstract.
TABLES: dict[str, type[Any]] = {
    "indicators": Indicator,
    "measures": Measure,
    "milestones": Milestone,
    "consultations": Consultation,
}
MOST = 300


def save(plan: Plan, table: str, pk: int | None, values: dict[str, Any], *, by: Membership, seen: str = ""):
    """Write a row (``pk`` ``None``: a new one at the end); raises ``Closed``, ``Stale`` or ``ValidationError``."""
    model = TABLES[table]
    with editing.opened(plan, table, by=by) as locked:
        rows = model.objects.filter(plan=locked)
        if pk is None:
            if rows.count() >= MOST:
                raise ValidationError(_("A table holds at most %d rows. Join rows that belong together.") % MOST)
            row = model(plan=locked, position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1)
            names = list(values)
        else:
            row = rows.filter(pk=pk).first()
            if row is None:
                raise ValidationError(_("This row was deleted by somebody else meanwhile. Add it again if needed."))
            editing.check_seen(row, values, seen, values)
            names = editing.changed(row, values)
        linked = {n: v for n, v in values.items() if row._meta.get_field(n).many_to_many}
        for name in values.keys() - linked.keys():
            setattr(row, name, values[name])
        if table == "indicators" and rows.exclude(pk=row.pk).filter(name=row.name).exists():
            raise ValidationError({"name": _("The table has an indicator “%s” already; change that one.") % row.name})
        row.full_clean(exclude=["plan"])
        row.validate_constraints()
        write(row, values.keys() - linked.keys())
        for name, rows_linked in linked.items():
            getattr(row, name).set(rows_linked)
        if names:
            editing.touch(locked, table, by=by)
            action = "row:add" if pk is None else "row:save"
            editing.record(action, row, locked, by=by, table=table, fields=sorted(names))
        return row


class SomeRefused(Exception):
    """Nothing of a whole table was written; ``errors`` says why by the number of the line."""

    def __init__(self, errors: dict[int, ValidationError]):
        super().__init__(f"{len(errors)} lines refused")
        self.errors = errors


def save_all(
    plan: Plan, table: str, lines: Sequence[tuple[int | None, dict[str, Any], str]], *, by: Membership
) -> None:
    """Write several rows as ``save`` writes one, each (pk, values, seen), all or none.

    Raises ``editing.Closed`` or ``SomeRefused``.
    """
    errors: dict[int, ValidationError] = {}
    with editing.opened(plan, table, by=by):
        for number, (pk, values, seen) in enumerate(lines):
            try:
                save(plan, table, pk, values, by=by, seen=seen)
            except ValidationError as error:
                errors[number] = error
        if errors:
            raise SomeRefused(errors)


def delete(plan: Plan, table: str, pk: int, *, by: Membership) -> str:
    """Remove a row and return its name; what it said stays in the audit trail."""
    with editing.opened(plan, table, by=by) as locked:
        row = TABLES[table].objects.filter(plan=locked, pk=pk).first()
        if row is None:
            raise ValidationError(_("This row has been deleted already."))
        content = {f.attname: plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}
        editing.touch(locked, table, by=by)
        editing.record("row:delete", row, locked, by=by, table=table, content=content)
        name = str(row)
        row.delete()
        return name
