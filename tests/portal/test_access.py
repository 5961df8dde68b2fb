"""The one table: no pair twice, nothing open without a row, pages ask it as the middleware does."""

import json

import pytest
from django.core.management import call_command

from portal import access
from portal.access import Subject, rule
from portal.roles import EVERYONE, Role

ROWS = [
    rule("desk", "GET", roles={Role.GROUP_OFFICE}),
    rule("paper", "GET POST", subject="plan", actors={"city_lead"}, states={"draft"}),
    rule("front", "GET", public=True),
]


@pytest.fixture
def small_table(settings, monkeypatch):
    """Replace the portal's table for one test; the real one is read again afterwards."""
    monkeypatch.setattr("portal.rules.RULES", tuple(ROWS))
    settings.ACCESS_RULES = ["portal.rules.RULES"]
    access.table.cache_clear()
    yield monkeypatch
    access.table.cache_clear()


def test_pair_defined_twice_is_an_error(small_table):
    small_table.setattr("portal.rules.RULES", (*ROWS, rule("paper", "POST", roles=EVERYONE)))
    access.table.cache_clear()
    with pytest.raises(ValueError, match="access rule defined twice: paper POST"):
        access.table()


def test_missing_row_opens_to_nobody(small_table, world):
    assert access.find("cellar", "GET") is None
    assert access.find("desk", "POST") is None
    assert access.find(None, "GET") is None
    assert not access.may("cellar", "GET", world.group_office)


def test_head_asks_as_get_does(small_table):
    assert access.find("desk", "HEAD") == access.find("desk", "GET") == ROWS[0]


def test_roles_actors_and_states_decide(small_table, world):
    subject = Subject("plan", frozenset({"city_lead"}), "draft")
    assert access.may("front", "GET", None)
    assert not access.may("desk", "GET", None)
    assert access.may("desk", "GET", world.group_office)
    assert not access.may("desk", "GET", world.lead)
    assert access.may("paper", "POST", world.lead, subject)
    assert not access.may("paper", "POST", world.lead)
    assert not access.may("paper", "POST", world.lead, Subject("plan", frozenset({"city_lead"}), "ready"))
    assert not access.may("paper", "POST", world.lead, Subject("plan", frozenset({"expert"}), "draft"))


def test_table_is_printed_as_json_and_markdown(capsys):
    call_command("access", "--format", "json")
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) >= 100
    call_command("access", "--format", "md")
    assert capsys.readouterr().out.count("\n|") >= 100


def test_a_url_without_a_row_is_refused(client, world, small_table):
    client.force_login(world.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/en/plans/")
    assert answer.status_code == 403
    assert "This page has no rule that opens it to anybody." in answer.content.decode()
