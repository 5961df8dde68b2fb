from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.models import StoredFile

from .batches import Batch, BatchLine


class LetterCounter(models.Model):
    """The last number given in a series and Beijing year; its row is the last lock of an issue."""

    series = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_series_and_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year} {self.last}"


class Letter(models.Model):
    """A numbered letter: its text is fixed when issued, its file is made by a worker, once."""

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        CORRECTED = "corrected", _("Corrected by a later letter")
        REVOKED = "revoked", _("Revoked")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="letters")
    line = models.OneToOneField(BatchLine, models.PROTECT, null=True, related_name="letter")
    series = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    code = models.CharField(max_length=32, unique=True)  # for verification, at least 100 random bits
    content = models.JSONField()  # everything printed, as review.letters.document.Letter takes it
    content_digest = models.CharField(max_length=64)
    audit_anchor = models.CharField(max_length=16)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    created_at = models.DateTimeField(default=clock.now)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)  # the city opened it

    class Meta:
        ordering = ["series", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="letter_number_once_per_series_and_year")
        ]

    def __str__(self) -> str:
        return self.document_number

    @property
    def document_number(self) -> str:
        return f"{self.series}〔{self.year}〕{self.number}号"


class VerificationTry(models.Model):
    """How often one address has tried something (looked up a letter, opened a link) within a window; it is not kept."""

    asker = models.CharField(max_length=64)  # keyed digest of the address
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asker", "window"], name="one_count_per_asker_and_window")]

    def __str__(self) -> str:
        return f"{self.asker[:8]} {self.count}"
