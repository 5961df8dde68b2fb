"""Whole tables: pasted or uploaded through a preview, taken back, downloaded, put in another order."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import sheets
from portal.http import Request, whole
from portal.uploads import Refused

from ..forms.pasting import ApplyForm, PasteForm, propose
from ..models import TableChange
from ..parts import PARTS, ROW_PARTS
from ..pasting import columns, export, tabular
from ..services import editing, tables
from .common import part_page, status_of


def paste(request: Request, ref: str, table: str) -> HttpResponse:
    """Take cells or a sheet, show what they would change, and write it once that was confirmed."""
    _known(table, columns.COLUMNS)
    if request.method != "POST":
        return _page(request, table, PasteForm())
    if closed := editing.refusal(request.plan, table, request.post):
        form = PasteForm(request.POST)
        form.add_error(None, closed)
        return _page(request, table, form, status=409)
    if "apply" in request.POST:
        return _apply(request, table)
    form = PasteForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            text = _text(form)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, table, text)
    return _page(request, table, form, status=422)


def _known(table: str, where) -> None:
    if table not in where:
        raise Http404


def _text(form: PasteForm) -> str:
    file = form.cleaned_data["file"]
    if not file:
        return form.cleaned_data["text"]
    return tabular.write(sheets.take(file))


def _page(request: Request, table: str, form: PasteForm, status: int = 200) -> HttpResponse:
    names = [columns.label(table, column) for column in columns.COLUMNS[table]]
    return part_page(
        request, "applications/paste.html", table, form=form, table=table, names=names, status=status
    )  # fmt: skip


def _preview(request: Request, table: str, text: str, refusal: str = "", status: int = 200) -> HttpResponse:
    proposal = propose(request.plan, table, tabular.read(text))
    if not proposal.may_apply and not refusal:
        status = 422
    return part_page(
        request,
        "applications/paste_preview.html",
        table,
        table=table,
        proposal=proposal,
        summary=proposal.summary,
        refusal=refusal,
        apply_form=ApplyForm(initial={"text": text, "seen": proposal.seen}),
        correct_form=PasteForm(initial={"text": text}),
        has_errors=bool(status >= 400),
        status=status,
    )


def _apply(request: Request, table: str) -> HttpResponse:
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, table, PasteForm(), status=422)
    text = form.cleaned_data["text"]
    proposal = propose(request.plan, table, tabular.read(text))
    if proposal.seen != form.cleaned_data["seen"]:
        words = _("Somebody else has changed this table meanwhile. Look at the preview again; nothing was written.")
        return _preview(request, table, text, words, status=409)
    if not proposal.may_apply:
        return _preview(request, table, text, status=422)
    try:
        change = tables.apply(request.plan, table, proposal.writes, by=request.post, seen=proposal.seen)
    except ValidationError as error:
        request.plan.refresh_from_db(fields=["open_parts"])
        return _preview(request, table, text, " ".join(error.messages), status=status_of(error))
    messages.success(request, done_words(change))
    return redirect("plan_rows", ref=request.plan.reference, table=table)


def done_words(change: TableChange) -> str:
    changed = ngettext("%d row changed", "%d rows changed", len(change.before)) % len(change.before)
    added = ngettext("%d row added", "%d rows added", len(change.added)) % len(change.added)
    return _("The table is taken over: %(changed)s, %(added)s.") % {"changed": changed, "added": added}


@require_POST
def undo(request: Request, ref: str, table: str) -> HttpResponse:
    """Take the last paste back."""
    _known(table, columns.COLUMNS)
    try:
        tables.undo(request.plan, table, whole(request.POST.get("change")) or 0, by=request.post)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The paste is taken back: the table is as it was before."))
    return redirect("plan_rows", ref=request.plan.reference, table=table)


@require_POST
def move(request: Request, ref: str, table: str, pk: int) -> HttpResponse:
    """Move one row a place up or down."""
    _known(table, ROW_PARTS)
    get_object_or_404(getattr(request.plan, table), pk=pk)
    try:
        row = tables.move(request.plan, table, pk, up=request.POST.get("to") != "down", by=request.post)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("plan_rows", ref=request.plan.reference, table=table)
    url = reverse("plan_rows", args=[request.plan.reference, table])
    return redirect(f"{url}#row-{row.pk}")


def sheet(request: Request, ref: str, table: str) -> HttpResponse:
    """The table as XLSX: to fill in and upload, or to keep."""
    _known(table, columns.COLUMNS)
    title = str(PARTS[table].title)[:31]
    rows = export.rows(table, tables.listed(request.plan, table), english=get_language() == "en")
    name = f"{request.plan.reference}-{table}.xlsx"
    return sheets.download({title: rows, _("How to fill it in"): export.notes(table)}, name)
