"""A city joins: its government is on record and has a lead who answers for its plan."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal import appointments, audit, joining
from portal.models import Membership
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role

from ..models import City
from . import programme


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever gets a post; name and e-mail for a new account only."""

    account: str
    name: str = ""
    email: str = ""
    title: str = ""


def city_of_code(code: str) -> City:
    city = City.objects.select_related("province", "government").filter(code=code).first()
    if city is None:
        raise ValidationError(_("No city has the code %s; codes are those of GB/T 2260, such as 330400.") % code)
    return city


def join_city(
    code: str, *, lead: Person, editor: Person | None = None, department: str = ""
) -> list[tuple[Membership, bool]]:
    """Let a city take part: its lead, and the editor in ``department`` of it; all or nothing.

    Returns each post and whether its account is new. Raises ``ValidationError``.
    """
    with transaction.atomic():
        city = city_of_code(code)
        is_first = city.government_id is None
        government = programme.join(city)
        if is_first:
            audit.record("city:join", city, name=city.name)
        given = [_give(lead, government, Role.CITY_LEAD)]
        if editor is not None:
            place = government
            if department:
                place = appointments.establish(
                    Kind.CITY_DEPARTMENT, department, region_code=city.code, parent=government
                )
            given.append(_give(editor, place, Role.CITY_EDITOR))
    return given


def _give(person: Person, place, role: Role) -> tuple[Membership, bool]:
    return joining.give_post(person.account, place, role, name=person.name, email=person.email, title=person.title)
