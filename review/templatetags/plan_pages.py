"""The head of a plan's pages, for templates of every layer."""

from django import template

from review import presenting
from review.models import Case

register = template.Library()


@register.inclusion_tag("components/_plan_strip.html")
def plan_strip(case: Case) -> dict:
    return {"strip": presenting.strip(case)}
