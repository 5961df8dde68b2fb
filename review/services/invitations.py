"""Inviting people to a city's team: a link by mail, good once and for seven days (requirements A5, B10)."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import appointments, audit, clock, joining, notices, outbox
from portal.models import Membership, Organisation, Outbox, User
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import CITY, Role
from portal.saving import write

from ..actors import city_of
from ..machine import NotAllowed
from ..models import Invitation

GOOD_FOR = timedelta(days=7)
BETWEEN = timedelta(minutes=1)
MOST_OPEN = 60
Standing = Invitation.Standing

notices.register(
    {
        "joined": notices.Kind(
            gettext_lazy("%(who)s has joined your city's team"),
            gettext_lazy("%(who)s accepted your invitation and now writes for %(department)s."),
        ),
    }
)


def token_of(invitation: Invitation) -> str:
    """Return the secret of the link that stands now: nobody makes it from the database alone."""
    made = salted_hmac("review.invitations", invitation.nonce, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def find(token: str) -> Invitation | None:
    hashed = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.select_related("government", "invited_by__user").filter(token_hash=hashed).first()


def of_city(government_id: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(government_id=government_id).select_related("invited_by__user")


def team(government_id: int) -> QuerySet[Membership]:
    """Return the posts of a city's leads and editors, in the order of their departments."""
    return Membership.objects.holding(*CITY).of_city(government_id).order_by("role", "organisation__name", "pk")


def departments(government_id: int) -> list[str]:
    """Return the names of the city's departments on record."""
    found = Organisation.objects.filter(parent_id=government_id, kind=Kind.CITY_DEPARTMENT)
    return list(found.order_by("name").values_list("name", flat=True))


def troubles(invitations: list[Invitation]) -> dict[int, str]:
    """Return by id whose mail has not left yet: ``waiting`` or, when it was given up, ``parked``."""
    keys = {i.mail_key: i.pk for i in invitations if i.standing == Standing.OPEN}
    rows = Outbox.objects.filter(key__in=keys, done_at__isnull=True)
    return {keys[row.key]: "parked" if row.parked_at else "waiting" for row in rows}


def invite(*, full_name: str, post_title: str, email: str, department: str, by: Membership) -> Invitation:
    """Write to somebody; the answer never tells whether the address has an account."""
    with transaction.atomic():
        government = _government(by)
        standing = of_city(government.pk).filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())
        if standing.filter(email__iexact=email).exists():
            raise NotAllowed([_("An invitation to this address is open already; send it again from the list.")])
        if standing.count() >= MOST_OPEN:
            told = _("%d invitations are open; take back those that are no longer needed, then invite others.")
            raise NotAllowed([told % MOST_OPEN])
        known = {name: name for name in departments(government.pk)}
        invitation = Invitation(
            government=government, full_name=full_name, post_title=post_title, email=email,
            department=known.get(department, department), invited_by=by,
        )  # fmt: skip
        _send(invitation)
        _note("invitation:send", invitation, by)
        return invitation


def resend(invitation: Invitation, *, by: Membership) -> Invitation:
    """Mail a new link, good for another seven days; the former one opens nothing any more."""
    with transaction.atomic():
        held = _hold(invitation, by)
        if held.standing not in {Standing.OPEN, Standing.EXPIRED}:
            raise NotAllowed([closed_words(held)])
        if clock.now() < held.sent_at + BETWEEN:
            raise NotAllowed([_("The mail left less than a minute ago; wait a minute before you send another.")])
        _send(held)
        _note("invitation:resend", held, by)
        return held


def revoke(invitation: Invitation, *, by: Membership) -> Invitation:
    with transaction.atomic():
        held = _hold(invitation, by)
        if held.standing not in {Standing.OPEN, Standing.EXPIRED}:
            raise NotAllowed([closed_words(held)])
        held.revoked_at = clock.now()
        held.save(update_fields=["revoked_at"])
        _note("invitation:revoke", held, by)
        return held


def has_account(invitation: Invitation) -> bool:
    """Say to whoever holds the link, and with it the mailbox, whether the address has an account."""
    return User.objects.filter(email__iexact=invitation.email).exists()


def is_for(invitation: Invitation, user: User) -> bool:
    return user.email.casefold() == invitation.email.casefold()


def open_account(token: str, *, account: str, password: str) -> Membership:
    """Take up an invitation with a new account. Raises ``NotAllowed``; the password was checked by the form."""
    with transaction.atomic():
        invitation = _hold_token(token)
        if has_account(invitation):
            raise NotAllowed([_("This address has an account already; sign in with it and open the link again.")])
        if User.objects.filter(username=account).exists():
            raise NotAllowed([_("This account name is taken; choose another.")])
        post = _appoint(invitation, account, name=invitation.full_name, email=invitation.email)
        post.user.set_password(password)
        post.user.save(update_fields=["password"])
        return _accept(invitation, post)


def join(token: str, user: User) -> Membership:
    """Take up an invitation with the account of its address."""
    with transaction.atomic():
        invitation = _hold_token(token)
        if not is_for(invitation, user):
            raise NotAllowed([_("This invitation was sent to another address than that of your account.")])
        return _accept(invitation, _appoint(invitation, user.username))


def closed_words(invitation: Invitation | None) -> str:
    """Say why a link opens nothing and what helps; empty while it is open."""
    if invitation is None:
        return _("This link belongs to no invitation. Check that you copied all of it, or ask for a new one.")
    return {
        Standing.OPEN: "",
        Standing.ACCEPTED: _("This invitation has been used; its link works once. Sign in with your account."),
        Standing.EXPIRED: _("This invitation has expired; its link was good for seven days. Ask for a new one."),
        Standing.REVOKED: _("This invitation has been taken back. Ask the city's lead if you think this is wrong."),
    }[invitation.standing]


def _government(by: Membership) -> Organisation:
    """Return the lead's government, locked: of two invitations to one address only one is written."""
    if by.role != Role.CITY_LEAD:
        raise NotAllowed([_("Only the city's lead invites people.")])
    return Organisation.objects.select_for_update().get(pk=city_of(by))


def _hold(invitation: Invitation, by: Membership) -> Invitation:
    government = _government(by)
    return Invitation.objects.select_for_update().get(pk=invitation.pk, government=government)


def _hold_token(token: str) -> Invitation:
    found = find(token)
    if found is not None:
        # The government before the invitation, as whoever takes it back does: the new post refers to both.
        Organisation.objects.select_for_update().get(pk=found.government_id)
        found = Invitation.objects.select_for_update(of=("self",)).select_related("government").get(pk=found.pk)
        if found.token_hash != hashlib.sha256(token.encode()).hexdigest():
            found = None  # sent again while the page was open
    if found is None or found.standing != Standing.OPEN:
        raise NotAllowed([closed_words(found)])
    return found


def _send(invitation: Invitation) -> None:
    invitation.nonce = secrets.token_urlsafe(32)
    invitation.token_hash = hashlib.sha256(token_of(invitation).encode()).hexdigest()
    invitation.sent_at = clock.now()
    invitation.expires_at = invitation.sent_at + GOOD_FOR
    invitation.sendings += 1
    write(invitation, ["nonce", "token_hash", "sent_at", "expires_at", "sendings"])
    outbox.put(invitation.mail_key, "invitation", invitation=invitation.pk, sending=invitation.sendings)


def _note(action: str, invitation: Invitation, by: Membership) -> None:
    city, department = invitation.government.name, invitation.department
    audit.record(action, invitation, by=by, name=invitation.full_name, department=department, city=city)


def _appoint(invitation: Invitation, account: str, *, name: str = "", email: str = "") -> Membership:
    place = Organisation.objects.filter(
        Q(name=invitation.department) | Q(short_name=invitation.department),
        parent=invitation.government, kind=Kind.CITY_DEPARTMENT,
    ).first() or appointments.establish(
        Kind.CITY_DEPARTMENT, invitation.department,
        region_code=invitation.government.region_code, parent=invitation.government,
    )  # fmt: skip
    title = invitation.post_title if name else ""
    try:
        post, _is_new = joining.give_post(account, place, Role.CITY_EDITOR, name=name, email=email, title=title)
    except ValidationError as error:
        raise NotAllowed(error.messages) from None
    return post


def _accept(invitation: Invitation, post: Membership) -> Membership:
    invitation.accepted_at = clock.now()
    invitation.accepted_as = post
    invitation.save(update_fields=["accepted_at", "accepted_as"])
    _note("invitation:accept", invitation, post)
    facts = {"who": post.user.full_name, "department": invitation.department}
    key = f"joined:{invitation.pk}"
    notices.send("joined", to=[invitation.invited_by], key=key, path="/city/people/", facts=facts)
    return post
