"""The life of a batch up to its signing: composing the list, freezing it, taking it back."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Call
from applications.models.calls import Genre
from portal import audit, clock
from portal.models import Membership
from portal.roles import Role
from portal.saving import write
from portal.workdays_store import deadline

from .. import batch_machine
from ..batch_machine import leads
from ..machine import NotAllowed, fire_all
from ..models import Batch, BatchAgency, BatchLine, Case, Signature
from ..states import BatchState, State
from . import batch_notices as tell
from . import letter_texts

COSIGNING_DAYS = 7
TEXT_CHANGED = gettext_noop("The text it was given for has changed.")
TAKEN_OUT = gettext_noop("The city was taken out of the batch.")
REOPENED = gettext_noop("The batch was reopened.")
CANCELLED = gettext_noop("The batch was cancelled.")
ELIGIBLE = {Batch.Kind.APPROVE: State.PROPOSED, Batch.Kind.RESCIND: State.APPROVED}


def compose(call: Call, *, title: str, kind: str = "approve", genre: str | None = None, by: Membership) -> Batch:
    """Begin an empty batch; the co-signing agencies are those of the call, in its order."""
    order = list(call.agencies.order_by("position"))
    if by.role != Role.AGENCY_HANDLER or not order or order[0].organisation_id != by.organisation_id:
        raise NotAllowed([_("Only the handler of the lead agency composes a batch.")])
    if not title.strip():
        raise NotAllowed([_("Give the batch a name, such as “First batch of 2026”.")])
    if kind not in Batch.Kind.values or (genre or call.genre) not in Genre.values:
        raise NotAllowed([_("Choose what the batch is for and the genre of its letters from the lists.")])
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)  # two handlers at once get two numbers
        title = _free_name(call, title)
        number = (call.batches.aggregate(last=Max("number"))["last"] or 0) + 1
        batch = Batch.objects.create(
            call=call,
            number=number,
            kind=kind,
            genre=genre or call.genre,
            title=title,
            created_by=by,
            created_at=clock.now(),
        )
        BatchAgency.objects.bulk_create(
            BatchAgency(batch=batch, organisation_id=a.organisation_id, position=a.position) for a in order
        )
        agencies = [a.organisation_id for a in order]
        audit.record("batch:compose", batch, by=by, title=batch.title, number=number, kind=kind, genre=batch.genre,
                     agencies=agencies)  # fmt: skip
    return batch


def eligible(batch: Batch):
    """Return the cases that may join: right state, same call, in no other open batch; by region, never by rank."""
    return (
        Case.objects.filter(call=batch.call_id, state=ELIGIBLE[Batch.Kind(batch.kind)], filings__isnull=False)
        .exclude(lines__is_current=True)
        .select_related("city__province", "plan")
        .order_by("city__code", "pk")
        .distinct()
    )


def add(batch: Batch, case: Case, *, by: Membership) -> BatchLine:
    """Put a city on the list with the version that was filed formally."""
    try:
        with transaction.atomic():
            batch = _composing(batch, by)
            case = Case.objects.select_for_update(of=("self",)).select_related("city").get(pk=case.pk)
            wanted = ELIGIBLE[Batch.Kind(batch.kind)]
            if case.call_id != batch.call_id:
                raise NotAllowed([_("%s belongs to another call.") % case.city.name])
            if case.state != wanted:
                raise NotAllowed(
                    [
                        _("%(city)s stands at “%(state)s”; this batch takes cities that stand at “%(wanted)s”.")
                        % {
                            "city": case.city.name,
                            "state": State(case.state).label,
                            "wanted": State(wanted).label,
                        }
                    ]
                )
            line = BatchLine.objects.create(
                batch=batch, case=case, position=0, version=_filed(case), added_at=clock.now()
            )
            _renumber(batch)
            audit.record("batch:add", batch, by=by, city=case.city.name, reference=case.plan.reference)
    except IntegrityError as error:
        other = BatchLine.objects.filter(case=case, is_current=True).select_related("batch").first()
        if other is None:
            raise
        raise NotAllowed(
            [_("%(city)s stands in the batch “%(batch)s” already.") % {"city": case.city.name, "batch": other.batch}]
        ) from error
    line.refresh_from_db()
    return line


def remove(batch: Batch, line: BatchLine, *, by: Membership) -> None:
    """Take a city off a list that was never frozen with it; afterwards it is left out, with a reason."""
    with transaction.atomic():
        batch = _composing(batch, by)
        held = BatchLine.objects.select_for_update().filter(pk=line.pk, batch=batch, left_out_at__isnull=True).first()
        if held is None:
            raise NotAllowed([_("The city is no longer on the list.")])
        city = held.case.city.name
        if held.digest:
            raise NotAllowed([_("%s was already sent for co-signature: leave it out with a reason.") % city])
        held.delete()
        _renumber(batch)
        audit.record("batch:remove", batch, by=by, city=city)


def leave_out(batch: Batch, case: Case, *, reason: str, by: Membership) -> BatchLine:
    """Record why a city is not in this batch and tell it; it stays where it stands, in line for a later one."""
    if not reason.strip():
        raise NotAllowed([_("Please give a reason.")])
    with transaction.atomic():
        batch = _composing(batch, by)
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        line = batch.lines.filter(case=case, is_current=True).first()
        if line is None:
            if case.state != ELIGIBLE[Batch.Kind(batch.kind)] or case.call_id != batch.call_id:
                raise NotAllowed([_("%s is not waiting for this batch.") % case.city.name])
            if case.lines.filter(is_current=True).exists():
                raise NotAllowed([_("%s stands in another batch.") % case.city.name])
            if batch.lines.filter(case=case, left_out_at__isnull=False).exists():
                raise NotAllowed([_("%s has been told already that it is not in this batch.") % case.city.name])
            line = BatchLine(batch=batch, case=case, position=0, version=_filed(case), added_at=clock.now())
        take_off(line, reason=reason.strip())
        _renumber(batch)
        tell.left_out(line, reason=line.left_out_reason)
        audit.record("batch:leave_out", batch, by=by, city=case.city.name, reason=line.left_out_reason)
    return line


def take_off(line: BatchLine, *, reason: str) -> None:
    """Write that a line is out; its own signatures end with it, nobody else's."""
    line.left_out_at, line.left_out_reason, line.is_current = clock.now(), reason, False
    write(line, ["left_out_at", "left_out_reason", "is_current"])
    end_signatures(Signature.objects.filter(line=line), TAKEN_OUT)


def end_signatures(signatures, reason: str) -> int:
    """Void the standing ones; ``reason`` is a source string, translated when shown."""
    return signatures.filter(ended_at__isnull=True).update(ended_at=clock.now(), ended_reason=reason)


def freeze(batch_id: int, *, by: Membership, seen: int, op_key: str) -> Batch:
    """Fix list, versions and texts by digest and send them to every agency.

    Signatures given before an unfreeze stand where the text is the same, and are voided where it is not.
    """

    def first(batch: Batch) -> None:
        for line in batch.standing_lines():
            line.version = _filed(line.case)
            line.letter_text = letter_texts.city_text(line)
            line.digest = letter_texts.city_digest(line)
            line.save(update_fields=["version", "letter_text", "digest"])
            letter_texts.keep(batch, line.digest, line.letter_text, line.version)
            end_signatures(line.signatures.exclude(digest=line.digest), TEXT_CHANGED)
        batch.joint_text = letter_texts.joint_text(batch)
        batch.joint_digest = letter_texts.joint_digest(batch)
        letter_texts.keep(batch, batch.joint_digest, batch.joint_text)
        end_signatures(batch.signatures.filter(line__isnull=True).exclude(digest=batch.joint_digest), TEXT_CHANGED)
        batch.save(update_fields=["joint_text", "joint_digest"])

    def then(batch: Batch) -> None:
        batch.due = deadline(batch.call.deadlines.get(State.COSIGNING, COSIGNING_DAYS))
        batch.frozen_at = clock.now()
        batch.save(update_fields=["due", "frozen_at"])
        _reopen_lanes(batch)
        if batch.kind == Batch.Kind.APPROVE:
            cases = list(batch.standing_lines().values_list("case_id", flat=True))
            fire_all(cases, "send_to_cosign", by=by, op_key=op_key)
        tell.sent_to_cosign(batch, by=by)

    return batch_machine.step(batch_id, "freeze", by=by, seen=seen, op_key=op_key, first=first, then=then)[0]


def unfreeze(batch_id: int, *, reason: str, by: Membership, seen: int, op_key: str) -> Batch:
    """Take the list back to change it: the list is kept, its cases are proposed again, signatures wait."""

    def then(batch: Batch) -> None:
        _take_back(batch, reason=reason, by=by, op_key=op_key)

    return batch_machine.step(batch_id, "unfreeze", by=by, reason=reason, seen=seen, op_key=op_key, then=then)[0]


def reopen(batch_id: int, *, reason: str, by: Membership, seen: int, op_key: str) -> Batch:
    """Take a signed batch back to composing; every signature is voided."""

    def then(batch: Batch) -> None:
        end_signatures(batch.signatures.all(), REOPENED)
        _take_back(batch, reason=reason, by=by, op_key=op_key)

    return batch_machine.step(batch_id, "reopen", by=by, reason=reason, seen=seen, op_key=op_key, then=then)[0]


def cancel(batch_id: int, *, reason: str, by: Membership, seen: int, op_key: str) -> Batch:
    """End a batch without letters: the list is kept to be read, its cities are free for another batch."""

    def then(batch: Batch) -> None:
        end_signatures(batch.signatures.all(), CANCELLED)
        batch.lines.filter(is_current=True).update(is_current=False)

    return batch_machine.step(batch_id, "cancel", by=by, reason=reason, seen=seen, op_key=op_key, then=then)[0]


def edit(batch: Batch, *, title: str, genre: str, by: Membership) -> Batch:
    """Change the name or the genre of the letters while composing."""
    if not title.strip() or genre not in Genre.values:
        raise NotAllowed([_("Give the batch a name and choose the genre of its letters.")])
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=batch.call_id)
        batch = _composing(batch, by)
        before = {"title": batch.title, "genre": batch.genre}
        batch.title, batch.genre = _free_name(batch.call, title, but=batch.pk), genre
        batch.save(update_fields=["title", "genre"])
        audit.record("batch:edit", batch, by=by, before=before, title=batch.title, genre=batch.genre)
    return batch


def _free_name(call: Call, title: str, but: int = 0) -> str:
    """Return the name as it is kept; the caller holds the call's row, so that no two take one name at once."""
    title = title.strip()[:80]
    others = call.batches.exclude(state=BatchState.CANCELLED).exclude(pk=but)
    if others.filter(title=title).exists():
        raise NotAllowed([_("Another batch of this call is named “%s”. Give this one a name of its own.") % title])
    return title


def _composing(batch: Batch, by: Membership) -> Batch:
    """Lock the batch; refuse whoever does not compose it, and whatever was sent already."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if by.role != Role.AGENCY_HANDLER or not leads(by, batch):
        raise NotAllowed([_("Only the handler of the lead agency composes a batch.")])
    if batch.state != BatchState.COMPOSING:
        raise NotAllowed([_("The batch stands at “%s”; its list is not changed any more.") % _label(batch)])
    return batch


def _label(batch: Batch) -> str:
    return str(BatchState(batch.state).label)


def _filed(case: Case):
    """Return the version of the newest formal filing."""
    filing = case.filings.select_related("version").order_by("-id").first()
    if filing is None:
        raise NotAllowed([_("%s has not been filed formally.") % case.city.name])
    return filing.version


def _renumber(batch: Batch) -> None:
    """Keep the list in the order of the administrative divisions: the order says nothing about quality."""
    lines = list(batch.lines.filter(left_out_at__isnull=True).order_by("case__city__code", "pk"))
    lines += list(batch.lines.filter(left_out_at__isnull=False).order_by("left_out_at", "pk"))
    for position, line in enumerate(lines, start=1):
        line.position = position
    BatchLine.objects.bulk_update(lines, ["position"])


def _reopen_lanes(batch: Batch) -> None:
    """An agency whose signatures all stand is not asked again; the others start over."""
    asked = len(batch.standing_lines()) + 1
    for lane in batch.agencies.all():
        if batch.signatures.filter(agency=lane.organisation_id, ended_at__isnull=True).count() < asked:
            lane.received_at = lane.handled_at = lane.handled_by = None
            lane.save(update_fields=["received_at", "handled_at", "handled_by"])


def _take_back(batch: Batch, *, reason: str, by: Membership, op_key: str) -> None:
    if batch.kind == Batch.Kind.APPROVE:
        ids = list(batch.standing_lines().values_list("case_id", flat=True))
        fire_all(ids, "take_out", by=by, reason=reason, op_key=op_key)
    tell.taken_back(batch, reason=reason.strip(), by=by)
