"""People and their posts: accounts, dated memberships, departments; every change is on record."""

from datetime import date

from django.db import transaction

from . import audit, clock
from .models import Membership, Organisation, User
from .models.organisations import OrganisationKind
from .roles import Role


def enrol(
    username: str, *, full_name: str, email: str, password: str | None = None, post_title: str = "", phone: str = ""
) -> User:
    """Open an account; without a password nobody can sign in to it."""
    with transaction.atomic():
        user = User.objects.create_user(
            username,
            password,
            full_name=full_name,
            email=email,
            post_title=post_title,
            phone=phone,
            created_at=clock.now(),
        )
        audit.record("person:enrol", user, username=username, name=full_name)
    return user


def appoint(user: User, organisation: Organisation, role: Role, *, starts: date | None = None) -> Membership:
    """Give a person a post from ``starts`` (today) on."""
    with transaction.atomic():
        post = Membership.objects.create(
            user=user, organisation=organisation, role=role, starts=starts or clock.today()
        )
        audit.record("post:give", post, username=user.username, role=str(role), organisation=organisation.name)
    return post


def establish(
    kind: OrganisationKind,
    name: str,
    *,
    short_name: str = "",
    region_code: str = "",
    parent: Organisation | None = None,
    by: Membership | None = None,
) -> Organisation:
    """Return the organisation of that kind, region and name, made when it is new."""
    with transaction.atomic():
        found, new = Organisation.objects.get_or_create(
            kind=kind,
            region_code=region_code,
            name=name,
            defaults={"short_name": short_name or name, "parent": parent},
        )
        if new:
            audit.record("organisation:establish", found, by=by, name=name, kind=str(kind))
    return found


def rename(organisation: Organisation, name: str, *, by: Membership) -> None:
    """Give a department another name; what was printed before keeps the old one."""
    with transaction.atomic():
        had = organisation.name
        organisation.name = organisation.short_name = name
        organisation.save(update_fields=["name", "short_name"])
        audit.record("organisation:rename", organisation, by=by, had=had, name=name)


def strike(organisation: Organisation, *, by: Membership) -> None:
    """Take out an organisation that nothing hangs on, entered by mistake; raises ``ProtectedError`` otherwise."""
    with transaction.atomic():
        audit.record("organisation:strike", organisation, by=by, name=organisation.name)
        organisation.delete()
