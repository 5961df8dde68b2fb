from celery import shared_task
from django.conf import settings

from . import outbox
from .filework import scans, sweeping


@shared_task
def sweep_outbox() -> int:
    """Deliver what waits in the outbox; may run twice at once, rows are leased."""
    return outbox.sweep(seconds=settings.OUTBOX_SWEEP_SECONDS)


@shared_task
def sweep_files() -> int:
    """Remove what belongs to nothing in the private store: cut uploads, and bytes that no row names."""
    return sum(1 for _orphan in sweeping.sweep(delete=True))


@shared_task
def scan_the_rest() -> int:
    """Bring files from before there was a scanner to it."""
    return scans.want_all()
