"""What workers made of stored contents; rows go by the digest, so files with the same bytes share them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock


class Preview(models.Model):
    """The first pages of a content as pictures: waiting, made, or not to be had for the reason of ``problem``."""

    sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)  # of the whole file
    sizes = models.JSONField(default=list)  # [width, height] in pixels of each page that was made
    problem = models.CharField(max_length=20, blank=True)  # a code of portal.filework.previews.PROBLEMS

    def __str__(self) -> str:
        return self.sha256[:16]


class CleanCopy(models.Model):
    """A content without authors, places and programs, for whoever did not send it: waiting, made, or impossible."""

    sha256 = models.CharField(max_length=64, unique=True)  # of what was sent
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    copy_sha256 = models.CharField(max_length=64, blank=True, db_index=True)  # of the copy; its bytes lie under it
    problem = models.CharField(max_length=20, blank=True)  # a code of portal.filework.copies.PROBLEMS

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_at__isnull=True, copy_sha256="")
                | (models.Q(made_at__isnull=False) & ~models.Q(copy_sha256="")),
                name="copy_is_made_or_has_no_bytes",
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:16]


class Scan(models.Model):
    """What the scanner says of a content, where there is a scanner."""

    class Verdict(models.TextChoices):
        UNSCANNED = "unscanned", _("not scanned yet")
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")
        FAILED = "failed", _("the scanner did not answer")

    sha256 = models.CharField(max_length=64, unique=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.UNSCANNED)
    found = models.CharField(max_length=200, blank=True)  # the scanner's name for it
    tries = models.PositiveIntegerField(default=0)  # that failed
    scanned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sha256[:16]} {self.verdict}"
