from .audit import AuditEntry, AuditHead
from .files import StoredFile
from .filework import CleanCopy, Preview, Scan
from .messages import Notice, Outbox, Reminder
from .organisations import Organisation, OrganisationName
from .people import Membership, SignInFactor, User
from .workdays import Holiday

__all__ = [
    "AuditEntry",
    "AuditHead",
    "CleanCopy",
    "Holiday",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationName",
    "Outbox",
    "Preview",
    "Reminder",
    "Scan",
    "SignInFactor",
    "StoredFile",
    "User",
]
