"""What every Word document of the portal is made with: faces, page, fields, real tables."""

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.words import writable

from .tables import Table

SIDE = (Mm(28), Mm(26))


def speak_chinese(document: WordDocument) -> None:
    """Say that the text is Chinese, for spelling and for readers who listen."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def set_face(style, face: str, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)


def field(paragraph, kind: str, code: str = "") -> None:
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


def page(section, *, is_wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.left_margin, section.right_margin = SIDE
    section.top_margin = section.bottom_margin = Mm(28)


def table(document: WordDocument, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
    made.autofit = False
    line = (Mm(297) if table.wide else Mm(210)) - sum(SIDE)
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
