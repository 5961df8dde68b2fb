"""The printed plan, asked of the PDF itself."""

import io
import re
import subprocess
from functools import cache

import pikepdf
import pytest

from review.letters.faces import faces_used
from review.letters.render import RenderFailed
from review.printing import pdf
from review.printing.content import blocks
from tests.review.printing.sample import CODE, facts, measure, plan, text_of

LONG = "到2029年，全市规范网络交易秩序，完善各项制度，" * 30
HEADINGS = [
    "一、创建基础和需求", "二、总体要求", "三、主要任务", "（一）完善电子商务政策环境", "（二）健全电子商务支撑体系",
    "（三）加强电子商务基础设施建设", "（四）培育电子商务服务", "（五）深化电子商务应用", "四、重点工程",
    "五、实施步骤", "六、保障措施", "附录", "附表1　指标表", "附表2　时间节点", "附表3　任务分解表",
    "附表4　组织保障情况", "附表5　征求意见情况", "附表6　附件目录",
]  # fmt: skip


@cache
def printed(number: int | None = 2) -> bytes:
    """Print a plan with a long section and a long table once."""
    texts = {
        "basis": ["（一）发展基础", LONG, "1.交易规模", LONG],
        "policy": [LONG] * 3,
        "projects": ["示例工程。"],
        "appendix": ["示例附录正文。"],
    }
    long = plan(texts, measures=[measure(n) for n in range(1, 41)])
    return pdf.render(long, facts(number))


def bookmarks(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as opened, opened.open_outline() as outline:
        found, waiting = [], list(outline.root)
        while waiting:
            item = waiting.pop(0)
            found.append(item.title)
            waiting[:0] = item.children
        return found


def test_every_page_carries_reference_version_fingerprint_date_code_and_its_number():
    pages = text_of(printed())
    assert len(pages) > 8
    for number, page in enumerate(pages, start=1):
        for said in ("CJ-330400-2026-1", "第2版", "9F3A 77C1 9F3A 77C1", "2026年9月8日", CODE):
            assert said in page, (number, said)
        assert re.search(rf"第\s*{number}\s*页，共\s*{len(pages)}\s*页", page)
        assert "草稿" not in page


def test_draft_is_marked_on_every_page_and_names_no_version():
    pages = text_of(printed(None))
    assert all("草稿" in page for page in pages)
    assert "工作草稿，尚未提交" in pages[0]
    assert not any("第2版" in page for page in pages)


def test_contents_and_bookmarks_lead_to_the_pages_on_which_parts_begin():
    data = printed()
    pages = text_of(data, "-layout")
    outline = bookmarks(data)
    assert [h for h in outline if h in HEADINGS] == HEADINGS
    assert {"（一）发展基础", "1.交易规模"} <= set(outline)
    contents = [line.strip() for line in pages[1].splitlines() if "...." in line]
    assert [re.sub(r"\s", "", line.split("....")[0]).rstrip(".") for line in contents] == [
        re.sub(r"\s", "", heading) for heading in HEADINGS
    ]
    for line, heading in zip(contents, HEADINGS, strict=True):
        page = int(re.search(r"(\d+)$", line)[1])
        assert re.sub(r"\s", "", heading) in re.sub(r"\s", "", pages[page - 1])


def test_head_of_a_long_table_stands_on_each_of_its_pages_and_no_row_is_lost():
    pages = [re.sub(r"\s", "", page) for page in text_of(printed())]
    with_rows = [page for page in pages if re.search(r"示例措施\d", page)]
    assert len(with_rows) > 2
    assert all("成果和条件" in page and "责任单位和岗位" in page for page in with_rows)
    assert sorted({int(n) for page in with_rows for n in re.findall(r"示例措施(\d+?)政策环境", page)}) == list(
        range(1, 41)
    )


def test_file_is_tagged_has_language_and_title_and_names_nobody():
    data = printed()
    info = subprocess.run(["pdfinfo", "-"], input=data, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Title:\s+示例市创建国家电子商务示范城市工作方案（示例）（第2版）", info)
    assert re.search(r"Author:\s+示例市\n", info)
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert str(opened.Root.Lang) == "zh-Hans"
        assert "示例·联系人" not in str(opened.open_metadata())
    assert "示例·联系人" not in "".join(text_of(data))


def test_faces_are_those_of_the_letters_and_embedded():
    used = faces_used(printed())
    assert {"FandolFang", "FandolKai"} <= {name.split("-")[0] for name in used}
    listed = subprocess.run(["pdffonts", "-"], input=printed(), capture_output=True, check=True).stdout.decode()
    assert all(line.split()[-5] == "yes" for line in listed.splitlines()[2:])


def test_character_without_typeface_is_replaced_and_named():
    pages = text_of(pdf.render(plan({"basis": ["示例🚀正文。"]}), facts()))
    assert any("示例〓正文。" in page for page in pages)
    assert "U+1F680" in pages[-1]


def test_markup_in_a_text_is_printed_as_it_was_typed():
    pages = text_of(pdf.render(plan({"basis": ["<b>示例</b> & <!-- missing --> {{ plan }}"]}), facts()))
    assert any("<b>示例</b> & <!-- missing --> {{ plan }}" in page for page in pages)


def test_row_longer_than_a_page_is_printed_to_its_end():
    long = measure(1) | {"deliverable": "示例成果说明，" * 700 + "末尾在此。"}
    pages = text_of(pdf.render(plan({}, measures=[long]), facts()))
    assert "末尾在此" in re.sub(r"\s", "", "".join(pages))


def test_too_large_plan_is_refused_in_words():
    with pytest.raises(pdf.TooLarge, match=r"1,[12]\d\d,\d\d\d.*Word"):
        pdf.render(
            plan({key: ["示" * 100_000] for key in ("basis", "policy")} | {"steps": ["例" * 1_000_000]}), facts()
        )


def test_child_that_runs_out_of_time_is_told_in_words():
    with pytest.raises(RenderFailed) as failed:
        pdf.render(plan(), facts(), cpu_seconds=1)
    assert "1 秒" in failed.value.reason


def test_a_table_in_the_prose_is_printed_as_one():
    found = blocks(plan({"policy": ["表前。", "| 任务 | 责任单位 |", "| 建设<平台> | 市商务局 |", "表后。"]}))
    html, css = pdf.compose(plan(), facts(), found)
    assert '<th scope="col">责任单位</th>' in html
    assert "<td>建设&lt;平台&gt;</td><td>市商务局</td>" in html
    assert "| 任务" not in html
    table = next(b.table for b in found if b.table)
    assert sum(table.widths) == 100
    assert all(f".w{width} {{" in css for width in table.widths)
