from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.areas import Area
from applications.models import PlanVersion
from portal import clock
from portal.fields import LineColumn
from portal.models import Membership

from .annotations import Annotation
from .cases import Case
from .rounds import Assignment, Round


class Opinion(models.Model):
    """What the coordination group says as a document: a round's revision opinion or the formal review opinion."""

    class Kind(models.TextChoices):
        REVISION = "revision", _("Revision opinion")
        FORMAL = "formal", _("Formal review opinion")

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    round = models.OneToOneField(Round, models.PROTECT, null=True, related_name="opinion")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30, unique=True, null=True)  # YJ-2026-031, given when signed
    strengths = models.TextField(_("Strengths"), blank=True)
    body = models.TextField(_("Text of the opinion"), blank=True)
    answer_days = models.PositiveIntegerField(_("Working days for the answer"), default=20)
    drafted_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # of the text as signed
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(number__isnull=False),
                name="signed_opinion_has_a_number",
            )
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class OpinionItem(models.Model):
    class Kind(models.TextChoices):
        MUST = "must", _("Must change")
        SUGGESTION = "suggestion", _("Suggestion")
        QUESTION = "question", _("Question")

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("Wording"))
    section = models.CharField(max_length=20, blank=True)
    sources = models.ManyToManyField(Annotation, related_name="items", blank=True)
    reopens = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reopened_as")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["opinion", "position"], name="item_position_once_per_opinion")]

    def __str__(self) -> str:
        return f"{self.position} {self.text[:30]}"


class Response(models.Model):
    """The city's answer to one item."""

    class Handling(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        EXPLAINED = "explained", _("Explained")

    item = models.OneToOneField(OpinionItem, models.PROTECT, related_name="response")
    handling = models.CharField(_("Handling"), max_length=12, choices=Handling.choices, blank=True)
    text = models.TextField(_("Explanation"), blank=True)
    section = models.CharField(_("Changed in"), max_length=20, blank=True)
    department = LineColumn(_("Department"), max_length=80, blank=True)
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.item_id} {self.handling}"


class Verdict(models.Model):
    """What the group finds of one answer."""

    class Kind(models.TextChoices):
        SOLVED = "solved", _("Solved")
        STILL = "still", _("Still to change")
        WITHDRAWN = "withdrawn", _("Remark withdrawn")

    item = models.OneToOneField(OpinionItem, models.PROTECT, related_name="verdict")
    verdict = models.CharField(_("Verdict"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("Remark"), blank=True)
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.item_id} {self.verdict}"


class Dimension(models.TextChoices):
    """The eight dimensions of maturity; never added up."""

    POLICY = Area.POLICY.value, _("Policy environment")
    SUPPORT = Area.SUPPORT.value, _("Support system")
    INFRASTRUCTURE = Area.INFRASTRUCTURE.value, _("Infrastructure")
    SERVICES = Area.SERVICES.value, _("E-commerce services")
    APPLICATIONS = Area.APPLICATIONS.value, _("Applications")
    ORGANISATION = "organisation", _("Organisation and safeguards")
    ASSESSMENT = "assessment", _("Assessment mechanism")
    SUMMARIES = "summaries", _("Periodic summaries and exchange")


class MaturityLevel(models.Model):
    """One member's finding on one dimension in one round: level 0–4, evidence asked for from 3 on."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="levels")
    dimension = models.CharField(max_length=20, choices=Dimension.choices)
    level = models.PositiveSmallIntegerField(_("Level"))
    reason = models.TextField(_("Reason"))
    evidence = models.TextField(_("Evidence"), blank=True)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "dimension"], name="level_once_per_dimension"),
            models.CheckConstraint(condition=Q(level__lte=4), name="level_is_0_to_4"),
            models.CheckConstraint(condition=Q(level__lt=3) | ~Q(evidence=""), name="levels_3_and_4_have_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.level}"
