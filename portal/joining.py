"""Giving posts from the command line: the account is opened when it is new, refusals are in words."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from . import appointments, clock
from .models import Membership, Organisation, User
from .models.organisations import OrganisationKind as Kind
from .roles import ADMINS, Role

KINDS = {
    Role.CITY_EDITOR: {Kind.CITY, Kind.CITY_DEPARTMENT},
    Role.CITY_LEAD: {Kind.CITY},
    Role.CHANNEL_OFFICE: {Kind.PROVINCE_COMMERCE, Kind.PROVINCE_DRC, Kind.CITY_COMMERCE},
    Role.LOCAL_DRC: {Kind.PROVINCE_DRC, Kind.CITY_DRC},
    Role.GROUP_OFFICE: {Kind.GROUP},
    Role.GROUP_LEADER: {Kind.GROUP},
    Role.EXPERT: {Kind.EXPERTS, Kind.AGENCY},
    Role.AGENCY_HANDLER: {Kind.AGENCY},
    Role.AGENCY_SIGNER: {Kind.AGENCY},
    **dict.fromkeys(ADMINS, {Kind.PORTAL}),
}
ESTABLISHED = {Role.EXPERT: Kind.EXPERTS, **dict.fromkeys(ADMINS, Kind.PORTAL)}  # made when they are new
ACCOUNT = RegexValidator(r"^[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]$")


def give_post(
    account: str, organisation: Organisation, role: Role, *, name: str = "", email: str = "", title: str = ""
) -> tuple[Membership, bool]:
    """Give a post from today on; return it and whether the account is new. Raises ``ValidationError``.

    A new account has no password: nobody signs in to it before one is set.
    """
    if organisation.kind not in KINDS[role]:
        kinds = "、".join(sorted(str(Kind(kind).label) for kind in KINDS[role]))
        told = _("“%(role)s” is a post in: %(kinds)s. %(organisation)s is none of them.")
        raise ValidationError(told % {"role": role.label, "kinds": kinds, "organisation": organisation.name})
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=account).first()
        is_new = user is None
        if user is None:
            user = _enrol(account, name, email, title)
        else:
            _refuse_another(user, organisation, role, name, email)
        return appointments.appoint(user, organisation, role), is_new


def _enrol(account: str, name: str, email: str, title: str) -> User:
    try:
        ACCOUNT(account)
    except ValidationError:
        told = _("An account has 3 to 60 small letters, digits, dots, hyphens or underscores: %s is none.")
        raise ValidationError(told % account) from None
    if not name or not email:
        raise ValidationError(_("The account %s is new: give the person's name and e-mail as well.") % account)
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(_("%s is not an e-mail address.") % email) from None
    user = appointments.enrol(account, full_name=name, email=email, post_title=title)
    user.full_clean()
    return user


def _refuse_another(user: User, organisation: Organisation, role: Role, name: str, email: str) -> None:
    if (name and name != user.full_name) or (email and email != user.email):
        told = _("The account %(account)s belongs to %(name)s already: leave out name and e-mail, or take another.")
        raise ValidationError(told % {"account": user.username, "name": user.full_name})
    if not user.is_active:
        raise ValidationError(_("The account %s is suspended.") % user.username)
    held = list(user.posts())
    if any((p.organisation_id, p.role) == (organisation.pk, role) for p in held):
        told = _("%(account)s holds this post already: %(role)s, %(organisation)s.")
        raise ValidationError(told % {"account": user.username, "role": role.label, "organisation": organisation.name})
    if any(role in ADMINS or p.role in ADMINS for p in held):
        raise ValidationError(_("Whoever administers the portal holds no other post; take another account."))


def organisation_of(role: Role, name: str, *, region: str = "") -> Organisation:
    """Return the organisation of that name or short name in which the role is held. Raises ``ValidationError``.

    An expert's employer and the portal's administration are made when they are new.
    """
    fitting = Organisation.objects.filter(kind__in=KINDS[role])
    if region:
        fitting = fitting.filter(region_code=region)
    found = list(fitting.filter(name=name) or fitting.filter(short_name=name))
    if len(found) > 1:
        codes = "、".join(o.region_code or "-" for o in found)
        told = _("Several organisations are called %(name)s: name the region as well (%(codes)s).")
        raise ValidationError(told % {"name": name, "codes": codes})
    if found:
        return found[0]
    if role in ESTABLISHED:
        return appointments.establish(ESTABLISHED[role], name, region_code=region)
    told = _("No organisation called %(name)s has a post “%(role)s”.")
    raise ValidationError(told % {"name": name, "role": role.label})


def told(post: Membership, *, is_new: bool) -> str:
    """Return the sentence a command ends with."""
    words = {"account": post.user.username, "organisation": post.organisation.name, "role": post.get_role_display()}
    text = _("%(account)s: %(role)s, %(organisation)s, from %(day)s on.") % (words | {"day": clock.today()})
    if is_new:
        hint = _("The account has no password yet: set one with “changepassword %s”.") % post.user.username
        text = f"{text}\n{hint}"
    return text
