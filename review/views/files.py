"""Downloads of a plan's files: what the reader may open, streamed from the private store."""

import json
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from portal import audit, blobs
from portal.filework import copies, scans
from portal.http import Request
from portal.models import Membership, StoredFile

from ..file_owners import is_sender
from ..models import Case

CITY = {"city_editor", "city_lead"}


def plan_file(request: Request, ref: str, file_id: int) -> HttpResponse | FileResponse:
    """Serve a file that belongs to this plan: the city its working files too, others those of frozen versions.

    Who sent it gets the original, others the copy without personal data, or the page that says why there is none.
    """
    stored = of_plan(request, file_id)
    given = stored.sha256
    if scans.verdict_on(stored) == scans.Verdict.INFECTED:
        return redirect("plan_file_preview", ref=ref, file_id=file_id)
    if not is_sender(request.post, stored):
        copy = copies.want(stored)
        if copy.made_at is None:
            return redirect("plan_file_preview", ref=ref, file_id=file_id)
        given = copy.copy_sha256
    record(request, "file:download", stored, given=given)
    return serve(stored, given)


def of_plan(request: Request, file_id: int) -> StoredFile:
    """Return the file of the plan that an address names, or 404: one rule for its bytes and for its preview.

    What the scanner has not found clean is there for its senders alone.
    """
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None or not _belongs(stored, request.case, is_city=bool(CITY & request.subject.actors)):
        raise Http404
    if not is_sender(request.post, stored) and scans.verdict_on(stored) != scans.Verdict.CLEAN:
        raise Http404
    return stored


def record(request: Request, action: str, stored: StoredFile, *, given: str = "") -> None:
    """Write down who looked; ``given`` is the digest of the bytes they received."""
    facts = {"reference": request.plan.reference, "sha256": stored.sha256} | ({"given": given} if given else {})
    audit.record(action, stored, by=request.post, **facts)


def serve(stored: StoredFile, sha: str = "") -> FileResponse:
    """Return the bytes, or those of the copy named by ``sha``, as a download."""
    path = blobs.path_of(sha or stored.sha256, settings.PRIVATE_ROOT)
    return guarded(path, name=stored.name, mime=stored.mime)


def guarded(path: Path, *, name: str, mime: str, as_attachment: bool = True) -> FileResponse:
    """Return a private file with headers that keep a browser from running it and from keeping it."""
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=as_attachment, filename=name, content_type=mime)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _belongs(stored: StoredFile, case: Case, *, is_city: bool) -> bool:
    if is_city and case.plan.attachments.filter(file=stored).exists():
        return True
    if case.filings.filter(cover_file=stored).exists():
        return True
    if case.city.channels.filter(evidence=stored).exists():
        return True
    texts = case.plan.versions.values_list("text", flat=True)
    digests = {a["sha256"] for text in texts for a in json.loads(text)["attachments"]}
    return frozen(case, digests).filter(pk=stored.pk).exists()


def frozen(case: Case, digests: Collection[str]) -> QuerySet[StoredFile]:
    """Return the city's own files with these bytes: what another city calls the same bytes is its affair."""
    own = Membership.objects.of_city(case.city.government_id)
    return StoredFile.objects.filter(sha256__in=digests, uploaded_by__in=own)
