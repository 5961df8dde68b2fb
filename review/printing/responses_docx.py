"""The response table as a Word document, as offices keep it by hand; Chinese like all papers of a plan."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from portal import words
from portal.words import writable

from . import word
from .tables import Table

HEAD = ("序号", "类型", "意见内容", "责任部门", "处理", "说明", "改在哪里", "状态")
WIDTHS = (5, 7, 27, 11, 8, 24, 11, 7)
VERDICT_WIDTHS = (5, 6, 24, 10, 7, 21, 9, 6, 12)


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows`` are lines of cells under ``HEAD``, with the verdict behind them when ``with_verdicts``."""

    city: str
    plan_title: str
    reference: str
    round: int
    version: int
    opinion: str
    at: datetime
    rows: tuple[tuple[str, ...], ...]
    with_verdicts: bool = False

    @property
    def title(self) -> str:
        return f"{self.city}创建方案第{self.round}轮修改意见采纳情况表"


def write(facts: Facts) -> bytes:
    """Return the document, on pages turned sideways; no person is named in it or in its properties."""
    document = Document()
    word.speak_chinese(document)
    word.set_face(document.styles["Normal"], "仿宋", 12)
    word.set_face(document.styles["Title"], "宋体", 18)
    _properties(document, facts)
    word.page(document.sections[0], is_wide=True)
    document.add_paragraph(writable(facts.title), style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(writable(_about(facts))).alignment = WD_ALIGN_PARAGRAPH.CENTER
    head = (*HEAD, "专家结论") if facts.with_verdicts else HEAD
    rows = tuple(tuple(tuple(cell.splitlines()) or ("—",) for cell in row) for row in facts.rows)
    word.table(document, Table(head, VERDICT_WIDTHS if facts.with_verdicts else WIDTHS, rows, wide=True))
    _foot(document, facts)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _about(facts: Facts) -> str:
    number = f"（{facts.opinion}）" if facts.opinion else ""
    said = (
        f"第{facts.version}版",
        f"修改意见{number}",
        f"共{len(facts.rows)}条",
        words.official_day(facts.at),
    )
    return "　".join((facts.plan_title, *said))


def _properties(document: WordDocument, facts: Facts) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by = writable(facts.title), facts.city, facts.city
    core.subject, core.language, core.comments = f"{facts.reference} 第{facts.version}版", "zh-CN", ""
    core.created = core.modified = facts.at.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1


def _foot(document: WordDocument, facts: Facts) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{facts.reference}　第 ")
    word.field(foot, "begin", "PAGE")
    word.field(foot, "end")
    foot.add_run(" 页")
    for run in foot.runs:
        run.font.size = Pt(9)
