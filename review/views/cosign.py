"""Co-signature: the matrix of cities and agencies, and what an agency does on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.http import Request
from portal.words import grouped

from ..forms.batches import AdviceForm, SignForm, WithdrawForm
from ..machine import NotAllowed
from ..matrix import matrix, undecided
from ..models import Batch
from ..services import signing
from ..since_signed import Since, since_signed
from ..states import BatchState
from .batches import header


def batch_cosign(request: Request, batch_id: int) -> HttpResponse:
    return _page(request, request.batch)


def batch_receive(request: Request, batch_id: int) -> HttpResponse:
    return _act(
        request,
        lambda: signing.receive(request.batch, by=request.post),
        _("Received; the lead agency sees it."),
    )


def batch_advise(request: Request, batch_id: int) -> HttpResponse:
    lane = get_object_or_404(request.batch.agencies, organisation_id=request.post.organisation_id)
    form = AdviceForm(request.POST, lane=lane)
    if not form.is_valid():
        return _page(request, request.batch, advice=form, status=422)
    return _act(
        request,
        lambda: signing.advise(request.batch, by=request.post, **form.cleaned_data),
        _("The advice is with your agency's signer."),
    )


def batch_sign(request: Request, batch_id: int) -> HttpResponse:
    """Read, decide, type the password, sign."""
    found: Batch = request.batch
    lines, joint = undecided(found, request.post.organisation_id)
    if not lines and not joint:
        messages.success(request, _("Your agency has decided on everything in this batch."))
        return redirect("batch_cosign", batch_id=found.pk)
    form = SignForm(request.POST or None, batch=found, lines=lines, joint=joint)
    if request.method == "POST" and form.is_valid():
        try:
            given = signing.sign(
                found,
                decisions=form.decisions(),
                password=form.cleaned_data["password"],
                digests_seen=form.digests(),
                by=request.post,
            )
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            told = ngettext("%d signature is given.", "%d signatures are given.", len(given)) % len(given)
            messages.success(request, told)
            return redirect("batch_cosign", batch_id=found.pk)
    lane = found.agencies.get(organisation_id=request.post.organisation_id)
    changed = since_signed(found, request.post.organisation_id)
    context = header(request, found) | {
        "form": form,
        "lines": [(line, changed.get(line.pk)) for line in lines],
        "joint": joint,
        "lane": lane,
        "changed": changed,
        "since_joint": changed.get(None),
    }
    return render(request, "review/batch_sign.html", context, status=422 if form.errors else 200)


def batch_unsign(request: Request, batch_id: int, signature_id: int) -> HttpResponse:
    mine = request.batch.signatures.filter(agency_id=request.post.organisation_id)
    signature = get_object_or_404(mine, pk=signature_id)
    form = WithdrawForm(request.POST, auto_id=f"withdraw_{signature.pk}_%s")
    if not form.is_valid():
        return _page(request, request.batch, wrong=(signature.pk, form), status=422)
    return _act(
        request,
        lambda: signing.withdraw_signature(signature, reason=form.cleaned_data["reason"], by=request.post),
        _("The signature is withdrawn; the lead agency is told."),
    )


def batch_text(request: Request, batch_id: int) -> HttpResponse:
    """The frozen texts, each with its fingerprint and the plan version it goes with."""
    found: Batch = request.batch
    changed = _changed(request, found)
    texts = [
        {
            "line": line,
            "text": line.letter_text,
            "fingerprint": grouped(line.digest[:32].upper()),
            "since": changed.get(line.pk),
        }
        for line in found.standing_lines()
        if line.digest
    ]
    context = header(request, found) | {
        "texts": texts,
        "joint": _open_fields(found) | {"since": changed.get(None)} if found.joint_text else {},
        "changed": changed,
    }
    return render(request, "review/batch_text.html", context)


def _changed(request: Request, found: Batch) -> dict[int | None, Since]:
    """Return what changed since the asking agency signed; only while it is asked to sign again."""
    if found.state != BatchState.COSIGNING:
        return {}
    return since_signed(found, request.post.organisation_id)


def _open_fields(found: Batch) -> dict:
    """Return the joint text with its open fields named in words."""
    names = {"{cities}": _("[cities]"), "{count}": _("[number]")}

    def named(text: str) -> str:
        for field, name in names.items():
            text = text.replace(field, name)
        return text

    return {
        "title": named(found.joint_text["title"]),
        "body": [(level, named(text)) for level, text in found.joint_text["body"]],
        "fingerprint": grouped(found.joint_digest[:32].upper()),
    }


def _page(request, found: Batch, *, advice=None, wrong: tuple | None = None, status: int = 200) -> HttpResponse:
    post, table = request.post, matrix(found)
    lane = next((x.agency for x in table.lanes if x.agency.organisation_id == post.organisation_id), None)
    open_now = found.state == BatchState.COSIGNING
    mine = [
        {"signature": cell.signature, "label": row.label, "form": _withdraw_form(cell.signature.pk, wrong)}
        for row in table.rows
        for cell in row.cells
        if cell.signature and cell.signature.agency_id == post.organisation_id
    ]
    asked = len(mine) < len(table.rows)
    context = header(request, found) | {
        "table": table,
        "lane": lane,
        "fingerprint": grouped(found.joint_digest[:16].upper()),
        "may_receive": open_now and lane and lane.received_at is None,
        "advice": (advice or AdviceForm(lane=lane))
        if open_now and lane and "agency_handler" in request.subject.actors and asked
        else None,
        "may_sign": open_now and "agency_signer" in request.subject.actors and asked,
        "changed": _changed(request, found),
        "mine": mine if open_now and "agency_signer" in request.subject.actors else [],
        "excepted": [row.label for row in table.rows if row.excepted],
        "form": advice or (wrong[1] if wrong else None),
    }
    return render(request, "review/batch_cosign.html", context, status=status)


def _withdraw_form(signature_id: int, wrong: tuple | None) -> WithdrawForm:
    if wrong and wrong[0] == signature_id:
        return wrong[1]
    return WithdrawForm(auto_id=f"withdraw_{signature_id}_%s")


def _act(request, act, words: str) -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, words)
    return redirect("batch_cosign", batch_id=request.batch.pk)
