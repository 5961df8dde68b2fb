"""Tables as XLSX: written so that no cell is ever a formula, read as the text people see."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.exceptions import InvalidFileException

from .uploads import Kind, Limits, Refused, inspect
from .words import plain, writable

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMITS = Limits(size=5 * 1024 * 1024, unpacked=60 * 1024 * 1024)
MOST_ROWS, MOST_COLUMNS, MOST_EMPTY = 2000, 60, 200
_FORMULA = "=+-@\t\r\0＝＋－＠"
_EDGE = Side(style="thin", color="FFB5BDC8")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_HEAD = PatternFill("solid", fgColor="FFE8EDF3")
_NARROW, _WIDE = 8, 60


def take(file: UploadedFile) -> list[list[str]]:
    """Return the first sheet of an upload; a file too large is refused before it is read."""
    if (file.size or 0) > LIMITS.size:
        raise Refused("too_large", _("The sheet is larger than 5 MB. Delete what does not belong to the table."))
    return read(file.read(), file.name or "")


def download(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str) -> HttpResponse:
    """Return a workbook as an answer that is saved under ``name``."""
    answer = HttpResponse(write(sheets), content_type=MIME)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def write(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a workbook; the first row of each sheet is its head, figures stay figures, everything else is text."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for down, row in enumerate(rows, 1):
            for across, value in enumerate(row, 1):
                _put(sheet.cell(down, across), value, head=down == 1)
        for column in sheet.columns:
            longest = max((_width(cell.value) for cell in column), default=0)
            sheet.column_dimensions[column[0].column_letter].width = max(_NARROW, min(_WIDE, longest + 3))
        sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _put(cell, value: Any, *, head: bool) -> None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        cell.value = value
    elif value not in (None, ""):
        text = writable(str(value))
        cell.value = text
        # A text that could be taken for a formula is stored as text and shown with Excel's own mark for it.
        cell.data_type = "s"
        if text[:1] and text[0] in _FORMULA:
            cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = _BORDER
    if head:
        cell.font, cell.fill = Font(bold=True), _HEAD


def _width(value: Any) -> int:
    lines = str(value if value is not None else "").split("\n")
    return max(sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in lines)


def read(content: bytes, name: str = "table.xlsx") -> list[list[str]]:
    """Return the rows of the first sheet as text, or raise ``Refused`` with what is wrong and how to right it."""
    inspect(io.BytesIO(content), name, limits=LIMITS, allowed=[Kind.XLSX])
    try:
        shown = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        typed = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if not shown.worksheets:
            raise Refused("empty", _("This workbook has no sheet with cells."))
        return _rows(_cells(shown.worksheets[0]), _cells(typed.worksheets[0]))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError):
        raise Refused(
            "damaged", _("This workbook cannot be read. Open it, save it again as XLSX and upload the new file.")
        ) from None


def _cells(sheet) -> Iterable[tuple]:
    # What the file says of its own size may be wrong or huge.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=MOST_COLUMNS)


def _rows(shown: Iterable[tuple], typed: Iterable[tuple]) -> list[list[str]]:
    found: list[list[str]] = []
    empty = 0
    for values, formulas in zip(shown, typed, strict=True):
        row = [_text(cell, other) for cell, other in zip(values, formulas, strict=True)]
        while row and not row[-1].strip():
            row.pop()
        empty = 0 if row else empty + 1
        found.append(row)
        if empty > MOST_EMPTY:
            break
        if len(found) - empty > MOST_ROWS:
            raise Refused(
                "too_many", _("The sheet has more than %d rows. Delete the rows that do not belong here.") % MOST_ROWS
            )
    return found[: len(found) - empty] if empty else found


def _text(cell, typed) -> str:
    value = cell.value
    if value is None:
        # A formula that no spreadsheet has worked out yet: show it, so that it is named instead of passed over.
        return str(typed.value) if isinstance(typed.value, str) and typed.value.startswith("=") else ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        number = round(Decimal(repr(value)), 10)
        share = "%" in (cell.number_format or "")
        return f"{plain(number * 100)}%" if share else plain(number)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
