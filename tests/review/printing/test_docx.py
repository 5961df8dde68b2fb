"""The plan as a Word document, and the way out and back: no paragraph is lost or moved."""

import io
import re

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from applications import importing
from applications.paragraphs import split
from applications.parts import PARTS, TEXT_PARTS
from review.printing import docx
from review.samples.files import plan_docx
from tests.review.printing.sample import CODE, DIGEST, facts, measure, plan

SECTIONS = importing.SECTIONS
# Words at which an importer that reads headings would turn: the way back must not follow them.
TRAPS = (
    "一、保障措施", "（三）加强电子商务基础设施建设", "附件：任务表", "主要任务", "1.交易规模", "目录", "六、实施步骤",
    "附录", "2.5亿元", "（1）示例", "制表\t位", "  两端有空格  ", "控制\x07字符", "<w:t>标记</w:t>", "第一行\n第二行",
    "方案", "🚀", "| 甲 | 乙 |", "| 1 |  |", "| 1 | 2 | 3 |",
)  # fmt: skip
PARAGRAPHS = st.lists(
    st.one_of(st.sampled_from(TRAPS), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)), max_size=4
)


def texts(paragraphs: list[str]) -> list[str]:
    """Return what the portal would keep of these, without the characters that no XML can hold."""
    kept = [line for text in paragraphs for line in split(text)]
    return [line for text in kept for line in split(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text))]


def written(snapshot, number: int | None = 2):
    return Document(io.BytesIO(docx.write(snapshot, facts(number))))


@settings(max_examples=20)
@given(st.fixed_dictionaries(dict.fromkeys(TEXT_PARTS, PARAGRAPHS)))
def test_out_and_back_gives_the_same_parts(raw):
    kept = {key: texts(paragraphs) for key, paragraphs in raw.items()}
    back = importing.read_plan(docx.write(plan(kept), facts()))
    assert back.sections == {key: kept[key] for key in SECTIONS}
    assert back.unplaced == kept["appendix"]
    assert any(note.startswith("附表中的 4 张表没有读入正文") for note in back.notes), back.notes
    assert back.title == "示例市创建国家电子商务示范城市工作方案（示例）"


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.sampled_from(["Normal", "Heading 1", "Heading 2"]), st.sampled_from(TRAPS[:10])), min_size=1)
)
def test_draft_read_in_and_written_out_keeps_every_paragraph(lines):
    draft = Document()
    for style, text in [*lines, ("Normal", "示例末段。")]:
        draft.add_paragraph(text, style=style)
    stream = io.BytesIO()
    draft.save(stream)
    first = importing.read_plan(stream.getvalue())
    kept = first.sections | {"appendix": first.unplaced}
    back = importing.read_plan(docx.write(plan(kept), facts(None)))
    assert back.sections == first.sections
    assert back.unplaced == first.unplaced


def test_sample_plan_comes_back_as_it_went():
    first = importing.read_plan(plan_docx())
    assert sum(map(len, first.sections.values())) > 50
    again = importing.read_plan(docx.write(plan(first.sections | {"appendix": first.unplaced}), facts()))
    assert again.sections == first.sections
    assert again.unplaced == first.unplaced


def test_words_added_among_the_annexes_are_kept():
    document = written(plan())
    document.add_paragraph("示例：在附表之后补写的一段。")
    stream = io.BytesIO()
    document.save(stream)
    back = importing.read_plan(stream.getvalue())
    assert back.unplaced == ["示例：附录的正文。", "示例：在附表之后补写的一段。"]


def test_page_borrowed_from_our_document_is_read_by_its_headings():
    document = written(plan({"policy": ["示例政策正文。"], "steps": ["示例步骤正文。"]}))
    for paragraph in list(document.paragraphs):
        if paragraph.text == PARTS["steps"].heading:
            for mark in paragraph._p.xpath("w:bookmarkStart|w:bookmarkEnd"):
                paragraph._p.remove(mark)
    document.add_paragraph("一、创建基础", style="Heading 1")
    document.add_paragraph("示例基础正文。")
    stream = io.BytesIO()
    document.save(stream)
    back = importing.read_plan(stream.getvalue())
    assert back.sections["steps"] == ["示例步骤正文。"]


def test_headings_are_real_and_stand_at_their_levels():
    document = written(plan({"basis": ["（一）发展基础", "1.交易规模", "（1）零售", "示例正文。"]}))
    levels = {p.text: p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")}
    assert levels["一、创建基础和需求"] == "Heading 1"
    assert levels["（一）发展基础"] == "Heading 2"
    assert levels["1.交易规模"] == "Heading 3"
    assert levels["（1）零售"] == "Heading 4"
    assert levels["三、主要任务"] == "Heading 1"
    assert levels["（一）完善电子商务政策环境"] == "Heading 2"
    assert "示例正文。" not in levels


def test_tables_are_real_and_repeat_their_head():
    document = written(plan(measures=[measure(n) for n in range(1, 31)]))
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert ["序号", "指标", "所属任务", "单位", "基期值", "目标值", "数据来源", "责任部门"] in heads
    measures = next(t for t in document.tables if t.rows[0].cells[1].text == "措施")
    assert [row.cells[1].text for row in measures.rows[1:]] == [f"示例措施{n}" for n in range(1, 31)]
    assert measures.rows[1].cells[7].text == "网络零售额"
    assert all(t.rows[0]._tr.xpath("w:trPr/w:tblHeader") for t in document.tables)
    assert document.tables[0].rows[1].cells[4].text == "9,800\n2025年"


@pytest.mark.parametrize(("number", "says"), [(2, "第2版"), (None, "草稿")])
def test_properties_and_every_page_name_the_version_and_no_person(number, says):
    document = written(plan(), number)
    core = document.core_properties
    assert (core.author, core.last_modified_by, core.language) == ("示例市", "示例市", "zh-CN")
    assert (core.identifier, core.keywords, core.comments) == (DIGEST, CODE, "")
    assert core.subject == f"CJ-330400-2026-1 {says}"
    for section in document.sections:
        head = "".join(p.text for p in section.header.paragraphs)
        assert all(word in head for word in ("CJ-330400-2026-1", says, "2026年9月8日", "9F3A 77C1 9F3A 77C1"))
        assert CODE in "".join(p.text for p in section.footer.paragraphs)
    everything = "\n".join(p.text for p in document.paragraphs)
    assert ("工作草稿，尚未提交" in everything) is (number is None)
    assert "示例·联系人" not in everything


def test_a_table_in_the_prose_is_a_real_one_and_comes_back_row_by_row():
    rows = ["| 任务 | 责任单位 |", "| 建设平台 |  |", "| 开展培训 | 市商务局 |"]
    snapshot = plan({"policy": ["表前。", *rows, "| 单独一行 | 不是表 |  |", "表后。"]})
    document = written(snapshot)
    table = next(t for t in document.tables if t.cell(0, 0).text == "任务")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["任务", "责任单位"],
        ["建设平台", ""],
        ["开展培训", "市商务局"],
    ]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    back = importing.read_plan(docx.write(snapshot, facts(2)))
    assert back.sections["policy"] == ["表前。", *rows, "| 单独一行 | 不是表 |  |", "表后。"]
