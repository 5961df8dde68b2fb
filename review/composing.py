"""An opinion in the words of its pages: the pool of notes, the letter, places in the plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.parts import PARTS
from applications.services import versions
from portal import clock, words
from portal.models import Membership
from portal.punctuation import colon
from portal.workdays_store import deadline

from . import presenting, tone
from .models import Annotation, Case, Opinion, OpinionItem
from .names import naming
from .services import opinions

KIND_COLOURS = {"must": "red", "suggestion": "amber", "question": "blue", "strength": "green"}
_EDITED_ON = {"text": "plan_section", "rows": "plan_rows", "record": "plan_record", "files": "plan_attachments"}


def section_title(key: str) -> str:
    """Return what a part of the plan is called, or words for the whole plan."""
    return str(PARTS[key].title) if key in PARTS else _("the plan as a whole")


def edit_url(reference: str, item: OpinionItem) -> str:
    """Return where the city changes the part an item speaks of, with the item pinned; empty for the whole plan."""
    part = PARTS.get(item.section)
    if part is None:
        return ""
    args = [reference] if part.form == "files" else [reference, part.key]
    try:
        return f"{reverse(_EDITED_ON[part.form], args=args)}?item={item.pk}"
    except NoReverseMatch:
        return ""


def places(snapshot: dict[str, Any]) -> Callable[[Annotation], str]:
    """Return a function that says in words where in a version a note stands."""
    numbers = {(s["key"], p["id"]): n for s in snapshot["sections"] for n, p in enumerate(s["paragraphs"], start=1)}
    rows = {
        (kind, row["id"]): row.get("name") or row.get("title", "")
        for kind, table in (("indicator", "indicators"), ("measure", "measures"), ("milestone", "milestones"))
        for row in snapshot[table]
    }

    def place(note: Annotation) -> str:
        title = section_title(note.section)
        if note.target != "paragraph":
            return f"{title}{colon()}{rows.get((note.target, note.target_id), '')}"
        number = numbers.get((note.section, note.target_id))
        return _("%(part)s, paragraph %(number)d") % {"part": title, "number": number} if number else title

    return place


@dataclass(slots=True)
class PoolNote:
    """A published note beside the opinion: ``item`` it stands in, or ``declined``, or still ``open``."""

    note: Annotation
    author: str
    place: str
    url: str
    recused: bool
    item: OpinionItem | None = None
    declined: str = ""
    forms: Any = None

    @property
    def open(self) -> bool:
        return not self.item and not self.declined and self.note.kind != Annotation.Kind.STRENGTH

    @property
    def colour(self) -> str:
        return KIND_COLOURS[self.note.kind]


def pool(case: Case, viewer: Membership) -> list[PoolNote]:
    """Return the round's published notes in the plan's order."""
    version = case.current_round.version
    snapshot = versions.read(version)
    name, place = naming(case, viewer), places(snapshot)
    recused = set(case.recusals.values_list("user_id", flat=True))
    order = {key: n for n, key in enumerate(PARTS)}
    found = [
        PoolNote(
            note,
            name(note.author),
            place(note),
            _read_url(case, version.number, note),
            note.author.user_id in recused,
            next(iter(note.items.all()), None),
            note.decline.reason if hasattr(note, "decline") else "",
        )
        for note in opinions.notes(case)
    ]
    return sorted(found, key=lambda p: (order.get(p.note.section, 99), p.note.target_id, p.note.start, p.note.pk))


def _read_url(case: Case, number: int, note: Annotation) -> str:
    try:
        return f"{reverse('plan_read', args=[case.plan.reference, number])}#note-{note.pk}"
    except NoReverseMatch:
        return ""


def counts(notes: list[PoolNote]) -> dict[str, int]:
    """Return how the notes were dealt with, for the line above the pool."""
    return {
        "all": len(notes),
        "taken": sum(1 for n in notes if n.item),
        "declined": sum(1 for n in notes if n.declined),
        "strengths": sum(1 for n in notes if n.note.kind == Annotation.Kind.STRENGTH and not n.item),
        "open": sum(1 for n in notes if n.open),
        "must": sum(1 for n in notes if n.open and n.note.kind == Annotation.Kind.MUST and not n.recused),
    }


@dataclass(slots=True)
class LetterItem:
    item: OpinionItem
    section: str
    sources: str
    flags: list[tone.Flag]
    form: Any = None


@dataclass(slots=True)
class LetterPart:
    kind: str
    heading: str
    items: list[LetterItem]


def letter(opinion: Opinion, viewer: Membership) -> dict[str, Any]:
    """Return the opinion as the city reads it: heading, praise, numbered items, the date of the answer."""
    case = opinion.case
    name = naming(case, viewer)
    items = opinion.items.prefetch_related("sources__author__user", "sources__author__organisation")
    parts: dict[str, LetterPart] = {}
    for item in items:
        part = parts.setdefault(item.kind, LetterPart(item.kind, "", []))
        part.items.append(
            LetterItem(item, section_title(item.section) if item.section else "", _sources(item, name),
                       tone.flags(item.text))
        )  # fmt: skip
    for numeral, part in zip(_("A. |B. |C. ").split("|"), parts.values(), strict=False):
        part.heading = _heading(numeral, part.kind)
    return {
        "opinion": opinion,
        "addressee": case.city.government.name,
        "strengths": [line for line in opinion.strengths.splitlines() if line.strip()],
        "strength_flags": tone.flags(opinion.strengths),
        "parts": list(parts.values()),
        "due": words.full_moment(_answer_due(opinion), english=presenting.english()),
        "sent_on": words.official_day(opinion.sent_at) if opinion.sent_at else "",
        "asks": bool(parts),
    }


def _heading(numeral: str, kind: str) -> str:
    titles = {
        OpinionItem.Kind.MUST: _("Changes that must be made"),
        OpinionItem.Kind.SUGGESTION: _("Suggestions"),
        OpinionItem.Kind.QUESTION: _("Questions to explain"),
    }
    return f"{numeral}{titles[OpinionItem.Kind(kind)]}"


def _sources(item: OpinionItem, name: Callable[[Membership], str]) -> str:
    found = list(item.sources.all())
    if not found:
        return ""
    authors = (", " if presenting.english() else "、").join(dict.fromkeys(name(s.author) for s in found))
    return ngettext("from a note of %(authors)s", "from %(count)d notes of %(authors)s", len(found)) % {
        "authors": authors,
        "count": len(found),
    }


def _answer_due(opinion: Opinion):
    return deadline(opinion.answer_days, start=opinion.sent_at or clock.now())
