"""Outbox work: the mail that carries an invitation's link, in the language of whoever invites."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal import mail, words

from .models import Invitation
from .presenting import english
from .services import invitations


def deliver(key: str, *, invitation: int, sending: int) -> None:
    """Write to the person; nothing leaves for a link that was replaced, used or taken back meanwhile."""
    row = Invitation.objects.select_related("government", "invited_by__user").get(pk=invitation)
    if row.sendings != sending or row.standing != Invitation.Standing.OPEN:
        return
    with translation.override(row.invited_by.user.language):
        context = {
            "invitation": row,
            "city": row.government.name,
            "who": row.invited_by.user.full_name,
            "until": words.full_moment(row.expires_at, english=english()),
            "link": link(row),
            "site": settings.SITE_NAME,
            "is_english": english(),
        }
        letter = EmailMultiAlternatives(
            subject=_("%s invites you to write its creation plan") % row.government.name,
            body=render_to_string("mail/invitation.txt", context),
            to=[row.email],
            headers={"Message-ID": mail.message_id(key)},
        )
        letter.attach_alternative(render_to_string("mail/invitation.html", context), "text/html")
    letter.send()


def link(row: Invitation) -> str:
    language = row.invited_by.user.language
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{settings.SITE_URL}{settings.FORCE_SCRIPT_NAME or ''}{prefix}/join/{invitations.token_of(row)}/"
