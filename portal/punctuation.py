"""Signs that differ between Chinese and English."""

from django.utils.translation import get_language


def colon() -> str:
    """Return what stands between a label and what it labels, in the active language."""
    return "：" if (get_language() or "").startswith("zh") else ": "
