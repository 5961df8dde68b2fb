"""Who asks, in which post, and whether the one table lets them."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from . import access, acts, audit
from .context import idle_minutes
from .models import Membership
from .roles import Role
from .typed import typed

SESSION_POST = "post"
SESSION_MINUTE = "renewed"


class NoStore:
    """Nothing of the portal's pages stays in a shared computer's cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class Measured:
    """Refuse a body that is longer than any form of the portal, or of unknown length, before it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = settings.UPLOAD_LIMIT_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            reason = _("What was sent does not say how long it is. A file may be 20 MB at most. Nothing was stored.")
            return render(request, "413.html", {"reason": reason}, status=411)
        if length.isdecimal() and int(length) > most:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class Legible:
    """Refuse a NUL character where it would reach the database past any form; text fields say it themselves."""

    BARE = ("op_key", "ref", "row", "username", "next")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        values = [text for name, found in request.GET.lists() for text in (name, *found)]
        values += [value for name in self.BARE for value in request.POST.getlist(name)]
        if any("\x00" in value for value in (request.path, *values)):
            raise BadRequest("NUL character")


class Post:
    """Set ``request.post``: the membership in which the signed-in person acts, or ``None``; keep the idle limit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        request.post = SimpleLazyObject(lambda: find_post(request))
        if request.user.is_authenticated:
            self.renew(request.session, 60 * idle_minutes(request.post))
        return self.get_response(request)

    @staticmethod
    def renew(session, idle_seconds: int) -> None:
        """Let the idle limit begin anew, at most once a minute: each renewal writes the session's row."""
        minute = int(time.time()) // 60
        if session.get(SESSION_MINUTE) != minute or session.get_expiry_age() != idle_seconds:
            session[SESSION_MINUTE] = minute
            session.set_expiry(idle_seconds)


def find_post(request: HttpRequest) -> Membership | None:
    """Return the chosen post if it is still valid today; the only one if there is one; else ``None``."""
    if not request.user.is_authenticated:
        return None
    posts = list(request.user.posts().order_by())
    chosen = request.session.get(SESSION_POST)
    by_id = {p.pk: p for p in posts}
    if chosen in by_id:
        return by_id[chosen]
    return posts[0] if len(posts) == 1 else None


class Access:
    """Refuse every address that the table does not open to this post (default deny)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        match = request.resolver_match
        assert match is not None  # a view is about to run
        row = access.find(match.url_name, request.method)
        if row is None:
            if any(access.find(match.url_name, m) for m in ("GET", "POST")):
                return HttpResponse(status=405)
            return self.refuse(request, _("This page has no rule that opens it to anybody."))
        if row.public:
            return None
        if not request.user.is_authenticated:
            return self.sign_in(request)
        post = request.post if request.post else None
        if post is None:
            if match.url_name in {"posts", "logout"}:
                return None
            if not request.user.posts().exists():
                return self.refuse(request, _("You hold no post today. Ask your administrator."))
            return redirect(f"{redirect('posts').url}?next={request.path}")
        if not row.subject:
            return None if post.role in row.roles else self.refuse(request, self.who(row.roles))
        return self.check_subject(request, row, kwargs, post)

    def check_subject(self, request, row: access.Rule, kwargs, post) -> HttpResponse | None:
        subject = access.subject_of(row.subject, kwargs, post)
        if subject is None or not subject.actors:
            self.note(request)
            raise Http404
        for name, value in subject.on_request.items():
            setattr(request, name, value)
        request.subject = subject
        if not row.actors & subject.actors:
            who = "、".join(sorted(word for actor in row.actors if (word := acts.word(f"actor:{actor}"))))
            reason = _("This step is taken by: %s.") % who if who else _("Your post does not take this step.")
            return self.refuse(request, f"{reason} {row.note}".strip(), ask=who)
        if row.states and subject.state not in row.states:
            reason = _("This step is not open in the present state; go back and reload the page.")
            return self.refuse(request, reason, 409, back_url=subject.home)
        return None

    @staticmethod
    def who(roles) -> str:
        return _("This page is for: %s.") % "、".join(str(Role(r).label) for r in sorted(roles))

    @staticmethod
    def sign_in(request) -> HttpResponse:
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse('{"error":"signed_out"}', status=401, content_type="application/json")
        response = redirect_to_login(request.get_full_path() if request.method == "GET" else _page_before(request))
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": response.url})
        if text := typed(request):
            return render(request, "401.html", {"typed": text, "sign_in_url": response.url}, status=401)
        return response

    def refuse(self, request, reason: str, status: int = 403, **words: str) -> HttpResponse:
        """Answer in words; what was typed is handed back, because nothing of it was written."""
        self.note(request)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": "closed", "words": reason}, status=status)
        context = {"reason": reason, "typed": typed(request), **words}
        return render(request, "403.html" if status == 403 else "409.html", context, status=status)

    @staticmethod
    def note(request) -> None:
        post = request.post if request.post else None
        user = request.user if request.user.is_authenticated else None
        with transaction.atomic():
            audit.record(
                "access:refused",
                by=post,
                user=user,
                result="refused",
                path=request.path[:200],
                method=request.method,
                address=request.META.get("REMOTE_ADDR", ""),
            )


def _page_before(request: HttpRequest) -> str:
    """Return the path of the portal's page that a form was sent from, the home when that is not known."""
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure()):
        return urlsplit(before).path or "/home/"
    return "/home/"
