"""A member's page for a view on the plan filed formally: one's own, until the formal review opinion is signed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.http import Request

from .. import filing, presenting
from ..forms.opinions import ViewForm
from ..machine import NotAllowed
from ..services import member_views


def member_view(request: Request, ref: str) -> HttpResponse:
    """Write one's own view; what others said is read on the opinion's page once it is signed."""
    case = request.case
    mine = member_views.own(case, request.post)
    if member_views.is_closed(case, case.latest_version) and request.method != "POST":
        messages.info(request, _("The formal review opinion is signed; the members' views no longer change."))
        return redirect("plan_formal_opinion", ref=ref)
    initial = {"text": mine.text if mine else ""}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            member_views.give(case, text=form.cleaned_data["text"], by=request.post)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Your view is given; you can change it until the opinion is signed."))
            return redirect("plan_formal_opinion", ref=ref)
    context = {
        "case": case,
        "strip": presenting.strip(case),
        "form": form,
        "mine": mine,
        "version": case.latest_version,
        "filed": filing.filed(case),
    }
    return render(request, "review/member_view.html", context, status=422 if form.errors else 200)
