"""How members of the coordination group are named: in full within the group, 专家甲, 专家乙 towards the cities."""

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.models import Membership
from portal.roles import AGENCY, GROUP, Role

from .models import Assignment, Case

STEMS = "甲乙丙丁戊己庚辛壬癸"
LETTERS = "ABCDEFGHIJ"
WITHIN = GROUP | {Role.EXPERT} | AGENCY


def display_name(member: Membership, case: Case, viewer: Membership) -> str:
    """Return the name of ``member`` as ``viewer`` may read it on this case."""
    return naming(case, viewer)(member)


def naming(case: Case, viewer: Membership) -> Callable[[Membership], str]:
    """Return a function that names many members with one query."""
    if viewer.role in WITHIN or case.call.names_experts:
        return lambda member: member.user.full_name
    return unnamed(case)


def unnamed(case: Case) -> Callable[[Membership], str]:
    """Return a function that calls members by the letters of their seats, the same ones everywhere on this case."""
    order = seats(case)

    def name(member: Membership) -> str:
        if member.role != Role.EXPERT and member.pk not in order:
            return member.organisation.short_name
        return _("Expert %s") % _ordinal(order.get(member.pk, len(order)))

    return name


def seats(case: Case) -> dict[int, int]:
    """Return the place of every member of the case in the order in which they were first seated."""
    order: dict[int, int] = {}
    opened = Assignment.objects.filter(round__case=case, round__opened_at__isnull=False).order_by("id")
    for member in opened.values_list("member_id", flat=True):
        order.setdefault(member, len(order))
    return order


def _ordinal(place: int) -> str:
    chinese = (get_language() or "").startswith("zh")
    letters = STEMS if chinese else LETTERS
    turn, place = divmod(place, len(letters))
    return letters[place] + (str(turn + 1) if turn else "")
