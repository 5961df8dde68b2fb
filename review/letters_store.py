"""Where letters meet the database: the signer in force, and the worker's step that makes a letter's file."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import audit, clock, keeping, outbox
from portal.models import Membership, Outbox

from .batch_machine import leads
from .letters.document import Attachment
from .letters.document import Letter as Document
from .letters.render import render
from .letters.signing import Signer, signer_from
from .machine import NotAllowed
from .models import Letter

NO_KEY = gettext_noop("The signing key is missing; the letter is made by itself once the key is back.")
NOT_THE_KEY = gettext_noop("The letter was issued for the production key, which is missing; it waits for that key.")


def signer() -> Signer | None:
    """Return the signer of the configured key, or ``None`` when there is no key: then nothing is issued."""
    return signer_from(settings.SIGNING_KEY_DIR, is_production=settings.SIGNING_KEY_IS_PRODUCTION)


def as_document(content: dict[str, Any]) -> Document:
    """Return what was fixed when the letter was issued as the value that is rendered."""

    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    def pairs(rows: list) -> tuple:
        return tuple(tuple(row) for row in rows)

    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}
    return Document(
        **plain
        | {
            "body": pairs(content["body"]),
            "issued_on": day(content["issued_on"]),
            "printed_on": day(content["printed_on"]),
            "attachments": tuple(
                Attachment(a["title"], pairs(a["paragraphs"]), tuple(a["table_head"]), pairs(a["table_rows"]))
                for a in content["attachments"]
            ),
        }
    )


def deliver(key: str, *, letter: int) -> None:
    """Outbox handler: make, sign and keep the file of one letter, then tell who it is for; safe to run twice.

    Raises ``outbox.NotNow`` while the key is away, and for a joint letter until every city's letter is made.
    """
    row = Letter.objects.select_related("batch").get(pk=letter)
    if row.file_id is None:
        _make(row)
    with transaction.atomic():
        row = Letter.objects.select_related("batch", "line__case__city", "line__case__plan").get(pk=letter)
        if row.line_id is None and row.batch.letters.filter(line__isnull=False, file__isnull=True).exists():
            raise outbox.NotNow("the joint letter is told of last")
        from .services import batch_notices

        batch_notices.letter_ready(row)


def _make(row: Letter) -> None:
    key = signer()
    if key is None or (not row.content["specimen"] and not key.is_production):
        _wait(row, NO_KEY if key is None else NOT_THE_KEY)
    try:
        pdf = key.sign(render(as_document(row.content)))
    except Exception as error:
        Letter.objects.filter(pk=row.pk, file__isnull=True).update(problem=str(error)[:1000] or type(error).__name__)
        raise
    with transaction.atomic():
        stored = keeping.made(pdf, name=f"{row.document_number}.pdf", kind="pdf", mime="application/pdf")
        # A second worker may have been faster: what it made was told to people and stays.
        first = Letter.objects.filter(pk=row.pk, file__isnull=True).update(file=stored, made_at=clock.now(), problem="")
        if first:
            audit.record("letter:made", row, number=row.document_number, sha256=stored.sha256)
        else:
            stored.delete()


def _wait(row: Letter, problem: str) -> None:
    """The letter waits and says why; administrators and the lead agency are told once a batch."""
    from .services import batch_notices

    with transaction.atomic():
        Letter.objects.filter(pk=row.pk, file__isnull=True).update(problem=problem)
        batch_notices.key_missing(row.batch)
    raise outbox.NotNow(problem)


def retry(letter: Letter, *, by: Membership) -> None:
    """Let the outbox try this letter again at once; refused when its file exists."""
    if not leads(by, letter.batch):
        raise NotAllowed([_("Only the lead agency has letters made again.")])
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if letter.file_id is not None:
            raise NotAllowed([_("This letter is made already; a letter is never made twice.")])
        outbox.again(Outbox.objects.filter(key=f"letter:{letter.pk}", done_at__isnull=True))
        Letter.objects.filter(pk=letter.pk).update(problem="")
        audit.record("letter:retry", letter, by=by, number=letter.document_number)
        transaction.on_commit(outbox.ring)
