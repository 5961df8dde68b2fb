"""The end of a batch: closing the signing, and issuing its letters in one transaction."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit, clock, outbox
from portal.models import Membership

from .. import batch_machine
from ..cosigning import missing_signatures
from ..letters.codes import new_code
from ..letters_store import signer
from ..machine import NotAllowed, fire_all
from ..models import Batch, BatchLine, Case, Letter, Signature
from . import batch_notices as tell
from . import letter_texts
from .batches import take_off

MOVES = {Batch.Kind.APPROVE: "approve", Batch.Kind.RESCIND: "rescind"}


def close_signing(batch_id: int, *, by: Membership, seen: int, op_key: str) -> Batch:
    """Fix what is signed: cities an agency excepted are taken out with its grounds, the others wait for the issue."""

    def then(batch: Batch) -> None:
        excepted = [line for line in batch.standing_lines() if missing_signatures(line)]
        ids = sorted(line.case_id for line in excepted)
        list(Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        for line in excepted:
            take_off(line, reason=_grounds(line))
            if batch.kind == Batch.Kind.APPROVE:
                fire_all([line.case_id], "take_out", by=by, reason=line.left_out_reason, op_key=op_key)
            tell.left_out(line, reason=line.left_out_reason)
        tell.closed(batch, by=by)

    return batch_machine.step(batch_id, "close_signing", by=by, seen=seen, op_key=op_key, then=then)[0]


def letters_to_come(batch: Batch) -> int:
    """Return how many letters an issue makes now: the joint one and one for each remaining city."""
    return len(batch.standing_lines()) + 1


def issue(batch_id: int, *, by: Membership, seen: int, op_key: str, count: int) -> Batch:
    """Approve (or rescind) every remaining city and number its letter, all or none.

    ``count`` is the number of letters as the signer typed it. Order of locks: batch, cases, audit head, letter counter.
    """

    def then(batch: Batch) -> None:
        lines = list(batch.standing_lines().select_related("case__local_drc"))
        wanted = len(lines) + 1
        if count != wanted:
            raise NotAllowed(
                [
                    ngettext(
                        "This issue makes %(wanted)d letter; you typed %(count)d. Check the list and type the number.",
                        "This issue makes %(wanted)d letters; you typed %(count)d. Check the list and type the number.",
                        wanted,
                    )
                    % {"wanted": wanted, "count": count}
                ]
            )
        fire_all([line.case_id for line in lines], MOVES[Batch.Kind(batch.kind)], by=by, op_key=op_key)
        letters = _number(batch, lines)
        if batch.kind == Batch.Kind.RESCIND:
            _revoke_earlier(letters)
        for letter in [*letters[1:], letters[0]]:
            outbox.put(f"letter:{letter.pk}", "letter", letter=letter.pk)
        batch.issued_at = clock.now()
        batch.save(update_fields=["issued_at"])
        batch.lines.filter(is_current=True).update(is_current=False)
        audit.record("batch:letters", batch, by=by, numbers=[x.document_number for x in letters],
                     contents=[x.content_digest for x in letters])  # fmt: skip

    return batch_machine.step(batch_id, "issue", by=by, seen=seen, op_key=op_key, then=then)[0]


def next_number(series: str, year: int) -> int:
    """Take the next number of a series; the counter's row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO review_lettercounter (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = review_lettercounter.last + 1 RETURNING last",
            [series, year],
        )
        return cursor.fetchone()[0]


def _number(batch: Batch, lines: list[BatchLine]) -> list[Letter]:
    """Write the joint letter first, then one letter a city in list order, each with the next number."""
    lead = batch.agencies.select_related("organisation").get(position=1).organisation
    if not lead.number_series:
        raise NotAllowed([_("%s has no series of document numbers; ask the system administrator.") % lead.short_name])
    day, anchor, specimen = clock.today(), audit.anchor(), not signer().is_production
    letters = []
    for line in [None, *lines]:
        number, code = next_number(lead.number_series, day.year), new_code()
        letter = Letter(
            batch=batch,
            line=line,
            series=lead.number_series,
            year=day.year,
            number=number,
            issued_on=day,
            code=code,
            audit_anchor=anchor,
            created_at=clock.now(),
        )
        issued = {
            "number": letter.document_number,
            "day": day,
            "code": code,
            "anchor": anchor,
            "specimen": specimen,
        }
        letter.content = (
            letter_texts.city_content(line, **issued) if line else letter_texts.joint_content(batch, lines, **issued)
        )
        letter.content_digest = audit.digest(audit.canonical(letter.content))
        letter.save(force_insert=True)
        letters.append(letter)
    return letters


def _revoke_earlier(letters: list[Letter]) -> None:
    """A rescinding letter revokes the city's approval; the earlier joint letter is corrected, or revoked when empty."""
    joint, *others = letters
    touched = set()
    for letter in others:
        earlier = Letter.objects.filter(
            line__case=letter.line.case_id, batch__kind=Batch.Kind.APPROVE, status=Letter.Status.VALID
        ).first()
        if earlier:
            earlier.status, earlier.replaced_by = Letter.Status.REVOKED, letter
            earlier.save(update_fields=["status", "replaced_by"])
            touched.add(earlier.batch_id)
    for old in Letter.objects.filter(batch__in=touched, line__isnull=True).exclude(status=Letter.Status.REVOKED):
        rest = Letter.objects.filter(batch=old.batch_id, line__isnull=False, status=Letter.Status.VALID)
        old.status = Letter.Status.CORRECTED if rest.exists() else Letter.Status.REVOKED
        old.replaced_by = joint
        old.save(update_fields=["status", "replaced_by"])


def _grounds(line: BatchLine) -> str:
    """Return the agencies' grounds without their names: who signed what is the agencies' own business."""
    given = Signature.objects.filter(line=line, ended_at__isnull=True, decision=Signature.Decision.NOT_YET)
    return "；".join(dict.fromkeys(given.order_by("id").values_list("text", flat=True)))
