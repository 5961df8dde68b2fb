from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call, PlanVersion
from applications.models.calls import Genre
from portal import clock
from portal.fields import LineColumn
from portal.models import Membership, Organisation

from ..states import BATCH_OPEN, BatchState
from .cases import Case


class Batch(models.Model):
    """A list of cities approved (or rescinded) together; ``state`` is written by ``review.batch_machine`` alone."""

    class Kind(models.TextChoices):
        APPROVE = "approve", _("Approval")
        RESCIND = "rescind", _("Rescission")

    call = models.ForeignKey(Call, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.APPROVE)
    genre = models.CharField(_("Genre of the letter"), max_length=10, choices=Genre.choices, default=Genre.REPLY)
    title = LineColumn(_("Name of the batch"), max_length=80)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.COMPOSING)
    moves = models.PositiveIntegerField(default=0)
    joint_text = models.JSONField(default=dict)  # title and body of the joint letter as frozen; fields stay open
    joint_digest = models.CharField(max_length=64, blank=True)
    due = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    frozen_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="batch_number_once_per_call"),
            models.UniqueConstraint(
                fields=["call", "title"], condition=~Q(state=BatchState.CANCELLED), name="batch_name_once_per_call"
            ),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return BatchState(self.state) in BATCH_OPEN

    def standing_lines(self):
        """Return the lines not taken out, in list order."""
        return self.lines.filter(left_out_at__isnull=True).select_related(
            "case__city__province", "case__plan", "version"
        )


class BatchAgency(models.Model):
    """One lane of the co-signature: received, handled, signed."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="agencies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    received_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    advice = models.TextField(_("Handler's advice"), blank=True)
    office_number = LineColumn(_("Own office number"), max_length=60, blank=True)  # stored, never printed

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "organisation"], name="agency_once_per_batch"),
            models.UniqueConstraint(fields=["batch", "position"], name="agency_position_once_per_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.organisation}"


class BatchLine(models.Model):
    """A city in a batch: the version and the city letter's text that the agencies sign by ``digest``."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    letter_text = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    left_out_at = models.DateTimeField(null=True)
    left_out_reason = models.TextField(blank=True)
    is_current = models.BooleanField(default=True)  # false once left out, issued or cancelled

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_current=True), name="case_in_one_open_batch"),
            models.CheckConstraint(
                condition=Q(left_out_at__isnull=True) | ~Q(left_out_reason=""),
                name="leaving_out_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.position} {self.case_id}"


class FrozenText(models.Model):
    """A text as it was sent round once, kept for ever: a signature's ``digest`` leads back to what was signed."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="frozen_texts")
    digest = models.CharField(max_length=64)
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="+")  # none: the joint text
    text = models.JSONField()
    frozen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "digest"], name="text_kept_once_per_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.digest[:16]}"


class Signature(models.Model):
    """One agency's word on one city (``line``) or on the joint text (no ``line``), bound to a digest.

    It stands until withdrawn by the agency or voided because the text it was given for changed.
    """

    class Decision(models.TextChoices):
        AGREE = "agree", _("Agree")
        AGREE_NOTE = "agree_note", _("Agree, with a note")
        NOT_YET = "not_yet", _("Not yet agreed")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="signatures")
    line = models.ForeignKey(BatchLine, models.PROTECT, null=True, related_name="signatures")
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    decision = models.CharField(_("Decision"), max_length=12, choices=Decision.choices)
    text = models.TextField(_("Note or grounds"), blank=True)
    signed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "agency", "digest"],
                condition=Q(ended_at__isnull=True, line__isnull=False),
                name="one_standing_signature_per_city_agency_digest",
            ),
            models.UniqueConstraint(
                fields=["batch", "agency", "digest"],
                condition=Q(ended_at__isnull=True, line__isnull=True),
                name="one_standing_signature_per_batch_agency_digest",
            ),
            models.CheckConstraint(condition=~Q(decision="not_yet") | ~Q(text=""), name="not_yet_has_grounds"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.decision}"


class BatchMove(models.Model):
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=12, choices=BatchState.choices)
    target = models.CharField(max_length=12, choices=BatchState.choices)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)
    op_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="move_number_once_per_batch"),
            models.UniqueConstraint(fields=["by", "op_key", "batch"], name="batch_move_once_per_op_key"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number} {self.name}"
