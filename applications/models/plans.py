from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import LineColumn, TextsColumn

from ..parts import ALL_PARTS, PARTS
from .calls import Call
from .cities import City


class Plan(models.Model):
    """A city's creation plan in one call: the working text, of which versions are frozen.

    ``open_parts`` are the keys of ``parts.PARTS`` that may be edited now; only the workflow sets and lifts them.
    """

    reference = models.CharField(max_length=40, unique=True)  # CJ-<city>-<call>-<n>
    city = models.ForeignKey(City, models.PROTECT, related_name="plans")
    call = models.ForeignKey(Call, models.PROTECT, related_name="plans")
    title = LineColumn(_("Title of the plan"), max_length=120)
    starts = models.PositiveIntegerField(_("First year"), default=2026)
    ends = models.PositiveIntegerField(_("Last year"), default=2029)
    contact_name = LineColumn(_("Contact person"), max_length=60, blank=True)
    contact_phone = LineColumn(_("Work telephone"), max_length=30, blank=True)
    contact_email = models.EmailField(_("Work e-mail"), blank=True)
    open_parts = ArrayField(models.CharField(max_length=20), default=list)
    part_changes = models.JSONField(default=dict)  # part → when its working text last changed (ISO 8601)
    part_writers = models.JSONField(default=dict)  # part → id of the post that last changed it
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="plan_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return self.reference

    def is_open(self, part: str) -> bool:
        return part in self.open_parts

    @property
    def path(self) -> str:
        """Where the plan's home is, for notices and mails: the part of the address after the host."""
        return f"/plans/{self.reference}/"

    @property
    def may_be_edited(self) -> bool:
        return bool(self.open_parts)

    @property
    def basics_open(self) -> bool:
        """Title, years and contact are open only while the whole plan is."""
        return set(ALL_PARTS) <= set(self.open_parts)

    def part_changed_at(self, part: str) -> datetime | None:
        return datetime.fromisoformat(self.part_changes[part]) if part in self.part_changes else None

    @property
    def changed_at(self) -> datetime | None:
        """When anything of the working text last changed."""
        return max((datetime.fromisoformat(text) for text in self.part_changes.values()), default=None)


class Section(models.Model):
    """One prose part of the working text: ``paragraphs`` is a list of ``{"id", "text"}``; ids last for ever."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sections")
    key = models.CharField(max_length=20)
    paragraphs = TextsColumn(default=list)
    revision = models.PositiveIntegerField(default=0)
    is_done = models.BooleanField(default=False)
    done_by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    saved_from = models.CharField(max_length=20, blank=True)  # the open page the last save came from
    not_focus_reason = models.TextField(_("Why this area is not a focus"), blank=True)
    department = LineColumn(_("Department in charge"), max_length=80, blank=True)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="section_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.key}"

    @property
    def part(self):
        return PARTS[self.key]

    @property
    def text(self) -> str:
        return "\n".join(p["text"] for p in self.paragraphs)


class PartMark(models.Model):
    """Somebody has said that a table, record or the files are finished; prose parts keep it in their section."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="marks")
    part = models.CharField(max_length=20)
    by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "part"], name="part_marked_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.part}"


class Attachment(models.Model):
    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("Attachment")
        FOUNDING = "founding", _("Founding document of the leading group")
        FORMAL = "formal", _("Document of the formal filing")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="attachments")
    file = models.ForeignKey("portal.StoredFile", models.PROTECT, related_name="+")
    title = LineColumn(_("Title"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    unclassified = models.BooleanField(_("I declare that this file holds no classified material"), default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(unclassified=True), name="attachment_is_declared_unclassified")
        ]

    def __str__(self) -> str:
        return self.title
