"""Every page of the road in English, filled, as its people see it: accessible, fitting the window, quiet console."""

import pytest

from tests.browser import looks

# After the tests that roll back, since this module's world is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _django_db_helper(the_road):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.mark.parametrize("group", looks.NAMES)
def test_pages_are_accessible_and_fit(browser, server, visits, group):
    assert looks.faults(browser, server, visits[group], "en") == []


@pytest.mark.parametrize("language", looks.EVERY)
def test_a_run_and_the_rest_make_up_every_visit(visits, monkeypatch, language):
    everything = [visit for visitors in visits.values() for _cookie, pages in visitors for visit in pages]
    parts = []
    for share in ("", "rest"):
        monkeypatch.setattr(looks, "SHARE", share)
        parts.append(looks.chosen(everything, language))
    assert sorted(map(id, parts[0] + parts[1])) == sorted(map(id, everything))
    assert len(parts[0]) > len(everything) / (looks.EVERY[language] + 2), [len(part) for part in parts]
    monkeypatch.setattr(looks, "SHARE", "full")
    assert looks.chosen(everything, language) == everything
