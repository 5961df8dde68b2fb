from celery import shared_task


@shared_task
def write_reminders() -> int:
    """Write the reminders that have become due; a second run writes none twice."""
    from .reminders import write_due

    return write_due()
