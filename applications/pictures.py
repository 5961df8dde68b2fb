"""Pictures of a plan's own rows; the page shows the same rows as a table beside them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import charts, clock

from .areas import Softness


def milestones(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Draw the rows of a snapshot over time: soft solid and dark, hard outlined and light, a line for today."""
    spans = [
        charts.Span(
            row["title"],
            date.fromisoformat(row["starts"]),
            date.fromisoformat(row["ends"]),
            row["kind"] == Softness.SOFT,
        )
        for row in rows
    ]
    says = _("Milestones of the plan over time; the table holds the same dates.")
    year = "{}年" if (translation.get_language() or "").startswith("zh") else "{}"
    return charts.milestones(spans, today=clock.today(), says=says, today_word=_("today"), year_word=year)
