"""Ending a post, suspending a person, handing work over: never while something would stay undone (requirement A1)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, clock, notices
from portal.models import Membership, User
from portal.roles import GROUP, Role

from ..actors import city_of
from ..duties import Duty, duties, peers, work
from ..machine import NotAllowed
from ..models import Assignment, Case
from . import rounds
from .desk import words

notices.register(
    {
        "handed_over": notices.Kind(
            gettext_lazy("Your work has been handed over"),
            gettext_lazy("%(who)s has taken over your open work as %(role)s. It concerns: %(what)s."),
        ),
        "taken_over": notices.Kind(
            gettext_lazy("You have taken over the work of %(who)s"),
            gettext_lazy("You have taken over the open work of %(who)s as %(role)s. It concerns: %(what)s."),
        ),
        "post_ends": notices.Kind(
            gettext_lazy("Your post ends"),
            gettext_lazy("Your post as %(role)s at %(where)s ends on %(day)s; that day is the last one."),
        ),
    }
)


def end_post(post: Membership, *, on: date, by: Membership) -> Membership:
    """Make ``on`` the last day of a post; refused with the list while duties are open."""
    with transaction.atomic():
        post = _hold(by, [post])[0]
        if post.user_id == by.user_id:
            raise NotAllowed([_("Nobody ends their own post; ask another administrator.")])
        if post.ends and post.ends < clock.today():
            raise NotAllowed([_("This post has ended already.")])
        if on < clock.today() or on < post.starts:
            raise NotAllowed([_("The last day of a post is today or later, and not before the post begins.")])
        _refuse_while_open([post])
        post.ends = on
        post.save(update_fields=["ends"])
        audit.record("post:end", post, by=by, username=post.user.username, role=post.role, on=on.isoformat())
        facts = {"role": _role(post), "where": post.organisation.name, "day": on.isoformat()}
        notices.send("post_ends", to=[post], key=f"post_ends:{post.pk}:{on}", path="/posts/", facts=facts)
        return post


def suspend(user: User, *, reason: str, by: Membership) -> User:
    """Close the portal to a person at once; refused with the list while any of their posts has open duties."""
    with transaction.atomic():
        _administers(by)
        held = _hold(by, user.posts())
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.pk == by.user_id:
            raise NotAllowed([_("Nobody suspends themselves; ask another administrator.")])
        if not user.is_active:
            raise NotAllowed([_("This person is suspended already.")])
        reason = words(reason, _("Give the reason for the suspension."), most=500)
        _refuse_while_open(held)
        user.is_active = False
        user.save(update_fields=["is_active"])
        audit.record("person:suspend", user, by=by, username=user.username, reason=reason)
        return user


def reinstate(user: User, *, reason: str, by: Membership) -> User:
    """Open the portal to a suspended person again, with the posts that are still valid."""
    with transaction.atomic():
        _administers(by)
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active:
            raise NotAllowed([_("This person is not suspended.")])
        reason = words(reason, _("Give the reason for the reinstatement."), most=500)
        user.is_active = True
        user.save(update_fields=["is_active"])
        audit.record("person:reinstate", user, by=by, username=user.username, reason=reason)
        return user


def successors(post: Membership):
    """Return who may take the work of a post over: the same role in the same organisation."""
    return peers(post).filter(organisation_id=post.organisation_id).order_by("user__full_name", "pk")


def hand_over(post: Membership, successor: Membership, *, by: Membership) -> list[Duty]:
    """Pass all open work of a post to another one of its organisation and role; all of it or nothing.

    Seats change hands; shared work is told. A successor recused from one of the plans is refused with the reason.
    """
    with transaction.atomic():
        _administers(by, post)
        seen = {d.case.pk for d in work(post) if d.case}
        cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk"))
        post = _hold(by, [post])[0]
        if not successors(post).filter(pk=successor.pk).exists():
            raise NotAllowed([_("Only somebody who holds the same role in the same organisation today can take over.")])
        open_ones = work(post)
        if not open_ones:
            raise NotAllowed([_("This post has no open work to hand over.")])
        if {d.case.pk for d in open_ones if d.case} - {c.pk for c in cases}:
            raise NotAllowed([_("More work has just arrived; look at the list and hand over again.")])
        _refuse_recused(open_ones, successor)
        moved = [_pass_on(d.seat, successor, by=by) for d in open_ones if d.seat]
        entry = audit.record(
            "post:hand_over", post, by=by, username=post.user.username, to=successor.user.username,
            seats=moved, work=[d.text for d in open_ones],
        )  # fmt: skip
        _tell(post, successor, open_ones, entry.seq)
        for case in cases:
            rounds.tell_when_all_published(case)
        return open_ones


def _pass_on(seat: Assignment, successor: Membership, *, by: Membership) -> int:
    """End one seat and give the round another; unpublished notes stay with who wrote them."""
    seat.excused_at = clock.now()
    seat.excused_reason = _("Handed over to %s.") % successor.user.full_name
    seat.save(update_fields=["excused_at", "excused_reason"])
    taken, new = Assignment.objects.get_or_create(
        round=seat.round,
        member=successor,
        defaults={"assigned_by": by, "assigned_at": clock.now(), "recusal_checked": True},
    )
    if not new and taken.excused_at:
        taken.excused_at, taken.excused_reason, taken.recusal_checked = None, "", True
        taken.save(update_fields=["excused_at", "excused_reason", "recusal_checked"])
    return taken.pk


def _tell(post: Membership, successor: Membership, open_ones: list[Duty], seq: int) -> None:
    what = "；".join(dict.fromkeys(d.case.city.name if d.case else d.text for d in open_ones))
    for kind, reader, other in (("handed_over", post, successor), ("taken_over", successor, post)):
        facts = {"who": other.user.full_name, "role": _role(post), "what": what}
        notices.send(kind, to=[reader], key=f"{kind}:{seq}", path="/home/", facts=facts)


def _role(post: Membership) -> dict[str, str]:
    return {"msg": notices.source(Role(post.role).label)}


def leads(by: Membership, post: Membership) -> bool:
    """Say whether the post is an editor's of the city that ``by`` leads."""
    return by.role == Role.CITY_LEAD and post.role == Role.CITY_EDITOR and city_of(post) == city_of(by)


def _administers(by: Membership, *posts: Membership) -> None:
    if by.role != Role.SECURITY_ADMIN and not (posts and all(leads(by, post) for post in posts)):
        raise NotAllowed([_("Posts are looked after by the security administrator.")])


def _hold(by: Membership, posts: Iterable[Membership]) -> list[Membership]:
    """Lock posts together with their peers, in order of id: of the last two holders only one can leave at a time."""
    posts = list(posts)
    _administers(by, *posts)
    wanted = {p.pk for p in posts}
    ids = wanted | {peer.pk for p in posts for peer in peers(p)}
    held = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    return [p for p in held.filter(pk__in=ids).order_by("pk") if p.pk in wanted]


def _refuse_while_open(posts: list[Membership]) -> None:
    found = [d.text for post in posts for d in duties(post)]
    if found:
        raise NotAllowed([_("Hand this over or finish it first:"), *found])


def _refuse_recused(open_ones: list[Duty], successor: Membership) -> None:
    """Whoever must stand back from a plan cannot take over work on it."""
    if successor.role != Role.EXPERT and successor.role not in GROUP:
        return
    reasons = []
    for case in {d.case.pk: d.case for d in open_ones if d.case}.values():
        if reason := rounds.conflict(case, successor.user):
            shown = {"city": case.city.name, "who": successor.user, "reason": reason}
            reasons.append(_("%(city)s: %(who)s must stand back. %(reason)s") % shown)
    if reasons:
        raise NotAllowed(reasons)
