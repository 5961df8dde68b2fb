"""A person's notices: unread first, each opening its exact place."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from .. import clock, notices
from ..http import Request


def notifications(request: Request) -> HttpResponse:
    own = request.user.notices
    if request.method == "POST":
        notices.read_all(request.user)
        return redirect("notifications")
    page = Paginator(own.order_by(F("read_at").desc(nulls_first=True), "-created_at"), 30).get_page(
        request.GET.get("page")
    )
    rows = [(notice, *notices.words(notice)) for notice in page]
    return render(request, "portal/notifications.html", {"page": page, "rows": rows})


def notice(request: Request, pk: int) -> HttpResponse:
    """Mark one notice read and go to its place."""
    found = get_object_or_404(request.user.notices, pk=pk)
    if found.read_at is None:
        found.read_at = clock.now()
        found.save(update_fields=["read_at"])
    prefix = "/en" if get_language() == "en" else ""
    return redirect(prefix + found.path)
