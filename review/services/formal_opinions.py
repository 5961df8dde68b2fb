"""The formal review opinion: composed by the office, signed by the leader (decisions 21)."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, clock, outbox
from portal.models import Membership
from portal.saving import write

from ..actors import Actor
from ..machine import NotAllowed
from ..models import Case, Opinion, OpinionPrint
from ..states import State
from . import member_views
from .desk import hold, words
from .opinions import put_signature

SERIES = "SL"
MOST = 20_000


def draft_formal(case: Case, *, body: str, by: Membership) -> Opinion:
    """Write the formal review opinion on the filed version, or write it anew until it is signed."""
    with transaction.atomic():
        case = hold(case.pk, by=by, actors={Actor.GROUP_OFFICE}, states={State.FORMAL_REVIEW})
        body = words(body, _("Write the text of the formal review opinion."), most=MOST)
        opinion = current(case)
        if opinion is None:
            opinion = Opinion(case=case, kind=Opinion.Kind.FORMAL, version=case.latest_version, answer_days=0)
            opinion.drafted_by, opinion.drafted_at = by, clock.now()
        elif opinion.signed_at:
            raise NotAllowed(
                [_("The opinion is signed and no longer changes; the group leader takes the signature back.")]
            )
        opinion.body = body
        write(opinion, ["body"])
        audit.record("opinion:draft_formal", opinion, by=by, reference=case.plan.reference, body=body)
        return opinion


def current(case: Case) -> Opinion | None:
    """Return the formal review opinion on the latest version."""
    return Opinion.objects.filter(case=case, kind=Opinion.Kind.FORMAL, version=case.latest_version).first()


def sign_formal(opinion: Opinion, *, by: Membership) -> Opinion:
    """Sign and number the formal review opinion; signing twice changes nothing."""
    with transaction.atomic():
        case = hold(opinion.case_id, by=by, actors={Actor.GROUP_LEADER}, states={State.FORMAL_REVIEW})
        opinion = Opinion.objects.select_related("case__plan", "round", "version").get(pk=opinion.pk)
        if opinion.signed_at:
            return opinion
        if opinion.kind != Opinion.Kind.FORMAL or opinion.version_id != case.latest_version.pk:
            raise NotAllowed([_("This opinion is about an earlier version; write one on the version filed.")])
        member_views.record_silence(opinion, by=by)
        opinion = put_signature(opinion, SERIES, by)
        ask_print(opinion)
        return opinion


def ask_print(opinion: Opinion) -> OpinionPrint:
    """Have the signed opinion made into a file; the same signature is printed once."""
    facts = {"digest": opinion.digest, "signed_at": opinion.signed_at}
    row, _new = OpinionPrint.objects.get_or_create(opinion=opinion, **facts, defaults={"asked_at": clock.now()})
    outbox.put(f"opinion:{row.pk}", "opinion", print_id=row.pk)
    return row


def print_of(opinion: Opinion) -> OpinionPrint | None:
    """Return the print of the signature that stands, ``None`` while there is none."""
    if opinion.signed_at is None:
        return None
    found = OpinionPrint.objects.filter(opinion=opinion, digest=opinion.digest, signed_at=opinion.signed_at)
    return found.select_related("file").first()
