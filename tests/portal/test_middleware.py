"""Who asks and in which post; what is refused is audited; what every answer carries."""

import json
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from portal.models import AuditEntry, Membership
from portal.roles import Role
from tests.builders import person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def enter(world):
    """Return a client signed in as the user of a post."""

    def signed_in(post: Membership) -> Client:
        client = Client()
        client.force_login(post.user, backend=BACKEND)
        return client

    return signed_in


def second_post(post: Membership, role: Role, organisation) -> Membership:
    return Membership.objects.create(user=post.user, organisation=organisation, role=role, starts=date(2026, 1, 1))


def refusals() -> list[dict]:
    return [
        json.loads(text)
        for text in AuditEntry.objects.filter(action="access:refused").order_by("seq").values_list("text", flat=True)
    ]


def test_person_with_two_posts_picks_one_first(world, enter):
    office = second_post(world.lead, Role.CHANNEL_OFFICE, world.channel.organisation)
    client = enter(world.lead)
    answer = client.get("/channel/")
    assert (answer.status_code, answer["Location"]) == (302, "/posts/?next=/channel/")
    answer = client.post("/posts/?next=/channel/", {"post": str(office.pk), "next": "/channel/"})
    assert (answer.status_code, answer["Location"]) == (302, "/channel/")
    assert client.get("/channel/").status_code == 200
    assert client.get("/home/").wsgi_request.post == office


def test_post_of_somebody_else_cannot_be_picked(world, enter):
    second_post(world.lead, Role.CHANNEL_OFFICE, world.channel.organisation)
    client = enter(world.lead)
    answer = client.post("/posts/", {"post": str(world.group_office.pk)})
    assert answer.status_code == 200
    assert client.get("/home/").status_code == 302


def test_chosen_post_that_has_ended_opens_nothing(world, enter):
    office = second_post(world.lead, Role.CHANNEL_OFFICE, world.channel.organisation)
    client = enter(world.lead)
    client.post("/posts/", {"post": str(office.pk)})
    office.ends = date(2026, 3, 1)
    office.save(update_fields=["ends"])
    answer = client.get("/channel/")
    assert answer.status_code == 403
    assert answer.wsgi_request.post == world.lead


@pytest.mark.parametrize(("starts", "ends"), [(date(2026, 1, 1), date(2026, 3, 1)), (date(2026, 3, 3), None)])
def test_post_outside_its_dates_opens_nothing(world, enter, starts, ends):
    post = person(Role.CITY_LEAD, world.city.government)
    post.starts, post.ends = starts, ends
    post.save(update_fields=["starts", "ends"])
    client = enter(post)
    assert client.get("/home/").status_code == 403
    assert client.get("/").status_code == 200


def test_post_is_valid_on_its_first_and_last_day(world, enter):
    post = person(Role.CITY_LEAD, world.city.government)
    post.starts = post.ends = date(2026, 3, 2)
    post.save(update_fields=["starts", "ends"])
    assert enter(post).get("/home/").status_code == 200


def test_person_who_is_switched_off_is_out_at_once(world, enter):
    client = enter(world.lead)
    assert client.get("/home/").status_code == 200
    world.lead.user.is_active = False
    world.lead.user.save(update_fields=["is_active"])
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/home/")


def test_signers_are_idle_for_ten_minutes_others_for_thirty(world, enter):
    for post, minutes in ((world.signers[1], 10), (world.handlers[1], 10), (world.lead, 30), (world.leader, 30)):
        client = enter(post)
        client.get("/home/")
        assert client.session.get_expiry_age() == minutes * 60


def test_idle_session_ends(world, enter, time_machine):
    time_machine.move_to("2026-03-02 01:00:00Z", tick=False)
    client = enter(world.signers[1])
    assert client.get("/home/").status_code == 200
    time_machine.shift(timedelta(minutes=9))
    assert client.post("/stay/").status_code == 200
    time_machine.shift(timedelta(minutes=9))
    assert client.get("/home/").status_code == 200
    time_machine.shift(timedelta(minutes=11))
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/home/")


def test_the_session_is_written_once_a_minute(world, enter, time_machine):
    time_machine.move_to("2026-03-02 01:00:00Z", tick=False)
    client = enter(world.lead)
    written = []
    for seconds in (0, 59, 1):
        time_machine.shift(timedelta(seconds=seconds))
        with CaptureQueriesContext(connection) as asked:
            client.get("/home/")
        written.append(sum('UPDATE "django_session"' in q["sql"] for q in asked.captured_queries))
    assert written == [1, 0, 1]


def test_refusal_is_audited_with_person_and_path(world, enter):
    enter(world.lead).get("/review/?q=1")
    (entry,) = refusals()
    assert (entry["actor"], entry["post"], entry["result"]) == (world.lead.user.username, world.lead.pk, "refused")
    assert entry["data"] == {"path": "/review/", "method": "GET", "address": "127.0.0.1"}


def test_looking_for_somebody_elses_plan_is_audited_and_looks_like_nothing(world, enter):
    case = world.draft()
    client = enter(world.far_lead)
    hidden, missing = client.get(f"/plans/{case.reference}/"), client.get("/plans/CJ-000000-2026-1/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    token = re.compile(r"\b\w{64}\b")
    pages = [token.sub("", page.content.decode()) for page in (hidden, missing)]
    assert pages[0].replace(case.reference, "") == pages[1].replace("CJ-000000-2026-1", "")
    assert [entry["data"]["path"] for entry in refusals()] == [
        f"/plans/{case.reference}/",
        "/plans/CJ-000000-2026-1/",
    ]


def test_signed_out_page_asks_for_signing_in_and_comes_back(client, world):
    answer = client.get("/en/plans/?q=x")
    assert (answer.status_code, answer["Location"]) == (302, "/en/login/?next=/en/plans/%3Fq%3Dx")
    assert refusals() == []


def test_signed_out_autosave_gets_an_answer_it_can_read(client, db):
    answer = client.post("/plans/CJ-330400-2026-1/sections/policy/save/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_signed_out_fragment_sends_the_whole_page_to_the_sign_in(client, db):
    answer = client.get("/plans/", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/login/?next=/plans/"
    assert answer.content == b""


def test_other_methods_are_refused(world, enter):
    client = enter(world.lead)
    for method in ("put", "patch", "delete", "options"):
        assert getattr(client, method)("/plans/").status_code == 405
    assert client.post("/plans/").status_code == 405


def test_head_is_answered_as_get_without_a_body(world, enter):
    client = enter(world.lead)
    for path in ("/", "/home/", "/plans/"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert client.head("/review/").status_code == 403


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/login/", "/help/", "/verify/", "/home/", "/plans/", "/nothing/", "/review/"])
def test_every_answer_carries_the_security_headers(world, enter, path):
    answer = enter(world.lead).get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"
    assert {name: answer[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("name", ["front", "home", "plans", "notifications", "help"])
def test_language_switch_leads_to_the_same_page(world, enter, name):
    client = enter(world.lead)
    for here, there, lang in (("zh-hans", "en", "en"), ("en", "zh-hans", "zh-CN")):
        with translation.override(here):
            path = reverse(name)
        with translation.override(there):
            other = reverse(name)
        answer = client.get(f"{path}?q=1")
        assert answer.status_code == 200
        assert f'href="{other}?q=1"' in answer.content.decode()
        assert f'lang="{lang}"' in answer.content.decode()


def test_language_switch_of_a_plan_keeps_the_plan(world, enter):
    case = world.draft()
    page = enter(world.lead).get(f"/plans/{case.reference}/").content.decode()
    assert f'href="/en/plans/{case.reference}/"' in page
