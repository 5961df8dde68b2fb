"""A Word draft read by its headings: placed by words, nothing lost."""

import io
from collections import Counter

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.docx_numbering import chinese
from applications.importing import SECTIONS, Heading, read_plan, section_of
from portal.uploads import Limits, Refused

HEADINGS = [
    "一、创建基础和需求",
    "二、总体要求",
    "三、主要任务",
    "（一）完善政策环境",
    "（二）健全支撑体系",
    "（六）其他任务",
    "四、重点工程",
    "五、实施步骤",
    "六、保障措施",
    "七、别的事情",
    "附件1",
    "保障措施",
]


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def draft(*texts):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def everything(plan):
    placed = [text for texts in plan.sections.values() for text in texts]
    title = [plan.title] if plan.title else []
    return Counter(title + [h.text for h in plan.headings] + placed + plan.unplaced)


FULL = (
    "示例市创建国家电子商务示范城市工作方案",
    "一、创建基础和需求",
    "全市网络零售额100亿元。",
    "二、总体要求",
    "（一）指导思想",
    "因地制宜。",
    "三、主要任务",
    "（一）完善政策环境",
    "1. 制定网络交易规则。",
    "（二）健全电子商务支撑体系",
    "认证覆盖率达到60%。",
    "（三）加强基础设施建设",
    "建设物流园区。",
    "（四）培育电子商务服务",
    "设立调解中心。",
    "（五）深化电子商务应用。鼓励企业上网，推动重点领域信息化。",
    "（六）其他任务",
    "归在附录。",
    "四、重点工程",
    "公共平台。",
    "五、实施步骤",
    "（一）基础设施阶段",
    "六、保障措施",
    "成立领导小组。",
    "附件1：指标表",
    "指标说明。",
)


def test_numbered_headings_place_their_text():
    plan = read_plan(draft(*FULL))
    assert plan.title == FULL[0]
    assert plan.sections == {
        "basis": ["全市网络零售额100亿元。"],
        "positioning": ["（一）指导思想", "因地制宜。"],
        "policy": ["1. 制定网络交易规则。"],
        "support": ["认证覆盖率达到60%。"],
        "infrastructure": ["建设物流园区。"],
        "services": ["设立调解中心。"],
        "applications": ["（五）深化电子商务应用。鼓励企业上网，推动重点领域信息化。"],
        "projects": ["公共平台。"],
        "steps": ["（一）基础设施阶段"],
        "safeguards": ["成立领导小组。"],
    }
    assert plan.unplaced == ["（六）其他任务", "归在附录。", "附件1：指标表", "指标说明。"]
    assert Heading("三、主要任务", None) in plan.headings
    assert everything(plan) == Counter(FULL)


def test_heading_styles_place_text_without_numbers():
    document = docx.Document()
    document.add_heading("示例市创建工作方案", 0)
    document.add_heading("发展现状", 1)
    document.add_paragraph("现状正文。")
    document.add_heading("重点任务", 1)
    document.add_heading("政策环境", 2)
    document.add_paragraph("政策正文。")
    document.add_heading("组织保障", 1)
    document.add_paragraph("保障正文。")
    plan = read_plan(saved(document))
    assert plan.title == "示例市创建工作方案"
    assert {key: texts for key, texts in plan.sections.items() if texts} == {
        "basis": ["现状正文。"],
        "policy": ["政策正文。"],
        "safeguards": ["保障正文。"],
    }


def test_table_stands_as_text_and_as_rows():
    document = docx.Document()
    document.add_paragraph("二、总体要求")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["指标", "目标", "网络零售额", "480亿元"], strict=True):
        cell.text = text
    plan = read_plan(saved(document))
    assert plan.sections["positioning"] == ["| 指标 | 目标 |", "| 网络零售额 | 480亿元 |"]
    assert [(t.section, t.rows) for t in plan.tables] == [
        ("positioning", [["指标", "目标"], ["网络零售额", "480亿元"]])
    ]


def test_merged_cells_keep_the_columns_and_a_box_around_text_is_no_table():
    document = docx.Document()
    document.add_paragraph("二、总体要求")
    table = document.add_table(3, 3)
    for cell, text in zip(
        table._cells, ["任务", "单位", "时限", "合计", "", "2027年", "甲|乙", "丙\n丁", "戊"], strict=True
    ):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_paragraph("表后。")
    document.add_table(1, 1).cell(0, 0).text = "框里的话。\n又一段。"
    assert read_plan(saved(document)).sections["positioning"] == [
        "| 任务 | 单位 | 时限 |",
        "| 合计 |  | 2027年 戊 |",
        "| 甲｜乙 | 丙 丁 |  |",
        "表后。",
        "框里的话。",
        "又一段。",
    ]


def test_controls_insertions_and_deletions_are_read_as_the_reader_sees_them():
    document = docx.Document()
    document.add_paragraph("六、保障措施")
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>成立</w:t></w:r><w:ins><w:r><w:t>领导小组</w:t></w:r>"
            "</w:ins><w:del><w:r><w:delText>旧文</w:delText></w:r></w:del></w:p></w:sdtContent></w:sdt>"
        ),
    )
    plan = read_plan(saved(document))
    assert plan.sections["safeguards"] == ["成立领导小组"]
    assert len(plan.notes) == 1


def test_page_header_is_left_out_and_said():
    document = docx.Document()
    document.add_paragraph("六、保障措施")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    plan = read_plan(saved(document))
    assert "内部资料" not in everything(plan)
    assert len(plan.notes) == 1


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(HEADINGS),
        st.text(alphabet="电子商务任务服务基础60%。，；（一）1. 、附件", min_size=1, max_size=60).map(str.strip),
    ).filter(bool),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 4), min_size=25, max_size=25))
def test_every_paragraph_stands_exactly_once(texts, styles):
    document = docx.Document()
    for text, style in zip(texts, styles, strict=False):
        if style:
            document.add_heading(text, style)
        else:
            document.add_paragraph(text)
    assert everything(read_plan(saved(document))) == Counter(texts)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("（一）政策环境", "policy"),
        ("（一）完善电子商务政策环境", "policy"),
        ("2、健全支撑体系", "support"),
        ("（三）加强电子商务相关基础设施建设", "infrastructure"),
        ("（四）大力发展电子商务服务业", "services"),
        ("（五）深化普及电子商务应用", "applications"),
        ("一、创建基础和需求", "basis"),
        ("二、城市定位与目标", "positioning"),
        ("三、主要任务", "tasks"),
        ("四、重点工程", "projects"),
        ("五、进度安排", "steps"),
        ("六、保障措施", "safeguards"),
        ("七、其他", None),
    ],
)
def test_heading_names_its_section(heading, key):
    assert section_of(heading) == key
    assert key in {*SECTIONS, "tasks", None}


def test_chinese_numbers():
    assert [chinese(n) for n in (1, 10, 11, 20, 99, 100)] == ["一", "十", "十一", "二十", "九十九", "100"]


def numbered(document):
    """Give the document a list that numbers 一、 and （一）, and the first heading style that list."""
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, pattern in enumerate(("%1、", "（%2）"))
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    style = document.styles["Heading 1"].element.get_or_add_pPr()
    style.get_or_add_numPr().get_or_add_numId().val = 90


def test_automatic_numbers_are_counted_again():
    document = docx.Document()
    numbered(document)
    document.add_heading("主要任务", 1)
    for text in ("完善政策环境", "健全支撑体系"):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = 90
        properties.get_or_add_ilvl().val = 1
    document.add_heading("保障措施", 1)
    assert read_plan(saved(document)).headings == [
        Heading("一、主要任务", None),
        Heading("（一）完善政策环境", "policy"),
        Heading("（二）健全支撑体系", "support"),
        Heading("二、保障措施", "safeguards"),
    ]


def refusal(data, **kwargs):
    with pytest.raises(Refused) as refused:
        read_plan(data, **kwargs)
    return refused.value.code


def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path):
    path = tmp_path / "plan.docx"
    path.write_bytes(draft("一、基础"))
    assert read_plan(path).headings == [Heading("一、基础", "basis")]
    assert refusal(b"%PDF-1.7\n%%EOF") == "kind"
    assert refusal(draft("一、基础")[:-40]) == "damaged"
    assert refusal(draft("一、基础"), limits=Limits(size=1000)) == "too_large"
    assert refusal(draft()) == "empty"
    assert refusal(b"") == "empty"
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")) == "encrypted"


def test_the_one_kind_taken_is_named(settings):
    with pytest.raises(Refused) as refused:
        read_plan(b"%PDF-1.7\n%%EOF")
    assert refused.value.message == "文件内容不属于可接收的类型。请另存为 DOCX 再上传。"
