"""Signing in: argon2, five tries per typed name, a lock told in words, a new session, no tell-tale difference."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.models import AuditEntry, User
from portal.views import errors
from tests.builders import PASSWORD

KNOWN, UNKNOWN, WRONG = "known", "unknown", "示例Password-2"


@pytest.fixture
def name(world):
    return world.lead.user.username


def attempt(client: Client, name: str, password: str = WRONG, **more):
    return client.post("/en/login/", {"username": name, "password": password} | more)


def words(answer) -> str:
    """Return what a person reads, without what differs from page to page."""
    text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", answer.content.decode())
    return " ".join(re.sub(r"\b\w{64}\b", "", text).split())


def test_passwords_are_kept_with_argon2():
    from portal import settings

    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert configured.AUTHENTICATION_BACKENDS[0] == "axes.backends.AxesBackend"


def test_new_password_is_an_argon2id_hash(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = User.objects.create_user("sample", PASSWORD, full_name="示例", email="a@portal.example")
    assert user.password.startswith("argon2$argon2id$")
    assert Argon2PasswordHasher().decode(user.password)["memory_cost"] >= 64 * 1024
    assert user.check_password(PASSWORD)
    assert not user.check_password(PASSWORD + " ")


def test_sign_in_leads_home_and_is_audited(client, name):
    answer = attempt(client, name, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/en/home/")
    entry = AuditEntry.objects.filter(action="account:sign_in").first()
    assert (entry.actor.username, entry.result) == (name, "done")
    assert client.get("/home/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "goes"),
    [("/plans/", "/plans/"), ("https://elsewhere.example/", "/en/home/"), ("//elsewhere.example/", "/en/home/"),
     ("javascript:alert(1)", "/en/home/")],
)  # fmt: skip
def test_sign_in_comes_back_to_our_own_pages_only(client, name, asked, goes):
    answer = attempt(client, name, PASSWORD, next=asked)
    assert answer["Location"] == goes


def test_session_is_a_new_one_after_signing_in(client, name):
    client.get("/login/")
    session = client.session
    session["sample"] = 1
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = before = session.session_key
    token = client.get("/login/").cookies["csrftoken"].value
    answer = attempt(client, name, PASSWORD)
    assert client.session.session_key != before
    assert answer.cookies["csrftoken"].value != token
    cookie = answer.cookies[configured.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_sign_out_ends_the_session(client, name):
    attempt(client, name, PASSWORD)
    key = client.cookies[configured.SESSION_COOKIE_NAME].value
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    client.cookies[configured.SESSION_COOKIE_NAME] = key
    assert client.get("/home/").status_code == 302
    assert AuditEntry.objects.filter(action="account:sign_out").count() == 1


def test_tries_left_are_said_and_the_fifth_locks(client, name):
    said = [attempt(client, name) for _ in range(5)]
    assert [answer.status_code for answer in said] == [422, 422, 422, 422, 429]
    for left, answer in zip((4, 3, 2, 1), said, strict=False):
        assert f"You can try {left} more time" in words(answer)
    assert re.search(r"It is locked until \d\d:\d\d \(Beijing time\); then try again\.", words(said[4]))
    assert AuditEntry.objects.filter(action="account:sign_in", result="refused").count() == 5


def test_locked_name_is_refused_with_the_right_password_too(client, name):
    for _ in range(5):
        attempt(client, name)
    answer = attempt(client, name, PASSWORD)
    assert answer.status_code == 429
    assert client.get("/home/").status_code == 302
    assert AuditEntry.objects.filter(action="account:sign_in", result="refused").count() == 6
    assert not AuditEntry.objects.filter(action="account:sign_in", result="done").exists()


def test_lock_counts_per_name_not_per_machine(client, name, world):
    for _ in range(5):
        attempt(client, name)
    assert attempt(client, world.leader.user.username, PASSWORD).status_code == 302


def test_lock_ends_after_ten_minutes(client, name, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    for _ in range(5):
        attempt(client, name)
    time_machine.move_to(start + timedelta(minutes=9, seconds=59), tick=False)
    assert attempt(client, name, PASSWORD).status_code == 429
    time_machine.move_to(start + timedelta(minutes=10, seconds=1), tick=False)
    assert attempt(client, name, PASSWORD).status_code == 302


def test_success_forgets_the_tries(client, name):
    for _ in range(4):
        attempt(client, name)
    assert attempt(client, name, PASSWORD).status_code == 302
    assert "You can try 4 more times" in words(attempt(Client(), name))


def test_unknown_name_looks_like_a_known_one(name, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    pages = {KNOWN: [], UNKNOWN: []}
    for kind, typed in ((KNOWN, name), (UNKNOWN, "nobody-of-that-name")):
        client = Client()
        for _ in range(6):
            answer = attempt(client, typed)
            pages[kind].append((answer.status_code, words(answer).replace(typed, "")))
    assert pages[KNOWN] == pages[UNKNOWN]
    assert [status for status, _words in pages[KNOWN]] == [422, 422, 422, 422, 429, 429]


def test_person_who_is_switched_off_looks_like_a_wrong_password(world, name):
    world.lead.user.is_active = False
    world.lead.user.save(update_fields=["is_active"])
    off, wrong = attempt(Client(), name, PASSWORD), attempt(Client(), "nobody-of-that-name", PASSWORD)
    assert words(off).replace(name, "") == words(wrong).replace("nobody-of-that-name", "")


def test_empty_form_is_answered_in_words(client, db):
    answer = client.post("/en/login/", {"username": "", "password": ""})
    assert answer.status_code == 422
    assert "Enter your account." in words(answer)
    assert "Enter your password." in words(answer)


def test_page_that_breaks_says_a_number_that_the_log_has_too(caplog):
    answer = errors.broken(RequestFactory().get("/plans/"))
    assert answer.status_code == 500
    number = re.search(r"<strong>([0-9A-F]{4})</strong>", answer.content.decode()).group(1)
    assert f"page /plans/ answered as broken under the number {number}" in caplog.text
