"""One world for many small acts: built once for a module, each act undone in a savepoint of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from portal import clock
from tests.conftest import START


def own_settings(folder, **more):
    """Return the settings of a module with a world of its own: quick passwords, files and keys in ``folder``."""
    return override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        PRIVATE_ROOT=folder / "private",
        SIGNING_KEY_DIR=folder / "keys",
        **more,
    )


@contextmanager
def stage(blocker, folder) -> Iterator[None]:
    """Open the database for a module's fixture; everything is rolled back at its end.

    ``blocker`` is pytest-django's ``django_db_blocker``. Make everybody before the first ``undone``:
    a person made inside one is gone after it.
    """
    with blocker.unblock(), own_settings(folder), transaction.atomic():
        clock.set_to(START)
        yield
        clock.set_to(None)
        transaction.set_rollback(True)


def undone(act):
    """Run ``act`` in a savepoint of its own and undo it whatever came of it."""
    with put_back():
        return act()


@contextmanager
def put_back() -> Iterator[None]:
    """Undo what is done inside, whatever came of it."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.set_rollback(False)  # what the database refused inside is undone with the rest
        transaction.savepoint_rollback(point)
        clock.set_to(START)


def empty_tables() -> None:
    """Empty every table, then put the programme's own rows back: before and after a module's committed world."""
    call_command("flush", interactive=False, allow_cascade=True, verbosity=0)
