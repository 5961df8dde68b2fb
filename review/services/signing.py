"""Co-signature: each agency receives, advises and decides on every city and on the joint text."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.models import AuditEntry, Membership
from portal.roles import AGENCY, Role

from ..cosigning import excepted_by, missing_joint, missing_signatures
from ..machine import NotAllowed
from ..matrix import undecided
from ..models import Batch, BatchAgency, BatchLine, Signature
from ..states import BatchState
from . import batch_notices as tell

Decision = Signature.Decision
Decisions = dict[int | None, tuple[str, str]]
WRONG_PASSWORDS = 5
WAIT = timedelta(minutes=10)


def receive(batch: Batch, *, by: Membership) -> BatchAgency:
    """Write down that the agency has received the batch; twice changes nothing."""
    with transaction.atomic():
        lane = _lane(_cosigning(batch), by)
        if lane.received_at is None:
            lane.received_at = clock.now()
            lane.save(update_fields=["received_at"])
            audit.record("batch:receive", batch, by=by, agency=by.organisation.name)
    return lane


def advise(batch: Batch, *, advice: str, by: Membership, office_number: str = "") -> BatchAgency:
    """The handler's advice goes before the agency's own signer; an own office number is kept, never printed."""
    if not advice.strip():
        raise NotAllowed([_("Write the advice for the signer: “agree” is enough where there is nothing else to say.")])
    with transaction.atomic():
        batch = _cosigning(batch)
        lane = _lane(batch, by, Role.AGENCY_HANDLER)
        if not any(undecided(batch, by.organisation_id)):
            raise NotAllowed([_("Your agency has signed everything in this batch; advice no longer changes anything.")])
        now = clock.now()
        lane.received_at, lane.handled_at, lane.handled_by = lane.received_at or now, now, by
        lane.advice, lane.office_number = advice.strip(), office_number.strip()[:60]
        lane.save(update_fields=["received_at", "handled_at", "handled_by", "advice", "office_number"])
        audit.record("batch:advise", batch, by=by, advice=lane.advice, office_number=lane.office_number)
    return lane


def sign(
    batch: Batch, *, decisions: Decisions, password: str, digests_seen: dict[int | None, str], by: Membership
) -> list[Signature]:
    """Give the agency's word on the cities named by line, and on the joint text under ``None``.

    ``digests_seen`` holds the digest of every text as the page showed it; a text that has changed since is refused.
    Signing again the same way is harmless: what stands already is left as it is.
    """
    confirm_identity(batch, password=password, by=by)
    with transaction.atomic():
        batch = _cosigning(batch)
        lane = _lane(batch, by, Role.AGENCY_SIGNER)
        lines = {line.pk: line for line in batch.standing_lines()}
        standing = {s.line_id: s for s in batch.signatures.filter(agency=by.organisation, ended_at__isnull=True)}
        wrong = list(_wrong(batch, lines, decisions, digests_seen, standing))
        if wrong:
            raise NotAllowed(wrong)
        given = [
            Signature.objects.create(
                batch=batch,
                line=lines[key] if key is not None else None,
                agency=by.organisation,
                digest=digests_seen[key],
                decision=decision,
                text=text.strip(),
                signed_by=by,
                signed_at=clock.now(),
            )
            for key, (decision, text) in decisions.items()
            if key not in standing
        ]
        if not given:
            return list(standing.values())
        if lane.received_at is None:
            lane.received_at = clock.now()
            lane.save(update_fields=["received_at"])
        audit.record(
            "batch:sign",
            batch,
            by=by,
            agency=by.organisation.name,
            signatures=[[s.line.case.city.name if s.line else "", s.decision, s.digest, s.text] for s in given],
        )
        refused = [s for s in given if s.decision == Decision.NOT_YET]
        if refused:
            tell.not_yet(batch, refused, by=by)
        if everybody_answered(batch):
            tell.decided(batch, last=given[-1].pk, by=by)
    return given


def confirm_identity(batch: Batch, *, password: str, by: Membership) -> None:
    """Ask for the password again before a signature; five wrong ones within ten minutes close the door for a while."""
    tries = AuditEntry.objects.filter(
        object_kind="batch", object_id=str(batch.pk), action="batch:confirm", actor=by.user, at__gt=clock.now() - WAIT
    )
    if tries.count() >= WRONG_PASSWORDS:
        raise NotAllowed([_("The password was wrong five times. Wait ten minutes and sign again.")])
    if not by.user.check_password(password):
        with transaction.atomic():
            audit.record("batch:confirm", batch, by=by, result="refused")
        raise NotAllowed([_("The password is not right: nothing was signed. Type it again.")])


def everybody_answered(batch: Batch) -> bool:
    """Say whether the lead agency's signer can close the signing."""
    lines = list(batch.standing_lines())
    waiting = any(missing_signatures(line) and not excepted_by(line) for line in lines)
    agreed = any(not missing_signatures(line) for line in lines)
    return agreed and not waiting and not missing_joint(batch)


def withdraw_signature(signature: Signature, *, reason: str, by: Membership) -> Signature:
    """Take back one's agency's word, until the batch is signed by all."""
    if not reason.strip():
        raise NotAllowed([_("Please give a reason.")])
    with transaction.atomic():
        batch = _cosigning(signature.batch)
        _lane(batch, by, Role.AGENCY_SIGNER)
        signature = Signature.objects.select_for_update(of=("self",)).get(pk=signature.pk)
        if signature.agency_id != by.organisation_id:
            raise NotAllowed([_("Only the agency that signed withdraws its signature.")])
        if signature.ended_at is not None:
            raise NotAllowed([_("This signature does not stand any more.")])
        signature.ended_at, signature.ended_reason = clock.now(), reason.strip()
        signature.save(update_fields=["ended_at", "ended_reason"])
        city = signature.line.case.city.name if signature.line else ""
        audit.record("batch:unsign", batch, by=by, signature=signature.pk, city=city, reason=reason.strip())
        tell.unsigned(batch, signature, reason=reason.strip(), by=by)
    return signature


def _wrong(batch: Batch, lines: dict[int, BatchLine], decisions: Decisions, seen: dict, standing: dict):
    """Yield what keeps these decisions from being signed, each in words."""
    if not decisions:
        yield _("Say at least for one city what your agency decides.")
    if None not in decisions and None not in standing:
        yield _("Say also what your agency decides on the joint text.")
    for key, (decision, text) in decisions.items():
        line = lines.get(key) if key is not None else None
        if key is not None and line is None:
            yield _("A city you decided on is no longer in the batch; reload the page.")
            continue
        name = line.case.city.name if line else _("Joint text")
        if decision not in Decision.values:
            yield _("%s: choose one of the decisions offered.") % name
        elif decision != Decision.AGREE and not text.strip():
            yield (
                _("%s: write the grounds for “not yet agreed”.")
                if decision == Decision.NOT_YET
                else _("%s: write the note, or choose “agree”.")
            ) % name
        if seen.get(key) != (line.digest if line else batch.joint_digest):
            yield _("%s: the text has changed since you opened the page. Reload it and read the text again.") % name
        before = standing.get(key)
        if before and (before.decision, before.text) != (decision, text.strip()):
            yield _("%s: your agency has decided already; withdraw that signature first.") % name


def _cosigning(batch: Batch) -> Batch:
    """Lock the batch; refuse unless it is being signed round."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.COSIGNING:
        label = BatchState(batch.state).label
        raise NotAllowed([_("The batch stands at “%s”: it is not being signed round now.") % label])
    return batch


def _lane(batch: Batch, by: Membership, role: Role | None = None) -> BatchAgency:
    lane = batch.agencies.filter(organisation_id=by.organisation_id).first()
    if lane is None or by.role not in AGENCY:
        raise NotAllowed([_("Your agency does not co-sign this batch.")])
    if role and by.role != role:
        raise NotAllowed([_("This step is taken by: %s.") % role.label])
    return lane
