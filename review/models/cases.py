from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call, City, Plan, PlanVersion
from portal import clock
from portal.fields import LineColumn
from portal.models import Membership, Organisation

from ..states import FACTS, OPEN, Stage, State, StateFacts, Turn


class Case(models.Model):
    """The way of one plan through one call. ``state`` is written by ``review.machine`` alone, triggers see to it.

    ``moves`` counts the moves so far; ``due`` ends the current state's working days; ``opened_at`` is when the
    office whose turn it is pressed 开始办理 (recall ends there).
    """

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="case")
    city = models.ForeignKey(City, models.PROTECT, related_name="cases")
    call = models.ForeignKey(Call, models.PROTECT, related_name="cases")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    moves = models.PositiveIntegerField(default=0)
    state_since = models.DateTimeField(default=clock.now)
    due = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    files_directly = models.BooleanField(default=False)
    channel = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    local_drc = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    forwarded_at = models.DateTimeField(null=True)  # first time it reached the coordination group
    was_ready = models.BooleanField(default=False)
    was_proposed = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)  # the city lead's release for formal filing
    released_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "call"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_case_per_city_and_call",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_is_known"),
        ]
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return self.plan.reference

    @property
    def reference(self) -> str:
        return self.plan.reference

    @property
    def facts(self) -> StateFacts:
        return FACTS[State(self.state)]

    @property
    def stage(self) -> Stage | None:
        return self.facts.stage

    @property
    def is_open(self) -> bool:
        return State(self.state) in OPEN

    @property
    def latest_version(self) -> PlanVersion | None:
        return self.plan.versions.order_by("-number").first()

    @property
    def release_stands(self) -> bool:
        """A change of the working text after the release takes its force away."""
        changed = self.plan.changed_at
        return self.released_at is not None and (changed is None or changed <= self.released_at)

    @property
    def awaits_release(self) -> bool:
        """A plan found ready waits for its city's release, and only then for the local DRC."""
        return self.state == State.READY and not self.release_stands

    @property
    def turn(self) -> Turn:
        return Turn.CITY if self.awaits_release else self.facts.turn

    @property
    def current_round(self):
        """Return the newest opened round, or ``None``."""
        return self.rounds.filter(opened_at__isnull=False).order_by("-number").first()


class Move(models.Model):
    """One step of a case, for ever; the row must exist before the state may change."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=20, choices=State.choices)
    target = models.CharField(max_length=20, choices=State.choices)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField(_("Reason"), blank=True)
    given = models.JSONField(default=dict)
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="+")
    op_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="move_number_once_per_case"),
            models.UniqueConstraint(fields=["by", "op_key", "case"], name="move_once_per_op_key"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.name}"


class FormalFiling(models.Model):
    """The local DRC's formal application for one city, with its cover letter."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    version = models.OneToOneField(PlanVersion, models.PROTECT, related_name="filing")
    cover_title = LineColumn(_("Title of the cover letter"), max_length=120)
    cover_number = LineColumn(_("Document number"), max_length=60)
    cover_date = models.DateField(_("Date of the letter"))
    cover_file = models.ForeignKey("portal.StoredFile", models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.cover_number
