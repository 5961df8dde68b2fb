"""Work that follows a transaction: written with it, done after it, at least once, under one key."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from . import clock
from .models import Outbox

log = logging.getLogger(__name__)
MAX_TRIES = 10
MAX_WAIT_SECONDS = 600


class NotNow(Exception):
    """The work cannot be done yet (quiet hours, no key); after ``seconds`` it is tried again without counting."""

    def __init__(self, reason: str, *, seconds: int = 60):
        super().__init__(reason)
        self.seconds = seconds


class NoLonger(Exception):
    """The work has lost its meaning since it was written; it is closed undone, and its row keeps why."""


def put(key: str, kind: str, **payload: Any) -> bool:
    """Add a piece of work to the current transaction; ``False`` when that key exists already."""
    _row, new = Outbox.objects.get_or_create(key=key, defaults={"kind": kind, "payload": payload})
    if new:
        transaction.on_commit(ring)
    return new


_silent = False


@contextmanager
def silence() -> Iterator[None]:
    """Do not ring while a load of work is written; the sweep finds it afterwards."""
    global _silent
    before, _silent = _silent, True
    try:
        yield
    finally:
        _silent = before


def ring() -> None:
    """Ask a worker to look; a silent broker does not matter, the sweep comes anyway."""
    if _silent:
        return
    from .tasks import sweep_outbox

    try:
        sweep_outbox.apply_async(retry=False)
    except (OSError, sweep_outbox.OperationalError) as error:
        log.warning("broker does not answer, the sweep will find the work: %s", error)


def claim(kind: str | None = None) -> Outbox | None:
    """Lease the next waiting row (of one kind) to this process, or return ``None``.

    New work goes before what was put off: a night's reminders that come round again never hold up a letter.
    """
    now = timezone.now()  # leases are about processes, not about the programme's time
    waiting = Outbox.objects.filter(done_at__isnull=True, parked_at__isnull=True)
    if kind:
        waiting = waiting.filter(kind=kind)
    with transaction.atomic():
        row = (
            waiting.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
            .order_by(F("claimed_until").asc(nulls_first=True), "id")
            .select_for_update(skip_locked=True)
            .first()
        )
        if row is None:
            return None
        row.claimed_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        row.tries += 1
        row.save(update_fields=["claimed_until", "tries"])
    return row


def deliver(row: Outbox) -> bool:
    """Do one leased piece of work; on failure back off, after ``MAX_TRIES`` park it for the administrator."""
    handler: Callable[..., None] = import_string(settings.OUTBOX_HANDLERS[row.kind])
    why_not = ""
    try:
        handler(row.key, **row.payload)
    except NotNow as wait:
        _retry(row, str(wait), seconds=wait.seconds, count=False)
        return False
    except NoLonger as reason:
        why_not = str(reason)
    except Exception as error:  # noqa: BLE001 - whatever fails is kept with the row and shown, never lost
        log.exception("outbox %s failed", row.key)
        _retry(row, f"{type(error).__name__}: {error}", seconds=min(2**row.tries, MAX_WAIT_SECONDS), count=True)
        return False
    Outbox.objects.filter(pk=row.pk).update(done_at=clock.now(), claimed_until=None, last_error=why_not)
    return True


def again(rows: QuerySet[Outbox]) -> int:
    """Let work be tried at once and from its first try on; whoever cannot wait for the sweep rings as well."""
    return rows.update(tries=0, parked_at=None, claimed_until=None)


def _retry(row: Outbox, error: str, *, seconds: int, count: bool) -> None:
    parked = count and row.tries >= MAX_TRIES
    Outbox.objects.filter(pk=row.pk).update(
        claimed_until=timezone.now() + timedelta(seconds=seconds),
        tries=row.tries if count else row.tries - 1,
        last_error=error[:2000],
        parked_at=clock.now() if parked else None,
    )


def sweep(limit: int = 200, *, kind: str | None = None, seconds: float | None = None) -> int:
    """Deliver what waits (of one kind), one row after another; return how many were done.

    After ``seconds`` no further row is begun and the bell is rung for the next task: what is left never runs into
    the time limit of this one, where it would count as a failed try.
    """
    done, end = 0, time.monotonic() + seconds if seconds is not None else float("inf")
    for _ in range(limit):
        if time.monotonic() >= end:
            ring()
            break
        row = claim(kind)
        if row is None:
            break
        done += deliver(row)
    return done
