"""A plan's file shown in the page: its pages as pictures that the portal drew, never the file itself."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.filework import copies, previews, scans
from portal.http import Request, whole
from portal.models import CleanCopy, Preview, StoredFile
from portal.uploads import Kind

from .. import presenting
from ..file_owners import is_sender
from . import files

MOST_LOOKS = 40  # three seconds apart


def plan_file_preview(request: Request, ref: str, file_id: int) -> HttpResponse:
    """Show the first pages; while they are drawn, or where there are none, say so and offer the download."""
    stored = files.of_plan(request, file_id)
    verdict = scans.verdict_on(stored)
    if verdict != scans.Verdict.CLEAN:
        return _closed(request, stored, verdict)
    row, copy = previews.want(stored), copies.want(stored)
    is_own = is_sender(request.post, stored)
    under_way = _is_waiting(row) or (not is_own and _is_waiting(copy))
    if row and row.made_at and not under_way:
        files.record(request, "file:preview", stored)
    context = {
        **_about(request, stored),
        "is_picture": stored.kind != Kind.PDF,
        "preview": row,
        "pages": _pages(ref, stored, row),
        "rest": row.pages - len(row.sizes) if row else 0,
        "problem": previews.PROBLEMS[row.problem] if row and row.problem else "",
        "is_own": is_own,
        "copy": copy,
        "kept_back": copies.PROBLEMS[copy.problem] if copy.problem else "",
        "may_download": is_own or copy.made_at is not None,
        "drawing": _is_waiting(row),
        "renew": _renewal(request) if under_way else "",
    }
    return render(request, "review/file_preview.html", context)


def _about(request: Request, stored: StoredFile) -> dict[str, Any]:
    return {
        "strip": presenting.strip(request.case),
        "case": request.case,
        "plan": request.plan,
        "file": stored,
        "kind": stored.kind.upper(),
    }


def _closed(request: Request, stored: StoredFile, verdict: scans.Verdict) -> HttpResponse:
    """Tell the senders what the scanner says; nobody else gets here."""
    infected = verdict == scans.Verdict.INFECTED
    context = {
        **_about(request, stored),
        "found": scans.found_in(stored),
        "infected": infected,
        "failed": verdict == scans.Verdict.FAILED,
        "renew": _renewal(request) if verdict == scans.Verdict.UNSCANNED else "",
        "may_download": not infected,
    }
    return render(request, "review/file_closed.html", context)


def _renewal(request: Request) -> str:
    """Return where the page looks next; after a while nowhere, for each look keeps the session from its idle limit."""
    looks = whole(request.GET.get("look")) or 0
    return f"{request.path}?look={looks + 1}" if looks < MOST_LOOKS else ""


def _is_waiting(row: Preview | CleanCopy | None) -> bool:
    return row is not None and row.made_at is None and not row.problem


def _pages(ref: str, stored: StoredFile, row: Preview | None) -> list[dict]:
    sizes = row.sizes if row and row.made_at else []
    return [
        {
            "number": number,
            "url": reverse("plan_file_page", args=[ref, stored.pk, number]),
            "width": width,
            "height": height,
        }
        for number, (width, height) in enumerate(sizes, start=1)
    ]


def plan_file_page(request: Request, ref: str, file_id: int, number: int) -> FileResponse:
    """Serve the picture of one page to whoever may have the file."""
    stored = files.of_plan(request, file_id)
    row = Preview.objects.filter(sha256=stored.sha256).first()
    is_clean = scans.verdict_on(stored) == scans.Verdict.CLEAN
    path = previews.page_path(row, number) if row and is_clean else None
    if path is None:
        raise Http404
    return files.guarded(path, name=f"{number:03d}.jpg", mime="image/jpeg", as_attachment=False)
