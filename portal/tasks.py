from celery import shared_task
from django.conf import settings

from . import outbox


@shared_task
def sweep_outbox() -> int:
    """Deliver what waits in the outbox; may run twice at once, rows are leased."""
    return outbox.sweep(seconds=settings.OUTBOX_SWEEP_SECONDS)
