"""One committed world on a live server for the legs of a journey."""

import pytest
from pytest_django.live_server_helper import LiveServer

from portal import clock
from tests.builders import World
from tests.conftest import START
from tests.stage import empty_tables, own_settings


@pytest.fixture
def _private_folder(a_server):
    """The files of the module's world stay where its legs put them."""


@pytest.fixture
def _django_db_helper(a_server):
    """Keep the world from leg to leg instead of emptying the tables after each."""


@pytest.fixture(scope="module")
def a_server(django_db_setup, django_db_blocker, tmp_path_factory):
    """Return (world, address, folder of private files and keys)."""
    folder = tmp_path_factory.mktemp("journey")
    clock.set_to(START)
    running = LiveServer("localhost")
    own = own_settings(folder, ALLOWED_HOSTS=["*"], SITE_URL=running.url, CSRF_TRUSTED_ORIGINS=[running.url])
    with django_db_blocker.unblock(), own:
        empty_tables()  # a run that was killed leaves its world behind
        try:
            yield World(), running.url, folder
        finally:
            running.stop()
            empty_tables()
