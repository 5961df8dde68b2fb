"""What the group office settles for a call: its gates, and its guidance in numbered versions (requirement A4)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.models import Membership
from portal.roles import Role

from ..models import Call, Guidance
from ..parts import PARTS


def set_gates(
    call: Call, *, preliminary_until: date | None, formal_from: date | None, formal_until: date | None, by: Membership
) -> Call:
    """Set a call's gates; a gate that is ``None`` is always open. No plan is moved by it."""
    _settles(by)
    if formal_from and formal_until and formal_until < formal_from:
        raise ValidationError(_("Formal filing must close on the day it opens or later."))
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call.pk)
        gates = {"preliminary_until": preliminary_until, "formal_from": formal_from, "formal_until": formal_until}
        for name, day in gates.items():
            setattr(call, name, day)
        call.save(update_fields=list(gates))
        audit.record("call:gates", call, by=by, number=call.number, gates=gates)
        return call


def guidance(call: Call) -> dict[str, Guidance]:
    """Return the newest guidance of each part, by the part's key, in the order of the outline."""
    newest = {row.part: row for row in Guidance.objects.filter(call=call).order_by("number")}
    return {key: newest[key] for key in PARTS if key in newest}


def advise(call: Call, part: str, *, text: str, change_note: str, by: Membership) -> Guidance:
    """Write the next version of a part's guidance; the earlier ones stay."""
    _settles(by)
    text, change_note = text.strip(), change_note.strip()
    if part not in PARTS:
        raise ValidationError(_("This part does not exist: %s") % part)
    if not 1 <= len(text) <= 2000:
        raise ValidationError(_("Guidance has 1 to 2,000 characters."))
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)
        last = Guidance.objects.filter(call=call, part=part).order_by("-number").first()
        if last and not 1 <= len(change_note) <= 50:
            raise ValidationError(_("Say in a change note of at most 50 characters what is new."))
        if last and last.text == text:
            raise ValidationError(_("The text is the same as before; nothing to change."))
        number = last.number + 1 if last else 1
        row = Guidance.objects.create(
            call=call, part=part, number=number, text=text, change_note=change_note[:50], by=by, at=clock.now()
        )
        audit.record("guidance:advise", row, by=by, call=call.number, part=part, number=number, note=change_note)
        return row


def _settles(by: Membership) -> None:
    if by.role != Role.GROUP_OFFICE:
        raise ValidationError(_("Gates and guidance of a call are settled by the group office."))
