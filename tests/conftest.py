"""Real PostgreSQL, the real tables of the programme, a clock that stands where a test puts it."""

import os
import shutil
from datetime import UTC, datetime

import hypothesis
import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from portal import clock, workdays_store
from tests import programme_kept

hypothesis.settings.register_profile("portal", deadline=None)  # a busy machine is no counter-example
hypothesis.settings.load_profile("portal")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Beijing
# A browser's event loop runs in the thread of its test, where Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
_flush = DatabaseOperations.execute_sql_flush


def _flush_past_the_guards(self, sql_list):
    """Between transactional tests the tables are emptied; the triggers that keep rows for ever must look away."""
    with self.connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        _flush(self, sql_list)
        with self.connection.cursor() as cursor:
            programme_kept.put_back(cursor)
    finally:
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


DatabaseOperations.execute_sql_flush = _flush_past_the_guards


# Files that take longest come first, so that both workers end together (with --dist loadfile).
LONGEST = (
    "journey",
    "test_seed_demo",
    "test_axe_",
    "test_print",
    "test_server",
    "test_matrix",
    "test_workflow_cells",
)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next((n for n, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        programme_kept.keep()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(autouse=True)
def held_clock():
    clock.set_to(START)
    workdays_store.forget()
    yield clock
    clock.set_to(None)


@pytest.fixture(autouse=True)
def _first_language(settings):
    """A request leaves its language active in the thread; every test starts in the portal's first language."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """A password is checked hundreds of times in a run; argon2 itself has a test of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db):
    """The programme loaded and people in every role; see tests.builders.World."""
    from tests.builders import World

    return World()


@pytest.fixture
def live_world(transactional_db):
    """As ``world``, but committed: for several connections or a real browser."""
    from tests.builders import World

    return World()


@pytest.fixture
def see(client):
    """Return ``see(post, path, **query)``: the answer to that person."""

    def _see(post, path, **query):
        client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(path, query)

    return _see


@pytest.fixture(autouse=True)
def _private_folder(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SIGNING_KEY_DIR = tmp_path / "keys"


def raw(sql: str, *args):
    """Run one statement as the application's own database role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
