"""Freezing the working text into numbered versions."""

import json

from django.db.models import Max

from portal import audit, clock
from portal.models import Membership

from .. import snapshot
from ..models import Plan, PlanVersion


def freeze(plan: Plan, *, by: Membership, purpose: str, change_note: str = "") -> PlanVersion:
    """Freeze the working text as the next version. The caller holds the case's lock.

    ``change_note`` has at most 50 characters and is asked for from version 2 on; raises ``ValueError``.
    """
    number = (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    if number > 1 and not change_note.strip():
        raise ValueError("From version 2 on a change note is needed.")
    taken = snapshot.take(plan)
    text = audit.canonical(taken)
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        text=text,
        digest=audit.digest(text),
        change_note=change_note.strip(),
        purpose=purpose,
        characters=snapshot.characters(taken),
        frozen_at=clock.now(),
        frozen_by=by,
    )


def read(version: PlanVersion) -> dict:
    """Return the snapshot of a frozen version."""
    return json.loads(version.text)


def set_open(plan: Plan, parts: tuple[str, ...]) -> None:
    """Say which parts may be edited from now on; only the workflow calls this."""
    plan.open_parts = list(parts)
    plan.save(update_fields=["open_parts"])
