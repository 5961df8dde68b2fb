"""The role home: what needs me now, what I wait for, what changed since I last came."""

from django.http import HttpResponse
from django.shortcuts import render

from portal import notices
from portal.http import Request
from portal.roles import ADMINS

from .. import todo


def home(request: Request) -> HttpResponse:
    now, waiting = todo.for_post(request.post) if request.post.role not in ADMINS else ([], [])
    recent = request.user.notices.all()[:5]
    return render(
        request,
        "review/home.html",
        {
            "now": now,
            "waiting": waiting,
            "recent": [(notice, *notices.words(notice)) for notice in recent],
            "is_city": request.post.role in {"city_editor", "city_lead"},
            "is_admin": request.post.role in ADMINS,
        },
    )
