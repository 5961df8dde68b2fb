from django.db import models


class AuditHead(models.Model):
    """The single row that orders all audit entries: whoever appends locks it first."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:16]}"


class AuditEntry(models.Model):
    """One act, for ever; ``text`` is the exact canonical JSON that ``hash`` was made of."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    result = models.CharField(max_length=10, default="done")  # done | refused
    text = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["object_kind", "object_id", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
