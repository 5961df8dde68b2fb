from django.db import models

from portal import clock


class Outbox(models.Model):
    """Work that must happen once a transaction stands: a mail to send, a letter to render.

    ``key`` makes a second insert a no-op; a claim is a lease until ``claimed_until``.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20)  # a key of settings.OUTBOX_HANDLERS
    payload = models.JSONField()
    created_at = models.DateTimeField(default=clock.now)
    claimed_until = models.DateTimeField(null=True)  # machine time: leases belong to processes
    tries = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["claimed_until"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, parked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """One message to one person; the words are made from ``kind`` and ``facts`` in the reader's language."""

    recipient = models.ForeignKey("portal.User", models.PROTECT, related_name="notices")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)  # a key of portal.notices.KINDS
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)  # without language prefix
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once_per_recipient")]
        indexes = [models.Index(fields=["recipient", "read_at"])]

    def __str__(self) -> str:
        return self.key


class Reminder(models.Model):
    """The ledger that is written before a reminder is sent: its unique key is what stops a second one."""

    object_kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    rule = models.CharField(max_length=20)  # remind_30 | remind_15 | overdue
    due_on = models.DateField()
    recipient = models.ForeignKey("portal.User", models.PROTECT, related_name="reminders")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["object_kind", "object_id", "rule", "due_on", "recipient"],
                name="reminder_once_per_rule_and_due_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id} {self.rule}"
