"""The plan as a Word document: real headings, real tables, and bookmarks that name its parts for the way back."""

import io
from datetime import UTC
from typing import Any

from django.utils import translation
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from applications.docx_body import BOOKMARK, COVER_STYLE, NOTE_STYLE
from portal import words
from portal.words import writable

from . import word
from .content import Block, Facts, blocks

_FACES = {"Normal": ("仿宋", 14), "Title": ("宋体", 24), COVER_STYLE: ("仿宋", 12), NOTE_STYLE: ("楷体", 12)}
_HEADINGS = {1: ("黑体", 15), 2: ("楷体", 14), 3: ("仿宋", 14), 4: ("仿宋", 14)}
_CONTENTS_DEPTH = 2


def write(snapshot: dict[str, Any], facts: Facts) -> bytes:
    """Return the document; no person is named in it but where the city wrote a name itself."""
    document = Document()
    _styles(document)
    _properties(document, snapshot["plan"], facts)
    found = blocks(snapshot)
    with translation.override("zh-hans"):
        _cover(document, snapshot["plan"], facts)
        _contents(document, found)
        _body(document, found)
        _edges(document, facts)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _styles(document: WordDocument) -> None:
    for name in (COVER_STYLE, NOTE_STYLE, "toc 1", "toc 2"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
    for name, (face, size) in _FACES.items():
        word.set_face(document.styles[name], face, size)
    for level, (face, size) in _HEADINGS.items():
        style = document.styles[f"Heading {level}"]
        word.set_face(style, face, size)
        style.font.bold = level in {2, 3}
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(6 if level == 1 else 2)
        style.paragraph_format.keep_with_next = True
    word.set_face(document.styles["TOC Heading"], "黑体", 18)
    document.styles["toc 2"].paragraph_format.left_indent = Pt(28)
    word.speak_chinese(document)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5


def _properties(document: WordDocument, plan: dict[str, Any], facts: Facts) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by = writable(plan["title"]), plan["city"], plan["city"]
    core.subject = f"{facts.reference} {facts.version_words}"
    core.identifier, core.keywords, core.comments = facts.digest, facts.code, ""
    core.category, core.version, core.language = plan["call"], facts.version_words, "zh-CN"
    core.created = core.modified = facts.at.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1


def _cover(document: WordDocument, plan: dict[str, Any], facts: Facts) -> None:
    def line(text: str) -> None:
        document.add_paragraph(writable(text), style=COVER_STYLE).alignment = WD_ALIGN_PARAGRAPH.CENTER

    line(plan["call"])
    document.add_paragraph(writable(plan["title"]), style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    line(plan["city"])
    line(words.years(plan["starts"], plan["ends"]))
    if facts.is_draft:
        line("工作草稿，尚未提交")
    moment, body = ("导出", "导出单位") if facts.is_draft else ("固定", "提交单位")
    line(f"方案编号：{facts.reference}　　版本：{facts.version_words}")
    line(f"{moment}时间：{words.full_moment(facts.at, seconds=True)}　　{body}：{facts.by}")
    line(f"文本指纹：{words.grouped(facts.digest.upper())}")
    line(f"核验码：{facts.code}")


def _contents(document: WordDocument, found: list[Block]) -> None:
    """Write a field that Word fills with page numbers; until then it shows the headings."""
    title = document.add_paragraph("目录", style="TOC Heading")
    title.alignment, title.paragraph_format.page_break_before = WD_ALIGN_PARAGRAPH.CENTER, True
    entries = [b for b in found if b.kind == "heading" and b.section and b.level <= _CONTENTS_DEPTH]
    lines = [(document.add_paragraph(style=f"toc {b.level}"), b.text) for b in entries]
    word.field(lines[0][0], "begin", f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u')
    for paragraph, text in lines:
        paragraph.add_run(writable(text))
    word.field(lines[-1][0], "end")


def _body(document: WordDocument, found: list[Block]) -> None:
    word.page(document.sections[0], is_wide=False)
    is_wide, number = False, 0
    for at, block in enumerate(found):
        if block.kind == "heading":
            starts_annex = block.section == "annex"
            turned = starts_annex and any(b.table and b.table.wide for b in found[at + 1 : at + 2])
            if starts_annex and turned != is_wide:
                word.page(document.add_section(WD_SECTION.NEW_PAGE), is_wide=turned)
            heading = document.add_paragraph(writable(block.text), style=f"Heading {block.level}")
            heading.paragraph_format.page_break_before = (starts_annex and turned == is_wide) or at == 0
            is_wide = turned if starts_annex else is_wide
            if block.section:
                number += 1
                _bookmark(heading, number, f"{BOOKMARK}{block.section}" + (str(number) if starts_annex else ""))
        elif block.table:
            if at and found[at - 1].table:
                document.add_paragraph()  # Word would make one table of two
            word.table(document, block.table)
        else:
            paragraph = document.add_paragraph(writable(block.text), style=NOTE_STYLE if block.kind == "note" else None)
            if block.kind == "text":
                paragraph.paragraph_format.first_line_indent = Pt(28)


def _bookmark(paragraph, number: int, name: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def _edges(document: WordDocument, facts: Facts) -> None:
    """Head and foot of every page; later sections take over those of the first."""
    first = document.sections[0]
    draft = "草稿　　" if facts.is_draft else ""
    head = first.header.paragraphs[0]
    head.text = (
        f"{draft}{facts.reference}　{facts.version_words}　　{words.official_day(facts.at)}　指纹 {facts.fingerprint}"
    )
    foot = first.footer.paragraphs[0]
    foot.add_run(f"核验码 {facts.code}　　第 ")
    word.field(foot, "begin", "PAGE")
    word.field(foot, "end")
    foot.add_run(" 页")
    for paragraph in (head, foot):
        for run in paragraph.runs:
            run.font.size = Pt(9)
