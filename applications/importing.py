"""A Word draft of a plan, read by its headings; whatever finds no section goes to the appendix."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree

from portal.uploads import Kind, Limits, Refused, inspect

from . import prose_tables
from .docx_body import Block, Body, parse, run_text
from .paragraphs import level, numbering
from .parts import PARTS, RECORD_PARTS

LIMITS = Limits(unpacked=100 * 1024 * 1024)
_PART = 30 * 1024 * 1024
_SHORT = 40
_TASKS = "tasks"
# Order matters: 基础设施 before 基础, 主要任务 before the areas it names.
_VOCABULARY = (
    (_TASKS, r"(?:主要|重点|工作|创建|建设)任务|^任务$"),
    ("projects", r"重[点大](?:建设)?(?:工程|项目)|示范工程"),
    ("steps", r"(?:实施|工作|推进|创建)(?:步骤|阶段|计划|进度)|进度安排|阶段安排|时间安排"),
    ("safeguards", r"保障(?:措施|机制|体系)|组织保障|组织实施$"),
    ("policy", r"(?:政策|制度|法规|法制|规制|发展)\S*环境|电子商务环境|政策体系|政策法规"),
    ("infrastructure", r"基础设施"),
    ("support", r"支撑(?:体系|环境|能力)"),
    ("services", r"(?:培育|发展|壮大)?电子商务服务|培育服务|服务业|服务体系|^服务$"),
    ("applications", r"(?:深化|推广|普及|拓展|扩大)\S*应用|电子商务应用|^应用$"),
    (
        "positioning",
        r"总体(?:要求|思路|目标|考虑|定位)|指导思想|基本原则|(?:战略|功能|发展)?定位|(?:创建|发展|工作)目标|^目标",
    ),
    ("basis", r"(?:创建|发展|工作|现有|现实)?基础|现状|需求|创建背景|有利条件|比较优势|必要性"),
)
SECTIONS = (
    *("basis", "positioning", "policy", "support", "infrastructure"),
    *("services", "applications", "projects", "steps", "safeguards"),
)
_AREAS = frozenset(SECTIONS[2:7])
# A document the portal wrote has them all; one that only borrowed a page of it is read by its headings.
_ALWAYS = frozenset(SECTIONS) - {"projects"}
_PATTERNS = tuple((key, re.compile(pattern)) for key, pattern in _VOCABULARY)
_RECORD_HEADINGS = frozenset(PARTS[key].heading for key in RECORD_PARTS)
_APPENDIX = re.compile(r"附\s*[件录表]|附[:：]")
_TITLE = re.compile(r"方案|规划|计划")
_STOPS = re.compile("[。；！？]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was recognised; ``key`` is None for one that opens no section of ours."""

    text: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` of cell texts; the same rows stand as text in the section, or the appendix when None."""

    section: str | None
    rows: list[list[str]]


@dataclass(slots=True)
class ImportedPlan:
    """Every paragraph stands in exactly one of title, headings, sections, unplaced.

    Of a document the portal wrote, its own lines and the tables of its annexes are left out; the notes say so.
    """

    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=lambda: {key: [] for key in SECTIONS})
    unplaced: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_plan(source: bytes | Path | str, *, limits: Limits = LIMITS) -> ImportedPlan:
    """Return the plan a DOCX holds, or raise Refused with what is wrong and how to right it."""
    if not isinstance(source, bytes):
        with Path(source).open("rb") as stream:
            # One byte more than allowed is enough to know that it is too large.
            source = stream.read(limits.size + 1)
    inspect(io.BytesIO(source), "plan.docx", limits=limits, allowed=[Kind.DOCX])
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            styles, numbering = (_part(archive, f"word/{name}.xml") for name in ("styles", "numbering"))
            body = Body(_part(archive, "word/document.xml") or b"", styles, numbering)
            found = list(body.blocks())
            is_own = {block.part for block in found} >= _ALWAYS
            plan = _place_own(found) if is_own else _place(found)
            _furniture(archive, body, plan)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError, RecursionError):
        raise Refused(
            "damaged", _("This document is damaged. Open it, save it again and upload the new file.")
        ) from None
    if not (plan.title or plan.headings or plan.unplaced or any(plan.sections.values())):
        raise Refused("empty", _("This document holds no text. Check that it is the right file."))
    return plan


def _part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in archive.namelist():
        if name == "word/document.xml":
            raise KeyError(name)
        return None
    if archive.getinfo(name).file_size > _PART:
        raise Refused("too_large", _("The text of this document is too long. Split it and import the parts."))
    return archive.read(name)


def section_of(heading: str) -> str | None:
    """Return the section key a heading names, "tasks" for the frame of the five areas, None for others."""
    plain = re.sub(r"[\s　]", "", heading[len(numbering(heading)) :]).strip("：:。")
    return next((key for key, pattern in _PATTERNS if pattern.search(plain)), None)


class _Placing:
    """Where the next paragraph goes; levels count from 1, a section ends at a heading as high as its own."""

    def __init__(self) -> None:
        self.plan = ImportedPlan()
        self.key: str | None = None
        self.level = 0
        self.tasks_level: int | None = None
        self.in_appendix = False
        self.contents = 0

    def add(self, text: str) -> None:
        (self.plan.sections[self.key] if self.key else self.plan.unplaced).append(text)

    def heading(self, text: str, depth: int, head: str) -> None:
        """Open the section ``head`` names if it may open here, else keep the text where we are."""
        is_run_in = head != text
        key = None if self.in_appendix else section_of(head)
        inside = self.key is not None and depth > self.level
        if inside or (key is None and is_run_in):
            self.add(text)
            return
        if self.tasks_level is not None and depth <= self.tasks_level:
            self.tasks_level = None
        if self.tasks_level is not None and key not in _AREAS | {None}:
            key = None
        self.key, self.level = (None if key == _TASKS else key), depth
        if key == _TASKS:
            self.tasks_level = depth
        if is_run_in or key is None:
            self.add(text)
        else:
            self.plan.headings.append(Heading(text, None if key == _TASKS else key))


def _place_own(blocks: Iterable[Block]) -> ImportedPlan:
    """Take a document that the portal wrote back into the same parts, whatever words they hold."""
    placing = _Placing()
    added, left_out, in_annex = 0, 0, False
    for block in blocks:
        if block.rows is not None:
            if in_annex:
                left_out += 1
            else:
                _table(placing, block.rows)
            continue
        if block.part:
            in_annex = block.part.startswith("annex")
            if in_annex:
                continue
            placing.key = block.part if block.part in SECTIONS else None
            placing.plan.headings.append(Heading(block.text.strip(), placing.key))
            continue
        if in_annex and block.level and block.text.strip() in _RECORD_HEADINGS:
            continue
        if block.is_contents or block.is_added:
            added += bool(block.text.strip())
        elif block.is_title and not placing.plan.title:
            placing.plan.title = block.text.strip()
        else:
            for text in filter(None, map(str.strip, block.text.split("\n"))):
                placing.add(text)
    if added:
        placing.plan.notes.append(_("Cover, contents and the lines the portal had added were left out."))
    if left_out:
        said = ngettext(
            "%(n)s table of the annexes was left out. What it holds is entered on the pages of the plan's tables.",
            "%(n)s tables of the annexes were left out. What they hold is entered on the pages of the plan's tables.",
            left_out,
        )
        placing.plan.notes.append(said % {"n": left_out})
    _tell_of_the_unplaced(placing.plan)
    return placing.plan


def _place(blocks: Iterable[Block]) -> ImportedPlan:
    placing = _Placing()
    for block in blocks:
        if block.rows is not None:
            _table(placing, block.rows)
        else:
            # A break inside a paragraph starts a new one: our text knows no others.
            for text in filter(None, map(str.strip, block.text.split("\n"))):
                _paragraph(placing, block, text)
    plan = placing.plan
    if placing.contents:
        plan.notes.append(_("The table of contents was left out: the portal makes its own."))
    _tell_of_the_unplaced(plan)
    return plan


def _tell_of_the_unplaced(plan: ImportedPlan) -> None:
    if plan.unplaced:
        plan.notes.append(
            ngettext(
                "%(n)s paragraph found no section and stands in the appendix, in its order.",
                "%(n)s paragraphs found no section and stand in the appendix, in their order.",
                len(plan.unplaced),
            )
            % {"n": len(plan.unplaced)}
        )


def _paragraph(placing: _Placing, block: Block, text: str) -> None:
    plan = placing.plan
    started = plan.headings or plan.unplaced or any(plan.sections.values())
    if block.is_contents:
        placing.contents += 1
    elif _is_title(block, text) and not started and not plan.title:
        plan.title = text
    elif _APPENDIX.match(text) and len(text) <= _SHORT and not _STOPS.search(text):
        placing.in_appendix, placing.key, placing.level, placing.tasks_level = True, None, 0, None
        placing.add(text)
    elif depth := block.level or level(text):
        head = _STOPS.split(text)[0] if not block.level else text
        # A long numbered sentence is running text, whatever words it holds.
        is_heading = block.level or len(head) <= _SHORT
        placing.heading(text, depth, head.strip()) if is_heading else placing.add(text)
    elif (key := _bare(text)) and not placing.in_appendix:
        placing.heading(text, 2 if key in _AREAS else 1, text)
    else:
        placing.add(text)


def _is_title(block: Block, text: str) -> bool:
    if level(text) or len(text) > 2 * _SHORT or _STOPS.search(text):
        return False
    return block.is_title or bool(_TITLE.search(text))


def _bare(text: str) -> str | None:
    """Return the key of a heading that carries neither style nor number: it must be the name alone."""
    plain = re.sub(r"\s", "", text)
    for key, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return key
    return None


def _table(placing: _Placing, rows: list[list[str]]) -> None:
    placing.plan.tables.append(Table(placing.key, rows))
    width = max(map(len, rows))
    for row in rows:
        if width < 2:
            for text in filter(None, map(str.strip, row[0].split("\n"))):
                placing.add(text)
        else:
            placing.add(prose_tables.row(row, width))


def _furniture(archive: zipfile.ZipFile, body: Body, plan: ImportedPlan) -> None:
    """Take over foot- and endnotes; name what was left out."""
    names = archive.namelist()
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if data := _part(archive, name):
            texts = [run_text(note).strip() for note in parse(data)]
            plan.unplaced += filter(None, texts)
            if any(texts):
                plan.notes.append(_("The notes at the foot of the pages stand at the end of the appendix."))
    if any(re.match(r"word/(?:header|footer)\d*\.xml", name) for name in names):
        plan.notes.append(_("Page headers, footers and page numbers were left out."))
    if "word/comments.xml" in names:
        plan.notes.append(_("Comments in the margin were left out."))
    if body.tracked:
        plan.notes.append(_("Tracked changes were read as accepted."))
    if body.pictures:
        plan.notes.append(_("Pictures were left out. Upload them as attachments."))
