"""Signing in and out, choosing the post in which one acts, changing the password."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .. import audit
from ..forms.accounts import NewPasswordForm, SignInForm, locked_words
from ..http import Request
from ..middleware import SESSION_POST


def safe_next(request: Request) -> str:
    """Return the address to go on to: the asked one if it is ours, else the home page."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("home")


@sensitive_post_parameters("password")
def sign_in(request: Request) -> HttpResponse:
    """Sign in by account and password; each try is audited."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(safe_next(request))
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            login(request, form.get_user())
            audit.record("account:sign_in", user=request.user, address=request.META.get("REMOTE_ADDR", ""))
            return redirect(safe_next(request))
        _note_failure(request)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "portal/login.html", context, status=422 if request.method == "POST" else 200)


def locked_out(request: Request, original_response=None, credentials=None, *args, **kwargs) -> HttpResponse:
    """What a locked name is told: until when. It takes the place of the page of ``sign_in``, which noted the try."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    form = SignInForm(request)
    context = {"form": form, "locked": locked_words(name), "next": request.POST.get("next", "")}
    return render(request, "portal/login.html", context, status=429)


def _note_failure(request: Request) -> None:
    audit.record(
        "account:sign_in",
        result="refused",
        name=request.POST.get("username", "")[:60],
        address=request.META.get("REMOTE_ADDR", ""),
    )


@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        audit.record("account:sign_out", user=request.user)
    logout(request)
    return redirect("front")


def posts(request: Request) -> HttpResponse:
    """Pick the post in which to act; a person with several switches here."""
    own = list(request.user.posts())
    if request.method == "POST":
        chosen = next((p for p in own if str(p.pk) == request.POST.get("post")), None)
        if chosen is None:
            messages.error(request, _("Choose one of your posts."))
        else:
            request.session[SESSION_POST] = chosen.pk
            audit.record("account:post", by=chosen)
            return redirect(safe_next(request))
    return render(request, "portal/posts.html", {"posts": own, "next": request.GET.get("next", "")})


@sensitive_post_parameters()
def password(request: Request) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False).save(update_fields=["password"])
        update_session_auth_hash(request, request.user)
        audit.record("account:password", by=request.post)
        messages.success(request, _("Your password has been changed."))
        return redirect("home")
    return render(request, "portal/password.html", {"form": form})


@require_POST
def stay(request: Request) -> JsonResponse:
    """Typing counts as activity: the page asks for a longer session."""
    request.session.modified = True
    return JsonResponse({"status": "ok"})
