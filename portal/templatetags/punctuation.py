"""Signs that differ between Chinese and English; known to every template without loading."""

from django import template

from portal import punctuation

register = template.Library()


@register.simple_tag
def colon() -> str:
    """Return what stands between a label and what it labels."""
    return punctuation.colon()


@register.simple_tag
def gap() -> str:
    """Return what stands between two sentences."""
    return punctuation.in_a_row(("", ""))
