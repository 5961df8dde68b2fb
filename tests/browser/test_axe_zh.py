"""Every page of the road in Chinese, filled, as its people see it: accessible, fitting the window, quiet console."""

import pytest

from portal import access
from tests.browser import looks
from tests.browser.visits import GROUPS, NOT_PAGES

# After the tests that roll back, since this module's world is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _django_db_helper(the_road):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.mark.parametrize("group", looks.NAMES)
def test_pages_are_accessible_and_fit(browser, server, visits, group):
    assert looks.faults(browser, server, visits[group], "zh-hans") == []


def test_every_page_of_the_rules_is_visited(the_road):
    """No address with a page of its own is left out, and no reason outlives its address."""
    pages = {url for url, method in access.table() if method == "GET"}
    visited = {visit.name for group in GROUPS for _, found in group(the_road) for visit in found}
    assert visited == pages - NOT_PAGES.keys()
    assert NOT_PAGES.keys() < pages
