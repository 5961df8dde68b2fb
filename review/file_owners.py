"""Whose a file is: the people who sent it, told apart from those who receive it."""

from django.urls import reverse

from applications.models import Attachment
from portal import notices
from portal.models import Membership, StoredFile
from portal.roles import CITY

from .actors import city_of


def is_sender(post: Membership, stored: StoredFile) -> bool:
    """Say whether the file is the post's own: its city's, otherwise its office's."""
    sender = stored.uploaded_by
    if sender is None:
        return False
    if sender.role in CITY and post.role in CITY:
        return city_of(sender) == city_of(post)
    return sender.organisation_id == post.organisation_id


def tell_senders(kind: str, sha256: str, **facts: str) -> None:
    """Write a notice about every file with these bytes: to everybody who writes for its city, or to who sent it."""
    for stored in StoredFile.objects.filter(sha256=sha256).select_related("uploaded_by__organisation"):
        attached = Attachment.objects.filter(file=stored).select_related("plan").first()
        path = reverse("plan_attachments", args=[attached.plan.reference]) if attached else reverse("plans")
        key = f"file:{stored.pk}:{kind}"
        notices.send(kind, to=_senders(stored), key=key, path=path, facts={"file": stored.name, **facts})


def _senders(stored: StoredFile) -> list[Membership]:
    sender = stored.uploaded_by
    if sender is None:
        return []
    if sender.role in CITY:
        return list(Membership.objects.holding(*CITY).of_city(city_of(sender)))
    return [sender]
