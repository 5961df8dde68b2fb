"""The columns of each table: their order in a sheet, their kind, and the names people give them."""

import re
from dataclasses import dataclass

from django.utils.translation import override

from .. import numbers
from ..models import Indicator, Measure, Milestone

MODELS = {"indicators": Indicator, "measures": Measure, "milestones": Milestone}
KEYS = {"indicators": "name", "measures": "title", "milestones": "title"}  # by which a row is known again


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: text, year, figure, choice, first_day, last_day, names, one_name."""

    name: str
    kind: str
    also: tuple[str, ...] = ()


_AREA = Column("area", "choice", ("任务", "任务领域", "任务类别", "area"))
_KIND = Column("kind", "choice", ("软硬", "软硬件", "软/硬", "kind"))
COLUMNS = {
    "indicators": (
        Column("name", "text", ("指标名称", "名称", "name")),
        _AREA,
        _KIND,
        Column("baseline_year", "year", ("基期年份", "基年")),
        Column("baseline_value", "figure", ("基期", "现状值", "基期数", "baseline")),
        Column("target_year", "year", ("目标年份",)),
        Column("target_value", "figure", ("目标", "目标数", "target")),
        Column("unit", "text", ("计量单位",)),
        Column("is_priority", "choice", ("重点", "是否重点", "是否重点目标")),
        Column("source", "text", ("来源", "数据来源", "source")),
        Column("department", "text", ("责任单位", "牵头部门", "牵头单位", "负责部门", "主责")),
    ),
    "measures": (
        Column("title", "text", ("任务名称", "举措", "措施名称", "工作任务", "任务内容", "title")),
        _AREA,
        _KIND,
        Column("deliverable", "text", ("成果", "成果形式", "交付成果")),
        Column("lead_department", "text", ("责任单位", "责任部门", "牵头部门", "牵头单位", "主责", "department")),
        Column("cooperating_departments", "text", ("配合单位", "配合部门", "协办", "协办单位")),
        Column("post", "text", ("责任岗位", "岗位", "责任人")),
        Column("due", "last_day", ("时限", "完成时限", "完成时间", "期限")),
        Column("instrument", "choice", ("文件形式", "工具")),
        Column("drafting_department", "text", ("起草单位",)),
        Column("helped_group", "text", ("扶持对象", "受益群体")),
        Column("place", "text", ("建设地点",)),
        Column("money", "figure", ("投资", "资金", "投资（万元）", "总投资")),
        Column("schedule", "text", ("进度", "建设进度")),
        Column("indicators", "names", ("关联指标",)),
        Column("facility", "choice", ("设施类别",)),
        Column("helped", "choice", ("扶持类别",)),
    ),
    "milestones": (
        Column("title", "text", ("节点", "事项", "时间节点", "节点名称", "title")),
        _AREA,
        _KIND,
        Column("starts", "first_day", ("开始时间", "起始时间", "开始日期", "起")),
        Column("ends", "last_day", ("结束时间", "完成时间", "完成时限", "结束日期", "止")),
        Column("department", "text", ("责任单位", "牵头部门", "牵头单位")),
        Column("indicator", "one_name", ("关联指标",)),
    ),
}
# Columns our own pages show but nobody fills in.
_PASSED_OVER = {"编号", "序号", "号", "no.", "no", "年均增速", "年均", "growthayear", "状态", "要看的地方", "备注", ""}
_YEAR = re.compile(r"^((?:19|20)\d\d)年?(?:的|底)?")
_UNIT = re.compile(r"[（(]([^（）()]*)[）)]$")


@dataclass(frozen=True, slots=True)
class Head:
    """A matched column; ``year`` and ``unit`` as its name tells them: 2028年目标值（亿元）."""

    column: Column
    year: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """``heads`` by place in the row; ``unknown``: columns left out; ``named``: there is a head row."""

    heads: dict[int, Head]
    unknown: list[str]
    named: bool
    twice: list[str]


def folded(words: str) -> str:
    return re.sub(r"[\s*＊“”\"]", "", numbers.normal(words)).replace("(必填)", "").casefold()


def known(table: str) -> dict[str, Column]:
    """Return every name of every column of a table, folded."""
    found: dict[str, Column] = {}
    for column in COLUMNS[table]:
        for words in column.also:
            found.setdefault(folded(words), column)
    for language in ("en", "zh-hans"):  # what the portal itself calls a column wins
        with override(language):
            for column in COLUMNS[table]:
                found[folded(label(table, column))] = column
    return found


def label(table: str, column: Column) -> str:
    return str(MODELS[table]._meta.get_field(column.name).verbose_name)


def match(table: str, first: list[str]) -> Matched:
    """Return which place holds which column: by the names in ``first``, or by our order when it names none."""
    names = known(table)
    found = [_head(names, cell) for cell in first]
    if sum(head is not None for head in found) < min(2, sum(bool(c.strip()) for c in first)):
        places = {n: Head(column) for n, column in enumerate(COLUMNS[table]) if n < len(first)}
        return Matched(places, [], named=False, twice=[])
    heads: dict[int, Head] = {}
    unknown, twice = [], []
    for n, (cell, head) in enumerate(zip(first, found, strict=True)):
        if head is None:
            if folded(cell) not in _PASSED_OVER:
                unknown.append(cell.strip())
        elif any(head.column == other.column for other in heads.values()):
            twice.append(cell.strip())
        else:
            heads[n] = head
    return Matched(heads, unknown, named=True, twice=twice)


def _head(names: dict[str, Column], cell: str) -> Head | None:
    words = folded(cell)
    if words in names:
        column = names[words]
        unit = _UNIT.search(words)
        return Head(column, unit=unit.group(1) if unit and column.kind == "figure" else "")
    unit, year = _UNIT.search(words), _YEAR.match(words)
    if unit:
        words = words[: unit.start()]
    if year:
        words = words[year.end() :]
    found = names.get(words)
    if found is None or (year and found.name not in {"baseline_value", "target_value"}):
        return None
    figures = found.kind == "figure"
    return Head(found, year.group(1) if year else "", unit.group(1) if unit and figures else "")
