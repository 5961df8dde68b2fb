from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import LineColumn
from portal.models import Organisation


class Province(models.Model):
    code = models.CharField(max_length=6, primary_key=True)  # GB/T 2260
    name = models.CharField(max_length=30)
    short_name = models.CharField(max_length=10)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class City(models.Model):
    """A city of GB/T 2260 that may take part; ``government`` appears when it does."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=30)
    province = models.ForeignKey(Province, models.PROTECT, related_name="cities")
    level = models.CharField(max_length=12)  # municipality | prefecture | county
    slug = models.SlugField(max_length=60)
    initials = models.CharField(max_length=20)
    government = models.OneToOneField("portal.Organisation", models.PROTECT, null=True, blank=True, related_name="city")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"{self.name}（{self.province.short_name}）" if self.level != "municipality" else self.name


class ChannelKind(models.TextChoices):
    DRC = "drc", _("Development and reform commission")
    COMMERCE = "commerce", _("Commerce office")


class CityChannel(models.Model):
    """A city's declaration of the office that forwards its preliminary plan; the newest one holds."""

    Kind = ChannelKind

    city = models.ForeignKey(City, models.PROTECT, related_name="channels")
    kind = models.CharField(_("Channel"), max_length=10, choices=ChannelKind.choices)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    document_title = LineColumn(_("Document of the city government"), max_length=120)
    document_number = LineColumn(_("Document number"), max_length=60)
    evidence = models.ForeignKey("portal.StoredFile", models.PROTECT, related_name="+")
    declared_by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.city}: {self.office}"
