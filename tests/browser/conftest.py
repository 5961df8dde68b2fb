"""The portal on a live server with one world for a module, seen by a real browser."""

import pytest
from pytest_django.live_server_helper import LiveServer

from portal import clock
from tests.browser import looks, road
from tests.browser.drafting import Desk
from tests.conftest import START
from tests.stage import empty_tables, own_settings


@pytest.fixture(scope="module")
def _module_settings(tmp_path_factory):
    with own_settings(tmp_path_factory.mktemp("portal"), ALLOWED_HOSTS=["*"]):
        yield


@pytest.fixture
def _private_folder(_module_settings):
    """The files of the module's world stay where its letters were put."""


@pytest.fixture(scope="module")
def the_road(_module_settings, django_db_setup, django_db_blocker):
    clock.set_to(START)
    with django_db_blocker.unblock():
        empty_tables()  # a run that was killed leaves its world behind
        try:
            yield road.build()
        finally:
            empty_tables()


@pytest.fixture(scope="module")
def server(the_road):
    running = LiveServer("localhost")
    yield running.url
    running.stop()


@pytest.fixture(scope="module")
def visits(the_road):
    return looks.people(the_road)


@pytest.fixture(scope="module")
def desk(_module_settings, django_db_setup, django_db_blocker, tmp_path_factory):
    """One draft and the server at which it is written, for a module."""
    clock.set_to(START)
    with django_db_blocker.unblock():
        empty_tables()
        made = Desk(tmp_path_factory.mktemp("server"))
        try:
            made.start()
            yield made
        finally:
            made.stop()
            empty_tables()
