"""What still rests on one post: its own seats, and shared work that nobody else could do (requirement A1)."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.models import Membership
from portal.roles import CITY, GROUP, Role

from . import todo
from .actors import city_of
from .models import Assignment, Case, OpinionItem, Recusal
from .models.opinions import Dimension
from .queries import cases_for, for_lists, with_turn_facts
from .services.responses import ANSWERING
from .states import OPEN, State


@dataclass(frozen=True, slots=True)
class Duty:
    """``text`` names city and step and nothing of the plan; ``url`` is the page of whoever takes the step."""

    text: str
    url: str
    case: Case | None = None
    seat: Assignment | None = None


def duties(post: Membership) -> list[Duty]:
    """Return what stays undone when this post ends: seats of its own, and work whose last holder it is."""
    if post.role == Role.EXPERT:
        return seats(post)
    if post.starts > clock.today():
        return []
    others = set(peers(post).values_list("user_id", flat=True))
    if others and post.role not in GROUP:
        return entrusted(post)
    found = cases_on(post)
    recused = set(Recusal.objects.filter(case__in=[d.case for d in found]).values_list("case_id", "user_id"))
    alone = [d for d in found if d.case and all((d.case.pk, user) in recused for user in others)]
    return alone + entrusted(post) + ([] if others else batches_on(post))


def work(post: Membership) -> list[Duty]:
    """Return everything that stands on this post now, whether or not somebody else could do it too."""
    if post.role == Role.EXPERT:
        return seats(post)
    return cases_on(post) + batches_on(post)


def peers(post: Membership) -> QuerySet[Membership]:
    """Return other people's current posts that do the same work; a city's editors and leads count city-wide."""
    others = Membership.objects.holding(Role(post.role)).exclude(user_id=post.user_id)
    return others.of_city(city_of(post)) if post.role in CITY else others.filter(organisation=post.organisation_id)


def seats(post: Membership) -> list[Duty]:
    """Return a member's seats in rounds that are prepared, being discussed, or whose answers are being checked."""
    states = [State.AWAITING_DISCUSSION, State.UNDER_DISCUSSION, State.RECHECK]
    held = (
        Assignment.objects.filter(member=post, excused_at__isnull=True, round__case__state__in=states)
        .select_related("round__version", "round__case__plan", "round__case__city", "round__case__call")
        .annotate(levels_given=Count("levels"))
        .order_by("round__case_id", "round__number")
    )
    newest: dict[int, int] = {}
    for case_id, number in Assignment.objects.filter(
        round__case__in=[s.round.case_id for s in held], round__opened_at__isnull=False
    ).values_list("round__case_id", "round__number"):
        newest[case_id] = max(number, newest.get(case_id, 0))
    open_items = OpinionItem.objects.filter(verdict__isnull=True, opinion__sent_at__isnull=False)
    unjudged = set(open_items.filter(opinion__round__in=[s.round_id for s in held]).values_list("opinion__round"))
    found = []
    for seat in held:
        live = seat.round.opened_at is None or seat.round.number == newest.get(seat.round.case_id)
        words = _seat_words(seat, judging=(seat.round_id,) in unjudged) if live else ""
        if words:
            case = seat.round.case
            url = reverse("plan_read", args=[case.plan.reference, seat.round.version.number])
            found.append(Duty(f"{case.city.name}：{words}", url, case, seat))
    return found


def _seat_words(seat, *, judging: bool) -> str:
    if seat.round.opened_at is None:
        return _("Read and annotate the plan in the coming round")
    state = seat.round.case.state
    if state == State.UNDER_DISCUSSION and seat.published_at is None:
        return _("Annotate the plan and publish your notes")
    if state == State.RECHECK and judging:
        return _("Give a verdict on the answers")
    if state == State.RECHECK and seat.levels_given < len(Dimension):
        return _("Fill in the maturity sheet")
    return ""


def cases_on(post: Membership) -> list[Duty]:
    """Return the cases on which this post has to act now."""
    found = with_turn_facts(for_lists(cases_for(post)), post).filter(state__in=OPEN).order_by("due", "pk")
    return [
        Duty(f"{case.city.name}：{step[0]}", todo.place(case, step[1]), case)
        for case in found
        if (step := todo.act(case, post))
    ]


def batches_on(post: Membership) -> list[Duty]:
    return [Duty(row["title"], row["url"]) for row in todo.batches(post)]


def entrusted(post: Membership) -> list[Duty]:
    """Return the unanswered items shared out to the department whose last editor this post is."""
    office = post.organisation
    if post.role != Role.CITY_EDITOR or peers(post).filter(organisation=office).exists():
        return []
    items = OpinionItem.objects.filter(
        opinion__sent_at__isnull=False, response__department__in=[office.name, office.short_name],
        response__answered_at__isnull=True, opinion__case__state__in=ANSWERING,
        opinion__case__city__government_id=city_of(post),
    )  # fmt: skip
    rows = items.values("opinion__case__city__name", "opinion__case__plan__reference", "opinion__round__number")
    found = []
    for row in rows.annotate(left=Count("pk")).order_by("opinion__case_id"):
        words = ngettext("Answer %d item shared out to %s", "Answer %d items shared out to %s", row["left"])
        url = reverse("plan_responses", args=[row["opinion__case__plan__reference"], row["opinion__round__number"]])
        found.append(Duty(f"{row['opinion__case__city__name']}：{words % (row['left'], office.short_name)}", url))
    return found
