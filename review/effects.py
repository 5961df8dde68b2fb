"""What a move writes beside the state, inside the same transaction; mail is never sent here."""

from typing import Any

from portal import audit, clock

from . import announce
from .guards import Asked, prepared_round, round_opinion
from .models import Case, FormalFiling, Move, Opinion


def reach_group(case: Case, move: Move, asked: Asked) -> None:
    if case.forwarded_at is None:
        case.forwarded_at = move.at
        case.save(update_fields=["forwarded_at"])


def open_round(case: Case, move: Move, asked: Asked) -> None:
    prepared = prepared_round(case)
    prepared.opened_at = move.at
    prepared.version = case.latest_version
    prepared.save(update_fields=["opened_at", "version"])


def close_round(case: Case, move: Move, asked: Asked) -> None:
    current = case.current_round
    current.closed_at = move.at
    current.save(update_fields=["closed_at"])


def reopen_round(case: Case, move: Move, asked: Asked) -> None:
    current = case.current_round
    current.closed_at = None
    current.save(update_fields=["closed_at"])


def send_opinion(case: Case, move: Move, asked: Asked) -> None:
    opinion = round_opinion(case)
    opinion.sent_at = move.at
    opinion.save(update_fields=["sent_at"])


def find_ready(case: Case, move: Move, asked: Asked) -> None:
    """A signed opinion without must-change items goes along."""
    case.was_ready = True
    case.save(update_fields=["was_ready"])
    Opinion.objects.filter(round=case.current_round, signed_at__isnull=False, sent_at__isnull=True).update(
        sent_at=move.at
    )


def keep_filing(case: Case, move: Move, asked: Asked) -> None:
    cover, frozen = asked.given["cover"], move.version
    assert frozen is not None  # file_formally freezes
    kept = FormalFiling.objects.create(
        case=case,
        version=frozen,
        cover_title=cover["title"],
        cover_number=cover["number"],
        cover_date=cover["date"],
        cover_file_id=cover["file"],
        filed_by=asked.by,
        filed_at=clock.now(),
    )
    kept.refresh_from_db(fields=["cover_date"])  # a step's form may have carried it as text
    audit.record("filing:keep", kept, by=asked.by, reference=case.plan.reference, cover=covered(kept))


def covered(filing: FormalFiling) -> list[Any]:
    """Return the facts of a formal filing that the letter's first sentence is written from, as the audit keeps them."""
    sent = filing.cover_date.isoformat()
    return [filing.cover_title, filing.cover_number, sent, filing.cover_file.sha256, filing.version.digest]


def ask_members(case: Case, move: Move, asked: Asked) -> None:
    announce.views_wanted(case, move)


def propose(case: Case, move: Move, asked: Asked) -> None:
    case.was_proposed = True
    case.save(update_fields=["was_proposed"])
    Opinion.objects.filter(case=case, kind="formal", version=case.latest_version, sent_at__isnull=True).update(
        sent_at=move.at
    )
    announce.opinion_sent(case, to=announce.handlers_of_call(case))
