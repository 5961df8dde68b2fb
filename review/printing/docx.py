"""The plan as a Word document: real headings, real tables, and bookmarks that name its parts for the way back."""

import io
from datetime import UTC
from typing import Any

from django.utils import translation
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from applications.docx_body import BOOKMARK, COVER_STYLE, NOTE_STYLE
from portal import words
from portal.words import writable

from .content import Block, Facts, blocks
from .tables import Table

_FACES = {"Normal": ("仿宋", 14), "Title": ("宋体", 24), COVER_STYLE: ("仿宋", 12), NOTE_STYLE: ("楷体", 12)}
_HEADINGS = {1: ("黑体", 15), 2: ("楷体", 14), 3: ("仿宋", 14), 4: ("仿宋", 14)}
_CONTENTS_DEPTH = 2
_SIDE = (Mm(28), Mm(26))


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
        _set_face(document.styles[name], face, size)
    for level, (face, size) in _HEADINGS.items():
        style = document.styles[f"Heading {level}"]
        _set_face(style, face, size)
        style.font.bold = level in {2, 3}
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(6 if level == 1 else 2)
        style.paragraph_format.keep_with_next = True
    _set_face(document.styles["TOC Heading"], "黑体", 18)
    document.styles["toc 2"].paragraph_format.left_indent = Pt(28)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5


def _set_face(style, face: str, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)


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
    _field(lines[0][0], "begin", f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u')
    for paragraph, text in lines:
        paragraph.add_run(writable(text))
    _field(lines[-1][0], "end")


def _field(paragraph, kind: str, code: str = "") -> None:
    """Begin a field with its code (left to be filled), or end it."""
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)
    if not code:
        return
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    paragraph.add_run()._r.append(instruction)
    separate = OxmlElement("w:fldChar")
    separate.set(qn("w:fldCharType"), "separate")
    paragraph.add_run()._r.append(separate)


def _body(document: WordDocument, found: list[Block]) -> None:
    _page(document.sections[0], is_wide=False)
    is_wide, number = False, 0
    for at, block in enumerate(found):
        if block.kind == "heading":
            starts_annex = block.section == "annex"
            turned = starts_annex and any(b.table and b.table.wide for b in found[at + 1 : at + 2])
            if starts_annex and turned != is_wide:
                _page(document.add_section(WD_SECTION.NEW_PAGE), is_wide=turned)
            heading = document.add_paragraph(writable(block.text), style=f"Heading {block.level}")
            heading.paragraph_format.page_break_before = (starts_annex and turned == is_wide) or at == 0
            is_wide = turned if starts_annex else is_wide
            if block.section:
                number += 1
                _bookmark(heading, number, f"{BOOKMARK}{block.section}" + (str(number) if starts_annex else ""))
        elif block.table:
            if at and found[at - 1].table:
                document.add_paragraph()  # Word would make one table of two
            _table(document, block.table)
        else:
            paragraph = document.add_paragraph(writable(block.text), style=NOTE_STYLE if block.kind == "note" else None)
            if block.kind == "text":
                paragraph.paragraph_format.first_line_indent = Pt(28)


def _page(section, *, is_wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.left_margin, section.right_margin = _SIDE
    section.top_margin = section.bottom_margin = Mm(28)


def _bookmark(paragraph, number: int, name: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.insert(1, start)
    paragraph._p.append(end)


def _table(document: WordDocument, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
    made.autofit = False
    line = (Mm(297) if table.wide else Mm(210)) - sum(_SIDE)
    repeat = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cells, is_head in [(tuple((h,) for h in table.head), True), *((row, False) for row in table.rows)]:
        row = made.rows[0] if is_head else made.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for column, (cell, lines) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = int(line * table.widths[column] / 100)
            _fill(cell, lines, is_head=is_head, is_number=column in table.numbers)


def _fill(cell, lines: tuple[str, ...], *, is_head: bool, is_number: bool) -> None:
    for at, text in enumerate(lines):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.1
        run = paragraph.add_run(writable(text))
        run.font.size, run.bold = Pt(10), is_head or None
        if is_head or is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_head else WD_ALIGN_PARAGRAPH.RIGHT


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
    _field(foot, "begin", "PAGE")
    _field(foot, "end")
    foot.add_run(" 页")
    for paragraph in (head, foot):
        for run in paragraph.runs:
            run.font.size = Pt(9)
