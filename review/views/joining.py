"""The link of an invitation: whoever holds it joins the city's team once, with a new account or their own."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from portal import audit
from portal.http import Request
from portal.middleware import SESSION_POST
from portal.models import Membership

from ..forms.invitations import JoinForm
from ..machine import NotAllowed
from ..models import Invitation
from ..services import invitations, verification

BACKEND = "django.contrib.auth.backends.ModelBackend"
GONE = 410


@sensitive_post_parameters("password", "again")
def join(request: Request, token: str) -> HttpResponse:
    """Show what the link opens, or say why it opens nothing; a link taken up works no more."""
    if waits := _slowed(request):
        return waits
    invitation = invitations.find(token)
    if invitation is None or invitation.standing != Invitation.Standing.OPEN:
        return _closed(request, invitation)
    if request.user.is_authenticated:
        return _with_account(request, invitation, token)
    if invitations.has_account(invitation):
        return render(request, "review/join.html", {"invitation": invitation, "step": "sign_in"})
    return _with_new_account(request, invitation, token)


def _slowed(request: Request) -> HttpResponse | None:
    minutes = verification.minutes_to_wait(f"join:{request.META.get('REMOTE_ADDR', '')}")
    if not minutes:
        return None
    told = ngettext(
        "Many links were opened from your network just now. Wait %d minute and try again.",
        "Many links were opened from your network just now. Wait %d minutes and try again.",
        minutes,
    )
    context = {"step": "closed", "reason": told % minutes}
    response = render(request, "review/join.html", context, status=429)
    response["Retry-After"] = str(60 * minutes)
    return response


def _closed(request: Request, invitation: Invitation | None) -> HttpResponse:
    if invitation is not None and request.method == "POST":
        audit.record("invitation:accept", invitation, result="refused", standing=str(invitation.standing))
    context = {"step": "closed", "reason": invitations.closed_words(invitation)}
    return render(request, "review/join.html", context, status=404 if invitation is None else GONE)


def _with_account(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    refused: list[str] = []
    is_own = invitations.is_for(invitation, request.user)
    if request.method == "POST":
        try:
            post = invitations.join(token, request.user)
        except NotAllowed as refusal:
            refused = refusal.reasons
        else:
            return _welcome(request, post)
    context = {"invitation": invitation, "step": "join" if is_own else "other", "refused": refused}
    return render(request, "review/join.html", context, status=409 if refused else 200)


def _with_new_account(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            post = invitations.open_account(token, account=data["account"], password=data["password"])
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            login(request, post.user, backend=BACKEND)
            audit.record("account:sign_in", user=post.user, address=request.META.get("REMOTE_ADDR", ""))
            return _welcome(request, post)
    context = {"invitation": invitation, "step": "account", "form": form}
    return render(request, "review/join.html", context, status=422 if form.errors else 200)


def _welcome(request: Request, post: Membership) -> HttpResponse:
    """Begin in the new post."""
    request.session[SESSION_POST] = post.pk
    facts = {"role": post.get_role_display(), "organisation": post.organisation.name}
    messages.success(request, _("Welcome: you are now %(role)s of %(organisation)s.") % facts)
    return redirect("home")
