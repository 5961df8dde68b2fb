"""A frozen version as a page: numbered paragraphs and tables, each with the notes its reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from applications import anchors, dissent, hearing, pictures, prose_tables
from applications.anchors import Status
from applications.models import Consultation, Indicator, Measure, Milestone
from applications.models.records import RECORDS
from applications.paragraphs import sentences
from applications.parts import PARTS
from portal import words
from portal.punctuation import in_a_row

from . import presenting
from .models import Annotation

MODELS = {"indicators": Indicator, "measures": Measure, "milestones": Milestone, "consultations": Consultation}
TARGETS = {"indicators": "indicator", "measures": "measure", "milestones": "milestone"}
ORDER = {key: place for place, key in enumerate(PARTS)}
SEVERITY = ("must", "question", "suggestion", "strength")
NOWHERE = len(PARTS)


@dataclass(slots=True)
class Shown:
    """A note at its place in the version being read; ``status`` is empty in the note's own version."""

    note: Annotation
    status: str = ""
    section: str = ""
    target_id: str = ""
    start: int = 0
    end: int = 0
    number: int = 0
    facts: dict[str, Any] = field(default_factory=dict)  # what the page adds: author, is_mine, may_settle …

    @property
    def is_orphan(self) -> bool:
        return self.status == Status.ORPHAN


def at_home(note: Annotation) -> Shown:
    return Shown(note, "", note.section, note.target_id, note.start, note.end)


def anchor_of(note: Annotation) -> anchors.Anchor:
    return anchors.Anchor(note.start, note.end, note.quote, note.prefix, note.suffix)


def carried(note: Annotation, snapshot: dict, origin: dict) -> Shown:
    """Place a note made on ``origin`` in ``snapshot`` with evidence, or leave it without a place."""
    if note.target != "paragraph":
        row, former = (_row(s, note.section, note.target_id) for s in (snapshot, origin))
        if row is None:
            return Shown(note, Status.ORPHAN)
        return Shown(note, Status.UNCHANGED if row == former else Status.CHANGED, note.section, note.target_id)
    home = {p["id"]: s["key"] for s in snapshot["sections"] for p in s["paragraphs"]}
    now, then = ([p for s in t["sections"] for p in s["paragraphs"]] for t in (snapshot, origin))
    found = anchors.locate(anchor_of(note), note.target_id, now, then)
    if found.paragraph_id is None:
        return Shown(note, Status.ORPHAN)
    return Shown(note, found.status, home[found.paragraph_id], found.paragraph_id, found.start, found.end)


def _row(snapshot: dict, table: str, row_id: str) -> dict | None:
    return next((r for r in snapshot[table] if r["id"] == row_id), None)


def numbered(snapshot: dict, notes: Iterable[Shown]) -> list[Shown]:
    """Return the notes in the order of the text with their numbers; those without a place come first."""
    places: dict[tuple[str, str], int] = {}
    for section in snapshot["sections"]:
        places |= {(section["key"], p["id"]): at for at, p in enumerate(section["paragraphs"])}
    for table in TARGETS:
        places |= {(table, r["id"]): at for at, r in enumerate(snapshot[table])}

    def place(shown: Shown) -> tuple:
        if shown.is_orphan:
            return (-1, 0, 0, 0, shown.note.pk)
        at = places.get((shown.section, shown.target_id), 0)
        return (ORDER.get(shown.section, NOWHERE), at, shown.start, shown.end, shown.note.pk)

    found = sorted(notes, key=place)
    for number, shown in enumerate(found, start=1):
        shown.number = number
    return found


def parts(
    snapshot: dict, notes: Sequence[Shown], *, files: dict[str, int], signals: Mapping[str, list[str]] | None = None
) -> list[dict[str, Any]]:
    """Return the parts of the plan in its own order; empty optional parts are left out.

    ``files`` gives the id of a stored file by its digest, for the links of attachments; ``signals`` what the
    group alone is told about a row of the indicator table.
    """
    by_place: dict[tuple[str, str], list[Shown]] = {}
    for shown in notes:
        if not shown.is_orphan:
            by_place.setdefault((shown.section, shown.target_id), []).append(shown)
    sections = {s["key"]: s for s in snapshot["sections"]}
    names = {r["id"]: r["name"] for r in snapshot["indicators"]}
    titles = {r["id"]: r["title"] for r in snapshot["measures"]}
    found, number = [], 0
    for part in PARTS.values():
        made: dict[str, Any] = {"key": part.key, "heading": part.heading, "form": part.form, "blocks": []}
        made["dissents"] = dissent.beside(snapshot["consultations"], part.key, titles)
        if part.form == "text":
            section = sections.get(part.key, {"paragraphs": []})
            made |= {k: section.get(k, "") for k in ("department", "not_focus_reason")}
            made["blocks"] = _prose(part.key, section["paragraphs"], by_place, number)
            number += len(section["paragraphs"])
        elif part.form == "rows":
            made["blocks"] = [_table_row(part.key, r, by_place, names, titles) for r in snapshot[part.key]]
            if part.key == "measures":
                _hearings(made["blocks"], snapshot)
            if part.key == "milestones":
                made["picture"] = pictures.milestones(snapshot[part.key])
            if part.key == "indicators" and signals:
                made["signals"] = [(b, in_a_row(signals[b["id"]])) for b in made["blocks"] if b["id"] in signals]
        elif part.form == "record":
            made["facts"] = record_facts(part.key, snapshot["records"].get(part.key, {}))
        else:
            made["files"] = [{**a, "file": files.get(a["sha256"])} for a in snapshot["attachments"]]
        made["count"] = sum(len(b["notes"]) for b in made["blocks"])
        made["is_empty"] = not (
            made["blocks"] or made.get("facts") or made.get("files") or made.get("not_focus_reason")
        )
        if not (made["is_empty"] and part.optional):
            found.append(made)
    return found


def _prose(section: str, paragraphs: list[dict], by_place: dict, number: int) -> list[dict[str, Any]]:
    """Return the paragraphs in their order, numbered on from ``number``; those that are a table together as one."""
    found = []
    for run in prose_tables.runs(paragraphs):
        rows = run.rows if isinstance(run, prose_tables.Grid) else [run]
        blocks = [
            _paragraph(section, row, n, by_place.get((section, row["id"]), []))
            for n, row in enumerate(rows, start=number + 1)
        ]
        number += len(rows)
        found += [_prose_table(rows, blocks)] if len(rows) > 1 else blocks
    return found


def _paragraph(section: str, paragraph: dict, number: int, notes: list[Shown]) -> dict[str, Any]:
    return {
        "section": section,
        "target": "paragraph",
        "id": paragraph["id"],
        "anchor": f"p-{section}-{paragraph['id']}",
        "number": number,
        "html": marked(paragraph["text"], notes),
        "notes": notes,
    }


def _prose_table(rows: list[dict], shown: list[dict[str, Any]]) -> dict[str, Any]:
    """Give each row its cells: hidden bars and shown words that together are the row's text, marks and all."""
    for row, block in zip(rows, shown, strict=True):
        spans = prose_tables.spans(row["text"])
        ends = [*(end for _start, end in spans[:-1]), len(row["text"])]
        block["cells"] = stretches(row["text"], block["notes"], ends, spans)
    return {"rows": shown, "notes": [note for block in shown for note in block["notes"]]}


def marked(text: str, notes: Sequence[Shown]) -> SafeString:
    """Return ``text`` with its noted passages marked; without the marks and the numbers it is ``text`` again."""
    return stretches(text, notes, [len(text)], [(0, len(text))])[0]


def stretches(
    text: str, notes: Sequence[Shown], ends: Sequence[int], seen: Sequence[tuple[int, int]]
) -> list[SafeString]:
    """Return ``text`` cut at ``ends``, its noted passages marked; what lies outside ``seen`` is there but hidden.

    Passages may overlap, so each piece between two edges is marked on its own, in the look of its gravest note.
    """
    cuts = {*ends, *(edge for span in seen for edge in span), *(e for n in notes for e in (n.start, n.end))}
    edges = sorted({0, len(text)} | cuts)
    found: list[list[SafeString]] = [[]]
    begun: set[int] = set()
    for start, end in zip(edges, edges[1:], strict=False):
        hides = not any(first <= start and end <= last for first, last in seen)
        piece = format_html('<span class="vh" aria-hidden="true">{}</span>' if hides else "{}", text[start:end])
        found[-1].append(_piece(piece, [n for n in notes if n.start <= start and end <= n.end], end, begun))
        if end in ends:
            found.append([])
    return [mark_safe("".join(pieces)) for pieces in found[: len(ends)]]  # noqa: S308 - made by format_html


def _piece(words: SafeString, over: Sequence[Shown], end: int, begun: set[int]) -> SafeString:
    if not over:
        return words
    kind = min((n.note.kind for n in over), key=SEVERITY.index)
    ends = mark_safe("".join(_number(n) for n in over if n.end == end))  # noqa: S308 - made by format_html
    ids = " ".join(str(n.note.pk) for n in over)
    first = next((n for n in over if n.note.pk not in begun), None)
    begun |= {n.note.pk for n in over}
    name = format_html(' id="mark-{}"', first.note.pk) if first else ""
    return format_html('<mark class="{}" data-notes="{}"{}>{}{}</mark>', kind, ids, name, words, ends)


def _number(shown: Shown) -> SafeString:
    says = _("Note %d") % shown.number
    return format_html(
        '<sup><a href="#note-{0}" data-note="{0}" aria-label="{1}">{2}</a></sup>', shown.note.pk, says, shown.number
    )


def _hearings(blocks: list[dict[str, Any]], snapshot: dict) -> None:
    """Say of each rule and policy measure when firms were heard on it; older ledgers do not say on what."""
    ledger = [entry for entry in snapshot["consultations"] if "parts" in entry]
    for block, measure in zip(blocks, snapshot["measures"], strict=True):
        found = hearing.shown(measure, ledger)
        days = [(words.day(day, today=None, english=presenting.english()), form) for day, form in found]
        block["cells"]["heard"] = in_a_row(f"{day} {form}" for day, form in days)


def _table_row(table: str, row: dict, by_place: dict, names: dict[str, str], titles: dict[str, str]) -> dict[str, Any]:
    notes = by_place.get((table, row["id"]), [])
    shown = {name: value_words(MODELS[table], name, v) for name, v in row.items() if not isinstance(v, list)}
    if "parts" in row:
        shown |= {"parts": part_words(row["parts"]), "measures": measure_words(row["measures"], titles)}
    if "indicators" in row:
        shown["indicators"] = "、".join(names.get(i, "") for i in row["indicators"])
    if row.get("indicator"):
        shown["indicator"] = names.get(row["indicator"], "")
    kind = min((n.note.kind for n in notes), key=SEVERITY.index) if notes else ""
    numbers = mark_safe("".join(_number(n) for n in notes))  # noqa: S308 - made by format_html
    target = TARGETS.get(table, "")
    anchor = f"row-{table}-{row['id']}"
    return {
        "section": table, "target": target, "id": row["id"], "anchor": anchor, "cells": shown, "notes": notes,
        "kind": kind, "numbers": numbers, "is_priority": row.get("is_priority", False),
    }  # fmt: skip


def value_words(model, name: str, value: Any) -> str:
    """Return a frozen value as a reader expects it: the label of a choice, yes or no, a dash for nothing."""
    if value in ("", None):
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    kind = next((f for f in model._meta.fields if f.name == name), None)
    if isinstance(kind, models.DateField):
        return words.day(date.fromisoformat(value), today=None, english=presenting.english())
    if isinstance(kind, models.DecimalField):
        return words.thousands(Decimal(value))
    return str(dict(kind.flatchoices).get(value, value)) if kind else str(value)


def part_words(keys: Iterable[str]) -> str:
    """Return the headings of parts as the plan prints them."""
    return "、".join(PARTS[key].heading for key in keys if key in PARTS)


def measure_words(ids: Iterable[str], titles: dict[str, str]) -> str:
    return "、".join(titles[i] for i in ids if i in titles)


def record_facts(name: str, record: dict) -> list[dict[str, str]]:
    """Return label and value of each field, in the form's order; nothing when the city has written none of it."""
    model = RECORDS[name]
    if not any(record.values()):
        return []
    return [
        {"label": str(field.verbose_name), "value": value_words(model, field.name, record[field.name])}
        for field in model._meta.fields
        if field.name in record
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a note is to be made: the paragraph's text with its sentences, or the name of a table's row."""

    section: str
    target: str
    target_id: str
    heading: str
    text: str
    number: int = 0
    sentences: tuple[tuple[int, int], ...] = ()

    @property
    def anchor(self) -> str:
        kind = "p" if self.target == "paragraph" else "row"
        return f"{kind}-{self.section}-{self.target_id}"


def find_place(snapshot: dict, section: str, target: str, target_id: str) -> Place | None:
    """Return the paragraph or row that an address names, or ``None``."""
    if target == "paragraph":
        number = 0
        for s in snapshot["sections"]:
            for p in s["paragraphs"]:
                number += 1
                if (s["key"], p["id"]) == (section, target_id):
                    spans = tuple(sentences(p["text"]))
                    return Place(section, target, target_id, s["heading"], p["text"], number, spans)
        return None
    if TARGETS.get(section) != target:
        return None
    row = _row(snapshot, section, target_id)
    if row is None:
        return None
    return Place(section, target, target_id, PARTS[section].heading, str(row.get("name") or row["title"]))
