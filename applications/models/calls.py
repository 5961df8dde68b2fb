from django.db import models
from django.utils.translation import gettext_lazy as _

from .cities import City


class Genre(models.TextChoices):
    REPLY = "reply", _("Reply letter (复函)")
    APPROVAL = "approval", _("Approval reply (批复)")
    NOTICE = "notice", _("Notice (通知)")


class Call(models.Model):
    """One invitation to submit plans: its agencies, who files directly, its deadlines in working days."""

    Genre = Genre

    number = models.PositiveIntegerField(unique=True)  # as in the reference: 2026
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)  # closing stops new plans, moves nothing
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.REPLY)
    indicative_size = models.PositiveIntegerField(default=12)
    indicative_date = models.DateField(null=True, blank=True)
    deadlines = models.JSONField(default=dict)  # state value → working days
    direct_cities = models.ManyToManyField(City, blank=True, related_name="direct_in")
    names_experts = models.BooleanField(default=False)  # whether cities see experts' names

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.title


class CallAgency(models.Model):
    """A co-signing agency of a call, in order; position 1 leads."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="agencies")
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "organisation"], name="agency_once_per_call"),
            models.UniqueConstraint(fields=["call", "position"], name="agency_position_once_per_call"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.organisation}"
