"""What the editor says beside one part: the table's figures, mismatches, wording, what the part still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import prose_tables
from ..paragraphs import Paragraph
from ..prose_tables import Broken
from . import mentions, wording

MOST_READ = 200
MOST = 12  # the rest is folded: a list longer than a screen is not read
BROKEN_ROWS = {
    Broken.BARS: gettext_lazy("No row of a table: write the bar | before the first cell and after the last one."),
    Broken.WIDTH: gettext_lazy("No row of the table beside it: the rows of one table have as many cells each."),
    Broken.ALONE: gettext_lazy("A row alone makes no table: the first row is the head, at least one follows it."),
    Broken.MANY: gettext_lazy("Too long for a table in the text: make it an attachment, or two tables."),
}


@dataclass(frozen=True, slots=True)
class Note:
    """``kind`` is mismatch, vague, row or table (the figure agrees); ``start`` counts in the part's whole text."""

    kind: str
    paragraph: str
    number: int
    start: int
    quote: str
    text: str

    @property
    def is_advice(self) -> bool:
        return self.kind != "table"


def notes(key: str, paragraphs: Sequence[Paragraph], indicators: Sequence[Mapping[str, Any]]) -> list[Note]:
    """Return the notes on one part in the order of its text, what to look at before what agrees."""
    begins, numbers, at = {}, {}, 0
    for number, paragraph in enumerate(paragraphs, start=1):
        begins[paragraph["id"]], numbers[paragraph["id"]] = at, number
        at += len(paragraph["text"]) + 1

    def note(kind: str, own: str, start: int, quote: str, text: str) -> Note:
        return Note(kind, own, numbers[own], begins[own] + start, quote, text)

    made = []
    for m in mentions.find(paragraphs, indicators):
        if m.kind == "growth":
            text = _("The indicator table comes to %s a year.") % m.table
        else:
            text = _("Indicator table: %s") % m.table
        made.append(note("table" if m.agrees else "mismatch", m.paragraph, m.start, m.quote, text))
    if key in wording.PROMISING:
        words = _("Says no number, date or department: how much, by when, who?")
        made += [note("vague", v.paragraph, v.start, v.quote, words) for v in wording.vague(paragraphs)]
    for row, why in prose_tables.broken(paragraphs):
        made.append(note("row", row["id"], 0, row["text"], str(BROKEN_ROWS[why])))
    return sorted(made[:MOST_READ], key=lambda n: (n.kind == "table", n.start, n.kind))


def summary(found: Sequence[Note], *, is_written: bool = True) -> str:
    """Return one sentence for the status line; a part without text is not called good."""
    if not is_written:
        return _("Nothing is written yet that could be looked at.")
    count = sum(n.is_advice for n in found)
    if not count:
        return _("Nothing in this part needs a second look.")
    return ngettext("%d place to look at again.", "%d places to look at again.", count) % count
