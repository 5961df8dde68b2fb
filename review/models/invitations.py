from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import clock
from portal.fields import LineColumn


class Invitation(models.Model):
    """A city lead asks somebody to write with a department; the link that was mailed opens it once.

    The link's secret is not kept: ``token_hash`` is its SHA-256, and the mail is written from ``nonce`` and the
    portal's own key. Sending again makes a new link; the former one no longer opens anything.
    """

    class Standing(models.TextChoices):
        OPEN = "open", _("Waits for the person")
        ACCEPTED = "accepted", _("Joined")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Taken back")

    government = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="invitations")
    full_name = LineColumn(_("Name"), max_length=60)
    post_title = LineColumn(_("Post"), max_length=80)
    email = models.EmailField(_("Work e-mail"), max_length=254)
    department = LineColumn(pgettext_lazy("of a person", "Department"), max_length=80)
    nonce = models.CharField(max_length=43)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("portal.Membership", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sendings = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_as = models.ForeignKey("portal.Membership", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.department})"

    @property
    def standing(self) -> Standing:
        if self.accepted_at:
            return self.Standing.ACCEPTED
        if self.revoked_at:
            return self.Standing.REVOKED
        return self.Standing.OPEN if clock.now() < self.expires_at else self.Standing.EXPIRED

    @property
    def mail_key(self) -> str:
        return f"invitation:{self.pk}:{self.sendings}"
