"""The one clock: held in tests and samples, never in production; and what beat does by it."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal import clock
from portal.celery import app
from tests.conftest import START


def test_in_production_the_clock_cannot_be_held(settings):
    clock.set_to(None)
    settings.CLOCK_MAY_BE_SET = False
    for act in (lambda: clock.set_to(START), lambda: clock.advance(days=1)):
        with pytest.raises(ImproperlyConfigured):
            act()
    assert clock.held() is None


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        clock.set_to(START.replace(tzinfo=None))
    assert clock.held() == START


def test_everything_that_beat_starts_is_a_task():
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned - app.tasks.keys() == set()
    assert {"portal.tasks.sweep_outbox", "review.tasks.write_reminders"} <= planned
