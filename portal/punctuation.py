"""Signs that differ between Chinese and English."""

from collections.abc import Iterable

from django.utils.translation import get_language


def colon() -> str:
    """Return what stands between a label and what it labels, in the active language."""
    return "：" if _chinese() else ": "


def listed(items: Iterable[str]) -> str:
    """Return the items as a list inside a sentence."""
    return ("、" if _chinese() else ", ").join(items)


def in_a_row(sentences: Iterable[str]) -> str:
    """Return whole sentences as running text."""
    return ("" if _chinese() else " ").join(sentences)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
