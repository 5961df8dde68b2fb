"""Letters: how far each one is, the files, and trying a failed one again."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import audit, clock
from portal.http import Request

from .. import letters_store
from ..machine import NotAllowed
from ..matrix import progress
from ..models import Letter
from .batches import header
from .files import serve


def batch_letters(request: Request, batch_id: int) -> HttpResponse:
    """Each letter with its state in words; the list asks for itself again until all are sent."""
    rows = progress(request.batch)
    done = sum(1 for row in rows if row["finished"])
    context = header(request, request.batch) | {
        "rows": rows,
        "done": done,
        "total": len(rows),
        "unfinished": done < len(rows),
        "under_way": any(not row["finished"] and not row["letter"].problem for row in rows),
        "may_retry": {"lead_handler", "lead_signer"} & request.subject.actors,
    }
    return render(request, "review/batch_letters.html", context)


def letter_file(request: Request, code: str) -> HttpResponse | FileResponse:
    """Serve the letter; the first time the city opens it is its receipt."""
    letter: Letter = request.letter
    stored = letter.file
    if stored is None:
        return render(request, "review/letter_waits.html", {"letter": letter})
    with transaction.atomic():
        if "city" in request.subject.actors and letter.line_id:
            Letter.objects.filter(pk=letter.pk, seen_at__isnull=True).update(seen_at=clock.now())
        audit.record("letter:download", letter, by=request.post, number=letter.document_number)
    return serve(stored)


def letter_retry(request: Request, code: str) -> HttpResponse:
    try:
        letters_store.retry(request.letter, by=request.post)
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("%s is tried again.") % request.letter.document_number)
    return redirect("batch_letters", batch_id=request.letter.batch_id)
