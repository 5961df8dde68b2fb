"""What every page shows around its own content."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from . import access
from .roles import AGENCY

NAVIGATION = (
    ("home", _("Home")),
    ("plans", _("Creation plans")),
    ("city_people", _("City's people")),
    ("channel_desk", _("Channel desk")),
    ("review_board", _("Review")),
    ("batches", _("Batches and approval")),
    ("people", _("People and posts")),
    ("audit", _("Audit trail")),
    ("outbox", _("Outbox")),
    ("access_table", _("Access table")),
    ("verify", _("Verify a letter")),
    ("help", _("Help")),
)


def page(request: HttpRequest) -> dict:
    post = getattr(request, "post", None) or None
    return {
        "site_name": settings.SITE_NAME,
        "post": post,
        "nav": navigation(request, post),
        "unread": request.user.notices.filter(read_at__isnull=True).count() if post else 0,
        "other_language": other_language(request),
        "idle_seconds": 60 * idle_minutes(post),
        "idle_warning_seconds": settings.IDLE_WARNING_SECONDS,
        "extend_url": reverse("stay"),
    }


def idle_minutes(post) -> int:
    """Return the idle limit of a post: shorter for those who sign."""
    return settings.IDLE_MINUTES_SIGNERS if post and post.role in AGENCY else settings.IDLE_MINUTES


def navigation(request: HttpRequest, post) -> list[dict]:
    """Return the words of the header that the table opens to this post."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {"url": reverse(name), "label": label, "current": name == here}
        for name, label in NAVIGATION
        if access.may(name, "GET", post)
    ]


def other_language(request: HttpRequest) -> dict:
    """Return the same page's address in the other language."""
    code = "en" if translation.get_language() == "zh-hans" else "zh-hans"
    label = dict(settings.LANGUAGES)[code]
    try:
        match = resolve(request.path_info)
        with translation.override(code):
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    except (Resolver404, NoReverseMatch):
        with translation.override(code):
            url = reverse("front")
    query = request.META.get("QUERY_STRING", "")
    return {"code": "zh-CN" if code == "zh-hans" else code, "label": label, "url": f"{url}?{query}" if query else url}
