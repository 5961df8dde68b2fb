"""The plan as a file: the page that says how far each one is, and the downloads."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import audit
from portal.http import Request
from portal.models import StoredFile

from .. import presenting
from ..machine import NotAllowed
from ..models import PlanExport
from ..services import exports
from .files import serve

DRAFTS_SHOWN = 6


def export(request: Request, ref: str, number: int) -> HttpResponse:
    """Each format of a frozen version: not asked for, being made, ready, or why it could not be made."""
    version = get_object_or_404(request.plan.versions.all(), number=number)
    if request.method == "POST":
        _ask(request, version)
        return redirect("plan_export", ref=ref, number=number)
    made = {row.format: row for row in version.exports.select_related("file")}
    rows = [
        {
            "format": value,
            "label": label,
            "row": made.get(value),
            "url": reverse("plan_export_file", args=[ref, number, value]),
        }
        for value, label in PlanExport.Format.choices
    ]
    return _page(request, rows, version=version)


def draft_export(request: Request, ref: str) -> HttpResponse:
    """The working text as a file, for the city alone; each state of the text is a file of its own."""
    if request.method == "POST":
        _ask(request, None)
        return redirect("plan_draft_export", ref=ref)
    made = request.plan.exports.filter(version__isnull=True).select_related("file")[:DRAFTS_SHOWN]
    rows = [
        {
            "format": row.format,
            "label": row.get_format_display(),
            "row": row,
            "url": reverse("plan_draft_file", args=[ref, row.pk]),
        }
        for row in made
    ]
    return _page(request, rows, version=None)


def _ask(request: Request, version) -> None:
    try:
        row = exports.ask(request.plan, version, request.POST.get("format", ""), by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return
    if row.file_id:
        messages.success(request, _("The file is ready."))
    else:
        messages.success(request, _("The file is being made; this takes some seconds."))


def _page(request: Request, rows: list[dict], *, version) -> HttpResponse:
    context = {
        "strip": presenting.strip(request.case),
        "case": request.case,
        "plan": request.plan,
        "version": version,
        "rows": rows,
        "formats": PlanExport.Format.choices,
        "under_way": any(r["row"] and not r["row"].file_id and not r["row"].problem for r in rows),
    }
    return render(request, "review/export.html", context)


def export_file(request: Request, ref: str, number: int, format: str) -> HttpResponse | FileResponse:
    """Serve the file of a version; while there is none, lead to the page that says why."""
    version = get_object_or_404(request.plan.versions.all(), number=number)
    if format not in PlanExport.Format.values:
        raise Http404
    row = version.exports.select_related("file").filter(format=format).first()
    if row is None or row.file is None:
        return redirect("plan_export", ref=ref, number=number)
    return _download(request, row, row.file)


def draft_file(request: Request, ref: str, export_id: int) -> HttpResponse | FileResponse:
    row = get_object_or_404(request.plan.exports.filter(version__isnull=True).select_related("file"), pk=export_id)
    if row.file is None:
        return redirect("plan_draft_export", ref=ref)
    return _download(request, row, row.file)


def _download(request: Request, row: PlanExport, stored: StoredFile) -> FileResponse:
    audit.record(
        "export:download", row, by=request.post, reference=request.plan.reference, digest=row.digest, format=row.format
    )
    return serve(stored)
