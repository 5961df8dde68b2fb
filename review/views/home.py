"""The role home: what needs me now, what I wait for, what changed since I last came."""

from django.http import HttpResponse
from django.shortcuts import render

from portal import notices
from portal.http import Request
from portal.roles import ADMINS, CITY

from .. import presenting, todo
from ..models import Case, Letter
from ..queries import cases_for


def home(request: Request) -> HttpResponse:
    now, waiting = todo.for_post(request.post) if request.post.role not in ADMINS else ([], [])
    recent = request.user.notices.all()[:5]
    is_city = request.post.role in CITY
    own = cases_for(request.post) if is_city else Case.objects.none()
    return render(
        request,
        "review/home.html",
        {
            "now": now,
            "waiting": waiting,
            "recent": [(notice, *notices.words(notice)) for notice in recent],
            "is_city": is_city,
            "has_plan": own.exists,  # asked only where the page needs it
            "letters": presenting.letters(Letter.objects.filter(line__case__in=own)),
            "is_admin": request.post.role in ADMINS,
        },
    )
