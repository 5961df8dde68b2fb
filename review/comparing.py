"""Two frozen versions side by side: what differs in text, tables, records, ready for a page."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications import comparison, differences
from applications.comparison import Kind
from applications.marking import KIND_WORDS, marked
from applications.models import PlanVersion
from applications.models.records import RECORDS
from applications.parts import PARTS
from applications.services import versions
from portal.punctuation import colon

from .reading import MODELS, measure_words, part_words, value_words

TABS = {
    "opinions": gettext_lazy("By opinion"),
    "text": gettext_lazy("Text of the plan"),
    "indicators": gettext_lazy("Indicators"),
    "measures": gettext_lazy("Measures"),
    "milestones": gettext_lazy("Milestones"),
    "records": gettext_lazy("Safeguards and annexes"),
}
Texts = list[tuple[str, list[comparison.Row]]]
MOST_KEPT = 64  # pairs of versions, some hundred kilobytes each
VIEWS = {
    "inline": gettext_lazy("Inline"),
    "side": gettext_lazy("Side by side"),
    "changes": gettext_lazy("Changes only"),
    "final": gettext_lazy("Final text"),
    "original": gettext_lazy("Original text"),
}
TABLES = {
    "indicators": differences.compare_indicators,
    "measures": differences.compare_measures,
    "milestones": differences.compare_milestones,
}


@dataclass(slots=True)
class Found:
    """``counts`` has the number of changes of every tab; ``sections`` or ``rows`` hold the chosen tab alone."""

    tab: str
    view: str
    counts: dict[str, int]
    sections: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def here(self) -> int:
        return self.counts[self.tab]


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A version's text, known by its digest."""

    digest: str
    text: str = field(compare=False, repr=False)


@lru_cache(maxsize=MOST_KEPT)
def _differing(old: _Frozen, new: _Frozen, language: str) -> tuple[Texts, dict[str, list[dict]], list[dict]]:
    """Return what differs in text, tables and records, kept for the next reader: frozen versions never change.

    ``language`` is that of the words, which are made once with it.
    """
    a, b = json.loads(old.text), json.loads(new.text)
    return texts(a, b), {name: table(name, a, b) for name in TABLES}, records(a, b)


def differing(old: PlanVersion, new: PlanVersion) -> tuple[Texts, dict[str, list[dict]], list[dict]]:
    """Return everything that differs between two frozen versions, in the reader's language; not to be altered."""
    return _differing(_Frozen(old.digest, old.text), _Frozen(new.digest, new.text), get_language())


def compare(old: PlanVersion, new: PlanVersion, *, tab: str, view: str) -> Found:
    """Compare two versions of one plan."""
    text, tables, others = differing(old, new)
    counts = {
        "opinions": 0,  # the caller knows the opinions
        "text": sum(r.kind != Kind.SAME for _key, rows in text for r in rows),
        **{name: len(rows) for name, rows in tables.items()},
        "records": len(others),
    }
    found = Found(tab, view, counts)
    if tab == "text":
        found.sections, found.said = _sections(text, view, counts["text"])
    else:
        rows = others if tab == "records" else tables.get(tab, [])
        found.rows = [row | {"number": number} for number, row in enumerate(rows, start=1)]
    return found


def parts(old: PlanVersion, new: PlanVersion) -> dict[str, tuple[str, int]]:
    """Return the parts that differ, in the order of the plan: on which tab each is compared, and in how many places."""
    a, b = versions.read(old), versions.read(new)
    counts = {key: ("text", sum(r.kind != Kind.SAME for r in rows)) for key, rows in texts(a, b)}
    counts |= {name: (name, len(table(name, a, b))) for name in TABLES}
    for name, number in Counter(row["part"] for row in records(a, b)).items():
        counts[name] = ("records", number)
    return {key: counts[key] for key in PARTS if key in counts and counts[key][1]}


def texts(a: dict, b: dict) -> Texts:
    """Compare part by part; paragraphs keep the running number that the reading page gives them."""
    before = {s["key"]: s["paragraphs"] for s in a["sections"]}
    first = {s["key"]: sum(len(t["paragraphs"]) for t in a["sections"][:at]) for at, s in enumerate(a["sections"])}
    found, new_first = [], 0
    for section in b["sections"]:
        key = section["key"]
        rows = comparison.compare(before.get(key, []), section["paragraphs"])
        found.append((key, [_renumbered(row, first.get(key, 0), new_first) for row in rows]))
        new_first += len(section["paragraphs"])
    return found


def _renumbered(row: comparison.Row, old_first: int, new_first: int) -> comparison.Row:
    return replace(
        row,
        old_at=None if row.old_at is None else row.old_at + old_first,
        new_at=None if row.new_at is None else row.new_at + new_first,
    )


def _sections(text, view: str, total: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the parts with their paragraphs in the chosen view, each change numbered and tied to its neighbours."""
    found, said, number = [], [], 0
    for key, rows in text:
        shown = []
        for row in rows:
            change = 0
            if row.kind != Kind.SAME:
                number += 1
                change = number
            if _is_shown(row, view):
                shown.append(_block(row, view, change, total))
        sentences = comparison.as_list(rows)
        said += [f"{PARTS[key].heading}{colon()}{sentence}" for sentence in sentences]
        if shown:
            found.append({"key": key, "heading": PARTS[key].heading, "rows": shown, "changes": len(sentences)})
    return found, said


def _is_shown(row: comparison.Row, view: str) -> bool:
    if view == "changes":
        return row.kind != Kind.SAME
    if view == "final":
        return row.new is not None
    return row.old is not None if view == "original" else True


def _block(row: comparison.Row, view: str, change: int, total: int) -> dict[str, Any]:
    html = {
        "final": row.new,
        "original": row.old,
    }.get(view) or marked(row.runs)
    return {
        "kind": row.kind.value,
        "word": KIND_WORDS.get(row.kind, ""),
        "html": html,
        "old": marked(row.runs, without="+") if row.old is not None else "",
        "new": marked(row.runs, without="-") if row.new is not None else "",
        "old_number": row.old_at + 1 if row.old_at is not None else "",
        "new_number": row.new_at + 1 if row.new_at is not None else "",
        "change": change,
        "before": change - 1,
        "after": change + 1 if change < total else 0,
    }


def table(name: str, a: dict, b: dict) -> list[dict[str, Any]]:
    """Return the rows of a table that differ, each with its changed fields in words."""
    model = MODELS[name]
    names = {r["id"]: r["name"] for s in (a, b) for r in s["indicators"]}
    found = []
    for row in TABLES[name](a[name], b[name]):
        if row.kind == Kind.SAME:
            continue
        changes = [
            {
                "label": str(model._meta.get_field(c.field).verbose_name),
                "old": _shown(model, c.field, c.old, names),
                "new": _shown(model, c.field, c.new, names),
                "words": c.words if c.old and c.new and _tells_more(c) else "",
            }
            for c in row.changes
        ]
        found.append(
            {"id": row.id, "label": row.label, "kind": row.kind.value, "word": KIND_WORDS[row.kind], "changes": changes}
        )
    return found


def _tells_more(change: differences.FieldChange) -> bool:
    return change.difference is not None or change.field in {"starts", "ends", "due"}


def _shown(model, name: str, value: Any, names: dict[str, str]) -> str:
    if name == "indicators":
        return "、".join(names.get(i, i) for i in value) or "—"
    if name == "indicator":
        return names.get(value, "—")
    return value_words(model, name, value)


def records(a: dict, b: dict) -> list[dict[str, Any]]:
    """Return what differs in the records of the safeguards, in the ledger and among the attachments."""
    found = []
    for name, model in RECORDS.items():
        old, new = (s["records"].get(name, {}) for s in (a, b))
        changes = [
            {
                "label": str(model._meta.get_field(key).verbose_name),
                "old": value_words(model, key, old.get(key, "")),
                "new": value_words(model, key, value),
                "words": "",
            }
            for key, value in new.items()
            if value != old.get(key, "")
        ]
        if changes:
            found.append(_changed(name, PARTS[name].heading, Kind.CHANGED, changes))
    titles = {r["id"]: r["title"] for s in (a, b) for r in s["measures"]}
    for name, label in (("consultations", "who"), ("attachments", "title")):
        found += _listed(name, label, a[name], b[name], titles)
    return found


# What a reader wants to know of a whole entry of the ledger that came or went.
_TOLD = ("parts", "measures", "opinions", "outcome", "adopted", "dissenting", "dissent")


def _listed(
    name: str, label: str, old_rows: list[dict], new_rows: list[dict], titles: dict[str, str]
) -> list[dict[str, Any]]:
    former, present = ({r["id"]: r for r in rows} for rows in (old_rows, new_rows))
    found = []
    for row_id in [*present, *(i for i in former if i not in present)]:
        old, new = former.get(row_id), present.get(row_id)
        changed = [key for key, value in (new or {}).items() if old and value != old.get(key, type(value)())]
        if old and new and not changed:  # a field that came later and holds nothing is no change
            continue
        kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
        if kind != Kind.CHANGED and name == "consultations":
            changed = [key for key in _TOLD if (new or old or {}).get(key)]
        changes = [
            {
                "label": _label(name, key),
                "old": _plain(name, key, (old or {}).get(key, ""), titles),
                "new": _plain(name, key, (new or {}).get(key, ""), titles),
                "words": "" if kind == Kind.CHANGED else KIND_WORDS[kind],
            }
            for key in changed
        ]
        row = new or old or {}
        found.append(_changed(name, f"{PARTS[name].heading}{colon()}{row[label]}", kind, changes))
    return found


def _label(name: str, key: str) -> str:
    if name == "consultations":
        return str(MODELS[name]._meta.get_field(key).verbose_name)
    return {"sha256": _("Fingerprint"), "name": _("File name"), "size": _("Size in bytes"), "title": _("Title")}.get(
        key, key
    )


def _plain(name: str, key: str, value: Any, titles: dict[str, str]) -> str:
    if key in {"parts", "measures"}:
        return (part_words(value) if key == "parts" else measure_words(value, titles)) or "—"
    if name == "consultations":
        return value_words(MODELS[name], key, value)
    return str(value)[:16] if key == "sha256" else str(value)


def _changed(part: str, label: str, kind: Kind, changes: list[dict]) -> dict[str, Any]:
    return {"part": part, "label": label, "kind": kind.value, "word": KIND_WORDS[kind], "changes": changes}
