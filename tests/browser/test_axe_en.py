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
