from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.fields import LineColumn

from .plans import Plan


class Frequency(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Every half-year")
    YEARLY = "yearly", _("Yearly")


class Record(models.Model):
    """A structured part of the safeguards; ``REQUIRED`` fields make it complete."""

    REQUIRED: tuple[str, ...] = ()
    objects: ClassVar[models.Manager]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def missing(self) -> list[str]:
        """Return the names of the required fields that are still empty."""
        return [name for name in self.REQUIRED if getattr(self, name) in (None, "", False)]


class LeadingGroup(Record):
    REQUIRED = ("leader_post", "lead_department", "members", "founding_title", "founding_date")

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="leading_group")
    leader_post = LineColumn(_("Leader in charge (post)"), max_length=80, blank=True)
    lead_department = LineColumn(_("Lead department"), max_length=80, blank=True)
    members = models.TextField(_("Member departments, one a line"), blank=True)
    founding_title = LineColumn(_("Founding document"), max_length=120, blank=True)
    founding_number = LineColumn(_("Document number"), max_length=60, blank=True)
    founding_date = models.DateField(_("Date of the document"), null=True, blank=True)


class Coordination(Record):
    REQUIRED = ("departments", "frequency", "arrangement")

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="coordination")
    departments = models.TextField(_("Departments taking part"), blank=True)
    frequency = models.CharField(_("How often they meet"), max_length=12, choices=Frequency.choices, blank=True)
    arrangement = models.TextField(_("How cooperation is arranged"), blank=True)
    meetings_held = models.TextField(_("Meetings held so far"), blank=True)


class Assessment(Record):
    """Hard requirement 1: 考核 in the annual evaluation, with named responsibility."""

    REQUIRED = (
        "assessing_department",
        "assessed_departments",
        "frequency",
        "in_annual_evaluation",
        "method",
        "accountability",
    )

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="assessment")
    assessing_department = LineColumn(_("Who assesses"), max_length=80, blank=True)
    assessed_departments = models.TextField(_("Departments assessed"), blank=True)
    frequency = models.CharField(_("How often"), max_length=12, choices=Frequency.choices, blank=True)
    in_annual_evaluation = models.BooleanField(_("Part of the departments' annual evaluation"), default=False)
    method = models.TextField(_("How it is done"), blank=True)
    accountability = models.TextField(_("Who answers for what"), blank=True)


class Summaries(Record):
    """Hard requirement 2: 定期总结交流."""

    REQUIRED = ("frequency", "lead_department", "form", "recipients", "first_due")

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="summaries")
    frequency = models.CharField(_("How often"), max_length=12, choices=Frequency.choices, blank=True)
    lead_department = LineColumn(_("Who writes them"), max_length=80, blank=True)
    form = models.TextField(_("Form of summary and exchange"), blank=True)
    recipients = LineColumn(_("Sent to"), max_length=200, blank=True)
    first_due = models.DateField(_("First one due"), null=True, blank=True)

    def missing(self) -> list[str]:
        """A date before the plan's first year is no date of a summary of it."""
        early = self.first_due is not None and self.first_due.year < self.plan.starts
        return super().missing() + (["first_due"] if early else [])


class Funds(Record):
    REQUIRED = ("sources",)

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="funds")
    amount = models.DecimalField(_("Funds (10,000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    sources = models.TextField(_("Where the money comes from"), blank=True)
    people = models.TextField(_("People and training"), blank=True)


# Any: the shared base is abstract and has no plan of its own.
RECORDS: dict[str, type[Any]] = {
    "leading_group": LeadingGroup,
    "coordination": Coordination,
    "assessment": Assessment,
    "summaries": Summaries,
    "funds": Funds,
}
