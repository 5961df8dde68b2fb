from django.db import models
from django.utils.translation import gettext_lazy as _

from .plans import Plan


class Duty(models.Model):
    """What a department of the city does for one part of the plan; ``part`` is a key of ``parts.PARTS`` or ``basics``.

    A department is an organisation under the city's government, and a person belongs to the one their post is in.
    """

    class Kind(models.TextChoices):
        IN_CHARGE = "in_charge", _("In charge")
        HELPS = "helps", _("Helps")
        INFORMED = "informed", _("Kept informed")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="duties")
    part = models.CharField(max_length=20)
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="duties")
    kind = models.CharField(_("Duty"), max_length=10, choices=Kind.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "part", "organisation"], name="duty_once_per_part_and_department"),
            models.UniqueConstraint(
                fields=["plan", "part"],
                condition=models.Q(kind="in_charge"),
                name="one_department_in_charge_of_a_part",
                violation_error_message=_("One department alone is in charge of a part; the others help."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.part} {self.organisation_id} {self.kind}"


class PartReturn(models.Model):
    """The city lead gave a part back to its department, in words; it is settled once the part is handed in again."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="returns")
    part = models.CharField(max_length=20)
    words = models.TextField()
    by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.part}"
