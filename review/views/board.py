"""The review board: every plan before the group, whose turn, what is late."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from applications.models import Province
from portal import clock
from portal.http import Request
from portal.models import Membership
from portal.roles import Role

from ..actors import seats_in_force
from ..models import Annotation, Assignment, Case, OpinionItem, Round, Verdict
from ..models.annotations import NoteKind
from ..queries import cases_for, for_lists
from ..states import FACTS, OPEN, State, Turn
from .desks import PER_PAGE, filtered, row

VIEWS = (
    ("turn=me", _("My turn")),
    ("overdue=yes", _("Overdue")),
    ("due=week", _("Due within seven days")),
    ("state=proposed", _("Proposed for approval")),
    ("", _("All")),
)
LEADER_DECIDES = (State.OPINION_DRAFTING, State.RECHECK, State.FORMAL_REVIEW)
FILTERS = ("state", "turn", "overdue", "due", "province", "q")


def board(request: Request) -> HttpResponse:
    """Show one row a plan; every filter stands in the address, so a view can be sent as a link."""
    everything = cases_for(request.post)
    found: QuerySet[Any] = _counted(for_lists(_narrowed(request, filtered(request, everything)))).order_by(
        "due", "city_id", "pk"
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [row(c) | {"open_notes": c.open_notes, "notes": c.notes} for c in page]
    members = _members([r["case"] for r in rows])
    for item in rows:
        item["members"] = members.get(item["case"].pk, [])
    filters = {k: request.GET.get(k, "") for k in FILTERS}
    here = "&".join(f"{k}={v}" for k, v in filters.items() if v)
    context = {
        "page": page,
        "rows": rows,
        "states": State.choices,
        "turns": [("me", VIEWS[0][1]), *Turn.choices],
        "provinces": Province.objects.filter(cities__cases__in=everything).distinct(),
        "filters": filters,
        "is_filtered": bool(here),
        "views": [{"query": query, "label": label, "current": query == here} for query, label in VIEWS],
    }
    return render(request, "review/board.html", context)


def _narrowed(request: Request, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Apply ``turn`` (``me`` or whose), ``overdue`` and ``due=week``."""
    turn, now = request.GET.get("turn", ""), clock.now()
    if turn == "me":
        cases = cases.filter(_my_turn(request.post))
    elif turn in Turn.values:
        cases = cases.filter(_turn_of(turn))
    if request.GET.get("overdue") == "yes":
        cases = cases.filter(due__lt=now, state__in=OPEN)
    if request.GET.get("due") == "week":
        cases = cases.filter(due__gte=now, due__lt=now + timedelta(days=7), state__in=OPEN)
    return cases


def _turn_of(turn: str) -> Q:
    """A plan found ready is its city's or the local DRC's turn: its release decides, not its state."""
    states = Q(state__in=[s for s, facts in FACTS.items() if facts.turn == turn and s != State.READY])
    if turn not in {Turn.CITY, Turn.LOCAL_DRC}:
        return states
    ready = Case.objects.filter(state=State.READY).select_related("plan")
    return states | Q(pk__in=[case.pk for case in ready if case.turn == turn])


def _my_turn(post: Membership) -> Q:
    if post.role == Role.GROUP_OFFICE:
        return _turn_of(Turn.GROUP_OFFICE)
    if post.role == Role.GROUP_LEADER:
        return Q(state__in=LEADER_DECIDES)
    seats = seats_in_force().filter(member=post)
    unpublished = seats.filter(published_at__isnull=True, round__closed_at__isnull=True)
    writing = Q(state=State.UNDER_DISCUSSION, rounds__in=unpublished.values("round"))
    return Q(
        pk__in=Case.objects.filter(writing | Q(state=State.RECHECK, rounds__in=seats.values("round"))).values("pk")
    )


def _counted(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add the published notes of the newest opened round, all and open; private ones are counted for nobody.

    Praise asks for nothing; the rest is open until it is resolved, declined or its item has its last verdict.
    """
    newest = Round.objects.filter(case=OuterRef(OuterRef("pk")), opened_at__isnull=False).order_by("-number")
    notes = Annotation.objects.filter(round=Subquery(newest.values("pk")[:1]), published_at__isnull=False)

    def count(found) -> Coalesce:
        numbers = found.order_by().values("round").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)

    settled = OpinionItem.objects.filter(
        sources=OuterRef("pk"), verdict__verdict__in=[Verdict.Kind.SOLVED, Verdict.Kind.WITHDRAWN]
    )
    asking = notes.filter(resolved_at__isnull=True, decline__isnull=True).exclude(kind=NoteKind.STRENGTH)
    return cases.annotate(notes=count(notes), open_notes=count(asking.exclude(Exists(settled))))


def _members(cases: list[Case]) -> dict[int, list[dict]]:
    """Return the members of each case's newest round with what they have done, in one query."""
    seats = (
        Assignment.objects.filter(round__case__in=cases, excused_at__isnull=True)
        .select_related("member__user", "round")
        .order_by("round__case", "round__number", "pk")
    )
    newest: dict[int, int] = {}
    for seat in seats:
        newest[seat.round.case_id] = seat.round_id
    found: dict[int, list[dict]] = {}
    for seat in seats:
        if newest[seat.round.case_id] == seat.round_id:
            entry = {"name": seat.member.user.full_name, "published": seat.published_at is not None}
            found.setdefault(seat.round.case_id, []).append(entry)
    return found
