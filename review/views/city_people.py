"""A city's own team: who writes, who is invited, whose post ends."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.http import Request
from portal.models import Membership
from portal.roles import Role

from ..actors import city_of
from ..forms.invitations import InviteForm
from ..machine import NotAllowed
from ..models import Invitation
from ..services import invitations, verification
from ..services import people as service
from . import people

MOST_SENDINGS = 20  # in five minutes, by one city


def city_people(request: Request) -> HttpResponse:
    """Show who writes for the city; its lead sees the invitations as well."""
    home = city_of(request.post)
    is_lead = request.post.role == Role.CITY_LEAD
    asked = list(invitations.of_city(home)[:100]) if is_lead else []
    troubles = invitations.troubles(asked)
    rows = [{"invitation": one, "standing": one.standing, "trouble": troubles.get(one.pk, "")} for one in asked]
    team = [{"post": post, "may_end": is_lead and service.leads(request.post, post)} for post in invitations.team(home)]
    context = {"team": team, "rows": rows, "is_lead": is_lead, "standings": Invitation.Standing}
    return render(request, "review/city_people.html", context)


def city_invite(request: Request) -> HttpResponse:
    """Ask somebody by mail; the department may come with the address."""
    initial = {"department": request.GET.get("department", "")[:80]}
    form = InviteForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _slow_down(request)
            invitations.invite(**form.cleaned_data, by=request.post)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The invitation is on its way to %s.") % form.cleaned_data["email"])
            return redirect("city_people")
    context = {"form": form, "departments": invitations.departments(city_of(request.post))}
    return render(request, "review/city_invite.html", context, status=422 if form.errors else 200)


def _slow_down(request: Request) -> None:
    minutes = verification.minutes_to_wait(f"invite:{city_of(request.post)}", most=MOST_SENDINGS)
    if minutes:
        told = ngettext(
            "Your city has sent many invitations just now. Wait %d minute and try again.",
            "Your city has sent many invitations just now. Wait %d minutes and try again.",
            minutes,
        )
        raise NotAllowed([told % minutes])


def _own(request: Request, pk: int) -> Invitation:
    return get_object_or_404(invitations.of_city(city_of(request.post)), pk=pk)


@require_POST
def invitation_resend(request: Request, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        _slow_down(request)
        invitations.resend(found, by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        told = _("A new link is on its way to %s; the former one no longer works.")
        messages.success(request, told % found.email)
    return redirect("city_people")


@require_POST
def invitation_revoke(request: Request, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        invitations.revoke(found, by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        told = _("The invitation of %s is taken back; its link no longer works.")
        messages.success(request, told % found.full_name)
    return redirect("city_people")


def _editor(request: Request, pk: int) -> Membership:
    """Return an editor's post of the lead's own city; others do not exist for it."""
    post = get_object_or_404(people.POSTS.select_related("user"), pk=pk)
    if not service.leads(request.post, post):
        raise Http404
    return post


def city_post_end(request: Request, pk: int) -> HttpResponse:
    return people.end_step(request, _editor(request, pk), back=_back())


def city_post_hand_over(request: Request, pk: int) -> HttpResponse:
    return people.hand_over_step(request, _editor(request, pk), back=_back())


def _back() -> dict[str, str]:
    return {"url": reverse("city_people"), "label": _("Back to the city's people")}
