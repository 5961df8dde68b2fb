"""Attachments of a plan, and taking over a draft written in Word."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.files import keep
from portal.filework import copies, scans
from portal.http import Request
from portal.uploads import Refused

from ..forms.attachments import AttachmentForm, ImportForm
from ..importing import read_plan
from ..parts import PARTS
from ..services import attachments, imports
from .common import confirm_delete, part_page, status_of


def attachment_list(request: Request, ref: str) -> HttpResponse:
    """Show the files and take a new one."""
    form = AttachmentForm(request.POST if request.method == "POST" else None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (answer := _add(request, form)):
            return answer
    rows = list(request.plan.attachments.select_related("file"))
    return part_page(
        request,
        "applications/attachments.html",
        "attachments",
        form=form,
        rows=rows,
        kept_back=copies.kept_back(row.file for row in rows),
        closed=scans.closed(row.file.sha256 for row in rows),
        status=status,
    )


def _add(request: Request, form: AttachmentForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        if closed := attachments.editing.refusal(request.plan, "attachments", request.post):
            raise attachments.editing.Closed(closed)
        attachments.room(request.plan, data["file"].size)
        stored = keep(data["file"], by=request.post)
        title = data["title"].strip() or stored.name.rsplit(".", 1)[0][:120]
        row = attachments.add(
            request.plan, stored, title=title, kind=data["kind"], unclassified=data["unclassified"], by=request.post
        )
    except Refused as refusal:
        form.add_error("file", refusal.message)
    except ValidationError as error:
        form.add_error(None, error)
        request.plan.refresh_from_db(fields=["open_parts"])
    else:
        messages.success(request, _("“%s” is attached.") % row.title)
        return redirect("plan_attachments", ref=request.plan.reference)
    return None


def remove(request: Request, ref: str, pk: int) -> HttpResponse:
    """Say what would be lost, then take one file off the working text."""
    row = get_object_or_404(request.plan.attachments.select_related("file"), pk=pk)
    if request.method != "POST":
        return confirm_delete(
            request,
            "attachments",
            title=_("Remove “%s” from the plan") % row.title,
            happens=[_("The file leaves the working text. Versions handed in keep it.")],
            facts=[
                {"label": _("Kind"), "value": row.get_kind_display()},
                {"label": _("File"), "value": row.file.name},
                {"label": _("Size"), "value": filesizeformat(row.file.size)},
            ],
            back={"url": reverse("plan_attachments", args=[ref]), "label": _("Keep the file")},
        )
    try:
        title = attachments.remove(request.plan, pk, by=request.post)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%s” is removed from the plan; versions handed in keep it.") % title)
    return redirect("plan_attachments", ref=ref)


def import_draft(request: Request, ref: str) -> HttpResponse:
    """Fill empty parts from a Word document; what finds no place goes to the appendix."""
    form = ImportForm(request.POST if request.method == "POST" else None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                imported = read_plan(form.cleaned_data["file"].read())
                outcome = imports.take_over(request.plan, imported, by=request.post)
            except Refused as refusal:
                form.add_error("file", refusal.message)
            except ValidationError as error:
                form.add_error(None, error)
                status = status_of(error)
            else:
                messages.success(request, outcome_words(outcome))
                return _report(request, outcome)
    return part_page(request, "applications/import.html", "appendix", form=form, status=status)


def _report(request: Request, outcome: imports.Outcome) -> HttpResponse:
    for note in outcome.notes:
        messages.info(request, note)
    if outcome.appended:
        names = "、".join(str(PARTS[key].title) for key in outcome.appended)
        messages.info(request, _("These parts held text already; the imported text stands in the appendix: %s") % names)
    return redirect("plan", ref=request.plan.reference)


def outcome_words(outcome: imports.Outcome) -> str:
    said = ngettext("%d part was filled from the document", "%d parts were filled from the document", outcome.filled)
    return said % outcome.filled + _(".")
