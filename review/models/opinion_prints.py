from django.db import models

from portal import clock

from .opinions import Opinion


class OpinionPrint(models.Model):
    """A signed formal review opinion as a file, made once by a worker; one for each signature it was given."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="prints")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    file = models.ForeignKey("portal.StoredFile", models.PROTECT, null=True, related_name="+")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "digest", "signed_at"], name="print_once_per_signature")
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.digest[:16]}"
