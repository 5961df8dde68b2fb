"""Differences as people see them: what went struck out, what came underlined, and the word for it."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from .comparison import Kind

KIND_WORDS = {
    Kind.CHANGED: gettext_lazy("Changed"),
    Kind.ADDED: gettext_lazy("Added"),
    Kind.REMOVED: gettext_lazy("Removed"),
    Kind.MOVED: gettext_lazy("Moved"),
}
_TAGS = {"=": "span", "-": "del", "+": "ins"}


def marked(runs, without: str = "") -> SafeString:
    """Return runs as text with ``ins`` and ``del``; ``without`` leaves one side out."""
    pieces = ((_TAGS[op], text) for op, text in runs if op != without)
    return format_html_join("", "<{0}>{1}</{0}>", pieces)
