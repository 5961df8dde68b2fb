"""The roles a person can hold in an organisation (requirement A3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CITY_EDITOR = "city_editor", _("City editor")
    CITY_LEAD = "city_lead", _("City lead")
    CHANNEL_OFFICE = "channel_office", _("Channel office")
    LOCAL_DRC = "local_drc", _("Local DRC (formal filing)")
    GROUP_OFFICE = "group_office", _("Group office")
    GROUP_LEADER = "group_leader", _("Group leader")
    EXPERT = "expert", _("Member of the coordination group")
    AGENCY_HANDLER = "agency_handler", _("Agency handler")
    AGENCY_SIGNER = "agency_signer", _("Agency signer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


CITY = frozenset({Role.CITY_EDITOR, Role.CITY_LEAD})
GROUP = frozenset({Role.GROUP_OFFICE, Role.GROUP_LEADER})
AGENCY = frozenset({Role.AGENCY_HANDLER, Role.AGENCY_SIGNER})
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
EVERYONE = frozenset(Role)
WORKING = EVERYONE - ADMINS
