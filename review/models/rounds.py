from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import PlanVersion
from portal import clock
from portal.models import Membership, User

from .cases import Case


class Round(models.Model):
    """One discussion of one frozen version; prepared by the group office, opened by the move."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    due = models.DateTimeField(_("Annotations until"), null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    prepared_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_number_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case_id} round {self.number}"


class Assignment(models.Model):
    """A member of the group asked to read a round's version; published (0 notes counts) or excused ends it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)
    recusal_checked = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    excused_at = models.DateTimeField(null=True)
    excused_reason = models.TextField(blank=True)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="member_assigned_once_per_round"),
            models.CheckConstraint(
                condition=Q(excused_at__isnull=True) | ~Q(excused_reason=""), name="excusing_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member_id}"


class Recusal(models.Model):
    """A person who may not deal with a case: own city, own employer, or declared interest."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="recusals")
    reason = models.TextField(_("Reason"))
    declared_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="recusal_once_per_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"
