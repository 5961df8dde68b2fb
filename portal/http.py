"""The request as it reaches a view, once the middleware has done its part."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from .access import Subject
    from .models import Membership, User


class Request(HttpRequest):
    """For annotations only. ``post`` is the acting membership; the object an address names stands on the request."""

    user: "User"
    post: "Membership"
    subject: "Subject"
    htmx: "HtmxDetails"
    case: Any  # review.models.Case
    plan: Any  # applications.models.Plan
    batch: Any  # review.models.Batch
    letter: Any  # review.models.Letter


def whole(text: str | None) -> int | None:
    """Return the whole number that a hidden field or an address names, ``None`` for anything else."""
    return int(text) if text and text.isdecimal() and len(text) <= 9 else None
