"""Who is told of a move: the people whose turn it is now, and the city of every step."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal import notices
from portal.models import Membership
from portal.roles import CITY, Role

from .actors import members_asked
from .models import Assignment, BatchAgency, Case, Move
from .states import State, Turn

notices.register(
    {
        "turn": notices.Kind(
            _("%(city)s: it is now your turn (%(state)s)"),
            _("%(city)s: “%(move)s”. The plan now stands at “%(state)s” and it is your turn.%(due)s"),
        ),
        "moved": notices.Kind(
            _("%(city)s: the plan now stands at “%(state)s”"),
            _("%(city)s: “%(move)s”. The plan now stands at “%(state)s”.%(reason)s"),
        ),
    }
)

notices.register(
    {
        "view_wanted": notices.Kind(
            _("%(city)s: please give your view on the plan filed formally"),
            _("The plan of %(city)s is under formal review. Give your view before the opinion is signed;"
              " whoever has not replied by then is recorded as without a reply."),
        ),
        "formal_opinion": notices.Kind(
            _("%(city)s: the formal review opinion %(number)s"),
            _("The formal review opinion %(number)s on the plan of %(city)s has been sent to the agencies;"
              " it can be read and downloaded."),
        ),
    }
)  # fmt: skip

RELEASED = _("Release for formal filing")
DUE = gettext_noop(" Please act by %(moment)s.")  # follows a full stop, which Chinese sets without a space


def city_people(case: Case):
    """Return the current posts of the applying city."""
    return Membership.objects.holding(*CITY).of_city(case.city.government_id)


def people_on_turn(case: Case, turn: Turn | None = None):
    """Return the posts that must act now; a release is the city lead's alone."""
    posts = Membership.objects
    turn = turn or case.turn
    if turn == Turn.CITY:
        people = city_people(case)
        return people.filter(role=Role.CITY_LEAD) if case.state == State.READY else people
    if turn == Turn.CHANNEL:
        return posts.holding(Role.CHANNEL_OFFICE, Role.LOCAL_DRC).filter(organisation=case.channel_id)
    if turn == Turn.LOCAL_DRC:
        return posts.holding(Role.LOCAL_DRC).filter(organisation=case.local_drc_id)
    if turn == Turn.GROUP_OFFICE:
        return posts.holding(Role.GROUP_OFFICE)
    if turn == Turn.GROUP_LEADER:
        return posts.holding(Role.GROUP_LEADER)
    if turn == Turn.EXPERTS:
        open_ones = Assignment.objects.filter(round=case.current_round, excused_at__isnull=True)
        if case.state == State.UNDER_DISCUSSION:
            open_ones = open_ones.filter(published_at__isnull=True)
        return posts.current().filter(pk__in=open_ones.values("member")).select_related("user", "organisation")
    if turn == Turn.LEAD_AGENCY:
        lead = case.call.agencies.order_by("position").values("organisation")[:1]
        return posts.holding(Role.AGENCY_HANDLER).filter(organisation__in=lead)
    if turn == Turn.AGENCIES:
        lanes = BatchAgency.objects.filter(batch__lines__case=case, batch__lines__is_current=True)
        return posts.holding(Role.AGENCY_HANDLER, Role.AGENCY_SIGNER).filter(
            organisation__in=lanes.values("organisation")
        )
    return posts.none()


def moved(case: Case, move: Move, *, title) -> None:
    """Write the notices of one move; the mover is told nothing."""
    facts = _facts(case, title) | {"reason": f" {move.reason}" if move.reason else ""}
    key, path = f"move:{case.pk}:{move.number}", case.plan.path
    next_ones = [p for p in _next_ones(case) if p.user_id != move.by.user_id]
    notices.send("turn", to=next_ones, key=key, path=path, facts=facts)
    told = {p.user_id for p in next_ones} | {move.by.user_id}
    others = [p for p in city_people(case) if p.user_id not in told]
    notices.send("moved", to=others, key=key, path=path, facts=facts)


def views_wanted(case: Case, move: Move) -> None:
    """Ask every member of the group who is seated on this case for a view on the version filed."""
    path = f"{case.plan.path}formal-opinion/view/"
    facts = {"city": case.city.name}
    notices.send("view_wanted", to=members_asked(case), key=f"view:{case.pk}:{move.number}", path=path, facts=facts)


def opinion_sent(case: Case, *, to) -> None:
    """Tell the handlers of agencies of the last formal review opinion sent, each of them once."""
    opinion = case.opinions.filter(kind="formal", sent_at__isnull=False).first()
    if opinion is None:
        return
    facts, path = {"city": case.city.name, "number": opinion.number}, f"{case.plan.path}formal-opinion/"
    notices.send("formal_opinion", to=to, key=f"formal_opinion:{opinion.pk}", path=path, facts=facts)


def handlers_of_call(case: Case):
    """Return the handlers of every agency of the call."""
    agencies = case.call.agencies.values("organisation")
    return Membership.objects.holding(Role.AGENCY_HANDLER).filter(organisation__in=agencies)


def released(case: Case) -> None:
    """Tell the local DRC that it is its turn; a release is no move of the state machine."""
    key = f"release:{case.pk}:{case.released_at.isoformat()}"
    notices.send("turn", to=people_on_turn(case), key=key, path=case.plan.path, facts=_facts(case, RELEASED))


def _facts(case: Case, title) -> dict:
    return {
        "city": case.city.name,
        "move": {"msg": notices.source(title)},
        "state": {"msg": notices.source(State(case.state).label)},
        "due": {"msg": DUE, "with": {"moment": {"moment": case.due.isoformat()}}} if case.due else "",
    }


def _next_ones(case: Case):
    """A closed case asks nobody; agencies are asked once for the whole batch, not once a city."""
    return people_on_turn(case) if case.is_open and case.turn != Turn.AGENCIES else ()
