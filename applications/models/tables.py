from django.db import models

from portal import clock

from .plans import Plan


class TableChange(models.Model):
    """What one paste did to a table of a plan, so that it can be taken back: values by row id, as in a snapshot."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="table_changes")
    table = models.CharField(max_length=20)
    by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    added = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.table} {self.pk}"
