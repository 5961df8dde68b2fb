from django.db import models
from django.db.models import Q

from applications.models import Plan, PlanVersion
from portal import clock


class PlanExport(models.Model):
    """A plan as a file: asked for by somebody, made once by a worker; ``version`` is empty for a working draft.

    ``text`` is the draft as it stood when it was asked for, kept only until its file is made.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word (DOCX)"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="exports")
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="exports")
    format = models.CharField(max_length=4, choices=Format.choices)
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    code = models.CharField(max_length=24, unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    file = models.ForeignKey("portal.StoredFile", models.PROTECT, null=True, related_name="+")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "format"], condition=Q(version__isnull=False), name="export_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["plan", "digest", "format"], condition=Q(version__isnull=True), name="export_once_per_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.digest[:16]} {self.format}"
