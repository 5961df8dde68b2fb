from django.db import models

from portal import clock

from .plans import Plan


class PlanVersion(models.Model):
    """A frozen version: ``text`` is the canonical JSON that ``digest`` (SHA-256) was made of. Never changed.

    Shape of ``snapshot``: see ``applications.snapshot``.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    change_note = models.CharField(max_length=50, blank=True)
    purpose = models.CharField(max_length=20)  # the move that froze it: submit, resubmit, file_formally
    characters = models.PositiveIntegerField()
    frozen_at = models.DateTimeField(default=clock.now)
    frozen_by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="version_number_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"
