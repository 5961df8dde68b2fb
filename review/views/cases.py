"""A plan's home, its history and versions; opening a plan; the small acts around a move."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.http import Request

from .. import dates, filing, pinned, plan_links, presenting, receipts
from ..actors import city_with_people_of
from ..forms.cases import NewPlanForm
from ..machine import NotAllowed
from ..models import Case, Letter
from ..rules import DISCUSSING
from ..services import cases
from ..states import State

FILED = frozenset({State.CHECKING, State.FORMAL_REVIEW})
CITY = {"city_editor", "city_lead"}


def plan(request: Request, ref: str) -> HttpResponse:
    """The city sees its task list; everybody else the plan's standing and frozen versions."""
    case = request.case
    is_city = bool(CITY & request.subject.actors)
    context = {
        "case": case,
        "plan": case.plan,
        "strip": presenting.strip(case),
        "steps": presenting.steps(case, by=request.post),
        "versions": list(case.plan.versions.order_by("-number").select_related("frozen_by__organisation")),
        "history": presenting.history(case)[:5],
        "is_city": is_city,
        "links": plan_links.links(request.subject, by=request.post),
        "letters": presenting.letters(Letter.objects.filter(line__case=case)),
        "filed": filing.filed(case) if case.state in FILED and DISCUSSING & request.subject.actors else None,
        "may_open": "plan_open" if _on_my_desk(request) and not case.opened_at else "",
    }
    if is_city:
        from applications import standing
        from applications.tasks_list import rows as task_rows

        waiting = pinned.waiting(case)
        context["groups"] = task_rows(case.plan, waiting)
        context["to_answer"] = _to_answer(case, waiting)
        last = receipts.latest(case)
        context["receipt_url"] = receipts.url(case, last) if last else ""
        context["cascade"] = dates.cascade_of(case)
        context["recall"] = receipts.recall(case, by=request.post)
        context["standing"] = standing.of(case.plan)
        context["may_release"] = case.state == "ready" and "city_lead" in request.subject.actors
        lacks = context["may_release"] and case.awaits_release
        context["release_lacks"] = cases.release_obstacles(case) if lacks else []
    template = "review/plan_city.html" if is_city else "review/plan.html"
    return render(request, template, context)


def _to_answer(case: Case, waiting: Counter[str]) -> dict[str, Any] | None:
    if not waiting:
        return None
    return {"total": waiting.total(), "whole": waiting[""], "url": presenting.answers_url(case)}


def _on_my_desk(request) -> bool:
    desk = {"with_channel": "channel_office", "awaiting_discussion": "group_office", "checking": "group_office"}
    return desk.get(request.case.state) in request.subject.actors


def plan_new(request: Request) -> HttpResponse:
    """Begin the city's plan in a call that is open today."""
    post = request.post
    city = city_with_people_of(post)
    calls = cases.open_calls()
    initial = {"title": f"{city.name}创建国家电子商务示范城市工作方案"} if city else {}
    form = NewPlanForm(request.POST or None, calls=calls, initial=initial)
    if request.method == "POST" and city and form.is_valid():
        try:
            case = cases.create(city, form.cleaned_data["call"], by=post, title=form.cleaned_data["title"])
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The plan has been opened. Fill in its parts in any order."))
            return redirect("plan", ref=case.plan.reference)
    channel = cases.latest_channel(city) if city else None
    direct = city is not None and any(call.files_directly(city) for call in calls)
    context = {"form": form, "city": city, "channel": channel, "direct": direct, "calls": calls}
    context["taken"] = bool(city and calls and not form.is_bound and not cases.calls_to_begin(city).exists())
    return render(request, "review/plan_new.html", context)


def history(request: Request, ref: str) -> HttpResponse:
    return render(
        request,
        "review/history.html",
        {"strip": presenting.strip(request.case), "case": request.case, "entries": presenting.history(request.case)},
    )


def versions(request: Request, ref: str) -> HttpResponse:
    """All frozen versions with who, when and why; two of them can be compared."""
    found = list(request.plan.versions.order_by("-number").select_related("frozen_by__organisation", "frozen_by__user"))
    for newer, older in zip(found, found[1:], strict=False):
        newer.compare_url = reverse("plan_compare", args=[ref, older.number, newer.number])
    return render(
        request,
        "review/versions.html",
        {"strip": presenting.strip(request.case), "case": request.case, "versions": found},
    )


@require_POST
def open_handling(request: Request, ref: str) -> HttpResponse:
    try:
        cases.open_handling(request.case, by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("You have begun to handle this plan; it can no longer be recalled."))
    return redirect("plan", ref=ref)


@require_POST
def release(request: Request, ref: str) -> HttpResponse:
    try:
        cases.release(request.case, by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("Released: the local DRC can now file the plan formally."))
    return redirect("plan", ref=ref)
