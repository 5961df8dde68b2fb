"""Basic data and the structured safeguards."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.http import Request

from .. import checks
from ..forms.records import FORMS, BasicsForm
from ..models import Plan
from ..models.records import RECORDS
from ..services import records
from .common import BASICS, part_page, status_of

ABOUT = {
    "leading_group": gettext_noop("Who leads the work in the city, with the founding document."),
    "coordination": gettext_noop("How the departments work together: who meets, how often, what is settled there."),
    "assessment": gettext_noop(
        "Hard requirement of the programme: the work is part of the departments' annual evaluation."
    ),
    "summaries": gettext_noop("Hard requirement of the programme: progress is summed up and shared at fixed times."),
    "funds": gettext_noop("Where the money comes from and how people are trained."),
}


def basics(request: Request, ref: str) -> HttpResponse:
    """Title, years and contact."""
    instance = Plan.objects.get(pk=request.plan.pk)  # the form writes into its instance; the strip shows what is saved
    form = BasicsForm(request.POST if request.method == "POST" else None, instance=instance, plan=request.plan)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                records.save_basics(request.plan, form.values, by=request.post, seen=form.cleaned_data["seen"])
            except ValidationError as error:
                status = _refuse(request, form, error)
            else:
                messages.success(request, _("Title, years and contact are saved."))
                return redirect("plan", ref=ref)
    return part_page(
        request,
        "applications/record.html",
        BASICS,
        form=form,
        title=_("Title, years and contact"),
        about=_("What everybody who handles the plan sees first."),
        facts=_facts(request.plan, BasicsForm),
        status=status,
    )


def record(request: Request, ref: str, key: str) -> HttpResponse:
    """One record of the safeguards; it may be saved half filled."""
    if key not in RECORDS:
        raise Http404
    plan, model = request.plan, RECORDS[key]
    row = model.objects.filter(plan=plan).first()
    form = FORMS[key](request.POST if request.method == "POST" else None, instance=row or model(plan=plan), plan=plan)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = records.save(plan, key, form.values, by=request.post, seen=form.cleaned_data["seen"])
            except ValidationError as error:
                status = _refuse(request, form, error)
            else:
                _say(request, key, saved)
                return redirect("plan_record", ref=ref, key=key)
    return part_page(
        request,
        "applications/record.html",
        key,
        form=form,
        title="",
        about=_(ABOUT[key]),
        missing=checks.missing_in(plan, key),
        facts=_facts(row, FORMS[key]) if row else [],
        status=status,
    )


def _refuse(request: Request, form, error: ValidationError) -> int:
    form.refuse(error)
    request.plan.refresh_from_db(fields=["open_parts"])
    return status_of(error)


def _say(request: Request, key: str, saved) -> None:
    missing = checks.missing_in(request.plan, key)
    if missing:
        messages.info(request, _("Saved. Still missing: %s") % "、".join(missing))
    else:
        messages.success(request, _("Saved; this part is complete."))


def _facts(row, form_class) -> list[dict]:
    from ..services.editing import shown

    return [
        {"label": str(row._meta.get_field(name).verbose_name), "value": shown(row, name)}
        for name in form_class._meta.fields
    ]
