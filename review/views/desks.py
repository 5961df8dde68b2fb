"""Lists of plans: the general one and the channel office's desk."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from applications.models import Province
from portal.http import Request
from portal.lines import line

from .. import dates, presenting
from ..actors import city_with_people_of
from ..queries import cases_for, for_lists
from ..services.cases import calls_to_begin, direct_call
from ..states import State, Turn

PER_PAGE = 30


def row(case) -> dict:
    """Return one list row, ready to print."""
    return {
        "case": case,
        "url_ref": case.plan.reference,
        "state": presenting.state_tag(case.state),
        "turn": presenting.turn(case) if case.is_open else "",
        "due": presenting.due(case) if case.is_open else None,
        "version": case.version_number,
    }


def filtered(request: Request, cases):
    """Apply the filters of the address: ``state``, ``province``, ``q`` (city name, pinyin initials, reference)."""
    state, province, text = (line(request.GET.get(k, "")) for k in ("state", "province", "q"))
    if state in State.values:
        cases = cases.filter(state=state)
    if province:
        cases = cases.filter(city__province_id=province)
    if text:
        cases = cases.filter(
            Q(city__name__icontains=text)
            | Q(city__initials__istartswith=text)
            | Q(city__slug__istartswith=text)
            | Q(plan__reference__icontains=text)
        )
    return cases


def plans(request: Request) -> HttpResponse:
    """Every plan this post may know of."""
    everything = cases_for(request.post)
    is_city = request.post.role in {"city_editor", "city_lead"}
    city = city_with_people_of(request.post) if is_city else None
    found = for_lists(filtered(request, everything)).order_by("due", "city_id", "pk")
    filters = {k: request.GET.get(k, "") for k in ("state", "province", "q")}
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "review/plans.html",
        {
            "page": page,
            "rows": [row(c) for c in page],
            "states": State.choices,
            "provinces": Province.objects.filter(cities__cases__in=everything).distinct(),
            "filters": filters,
            "narrowed": any(filters.values()),
            "is_city": is_city,
            "may_begin": city is not None and calls_to_begin(city).exists(),
            "direct": is_city and city is not None and direct_call(city) is not None,
        },
    )


def channel_desk(request: Request) -> HttpResponse:
    """What waits at this office, and where its other cities stand."""
    mine = for_lists(cases_for(request.post)).order_by("due", "pk")
    rows = [row(c) for c in mine]
    for item in rows:
        item["here"] = _is_here(item["case"], request.post.organisation_id)
    return render(
        request,
        "review/channel_desk.html",
        {
            "waiting": [r for r in rows if r["here"]],
            "others": [r for r in rows if not r["here"]],
            "role": request.post.role,
            "cascades": dates.cascades_of([r["case"] for r in rows if dates.through_province(r["case"])]),
        },
    )


def _is_here(case, office: int) -> bool:
    """Say whether this office has to act on the case now."""
    turn = case.turn
    return (turn == Turn.CHANNEL and case.channel_id == office) or (
        turn == Turn.LOCAL_DRC and case.local_drc_id == office
    )
