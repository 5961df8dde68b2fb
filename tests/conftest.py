"""Real PostgreSQL, the real tables of the programme, a clock that stands where a test puts it."""

import copy
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
    """Sort whole files; in each, the tests that begin with an empty programme come before what its module shares."""
    files = list(dict.fromkeys(item.path for item in items))
    files.sort(key=lambda path: next((n for n, name in enumerate(LONGEST) if name in str(path)), len(LONGEST)))
    place = {path: number for number, path in enumerate(files)}
    items.sort(key=lambda item: (place[item.path], "made" in item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    # A test that opens the database by a fixture of its own module must be marked ``django_db`` all the same:
    # otherwise no test database is made, and what is open is somebody's own.
    name = connection.settings_dict["NAME"]
    assert str(name).startswith("test_"), f"no test database was made, {name} is not touched: mark the tests django_db"
    with django_db_blocker.unblock():
        programme_kept.keep()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The same engine without the windows nobody sees, which cost a third of the time; the journey has the whole."""
    return {
        "executable_path": shutil.which("chromium-headless-shell"),
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


@pytest.fixture(scope="module")
def _make(request):
    """Return the module's ``shared``, which makes of a world what the tests that ask for ``made`` begin with."""
    return request.module.shared


@pytest.fixture(scope="module")
def _begun(_make, django_db_setup, django_db_blocker, tmp_path_factory):
    from tests.builders import World
    from tests.stage import stage

    with stage(django_db_blocker, tmp_path_factory.mktemp("shared")):
        world = World()
        yield world, _make(world)


@pytest.fixture
def _own(_begun, db):
    return copy.deepcopy(_begun)


@pytest.fixture
def made(_own):
    """What ``shared`` of the module made, once for all its tests: each has it as it was and undoes what it does."""
    return _own[1]


@pytest.fixture
def case(made):
    """``made`` where it is a case."""
    return made


@pytest.fixture
def walk(made):
    """``made`` where it is the walk of a batch."""
    return made


@pytest.fixture
def world(request, db):
    """The programme loaded and people in every role; see tests.builders.World."""
    from tests.builders import World

    return request.getfixturevalue("_own")[0] if "made" in request.fixturenames else World()


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
def _private_folder(request, settings, tmp_path):
    if "made" in request.fixturenames:
        return  # the files of what the module shares stay where they were put
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SIGNING_KEY_DIR = tmp_path / "keys"


def raw(sql: str, *args):
    """Run one statement as the application's own database role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
