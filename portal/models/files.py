from django.db import models

from portal import clock


class StoredFile(models.Model):
    """What a person uploaded or the portal made; the bytes lie under their SHA-256 in the private store."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10)  # pdf | docx | xlsx | png | jpg
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return self.name
