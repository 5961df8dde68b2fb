"""What every page of a plan may show of its review, for templates of every layer."""

from typing import Any

from django import template

from portal.http import whole
from review import pinned, presenting
from review.models import Case, OpinionItem

register = template.Library()


@register.inclusion_tag("components/_plan_strip.html")
def plan_strip(case: Case) -> dict:
    return {"strip": presenting.strip(case)}


@register.simple_tag(takes_context=True)
def pinned_items(context: dict[str, Any]) -> list[pinned.Pinned]:
    """Return the opinion's items about the part of the page; ``?item=`` in the address puts one first."""
    part = context.get("part")
    if part is None:
        return []
    asked = whole(context["request"].GET.get("item"))
    return pinned.beside(context["case"], part.key, context.get("section"), asked)


@register.simple_tag(takes_context=True)
def earlier_items(context: dict[str, Any]) -> list[OpinionItem]:
    """Return what earlier opinions said about the part of the page."""
    part = context.get("part")
    return pinned.earlier(context["case"], part.key) if part else []
