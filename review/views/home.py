"""The role home: what needs me now, what I wait for, what changed since I last came."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from applications import tasks_list
from portal import notices
from portal.http import Request
from portal.models import Membership
from portal.roles import ADMINS, CITY, Role

from .. import pinned, presenting, todo
from ..models import Case, Letter
from ..queries import cases_for
from ..states import OPEN


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
            "parts": _parts(request.post, own),
            "is_admin": request.post.role in ADMINS,
        },
    )


def _parts(post: Membership, own: QuerySet[Case]) -> list[tuple[tasks_list.Row, str]]:
    """Return what the division of work gives to an editor's department, while the plan can be written."""
    if post.role != Role.CITY_EDITOR:
        return []
    case = own.filter(state__in=OPEN).select_related("plan").order_by("-pk").first()
    if case is None or not case.plan.may_be_edited:
        return []
    return tasks_list.of_department(case.plan, post.organisation_id, pinned.waiting(case))
