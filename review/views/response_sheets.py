"""The response table out and back as XLSX, for departments that answer without the portal."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.forms.pasting import ApplyForm
from applications.pasting import tabular
from portal import sheets
from portal.http import Request
from portal.uploads import Refused

from .. import presenting, response_sheet
from ..forms.responses import SheetForm
from ..machine import NotAllowed
from ..services import responses


def sheet(request: Request, ref: str) -> HttpResponse:
    """The open items of the current round with what is answered so far."""
    pages = {
        str(_("Answers")): response_sheet.rows(responses.items(request.case)),
        str(_("How to fill it in")): response_sheet.notes(),
    }
    return sheets.download(pages, f"{ref}-{request.case.current_round.number}-answers.xlsx")


def take_over(request: Request, ref: str) -> HttpResponse:
    """Take a filled-in sheet, show what it would change, and write it once that was confirmed."""
    if request.method != "POST":
        return _page(request, SheetForm())
    if "apply" in request.POST:
        return _apply(request)
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            text = tabular.write(sheets.take(form.cleaned_data["file"]))
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, text)
    return _page(request, form, status=422)


def _page(request: Request, form: forms.Form, status: int = 200, **context) -> HttpResponse:
    current = request.case.current_round
    context |= {"case": request.case, "round": current, "strip": presenting.strip(request.case), "form": form}
    return render(request, "review/responses_import.html", context, status=status)


def _preview(request: Request, text: str, refusal: str = "", status: int = 200) -> HttpResponse:
    proposal = response_sheet.propose(request.case, tabular.read(text))
    if not proposal.may_apply and not refusal:
        status = 422
    apply_form = ApplyForm(initial={"text": text, "seen": proposal.seen})
    return _page(
        request,
        SheetForm(),
        status=status,
        proposal=proposal,
        refusal=refusal,
        apply_form=apply_form,
        has_errors=status >= 400,
    )


def _apply(request: Request) -> HttpResponse:
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, SheetForm(), status=422)
    text = form.cleaned_data["text"]
    proposal = response_sheet.propose(request.case, tabular.read(text))
    if not proposal.may_apply and proposal.seen == form.cleaned_data["seen"]:
        return _preview(request, text)
    lines = [(pk, values) for pk, values in proposal.writes if pk is not None]
    try:
        responses.answer_all(request.case, lines, by=request.post, seen=form.cleaned_data["seen"])
    except NotAllowed as refusal:
        return _preview(request, text, " ".join(map(str, refusal.reasons)), status=409)
    count = len(lines)
    messages.success(
        request,
        ngettext("%d answer is taken over.", "%d answers are taken over.", count) % count,
    )
    return redirect("plan_responses", ref=request.case.plan.reference, number=request.case.current_round.number)
