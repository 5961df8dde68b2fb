"""Sends the mail of one notice, in its reader's language, under a Message-ID that never changes."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from . import clock, notices, outbox
from .models import Notice
from .workdays_store import calendar

HOUR = 3600


def deliver(key: str, *, notice: int) -> None:
    """Outbox handler. Skips a reader who may no longer sign in; a reminder waits out the quiet hours.

    What a notice asks for may have been done while its mail waited: its kind is asked at the last moment.
    """
    row = Notice.objects.select_related("recipient").get(pk=notice)
    reader = row.recipient
    if not reader.is_active or not reader.posts().exists():
        raise outbox.NoLonger("the reader may no longer sign in")
    kind = notices.KINDS[row.kind]
    if kind.reminder and (seconds := quiet_seconds()):
        raise outbox.NotNow("quiet hours", seconds=seconds)
    if kind.still_due and not kind.still_due(row):
        raise outbox.NoLonger("no longer due when the mail was to leave")
    with translation.override(reader.language):
        title, body = notices.words(row)
        context = {
            "notice": row,
            "title": title,
            "body": body,
            "reader": reader,
            "link": link(row),
            "site": settings.SITE_NAME,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(title.split()),
            body=render_to_string("mail/notice.txt", context),
            to=[reader.email],
            headers={"Message-ID": message_id(key)},
        )
        mail.attach_alternative(render_to_string("mail/notice.html", context), "text/html")
    mail.send()


def link(notice: Notice) -> str:
    prefix = "" if notice.recipient.language == settings.LANGUAGE_CODE else f"/{notice.recipient.language}"
    return f"{settings.SITE_URL}{settings.FORCE_SCRIPT_NAME or ''}{prefix}{notice.path}"


def message_id(key: str) -> str:
    """Return the fixed Message-ID of a key: a repeated mail can be known as the same one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


def quiet_seconds() -> int:
    """Return how long a reminder waits before it is asked again: until 08:30, at most an hour; 0 outside quiet hours.

    Reminders leave on working days between 08:30 and 18:30 Beijing time. A calendar may change overnight, so no
    wait is longer than the hour.
    """
    local = clock.beijing(clock.now())
    from_hour, from_minute, to_hour, to_minute = settings.QUIET_HOURS
    minute, opens = local.hour * 60 + local.minute, to_hour * 60 + to_minute
    if opens <= minute < from_hour * 60 + from_minute and calendar().is_workday(local.date()):
        return 0
    return min((opens - minute) * 60 - local.second, HOUR) if minute < opens else HOUR
