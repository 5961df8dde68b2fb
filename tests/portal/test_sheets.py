"""XLSX: nothing we write is a formula, nothing hostile is read, and what is read is what people see."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from portal import sheets
from portal.uploads import Refused


def book(rows, formats=None, change=None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for place, number_format in (formats or {}).items():
        made.active[place].number_format = number_format
    if change:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def rewritten(content: bytes, part: str, change) -> bytes:
    """Return the workbook with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data.decode()).encode() if info.filename == part else data)
    return target.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        '=HYPERLINK("http://x.example","a")',
        "=cmd|' /C'!A0",
    ],
)
def test_no_text_becomes_a_formula(text):
    content = sheets.write({"一": [["a"], [text]]})
    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheets.read(content) == [["a"], [text]]


def test_figures_stay_figures_and_the_rest_is_text():
    content = sheets.write({"一": [["a", "b", "c", "d"], [Decimal("4.80"), 7, "𠮷👨‍👩‍👧", None]]})
    sheet = load_workbook(io.BytesIO(content)).active
    assert [(c.data_type, c.value) for c in sheet[2]] == [("n", 4.8), ("n", 7), ("s", "𠮷👨‍👩‍👧"), ("n", None)]
    assert sheets.read(content) == [["a", "b", "c", "d"], ["4.8", "7", "𠮷👨‍👩‍👧"]]


def test_signs_a_sheet_cannot_hold_are_left_out():
    assert sheets.read(sheets.write({"一": [["a\x00b\x0bc"]]})) == [["abc"]]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.65, "0%", "65%"),
        (0.6512, "0.00%", "65.12%"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.5, "#,##0.00", "1234567.5"),
        (480, "General", "480"),
        (date(2027, 6, 30), "yyyy-mm-dd", "2027-06-30"),
        (datetime(2027, 6, 30), "yyyy年m月d日", "2027-06-30"),
        ("  文字 ", "General", "  文字 "),
    ],
)
def test_a_cell_is_read_as_people_see_it(value, number_format, text):
    assert sheets.read(book([[value]], {"A1": number_format})) == [[text]]


def test_a_formula_never_worked_out_is_shown_not_passed_over():
    assert sheets.read(book([["a", "=1+1"]])) == [["a", "=1+1"]]


def test_ragged_rows_empty_rows_and_merged_cells():
    content = book([["a", "b"], [], ["c", None, "d"], [None]], change=lambda b: b.active.merge_cells("A3:B3"))
    assert sheets.read(content) == [["a", "b"], [], ["c", "", "d"]]


def test_a_sheet_that_claims_a_million_rows_is_read_at_once():
    content = rewritten(
        book([["a"], ["b"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r'ref="[^"]*"', 'ref="A1:XFD1048576"', xml, count=1),
    )
    assert sheets.read(content) == [["a"], ["b"]]
    far = book([["a"]], change=lambda b: b.active.cell(1_000_000, 1, "weit"))
    assert sheets.read(far) == [["a"]]


def test_too_many_rows_are_refused():
    with pytest.raises(Refused, match="2000"):
        sheets.read(book([["x"]] * 2001))


def test_an_external_entity_is_not_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")

    def hostile(xml):
        doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
        return re.sub(r"(<\?xml[^>]*\?>)?", rf"\g<0>{doctype}", xml, count=1).replace("<v>0</v>", "<v>&e;</v>")

    content = rewritten(book([["a"]]), "xl/worksheets/sheet1.xml", hostile)
    with pytest.raises(Refused):
        sheets.read(content)


def test_macros_and_other_files_are_refused():
    macros = io.BytesIO(book([["a"]]))
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    for content in (macros.getvalue(), b"%PDF-1.4", b"a,b\n1,2\n", b""):
        with pytest.raises(Refused):
            sheets.read(content)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_sheet_is_refused_in_words(part):
    with pytest.raises(Refused) as refusal:
        sheets.read(rewritten(book([["a"]]), part, lambda xml: xml[: len(xml) // 2]))
    assert str(refusal.value.message)


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_no_file_can_hold_is_left_out_and_the_rest_kept(odd):
    assert sheets.read(sheets.write({"指标": [["名称"], [f"网络{odd}零售额𠮷\n第二行"]]})) == [
        ["名称"],
        ["网络零售额𠮷\n第二行"],
    ]
