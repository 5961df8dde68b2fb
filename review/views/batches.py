"""Batches: their list, the builder, and the page on which a batch is moved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Call
from portal.http import Request
from portal.punctuation import colon
from portal.roles import AGENCY

from .. import batch_machine, batch_words, matrix, presenting
from ..batch_machine import TABLE, TITLES, leads
from ..forms.batches import BatchForm, BatchMoveForm, LeaveOutForm
from ..machine import NotAllowed
from ..models import Batch, BatchMove, Case
from ..services import batches as service
from ..services import issuing
from ..states import BatchState

ACTS: dict[str, Callable[..., Batch]] = {
    "freeze": service.freeze,
    "unfreeze": service.unfreeze,
    "reopen": service.reopen,
    "cancel": service.cancel,
    "close_signing": issuing.close_signing,
    "issue": issuing.issue,
}


def batches(request: Request) -> HttpResponse:
    """The batches this post may know of; agencies see one once it was frozen."""
    found = matrix.with_counts(Batch.objects.select_related("call")).order_by("-id")
    post = request.post
    if post.role in AGENCY:
        mine = found.filter(agencies__organisation_id=post.organisation_id)
        found = mine.filter(frozen_at__isnull=False) | mine.filter(
            agencies__organisation_id=post.organisation_id, agencies__position=1
        )
    rows = [
        {"batch": b, "tag": tag(b), "due": presenting.due_words(b.due) if b.state == BatchState.COSIGNING else None}
        for b in found.distinct()
    ]
    return render(request, "review/batches.html", {"rows": rows, "may_compose": bool(_calls(post))})


def batch_new(request: Request) -> HttpResponse:
    """Begin an empty batch in the newest call this agency leads."""
    call = next(iter(_calls(request.post)), None)
    if call is None:
        reason = _("Only the lead agency of a call composes batches.")
        return render(request, "403.html", {"reason": reason}, status=403)
    form = BatchForm(request.POST or None, initial={"kind": Batch.Kind.APPROVE, "genre": call.genre})
    if request.method == "POST" and form.is_valid():
        try:
            made = service.compose(call, by=request.post, **form.cleaned_data)
        except NotAllowed as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The batch is begun: add the cities."))
            return redirect("batch", batch_id=made.pk)
    status = 422 if form.errors else 200
    return render(request, "review/batch_new.html", {"form": form, "call": call}, status=status)


def batch(request: Request, batch_id: int) -> HttpResponse:
    return _builder(request, request.batch)


def batch_line_add(request: Request, batch_id: int) -> HttpResponse:
    case = get_object_or_404(Case, plan__reference=request.POST.get("ref", ""), call=request.batch.call_id)
    return _done(
        request,
        lambda: service.add(request.batch, case, by=request.post),
        _("%s is on the list.") % case.city.name,
    )


def batch_line_remove(request: Request, batch_id: int, line_id: int) -> HttpResponse:
    """Say what would be lost, then take a city off a list it was never sent round with."""
    line = get_object_or_404(request.batch.lines.select_related("case__city", "case__plan", "version"), pk=line_id)
    city = line.case.city.name
    if request.method != "POST":
        confirm = {
            "title": _("Take %s off the list") % city,
            "whom": request.batch.title,
            "happens": [
                _("The city leaves the list; its plan stays where it stands, in line for this batch or a later one."),
                _("The city is not told: it was never sent round with this batch."),
            ],
            "act": _("Take off the list"),
            "back": {"url": reverse("batch", args=[request.batch.pk]), "label": _("Keep the city on the list")},
        }
        facts = [
            {"label": _("City"), "value": city},
            {"label": _("Plan"), "value": line.case.plan.title},
            {"label": _("Version"), "value": str(line.version.number)},
        ]
        return render(request, "components/_delete.html", {"confirm": confirm, "facts": facts})
    return _done(
        request,
        lambda: service.remove(request.batch, line, by=request.post),
        _("%s is off the list.") % city,
    )


def batch_leave_out(request: Request, batch_id: int) -> HttpResponse:
    """Leave a city out with a reason; an empty reason brings the builder back with the words."""
    case = get_object_or_404(Case, plan__reference=request.POST.get("ref", ""), call=request.batch.call_id)
    form = LeaveOutForm(request.POST, auto_id=f"out_{case.pk}_%s")
    if not form.is_valid():
        return _builder(request, request.batch, wrong=(case.pk, form), status=422)
    return _done(
        request,
        lambda: service.leave_out(request.batch, case, reason=form.cleaned_data["reason"], by=request.post),
        _("%s is told the reason and stays in line.") % case.city.name,
    )


def batch_move(request: Request, batch_id: int, name: str) -> HttpResponse:
    """Confirm and make one move of the batch; an issue asks for the number of letters."""
    found: Batch = request.batch
    if name not in TABLE:
        raise Http404
    way = TABLE[name]
    back = reverse("batch", args=[found.pk])
    if found.state != way.source:
        return _moved_on(request, found, name, back)
    if request.post.role != way.by:
        reason = _("This step is taken by the lead agency (%s).") % way.by.label
        return render(request, "403.html", {"reason": reason}, status=403)
    form = BatchMoveForm(request.POST or None, batch=found, way=way)
    if request.method == "POST" and form.is_valid():
        try:
            done = ACTS[name](found.pk, by=request.post, **form.cleaned_data)
        except NotAllowed as refusal:
            _tell(form, refusal)
            found.refresh_from_db()
        else:
            return _after(request, done, name)
    confirm = {
        "title": f"{found.title}{colon()}{TITLES[name]}",
        "happens": batch_words.happens(found, name),
        "act": batch_words.act(found, name),
        "back": {"url": back, "label": _("Back to the batch")},
    }
    blocked = batch_machine.obstacles(found, name, by=request.post, reason="…") if found.state == way.source else []
    context = {"confirm": confirm, "form": form, "blocked": blocked, "batch": found}
    return render(request, "review/batch_move.html", context, status=422 if form.errors else 200)


def tag(found: Batch) -> dict[str, Any]:
    state = BatchState(found.state)
    return {"label": state.label, "colour": matrix.COLOURS[state]}


def header(request: Request, found: Batch) -> dict:
    """Return what every page of a batch shows at its head."""
    return {
        "batch": found,
        "tag": tag(found),
        "agencies": [a.organisation.short_name for a in found.agencies.select_related("organisation")],
        "due": presenting.due_words(found.due) if found.due and found.state == BatchState.COSIGNING else None,
        "leads": leads(request.post, found),
        "actors": request.subject.actors,
    }


def _builder(request, found: Batch, *, wrong: tuple | None = None, status: int = 200) -> HttpResponse:
    composing = found.state == BatchState.COMPOSING
    may_compose = composing and "lead_handler" in request.subject.actors
    lines = list(found.standing_lines())
    waiting = list(service.eligible(found).prefetch_related("filings__version")) if may_compose else []
    moves = [
        {
            "title": TITLES[way.name],
            "url": reverse("batch_move", args=[found.pk, way.name]),
            "blocked": batch_machine.obstacles(found, way.name, by=request.post, reason="…"),
        }
        for way in batch_machine.available(found, by=request.post)
    ]
    context = header(request, found) | {
        "may_compose": may_compose,
        "lines": [{"line": x, "form": _reason_form(x.case_id, wrong)} for x in lines],
        "waiting": [{"case": c, "filing": c.filings.all()[0], "form": _reason_form(c.pk, wrong)} for c in waiting],
        "left_out": found.lines.filter(left_out_at__isnull=False).select_related("case__city", "case__plan"),
        "here": matrix.provinces([x.case for x in lines]),
        "moves": moves,
        "history": found.history.select_related("by__user", "by__organisation").order_by("-number"),
        "form": wrong[1] if wrong else None,
    }
    return render(request, "review/batch.html", context, status=status)


def _reason_form(case_id: int, wrong: tuple | None) -> LeaveOutForm:
    return wrong[1] if wrong and wrong[0] == case_id else LeaveOutForm(auto_id=f"out_{case_id}_%s")


def _calls(post) -> list[Call]:
    if post.role != "agency_handler":
        return []
    return list(Call.objects.filter(agencies__position=1, agencies__organisation_id=post.organisation_id))


def _done(request, act, words: str) -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, words)
    return redirect("batch", batch_id=request.batch.pk)


def _tell(form, refusal: NotAllowed) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _moved_on(request, found: Batch, name: str, back: str) -> HttpResponse:
    """A second press of the same form lands where the first one led; anything else is told in words."""
    done = BatchMove.objects.filter(
        batch=found, by__user=request.user, op_key=request.POST.get("op_key", "") or "-", name=name
    ).exists()
    if done:
        return _after(request, found, name)
    reason = _("The batch stands at “%s”; this step is not open from there.") % BatchState(found.state).label
    return render(request, "409.html", {"reason": reason, "back_url": back}, status=409)


def _after(request, done: Batch, name: str) -> HttpResponse:
    state = BatchState(done.state).label
    messages.success(request, _("Done: %(move)s. The batch now stands at “%(state)s”.")
                     % {"move": TITLES[name], "state": state})  # fmt: skip
    return redirect({"issue": "batch_letters", "freeze": "batch_cosign"}.get(name, "batch"), batch_id=done.pk)
