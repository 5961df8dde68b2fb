"""The sample files open in the programs they are made for and are the same on every run."""

import io

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from applications.importing import read_plan
from review import samples
from review.samples import files


@pytest.mark.parametrize("make", [*files.ATTACHMENTS.values(), files.plan_docx])
def test_bytes_are_the_same_on_every_run(make):
    assert make() == make()


def test_attachments_come_in_the_order_of_the_plan():
    made = files.attachments()
    assert [record["kind"] for record, _ in made] == ["pdf", "docx", "xlsx"]
    assert [record["purpose"] for record, _ in made] == ["founding", "ordinary", "ordinary"]
    assert [data[:4] for _, data in made] == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]


def test_founding_pdf_has_one_page_that_says_sample():
    pages = PdfReader(io.BytesIO(files.founding_pdf()), strict=True).pages
    assert len(pages) == 1
    assert "示例，不具效力" in pages[0].extract_text()


def test_consultation_docx_lists_every_hearing():
    table = Document(io.BytesIO(files.consultation_docx())).tables[0]
    assert [row.cells[0].text for row in table.rows][1:] == [
        row["held_on"] for row in samples.load_plan()["consultations"]
    ]


def test_tables_xlsx_holds_indicators_and_tasks():
    book = load_workbook(io.BytesIO(files.tables_xlsx()))
    assert [sheet.max_row - 1 for sheet in book.worksheets] == [11, 20]
    assert book.worksheets[0]["F2"].value == 13500


def test_plan_docx_has_headings_of_three_levels_and_loses_no_text():
    paragraphs = Document(io.BytesIO(files.plan_docx())).paragraphs
    heads = [p.text for p in paragraphs if p.style.name == "Heading 1"]
    assert [head[0] for head in heads] == list("一二三四五六")
    assert {p.style.name for p in paragraphs} == {"Title", "Heading 1", "Heading 2", "Heading 3", "Normal"}
    written = "".join(p.text for p in paragraphs)
    for texts in samples.load_plan()["sections"].values():
        for text in texts:
            assert text in written or text.replace("。", "", 1) in written


def test_plan_docx_is_imported_section_by_section():
    imported = read_plan(files.plan_docx())
    assert imported.title == samples.load_plan()["title"]
    assert imported.unplaced == []
    for section, texts in samples.load_plan()["sections"].items():
        own = "".join(texts).replace("。", "")
        assert "".join(imported.sections[section]).replace("。", "") == own, section
