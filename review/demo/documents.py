"""Sample documents as real files: founding notices, covers and scans, annexes; all of them marked 示例."""

import io
from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from portal import files
from portal.models import Membership, StoredFile

FONTS = Path(__file__).resolve().parent.parent / "letters" / "fonts"
FANG = FONTS / "FandolFang-Regular.otf"
MARK = "示例材料，不具效力"
_SHEET = f"""
@font-face {{ font-family: Fang; src: url({FANG.as_uri()}) }}
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm; @top-center {{ content: "{MARK}"; font: 12pt Fang; color: #666 }} }}
body {{ font: 16pt/28pt Fang; text-align: justify }}
h1 {{ font: 22pt/32pt Fang; text-align: center; margin: 0 0 24pt }}
p {{ margin: 0; text-indent: 2em }} p.to {{ text-indent: 0 }} p.end {{ text-align: right; margin-top: 28pt }}
"""


@cache
def _printer():
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return CSS(string=_SHEET, font_config=fonts), fonts


def put_away() -> None:
    """Let go of the fonts while their library still stands: at the interpreter's end it is too late."""
    _printer.cache_clear()


def pdf(title: str, number: str, to: str, paragraphs: list[str], sender: str, day: str) -> bytes:
    """Return a plain letter as PDF."""
    from weasyprint import HTML

    sheet, fonts = _printer()
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    page = (
        f"<html lang='zh'><title>{title}</title><p class='end'>{number}</p><h1>{title}</h1><p class='to'>{to}：</p>"
        f"{body}<p class='end'>{sender}<br>{day}</p></html>"
    )
    return HTML(string=page).write_pdf(stylesheets=[sheet], font_config=fonts)


def scan(title: str, number: str, paragraphs: list[str], sender: str, day: str) -> bytes:
    """Return a letter as the picture of a page (PNG), as a scanner makes it."""
    from PIL import Image, ImageDraw, ImageFont

    width, height, margin = 620, 877, 80
    page = Image.new("L", (width, height), 250)
    draw = ImageDraw.Draw(page)
    small, large = ImageFont.truetype(str(FANG), 18), ImageFont.truetype(str(FANG), 24)
    draw.text((width / 2, 40), MARK, font=small, fill=120, anchor="mm")
    draw.text((width / 2, 90), number, font=small, fill=30, anchor="mm")
    at = 140
    for line in _wrapped(title, 18):
        draw.text((width / 2, at), line, font=large, fill=20, anchor="mm")
        at += 36
    at += 20
    for text in paragraphs:
        for line in _wrapped("　　" + text, (width - 2 * margin) // 18):
            draw.text((margin, at), line, font=small, fill=30)
            at += 32
    for line in (sender, day):
        at += 36
        draw.text((width - margin, at), line, font=small, fill=30, anchor="rm")
    target = io.BytesIO()
    page.quantize(16).save(target, "PNG")
    return target.getvalue()


def _wrapped(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def docx(title: str, paragraphs: list[str], head: list[str], rows: list[list[str]]) -> bytes:
    """Return a Word document with a text and one table."""
    import docx as word

    document = word.Document()
    document.core_properties.author, document.core_properties.title = "示例", title
    document.add_heading(title, level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for row in (head, *rows):
        cells = table.rows[0].cells if row is head else table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def xlsx(sheets: dict[str, list[list]]) -> bytes:
    """Return a workbook; the first row of each sheet is its head."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            longest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(60, 4 + 2 * longest)
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def keep(content: bytes, name: str, *, by: Membership) -> StoredFile:
    """Take a file in through the door of every upload."""
    return files.keep(SimpleUploadedFile(name, content), by=by)
