"""Small files for demonstrations, the same bytes on every run: three attachments and the plan as a Word draft."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook

from applications.parts import AREA_PARTS, PARTS

from . import load_plan

MADE_AT = datetime(2026, 3, 2, 9, 0, 0)
TASKS_TITLE = "三、主要任务"
SUBHEADING = re.compile(r"（[一二三四五六七八九十]+）[^。]{1,36}")
TASK = re.compile(r"(\d+\. [^。]{1,30})。(.+)", re.DOTALL)


def _repack(data: bytes) -> bytes:
    """Write an Office file again with fixed times, so that the same content has the same digest."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    stamp = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = zipfile.ZipInfo(name, MADE_AT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return target.getvalue()


def _word() -> WordDocument:
    document = Document()
    document.core_properties.author = "示例"
    style = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    return document


def _saved(office: Any) -> bytes:
    target = io.BytesIO()
    office.save(target)
    return _repack(target.getvalue())


def _pdf(lines: list[str]) -> bytes:
    """Write one A4 page by hand; the font is a standard Chinese one that every reader brings along."""
    shown = [f"<{line.encode('utf-16-be').hex()}> Tj 0 -26 Td" for line in lines]
    stream = "\n".join(["BT /F1 15 Tf 79 740 Td", *shown, "ET"]).encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 /W [1 95 500]"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n%\xe4\xb8\xad\xe6\x96\x87\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def founding_pdf() -> bytes:
    """Return the founding document of the leading group."""
    group = load_plan()["leading_group"]
    members = group["members"].splitlines()
    rows = ["、".join(members[n : n + 4]) for n in range(0, len(members), 4)]
    head = ["示例，不具效力", "", "关于成立杭州市创建国家电子商务示范", "城市工作领导小组的通知（示例）", ""]
    body = [group["founding_number"], f"组长：{group['leader_post']}", f"牵头部门：{group['lead_department']}"]
    return _pdf([*head, *body, "成员单位：", *rows, "", "2026年2月27日"])


def consultation_docx() -> bytes:
    """Return the summary of what was heard and what was adopted."""
    document = _word()
    document.add_heading("征求意见情况汇总（示例）", level=0)
    document.add_paragraph("本表数据均为示例数据。")
    heads = ("日期", "形式", "对象", "人数", "主要意见", "采纳情况")
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in load_plan()["consultations"]:
        values = (row[key] for key in ("held_on", "form", "who", "participants", "opinions", "adopted"))
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = str(value)
    return _saved(document)


def tables_xlsx() -> bytes:
    """Return the indicator table and the task breakdown as two sheets."""
    plan, book = load_plan(), Workbook()
    book.properties.creator = "示例"
    sheet = book.active
    sheet.title = "指标表（示例数据）"
    sheet.append(["指标", "单位", "基期年", "基期值", "目标年", "目标值", "数据来源", "责任部门"])
    keys = ("name", "unit", "baseline_year", "baseline_value", "target_year", "target_value", "source", "department")
    for row in plan["indicators"]:
        sheet.append([float(row[key]) if key.endswith("_value") else row[key] for key in keys])
    sheet = book.create_sheet("任务分解表（示例）")
    sheet.append(["任务", "软硬", "成果", "牵头部门", "配合部门", "责任岗位", "完成时间"])
    for row in plan["measures"]:
        kind = "软性" if row["kind"] == "soft" else "硬性"
        rest = ("deliverable", "lead_department", "cooperating_departments", "post", "due")
        sheet.append([row["title"], kind, *(row[key] for key in rest)])
    for sheet in book.worksheets:
        sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 38
    return _saved(book)


ATTACHMENTS: dict[str, Callable[[], bytes]] = {
    "pdf": founding_pdf,
    "docx": consultation_docx,
    "xlsx": tables_xlsx,
}


def attachments() -> list[tuple[dict[str, Any], bytes]]:
    """Return each attachment of the full plan as its record and its bytes."""
    return [(record, ATTACHMENTS[record["kind"]]()) for record in load_plan()["attachments"]]


def _add_paragraph(document: WordDocument, text: str) -> None:
    if SUBHEADING.fullmatch(text):
        document.add_heading(text, level=2)
        return
    task = TASK.fullmatch(text)
    if task:
        document.add_heading(task[1], level=3)
        text = task[2]
    document.add_paragraph(text)


def plan_docx() -> bytes:
    """Return version 1 of the full plan as a Word draft: 一、（一） and 1. are headings of levels 1 to 3."""
    plan, document = load_plan(), _word()
    document.add_heading(plan["title"], level=0)
    for section, paragraphs in plan["sections"].items():
        part = PARTS[section]
        if section == AREA_PARTS[0]:
            document.add_heading(TASKS_TITLE, level=1)
        document.add_heading(part.heading, level=2 if part.area else 1)
        for text in paragraphs:
            _add_paragraph(document, text)
    return _saved(document)
