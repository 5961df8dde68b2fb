"""The door every change of the working text passes: the plan's row locked, the part open, the act recorded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.models import AuditEntry, Membership

from .. import team
from ..models import Plan
from ..parts import PARTS
from ..snapshot import plain

BASICS = team.BASICS


class Closed(ValidationError):
    """The part may not be edited now; ``kept`` where the text is in the history all the same."""

    kept = False


class NotYours(Closed):
    """The part is written by another department."""


class Stale(ValidationError):
    """Somebody else changed the same row since the page was opened; ``differences`` are (label, value) pairs."""

    def __init__(self, differences: list[tuple[str, str]]):
        super().__init__(
            _("Somebody else has changed this since you opened it. Compare, then save again to keep your values.")
        )
        self.differences = differences


@contextmanager
def opened(plan: Plan, part: str, *, by: Membership) -> Iterator[Plan]:
    """Yield the locked plan inside a transaction; raise ``Closed`` or ``NotYours`` when ``by`` may not write."""
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        check(locked, part, by)
        yield locked


def check(plan: Plan, part: str, by: Membership) -> None:
    """Raise ``Closed`` or ``NotYours`` when ``by`` may not write the part of a locked plan."""
    if not may_be_written(plan, part):
        raise Closed([closed_words(plan, part), _("Nothing was saved.")])
    if words := team.not_yours(plan, part, by):
        raise NotYours([words, _("Nothing was saved.")])


def may_be_written(plan: Plan, part: str) -> bool:
    """Say whether the step lets anybody write the part."""
    return plan.basics_open if part == BASICS else plan.is_open(part)


def refusal(plan: Plan, part: str, by: Membership) -> str:
    """Return why this person cannot write the part now, empty when they can."""
    return team.not_yours(plan, part, by) if may_be_written(plan, part) else closed_words(plan, part)


def closed_words(plan: Plan, part: str) -> str:
    """Return why ``part`` cannot be edited."""
    name = _("Title, years and contact") if part == BASICS else PARTS[part].title
    if plan.may_be_edited:
        return _("“%s” is not open for changes at this step; only the parts named in the task list are.") % name
    return _("The plan has been handed over, so “%s” cannot be changed now.") % name


def touch(plan: Plan, part: str, *, by: Membership) -> None:
    """Note who changed the part: the task list shows it, and an earlier release or sign-off loses its force."""
    from . import handing_in

    plan.part_changes[part] = clock.now().isoformat()
    plan.part_writers[part] = by.pk
    Plan.objects.filter(pk=plan.pk).update(part_changes=plan.part_changes, part_writers=plan.part_writers)
    handing_in.changed(plan, part, by=by)


def fingerprint(row: Model | None, names: Iterable[str]) -> str:
    """Return a short digest of the fields, so that a form can tell whether they were changed meanwhile."""
    values = {name: _value(row, name) for name in names} if row is not None and row.pk else {}
    return audit.seal(values)


def check_seen(row: Model, names: Iterable[str], seen: str, values: dict[str, Any]) -> None:
    """Raise ``Stale`` when the row is not the one the form was filled from."""
    names = list(names)
    if seen == fingerprint(row, names):
        return
    raise Stale([(_label(row, n), shown(row, n)) for n in names if _plain(values.get(n)) != _value(row, n)])


def changed(row: Model, values: dict[str, Any]) -> list[str]:
    """Return the names of the fields that ``values`` would change."""
    return [name for name, value in values.items() if _value(row, name) != _plain(value)]


def shown(row: Model, name: str) -> str:
    """Return a field as people read it."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return "、".join(str(r) for r in getattr(row, name).all()) or _("empty")
    reader = getattr(row, f"get_{name}_display", None)
    value = reader() if reader else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(plain(value) if not hasattr(value, "_meta") else value) or _("empty")


def _label(row: Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _value(row: Model, name: str) -> Any:
    if row._meta.get_field(name).many_to_many:
        return sorted(getattr(row, name).values_list("pk", flat=True)) if row.pk else []
    return _plain(getattr(row, row._meta.get_field(name).attname))


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if hasattr(value, "values_list") or isinstance(value, list | tuple):
        return sorted(v.pk if isinstance(v, Model) else v for v in value)
    return plain(value)


def record(action: str, row: Model, plan: Plan, *, by: Membership, **data: Any) -> AuditEntry:
    return audit.record(action, row, by=by, reference=plan.reference, **data)
