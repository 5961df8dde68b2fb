"""The structured parts of the safeguards and the plan's basic data."""

from typing import Any

from portal.models import Membership
from portal.saving import write

from ..models import Plan
from ..models.records import RECORDS, Record
from . import editing

BASIC_FIELDS = ("title", "starts", "ends", "contact_name", "contact_phone", "contact_email")


def save(plan: Plan, key: str, values: dict[str, Any], *, by: Membership, seen: str) -> Record:
    """Write one record; raises ``Closed`` or ``Stale``."""
    with editing.opened(plan, key, by=by) as locked:
        model = RECORDS[key]
        row = model.objects.filter(plan=locked).first() or model(plan=locked)
        _write(row, locked, key, values, by=by, seen=seen)
        return row


def save_basics(plan: Plan, values: dict[str, Any], *, by: Membership, seen: str) -> Plan:
    """Write title, years and contact; raises ``Closed`` or ``Stale``."""
    with editing.opened(plan, editing.BASICS, by=by) as locked:
        _write(locked, locked, editing.BASICS, values, by=by, seen=seen)
        return locked


def _write(row, plan: Plan, part: str, values: dict[str, Any], *, by: Membership, seen: str) -> None:
    editing.check_seen(row, values, seen, values)
    names = editing.changed(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=[f.name for f in row._meta.fields if f.name not in values])
    write(row, names)
    if names:
        editing.touch(plan, part, by=by)
        editing.record(f"{'plan' if row is plan else 'record'}:save", row, plan, by=by, part=part, fields=sorted(names))
