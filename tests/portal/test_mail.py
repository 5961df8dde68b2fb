"""Mails of notices, received by a real SMTP server: words, language, Message-ID, quiet hours."""

import email
import email.policy
from datetime import UTC, date, datetime, time

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from portal import clock, mail, notices, outbox
from portal.models import Notice, Outbox
from script.lib import ports

KINDS = {
    "sample_decision": notices.Kind("示例决定：%(city)s", "%(city)s 的方案有了结果。"),
    "sample_reminder": notices.Kind("示例提醒：%(city)s", "%(city)s 的答复将到期。", reminder=True),
    "sample_state": notices.Kind("%(state)s", "%(state)s"),
}
WORKING, EVENING, SATURDAY = (
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 2, 10, 30, tzinfo=UTC),
    datetime(2026, 3, 7, 2, 0, tzinfo=UTC),
)


class Box:
    """Receives mails as they come over the wire; ``fails`` makes it refuse them."""

    def __init__(self):
        self.mails, self.fails = [], False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name the library calls
        if self.fails:
            return "451 try later"
        self.mails.append((envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def box(settings):
    """A mail server on a free port, and the portal's real SMTP backend pointed at it."""
    received = Box()
    port = ports.pick(22025, "this test")
    server = Controller(received, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield received
    server.stop()


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(notices, "KINDS", notices.KINDS | KINDS)


@pytest.fixture
def reader(world):
    Outbox.objects.all().delete()
    return world.lead


def send(kind: str, reader, key: str = "sample:1", **facts) -> Notice | None:
    written = notices.send(
        kind, to=[reader], key=key, path="/plans/CJ-330400-2026-1/", facts=facts or {"city": "嘉兴市"}
    )
    return written[0] if written else None


def wait_out() -> None:
    Outbox.objects.update(claimed_until=timezone.now())


def test_mail_arrives_whole(reader, box, settings):
    notice = send("sample_decision", reader)
    assert outbox.sweep() == 1
    ((envelope, message),) = box.mails
    assert envelope.rcpt_tos == [reader.user.email]
    assert message["Subject"] == "示例决定：嘉兴市"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message["Message-ID"] == mail.message_id(f"mail:notice:{notice.pk}")
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (plain, html):
        assert "嘉兴市 的方案有了结果。" in body
        assert f"{settings.SITE_URL}/plans/CJ-330400-2026-1/" in body
    assert plain.startswith(reader.user.full_name)


def test_message_id_never_changes(reader, box):
    notice = send("sample_decision", reader)
    for _ in range(2):
        mail.deliver(f"mail:notice:{notice.pk}", notice=notice.pk)
    first, second = (message["Message-ID"] for _envelope, message in box.mails)
    assert first == second
    assert mail.message_id("mail:notice:1") != mail.message_id("mail:notice:2")
    assert mail.message_id("mail:notice:1").endswith("@portal.example>")


def test_reader_gets_the_own_language(reader, box):
    reader.user.language = "en"
    reader.user.save(update_fields=["language"])
    send("sample_state", reader, state={"msg": "Under revision"})
    outbox.sweep()
    message = box.mails[0][1]
    assert message["Subject"] == "Under revision"
    assert "/en/plans/CJ-330400-2026-1/" in message.get_body(("plain",)).get_content()
    reader.user.language = "zh-hans"
    reader.user.save(update_fields=["language"])
    send("sample_state", reader, key="sample:2", state={"msg": "Under revision"})
    outbox.sweep()
    assert box.mails[1][1]["Subject"] == "修改中"


def test_one_event_is_told_once(reader, box):
    assert send("sample_decision", reader) is not None
    assert send("sample_decision", reader) is None
    outbox.sweep()
    assert len(box.mails) == Notice.objects.filter(recipient=reader.user).count() == 1


@pytest.mark.parametrize("moment", [EVENING, SATURDAY])
def test_quiet_hours_hold_reminders_only(reader, box, moment):
    clock.set_to(moment)
    send("sample_decision", reader)
    send("sample_reminder", reader, key="sample:2")
    assert outbox.sweep() == 1
    assert [message["Subject"] for _envelope, message in box.mails] == ["示例决定：嘉兴市"]
    waiting = Outbox.objects.get(done_at__isnull=True)
    assert (waiting.tries, waiting.last_error) == (0, "quiet hours")
    assert (waiting.claimed_until - timezone.now()).total_seconds() > 3500, "not asked every minute of the night"
    clock.set_to(WORKING)
    wait_out()
    assert outbox.sweep() == 1
    assert box.mails[1][1]["Subject"] == "示例提醒：嘉兴市"


@pytest.mark.parametrize(
    ("at", "seconds"),
    [("08:29:00", 60), ("08:29:59", 1), ("08:30:00", 0), ("18:29:59", 0), ("18:30:00", 3600), ("07:30:00", 3600),
     ("07:45:30", 2670), ("03:00:00", 3600)],
)  # fmt: skip
def test_a_reminder_waits_until_the_quiet_hours_end_at_most_an_hour_at_once(world, at, seconds):
    clock.set_to(datetime.combine(date(2026, 3, 2), time.fromisoformat(at), tzinfo=clock.BEIJING))
    assert mail.quiet_seconds() == seconds


def test_holiday_and_shifted_working_day(world):
    """3 October 2025 is a holiday; 28 September 2025, a Sunday, was a working day in exchange."""
    clock.set_to(datetime(2025, 10, 3, 10, 0, tzinfo=clock.BEIJING))
    assert mail.quiet_seconds() == 3600
    clock.set_to(datetime(2025, 9, 28, 10, 0, tzinfo=clock.BEIJING))
    assert mail.quiet_seconds() == 0


@pytest.mark.parametrize("gone", ["post", "account"])
def test_reader_who_may_no_longer_sign_in_is_passed_over(reader, box, gone):
    send("sample_decision", reader)
    if gone == "post":
        reader.ends = date(2026, 3, 1)
        reader.save(update_fields=["ends"])
    else:
        reader.user.is_active = False
        reader.user.save(update_fields=["is_active"])
    assert outbox.sweep() == 1
    assert box.mails == []
    row = Outbox.objects.get()
    assert (row.done_at, row.last_error) == (clock.now(), "the reader may no longer sign in")


def test_refused_mail_is_tried_again_under_the_same_message_id(reader, box):
    notice = send("sample_decision", reader)
    box.fails = True
    assert outbox.sweep() == 0
    row = Outbox.objects.get()
    assert (row.tries, row.done_at) == (1, None)
    assert "451" in row.last_error
    box.fails = False
    wait_out()
    assert outbox.sweep() == 1
    assert box.mails[0][1]["Message-ID"] == mail.message_id(f"mail:notice:{notice.pk}")


def test_words_of_a_person_cannot_add_headers(reader, box):
    send("sample_decision", reader, city="嘉兴市\r\nBcc: a@portal.example")
    assert outbox.sweep() == 1
    envelope, message = box.mails[0]
    assert envelope.rcpt_tos == [reader.user.email]
    assert message["Bcc"] is None
    assert message["Subject"].strip() == "示例决定：嘉兴市 Bcc: a@portal.example"


def test_unknown_kind_is_refused_before_anything_is_written(reader):
    with pytest.raises(KeyError):
        send("sample_unknown", reader)
    assert not Outbox.objects.exists()
