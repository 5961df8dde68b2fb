"""The team of a plan: which department writes what, who is in it, and what they did lately."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.http import Request
from portal.roles import Role

from .. import activity, tasks_list
from .. import team as reading
from ..forms.team import DepartmentForm, DivisionForm, ReturnForm
from ..models import Duty, Plan
from ..services import editing, handing_in
from ..services import team as service
from .common import status_of

KINDS = dict(Duty.Kind.choices)


def team(request: Request, ref: str) -> HttpResponse:
    """Show the division of work and the people; the lead lets a department join."""
    form = DepartmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.add_department(request.plan, form.cleaned_data["name"], by=request.post)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("“%s” is in the team now. Give it parts below.") % made.short_name)
            return redirect("plan_team", ref=ref)
    plan = request.plan
    departments = list(reading.departments(plan))
    context = {
        "plan": plan,
        "case": request.case,
        "form": form,
        "leads": request.post.role == Role.CITY_LEAD and plan.may_be_edited,
        "departments": departments,
        "groups": _matrix(plan, departments),
        "divided": Duty.objects.filter(plan=plan).exists(),
        "consultations": plan.consultations.all(),
        **_people(plan, departments),
    }
    return render(request, "applications/team.html", context, status=422 if form.errors else 200)


def _matrix(plan: Plan, departments) -> list[dict[str, Any]]:
    """Return the parts in their groups, each with what every department does for it."""
    found = {(d.part, d.organisation_id): str(KINDS[d.kind]) for d in Duty.objects.filter(plan=plan)}
    groups = tasks_list.rows(plan)
    return [
        {
            "title": group.title,
            "rows": [
                {"row": row, "cells": [(one, found.get((row.key, one.pk), "")) for one in departments]}
                for row in group.rows
            ],
        }
        for group in groups
    ]


def _people(plan: Plan, departments) -> dict[str, Any]:
    """Return who is in each department, and who leads; with what they did lately."""
    posts = list(reading.people(plan).order_by("pk"))
    seen, works = activity.last_seen(posts), activity.by_post(plan, posts)
    people = [{"post": p, "seen": seen.get(p.user_id), "works": works.get(p.pk, [])} for p in posts]
    writing = [one for one in people if one["post"].role == Role.CITY_EDITOR]
    return {
        "leaders": [one for one in people if one["post"].role == Role.CITY_LEAD],
        "staffed": [
            {"department": d, "people": [one for one in writing if one["post"].organisation_id == d.pk]}
            for d in departments
        ],
    }


def department(request: Request, ref: str, pk: int) -> HttpResponse:
    """The lead gives a department another name, or takes one that joined by mistake off the team."""
    plan = request.plan
    try:
        one = service.own_department(plan, pk)
    except ValidationError as error:
        raise Http404 from error
    form = DepartmentForm(request.POST if request.method == "POST" else None, initial={"name": one.name})
    leaves, problem = "take_off" in request.POST, ""
    if request.method == "POST" and (leaves or form.is_valid()):
        try:
            if leaves:
                said = _("“%s” is no longer in the team.") % service.take_off(plan, pk, by=request.post)
            else:
                service.rename_department(plan, pk, form.cleaned_data["name"], by=request.post)
                said = _("The department is called “%s” now.") % form.cleaned_data["name"]
        except ValidationError as error:
            if leaves:
                problem = " ".join(error.messages)
            else:
                form.add_error("name", error)
        else:
            messages.success(request, said)
            return redirect("plan_team", ref=ref)
    context = {
        "plan": plan,
        "case": request.case,
        "form": DepartmentForm(initial={"name": one.name}) if leaves else form,
        "department": one,
        "stays": service.staying(one),
        "problem": problem,
    }
    refused = problem or (request.method == "POST" and form.errors)
    return render(request, "applications/department.html", context, status=422 if refused else 200)


def division(request: Request, ref: str, key: str) -> HttpResponse:
    """Say which department is in charge of one part, which help and which are kept informed."""
    if key not in reading.DIVIDED:
        raise Http404
    plan, departments = request.plan, list(reading.departments(request.plan))
    had = dict(Duty.objects.filter(plan=plan, part=key).values_list("organisation_id", "kind"))
    initial = {f"department_{pk}": kind for pk, kind in had.items()}
    form = DivisionForm(request.POST if request.method == "POST" else None, departments=departments, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.divide(plan, key, form.duties, by=request.post)
            except ValidationError as error:
                form.add_error(None, error)
                status = status_of(error)
            else:
                messages.success(request, _("The division of “%s” is saved.") % reading.title(key))
                return redirect(_after(request, ref, key))
    context = {
        "plan": plan,
        "case": request.case,
        "form": form,
        "title": reading.title(key),
        "departments": departments,
        "next": _next(key),
        "closed_words": "" if editing.may_be_written(plan, key) else editing.closed_words(plan, key),
    }
    return render(request, "applications/division.html", context, status=status)


def give_back(request: Request, ref: str, key: str) -> HttpResponse:
    """The lead gives a part back to its department and says what is still missing."""
    if key not in reading.DIVIDED:
        raise Http404
    plan, form, status = request.plan, ReturnForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                handing_in.give_back(plan, key, form.cleaned_data["words"], by=request.post)
            except ValidationError as error:
                form.add_error(None, error)
                status = status_of(error)
            else:
                messages.success(request, _("“%s” is given back; the department has been told.") % reading.title(key))
                return redirect("plan", ref=ref)
    confirm = {
        "title": _("Give back “%s”") % reading.title(key),
        "whom": reading.owners(plan, key) or plan.title,
        "happens": [
            _("The part is being written again, until it is handed in anew."),
            _("The department gets a message with your words; the text stays as it is."),
        ],
        "act": _("Give it back"),
        "back": {"url": tasks_list.place(plan, key), "label": _("Back to the part")},
    }
    return render(request, "components/_confirm.html", {"confirm": confirm, "form": form}, status=status)


def _next(key: str) -> dict[str, str] | None:
    rest = reading.DIVIDED[reading.DIVIDED.index(key) + 1 :]
    return {"key": rest[0], "title": reading.title(rest[0])} if rest else None


def _after(request: Request, ref: str, key: str) -> str:
    after = _next(key) if "next" in request.POST else None
    return reverse("plan_division", args=[ref, after["key"]]) if after else reverse("plan_team", args=[ref])
