from celery import shared_task

# A worker writes mails of every kind, so it must know the kinds that these modules register.
from . import announce  # noqa: F401
from .services import annotations, batch_notices, rounds  # noqa: F401


@shared_task
def write_reminders() -> int:
    """Write the reminders that have become due; a second run writes none twice."""
    from .reminders import write_due

    return write_due()
