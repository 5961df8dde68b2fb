"""What every act of the sample programme needs: the posts, the clock walked forward, moves and files."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from applications.models import Call
from portal import clock, notices
from portal.models import Membership, User
from portal.workdays_store import calendar

from .. import machine
from ..models import Case
from ..reminders import write_due
from .people import Cast

Road = Iterator[datetime]
Step = tuple[float, Callable[[], None]]  # working days after the step before, and what is done


@dataclass(slots=True)
class Stage:
    """``ends`` is the day on which the story ends; nothing happens after the last working day before it."""

    call: Call
    cast: Cast
    ends: date
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def day(self, working_days_before: int) -> date:
        return calendar().add(self.ends, -max(working_days_before, 1))

    def key(self) -> str:
        return f"demo-{next(self.serial):05d}"

    def fire(self, case: Case, name: str, by: Membership, **kw) -> None:
        case.refresh_from_db()
        machine.fire(case.pk, name, by=by, seen=case.moves, op_key=self.key(), **kw)
        case.refresh_from_db()

    def walk(self, steps: list[Step], *, begins: int, age: int, seed: str) -> Road:
        """Do the steps between ``begins`` and ``age`` working days before the end, the gaps stretched to fit."""
        random = Random(seed)  # noqa: S311 - spreads sample work over the hours of a day
        whole = sum(gap for gap, _do in steps) or 1
        passed, last = 0.0, None
        for gap, do in steps:
            passed += gap
            left = round(begins - passed * (begins - age) / whole)
            at = clock.at(self.day(left), random.randrange(9, 17), random.randrange(60))
            if last and at <= last:
                at = last + timedelta(minutes=random.randrange(12, 40))
            last = at
            yield at
            do()


def play(roads: Iterable[Road], ends: datetime) -> None:
    """Walk all roads in the order of time; on every working day up to ``ends``, reminders become due as they would."""
    heap: list[tuple[datetime, int, Road]] = []
    for number, road in enumerate(roads):
        heapq.heappush(heap, (next(road), number, road))
    day = clock.beijing(heap[0][0]).date()
    while heap:
        at, number, road = heapq.heappop(heap)
        day = _remind(day, clock.beijing(at).date())
        clock.set_to(at)
        following = next(road, None)
        if following is not None:
            heapq.heappush(heap, (following, number, road))
    _remind(day, clock.beijing(ends).date() - timedelta(days=1))
    clock.set_to(ends)
    write_due()


def _remind(day: date, until: date) -> date:
    """Write the reminders of every working day after ``day``, up to and with ``until``; read what is old."""
    while day < until:
        day += timedelta(days=1)
        if calendar().is_workday(day):
            clock.set_to(clock.at(day, 8, 40))
            write_due()
            if day.weekday() == 0:
                _read_old_notices()
    return until


def _read_old_notices() -> None:
    """People read their messages within a week."""
    week = clock.now() - timedelta(days=7)
    for user in User.objects.filter(notices__read_at__isnull=True, notices__created_at__lt=week).distinct():
        notices.read_all(user, before=week)
