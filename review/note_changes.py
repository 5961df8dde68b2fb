"""How the passage of a note reads now where it was changed: words struck out and added, or the fields of its row."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from applications import comparison
from applications.anchors import Status
from applications.marking import marked

from . import comparing
from .models import Annotation
from .reading import Shown


@dataclass(frozen=True, slots=True)
class Change:
    """``html`` is the passage with ins and del; ``fields`` are those of a row: label, old, new."""

    html: SafeString | str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)


def of(shown: Shown, snapshot: dict[str, Any], origin: dict[str, Any]) -> Change | None:
    """Return the difference of a carried note whose passage was changed, otherwise ``None``."""
    if shown.status != Status.CHANGED:
        return None
    note = shown.note
    if note.target != "paragraph":
        rows = comparing.table(note.section, _row(note, origin), _row(note, snapshot))
        return Change(fields=rows[0]["changes"] if rows else [])
    paragraphs = {p["id"]: p["text"] for s in snapshot["sections"] for p in s["paragraphs"]}
    now_reads = paragraphs[shown.target_id][shown.start : shown.end]
    return Change(marked(comparison.compare_text(note.quote, now_reads)))


def _row(note: Annotation, snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return a version with the note's row alone in its table, and the indicators others name."""
    own = [row for row in snapshot[note.section] if row["id"] == note.target_id]
    return {"indicators": snapshot["indicators"], note.section: own}
