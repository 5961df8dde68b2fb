"""Downloads of a plan's files: what the reader may open, streamed from the private store."""

import json
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404

from portal import audit, blobs
from portal.http import Request
from portal.models import Membership, StoredFile

from ..models import Case

CITY = {"city_editor", "city_lead"}


def plan_file(request: Request, ref: str, file_id: int) -> FileResponse:
    """Serve a file that belongs to this plan: the city its working files too, others those of frozen versions."""
    stored = of_plan(request, file_id)
    record(request, "file:download", stored)
    return serve(stored)


def of_plan(request: Request, file_id: int) -> StoredFile:
    """Return the file of the plan that an address names, or 404: one rule for its bytes and for its preview."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None or not _belongs(stored, request.case, is_city=bool(CITY & request.subject.actors)):
        raise Http404
    return stored


def record(request: Request, action: str, stored: StoredFile) -> None:
    audit.record(action, stored, by=request.post, reference=request.plan.reference, sha256=stored.sha256)


def serve(stored: StoredFile) -> FileResponse:
    """Return the bytes as a download."""
    path = blobs.path_of(stored.sha256, settings.PRIVATE_ROOT)
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
