from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import PlanVersion
from portal.models import Membership

from .cases import Case


class MemberView(models.Model):
    """What a member of the group says of the version filed; without words it records 未回复 at the signing."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="member_views")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    text = models.TextField(_("View"), blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "member"], name="one_view_per_member_and_version"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, text="") | (Q(given_at__isnull=False) & ~Q(text="")),
                name="a_view_has_words_or_records_silence",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30] or "-"
