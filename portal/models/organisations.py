from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.fields import LineColumn


class OrganisationKind(models.TextChoices):
    AGENCY = "agency", _("Agency of the State Council")
    GROUP = "group", _("Coordination group")
    PROVINCE_DRC = "province_drc", _("Provincial DRC")
    PROVINCE_COMMERCE = "province_commerce", _("Provincial commerce office")
    CITY_DRC = "city_drc", _("City DRC")
    CITY_COMMERCE = "city_commerce", _("City commerce office")
    CITY = "city", _("City government")
    CITY_DEPARTMENT = "city_department", _("City department")
    EXPERTS = "experts", _("Expert's employer")
    PORTAL = "portal", _("Portal administration")


class Organisation(models.Model):
    """A body in the tree: agencies, provincial offices, city governments and their departments."""

    Kind = OrganisationKind

    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = LineColumn(max_length=80)
    short_name = LineColumn(max_length=40)
    region_code = models.CharField(max_length=6, blank=True)  # GB/T 2260: a province's or a city's
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    number_series = models.CharField(max_length=20, blank=True)  # 机关代字, for agencies that lead

    class Meta:
        ordering = ["kind", "region_code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "region_code", "name"], name="organisation_once_per_region"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def name_on(self, day) -> str:
        """Return the name valid on ``day``: an old letter never changes when an agency is renamed."""
        for past in self.names.all():
            if (past.valid_from is None or past.valid_from <= day) and (past.valid_to is None or day <= past.valid_to):
                return past.name
        return self.name


class OrganisationName(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="names")
    name = LineColumn(max_length=80)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="organisation_name_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name
