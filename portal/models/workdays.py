from django.db import models


class HolidayQuerySet(models.QuerySet):
    def aggregate_mark(self) -> tuple:
        """Return what changes whenever the table does."""
        mark = self.aggregate(rows=models.Count("id"), newest=models.Max("id"))
        return mark["rows"], mark["newest"]


class Holiday(models.Model):
    """A day that differs from the week: off, or a weekend day made up for by work (State Council notice)."""

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=4, choices=[("off", "off"), ("work", "work")])
    notice = models.CharField(max_length=60, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
