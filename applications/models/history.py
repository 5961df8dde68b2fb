from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import LineColumn, TextsColumn

from .plans import Section


class SectionRevision(models.Model):
    """What a part held after a save, or a text that lost against another; rows are never deleted.

    ``number`` is the part's revision the text became, or lost against. ``began`` is when its first save was.
    """

    class Cause(models.TextChoices):
        BEFORE = "before", _("Text before the first save kept")
        SAVE = "save", _("Saved")
        MERGE = "merge", _("Saved and joined with what somebody else had changed")
        CONFLICT = "conflict", _("Not saved: somebody else had changed the same paragraph")
        CLOSED = "closed", _("Not saved: the part had been closed or given to another department meanwhile")
        IMPORT = "import", _("Taken over from a Word draft")
        RESTORE = "restore", _("Earlier text put back")
        PROPOSAL = "proposal", _("A proposed wording taken")

        @classmethod
        def lost(cls) -> set[str]:
            """Return the causes of texts that never stood in the part."""
            return {cls.CONFLICT, cls.CLOSED}

    section = models.ForeignKey(Section, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=8, choices=Cause.choices)
    paragraphs = TextsColumn(default=list)
    department = LineColumn(max_length=80, blank=True)
    not_focus_reason = models.TextField(blank=True)
    page = models.CharField(max_length=20, blank=True)  # the open page it came from
    by = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    began = models.DateTimeField(default=clock.now)
    at = models.DateTimeField(default=clock.now)
    dropped = models.PositiveIntegerField(default=0)  # characters that its own later saves have written over

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.section_id} {self.number} {self.cause}"
