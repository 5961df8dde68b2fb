"""Many rows at once: writing a pasted table whole or not at all, taking it back, and changing the order of rows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.models import Membership
from portal.saving import write

from ..models import Milestone, Plan, TableChange
from ..snapshot import plain
from . import editing
from .rows import MOST, TABLES

UNDO_WITHIN = timedelta(days=1)
Lines = Sequence[tuple[int | None, dict[str, Any]]]


def listed(plan: Plan, table: str) -> list[Any]:
    """Return the rows in their order, with what they link to."""
    linked = [f.name for f in TABLES[table]._meta.many_to_many]
    return list(TABLES[table].objects.filter(plan=plan).prefetch_related(*linked))


def content(row: Any) -> dict[str, Any]:
    """Return what a row says, as JSON keeps it; not where it stands."""
    found = {
        f.attname: plain(getattr(row, f.attname))
        for f in row._meta.concrete_fields
        if f.name not in {"id", "plan", "position"}
    }
    for field in row._meta.many_to_many:
        found[field.name] = sorted(linked.pk for linked in getattr(row, field.name).all())
    return found


def state(rows: Sequence[Any]) -> str:
    """Return a digest of a whole table, so that a preview can tell whether it still holds."""
    values = {str(row.pk): content(row) for row in rows}
    return audit.seal(values)


def apply(plan: Plan, table: str, lines: Lines, *, by: Membership, seen: str) -> TableChange:
    """Write every line (``None``: a new row at the end) or none; raises ``Closed`` or ``ValidationError``."""
    with editing.opened(plan, table, by=by) as locked:
        rows = {row.pk: row for row in listed(locked, table)}
        if state(list(rows.values())) != seen:
            raise ValidationError(
                _("Somebody else has changed this table meanwhile. Look at the preview again; nothing was written.")
            )
        if len(rows) + sum(pk is None for pk, _values in lines) > MOST:
            raise ValidationError(_("A table holds at most %d rows. Join rows that belong together.") % MOST)
        last = max((row.position for row in rows.values()), default=0)
        before, written, added = {}, [], []
        for pk, values in lines:
            if pk is None:
                last += 1
                row = TABLES[table](plan=locked, position=last)
            else:
                row = rows[pk]
                old = content(row)
                before[str(pk)] = {key: old[key] for key in old.keys() & _attnames(row, values)}
            _write(row, values)
            written.append(row.pk)
            if pk is None:
                added.append(row.pk)
        after = {str(r.pk): content(r) for r in listed(locked, table) if r.pk in set(written)}
        change = TableChange.objects.create(
            plan=locked, table=table, by=by, at=clock.now(), added=added, before=before, after=after
        )
        editing.touch(locked, table, by=by)
        editing.record(
            "rows:paste", locked, locked, by=by, table=table, change=change.pk, added=added, changed=sorted(before)
        )
        return change


def _attnames(row: Any, values: dict[str, Any]) -> set[str]:
    fields = [row._meta.get_field(name) for name in values]
    return {f.name if f.many_to_many else f.attname for f in fields}


def _write(row: Any, values: dict[str, Any]) -> None:
    linked = {n: v for n, v in values.items() if row._meta.get_field(n).many_to_many}
    for name in values.keys() - linked.keys():
        setattr(row, name, values[name])
    row.full_clean(exclude=["plan"], validate_unique=False, validate_constraints=False)
    write(row, values.keys() - linked.keys())
    for name, keys in linked.items():
        getattr(row, name).set(keys)


def last_change(plan: Plan, table: str) -> TableChange | None:
    """Return the paste that may still be taken back: the newest, of the last day."""
    newest = plan.table_changes.filter(table=table).select_related("by__organisation").first()
    return newest if newest and not newest.undone_at and newest.at > clock.now() - UNDO_WITHIN else None


def undo(plan: Plan, table: str, pk: int, *, by: Membership) -> TableChange:
    """Take a paste back: changed rows get their old values, added rows go; refused when anybody changed them since."""
    with editing.opened(plan, table, by=by) as locked:
        change = last_change(locked, table)
        if change is None or change.pk != pk:
            raise ValidationError(_("This was taken back already, or something else was pasted since."))
        rows = {str(row.pk): row for row in listed(locked, table)}
        for key, said in change.after.items():
            _unchanged(rows.get(key), said)
        added = [rows[str(key)] for key in change.added]
        if table == "indicators":
            _unused(added)
        for key, values in change.before.items():
            _put_back(rows[key], values)
        for row in added:
            row.delete()
        change.undone_at = clock.now()
        change.save(update_fields=["undone_at"])
        editing.touch(locked, table, by=by)
        editing.record(
            "rows:undo", locked, locked, by=by, table=table, change=change.pk, removed=change.added,
            changed=sorted(change.before),
        )  # fmt: skip
        return change


def _unchanged(row: Any, said: dict[str, Any]) -> None:
    if row is None:
        raise ValidationError(_("A pasted row has been deleted since, so the paste cannot be taken back as a whole."))
    if content(row) != said:
        raise ValidationError(
            _("“%s” has been changed since, so the paste cannot be taken back as a whole. Change single rows instead.")
            % row
        )


def _unused(indicators: list[Any]) -> None:
    for row in indicators:
        if row.measures.exists() or Milestone.objects.filter(indicator=row).exists():
            raise ValidationError(
                _("“%s” is linked to a measure or a milestone since, so the paste cannot be taken back.") % row
            )


def _put_back(row: Any, values: dict[str, Any]) -> None:
    names = []
    for key, value in values.items():
        field = row._meta.get_field(key)
        if field.many_to_many:
            getattr(row, key).set(value)
        else:
            setattr(row, key, None if value == "" and field.null else field.to_python(value))
            names.append(field.name)
    if names:
        row.save(update_fields=names)


def move(plan: Plan, table: str, pk: int, *, up: bool, by: Membership) -> Any:
    """Let a row change places with its neighbour; at the edge it stays where it is."""
    with editing.opened(plan, table, by=by) as locked:
        rows = list(TABLES[table].objects.filter(plan=locked))
        here = next((n for n, row in enumerate(rows) if row.pk == pk), None)
        if here is None:
            raise ValidationError(_("This row has been deleted already."))
        row, there = rows[here], here + (-1 if up else 1)
        if not 0 <= there < len(rows):
            return row
        rows[here], rows[there] = rows[there], rows[here]
        moved = []
        for place, one in enumerate(rows, 1):  # equal or missing places are put right on the way
            if one.position != place:
                one.position = place
                moved.append(one)
        TABLES[table].objects.bulk_update(moved, ["position"])
        editing.touch(locked, table, by=by)
        editing.record("row:move", row, locked, by=by, table=table, place=there + 1)
        return row
