from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock

from .cities import City


class Genre(models.TextChoices):
    REPLY = "reply", _("Reply letter (复函)")
    APPROVAL = "approval", _("Approval reply (批复)")
    NOTICE = "notice", _("Notice (通知)")


def usual_cascade() -> dict[str, int]:
    """Two working days for a province, two more for a city: what a call begins with."""
    return {"local_drc": 2, "city": 2}


class Call(models.Model):
    """One invitation to submit plans: its agencies, who files directly, its deadlines in working days."""

    Genre = Genre

    number = models.PositiveIntegerField(unique=True)  # as in the reference: 2026
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)  # closing stops new plans, moves nothing
    preliminary_until = models.DateField(null=True, blank=True)  # gate: last day for first submissions
    formal_from = models.DateField(null=True, blank=True)  # gate: formal filing opens
    formal_until = models.DateField(null=True, blank=True)  # gate: last day of formal filing
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.REPLY)
    indicative_size = models.PositiveIntegerField(default=12)
    indicative_date = models.DateField(null=True, blank=True)
    deadlines = models.JSONField(default=dict)  # state value → working days
    cascade = models.JSONField(default=usual_cascade)  # level → working days before the date of the level above
    direct_cities = models.ManyToManyField(City, blank=True, related_name="direct_in")
    names_experts = models.BooleanField(default=False)  # whether cities see experts' names

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(formal_from__isnull=True)
                | Q(formal_until__isnull=True)
                | Q(formal_until__gte=F("formal_from")),
                name="formal_filing_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def files_directly(self, city: City) -> bool:
        """Return whether the city sends its plans straight to the group instead of through a channel office."""
        return self.direct_cities.filter(pk=city.pk).exists()


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


class Guidance(models.Model):
    """What a call advises on one part of a plan; a new version is a new row, none is ever changed."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="guidance")
    part = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    text = models.TextField()
    change_note = models.CharField(max_length=50, blank=True)
    by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")  # none: the portal
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["call", "part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "part", "number"], name="guidance_number_once_per_part"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(change_note=""), name="later_guidance_has_a_change_note"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.number}"
