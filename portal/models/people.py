from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.fields import LineColumn
from portal.roles import Role


class People(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user


class User(AbstractBaseUser):
    """A person; what they may do comes from their memberships alone."""

    username = models.CharField(_("Account"), max_length=60, unique=True)
    full_name = LineColumn(_("Name"), max_length=60)
    post_title = LineColumn(_("Post"), max_length=80, blank=True)
    email = models.EmailField(_("Work e-mail"), max_length=254)
    phone = LineColumn(_("Work telephone"), max_length=30, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name", "email"]
    objects = People()

    def __str__(self) -> str:
        return self.full_name

    def posts(self):
        """Return this person's memberships that are valid today."""
        return self.memberships.current().select_related("organisation")


class MembershipQuerySet(models.QuerySet):
    def current(self):
        today = clock.today()
        return self.filter(user__is_active=True, starts__lte=today).filter(Q(ends__isnull=True) | Q(ends__gte=today))

    def of_city(self, government_id: int | None):
        """Return the posts of a city's government and its departments, ended ones too; nobody's without one."""
        if government_id is None:
            return self.none()
        return self.filter(Q(organisation=government_id) | Q(organisation__parent=government_id))

    def holding(self, *roles: Role):
        return self.current().filter(role__in=roles).select_related("user", "organisation")


class Membership(models.Model):
    """A dated post: this person acts for this organisation in this role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="membership_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts"], name="membership_once_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.organisation})"


class SignInFactor(models.Model):
    """A second factor of a person (TOTP or passkey); asked for once the portal demands one."""

    user = models.ForeignKey(User, models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=10, choices=[("totp", "TOTP"), ("passkey", "Passkey")])
    name = models.CharField(max_length=60)
    secret = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
