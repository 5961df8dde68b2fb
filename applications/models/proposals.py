from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock

from .plans import Section


class WordingProposal(models.Model):
    """A wording that somebody of the team proposes for a part another department writes.

    ``paragraph`` is the id of the one it would replace; empty where ``text`` would follow the last one. ``was`` is how
    that paragraph read. An empty ``text`` proposes that the paragraph goes.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Not decided yet")
        TAKEN = "taken", _("Taken into the text")
        DECLINED = "declined", _("Not taken")
        WITHDRAWN = "withdrawn", _("Taken back")

    section = models.ForeignKey(Section, models.PROTECT, related_name="proposals")
    paragraph = models.CharField(max_length=20, blank=True)
    was = models.TextField(blank=True)
    text = models.TextField(blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", decided_at__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(decided_at__isnull=False)),
                name="proposal_decided_at_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.paragraph} {self.outcome}"
