"""The worker's step that makes copies without personal data; whoever sent a file is told where that failed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Attachment
from portal import notices
from portal.filework import copies
from portal.models import Membership, StoredFile
from portal.roles import CITY

from .actors import city_of

notices.register(
    {
        "file_kept_back": notices.Kind(
            _("“%(file)s” is not given to others"),
            _("Names of authors, places or programs could not be taken out of “%(file)s”. Others do not receive it."
              " Print it to a new PDF, or save it again without them, and upload that."),
        ),
    }
)  # fmt: skip


def deliver(key: str, *, sha256: str) -> None:
    """Outbox handler; safe to run twice."""
    if copies.make(sha256).problem:
        for stored in StoredFile.objects.filter(sha256=sha256).select_related("uploaded_by__organisation"):
            _tell(stored)


def _tell(stored: StoredFile) -> None:
    attached = Attachment.objects.filter(file=stored).select_related("plan").first()
    path = reverse("plan_attachments", args=[attached.plan.reference]) if attached else reverse("plans")
    notices.send(
        "file_kept_back", to=senders(stored), key=f"file:{stored.pk}:kept_back", path=path, facts={"file": stored.name}
    )


def senders(stored: StoredFile) -> list[Membership]:
    """Return who sent the file: for a city's file everybody who writes for that city."""
    sender = stored.uploaded_by
    if sender is None:
        return []
    if sender.role in CITY:
        return list(Membership.objects.holding(*CITY).of_city(city_of(sender)))
    return [sender]


def is_sender(post: Membership, stored: StoredFile) -> bool:
    """Say whether the file is the post's own, so that it gets the original: its city's, otherwise its office's."""
    sender = stored.uploaded_by
    if sender is None:
        return False
    if sender.role in CITY and post.role in CITY:
        return city_of(sender) == city_of(post)
    return sender.organisation_id == post.organisation_id
