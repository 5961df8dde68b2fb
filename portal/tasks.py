from celery import shared_task
from django.conf import settings

from . import blobs, clock, outbox
from .filework import scans

_A_DAY = 24 * 60 * 60


@shared_task
def sweep_outbox() -> int:
    """Deliver what waits in the outbox; may run twice at once, rows are leased."""
    return outbox.sweep(seconds=settings.OUTBOX_SWEEP_SECONDS)


@shared_task
def sweep_uploads() -> int:
    """Remove what writers killed more than a day ago left of files they were storing."""
    return blobs.sweep(settings.PRIVATE_ROOT, before=clock.now().timestamp() - _A_DAY)


@shared_task
def scan_the_rest() -> int:
    """Bring files from before there was a scanner to it."""
    return scans.want_all()
