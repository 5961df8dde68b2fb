from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import PlanVersion
from portal import clock
from portal.models import Membership

from .rounds import Round


class NoteKind(models.TextChoices):
    MUST = "must", _("Must change")
    SUGGESTION = "suggestion", _("Suggestion")
    QUESTION = "question", _("Question")
    STRENGTH = "strength", _("Strength")


class Annotation(models.Model):
    """A member's note on a frozen version; private to its author until ``published_at``.

    ``target`` says what ``target_id`` is: a paragraph's id within ``section``, or a row id of a table.
    ``start`` and ``end`` count code points in the paragraph; row notes span none.
    """

    Kind = NoteKind
    TARGETS = [
        ("paragraph", "paragraph"),
        ("indicator", "indicator"),
        ("measure", "measure"),
        ("milestone", "milestone"),
    ]

    round = models.ForeignKey(Round, models.PROTECT, related_name="annotations")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="annotations")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="annotations")
    kind = models.CharField(_("Kind"), max_length=10, choices=NoteKind.choices)
    section = models.CharField(max_length=20)
    target = models.CharField(max_length=10, choices=TARGETS, default="paragraph")
    target_id = models.CharField(max_length=20)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    body = models.TextField(_("Note"))
    proposed = models.TextField(_("Suggested wording"), blank=True)
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(end__gte=F("start")), name="annotation_ends_after_it_begins")]
        indexes = [models.Index(fields=["version", "section"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.section} {self.quote[:20]}"


class AnnotationReply(models.Model):
    annotation = models.ForeignKey(Annotation, models.PROTECT, related_name="replies")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    body = models.TextField(_("Reply"))
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:30]


class AnnotationDecline(models.Model):
    """A published note that the group did not take into its opinion, with the reason its author may read."""

    annotation = models.OneToOneField(Annotation, models.PROTECT, related_name="decline")
    reason = models.CharField(_("Reason"), max_length=200)
    declined_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.reason
