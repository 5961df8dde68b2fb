"""What stands in a printed plan and in which order; PDF and DOCX only differ in how they write it.

The plan itself is Chinese in every language of the portal, so all words here are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from applications import dissent, prose_tables
from applications.models import Attachment
from applications.models.records import RECORDS
from applications.paragraphs import level
from applications.parts import PARTS, TEXT_PARTS
from portal import words

from .. import reading
from .tables import Table, attachments, consultations, indicators, measures, milestones, prose

TASKS_HEADING = "三、主要任务"
APPENDIX = "appendix"
_SHORT = 40
_STOPS = re.compile("[。；！？]")
_AREAS = tuple(p.key for p in PARTS.values() if p.area)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cover and every page say of the document; a working draft has no ``number``."""

    reference: str
    number: int | None
    digest: str
    at: datetime
    by: str  # an organisation, never a person
    code: str
    verify_url: str
    change_note: str = ""

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def version_words(self) -> str:
        return "草稿" if self.number is None else f"第{self.number}版"

    @property
    def fingerprint(self) -> str:
        return words.grouped(self.digest[:16].upper())


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: heading, text, note (a line the portal adds to a part), table.

    ``section`` is set where a part begins, so that the part can be told from any heading inside it.
    """

    kind: str
    text: str = ""
    level: int = 0
    section: str = ""
    table: Table | None = None


def blocks(snapshot: dict[str, Any]) -> list[Block]:
    """Return the whole plan: its prose in the order of the outline, then the tables and the attachments."""
    with translation.override("zh-hans"):
        return [*_prose(snapshot), *_annexes(snapshot)]


def _prose(snapshot: dict[str, Any]) -> Iterator[Block]:
    sections = {s["key"]: s for s in snapshot["sections"]}
    for key in TEXT_PARTS:
        part = PARTS[key]
        section = sections.get(key, {"paragraphs": []})
        if part.optional and not section["paragraphs"]:
            continue
        if key == _AREAS[0]:
            yield Block("heading", TASKS_HEADING, 1, section="tasks")
        depth = 2 if part.area else 1
        yield Block("heading", part.heading, depth, section=key)
        if section.get("department"):
            yield Block("note", f"责任部门：{section['department']}")
        if section.get("not_focus_reason"):
            yield Block("note", f"不作为重点的原因：{section['not_focus_reason']}")
        yield from _dissent(snapshot, key)
        for found in prose_tables.runs(section["paragraphs"]):
            if isinstance(found, prose_tables.Grid):
                yield Block("table", table=prose([prose_tables.cells(row["text"]) for row in found.rows]))
            else:
                yield _paragraph(found["text"], depth)


def _dissent(snapshot: dict[str, Any], key: str) -> Iterator[Block]:
    """Write what departments hold against a part where the part stands."""
    titles = {r["id"]: r["title"] for r in snapshot["measures"]}
    for one in dissent.beside(snapshot["consultations"], key, titles):
        on = "、".join(f"“{title}”" for title in one.measures) if key == "measures" else ""
        said = f"{one.who}{on and f'对{on}'}保留不同意见" if one.who else f"{on and f'对{on}'}保留的不同意见"
        yield Block("note", f"{said}：{one.text}（{words.official_day(one.held_on)}{one.form}）")


def _paragraph(text: str, depth: int) -> Block:
    """A short numbered line without a full stop is a heading below that of its part."""
    own = level(text)
    if own and len(text) <= _SHORT and not _STOPS.search(text):
        return Block("heading", text, min(4, max(own, depth + 1)))
    return Block("text", text)


def _annexes(snapshot: dict[str, Any]) -> Iterator[Block]:
    tables = [
        (PARTS["indicators"].heading, [("indicators", "", indicators(snapshot))]),
        (PARTS["milestones"].heading, [("milestones", "", milestones(snapshot))]),
        (PARTS["measures"].heading, [("measures", "", measures(snapshot))]),
        ("组织保障情况", list(_records(snapshot))),
        (PARTS["consultations"].heading, [("consultations", "", consultations(snapshot))]),
        ("附件目录", [("attachments", "", attachments(snapshot, Attachment.Kind))]),
    ]
    for number, (title, parts) in enumerate(tables, start=1):
        yield Block("heading", f"附表{number}　{title}", 1, section="annex")
        shown = [(key, name, table) for key, name, table in parts if table.rows]
        if not shown:
            yield Block("note", "（无）")
        for key, name, table in shown:
            if name:
                yield Block("heading", name, 2)
            yield Block("table", table=table)
            yield from _dissent(snapshot, key)


def _records(snapshot: dict[str, Any]) -> Iterator[tuple[str, str, Table]]:
    for key in RECORDS:
        facts = reading.record_facts(key, snapshot["records"].get(key, {}))
        rows = tuple(((f["label"],), tuple(f["value"].splitlines()) or ("—",)) for f in facts)
        yield key, PARTS[key].heading, Table(("项目", "内容"), (28, 72), rows, first_is_head=True)


def characters(found: list[Block]) -> int:
    """Return how much there is to print, tables and all."""
    prose = sum(len(b.text) for b in found)
    cells = (c for b in found if b.table for row in b.table.rows for c in row)
    return prose + sum(len(line) for cell in cells for line in cell)
