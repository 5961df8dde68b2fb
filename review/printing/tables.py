"""The tables of a plan as rows of cells; a cell is its lines, empty facts are left out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from applications import hearing
from applications.models import Consultation, Indicator, Measure, Milestone
from portal import words

from ..reading import measure_words, part_words, value_words

Cell = tuple[str, ...]
NOTHING = "—"
_MB, _KB = 1024 * 1024, 1024


@dataclass(frozen=True, slots=True)
class Table:
    """``widths`` in percent of the line; ``wide`` tables stand on pages turned sideways."""

    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: bool = False
    numbers: frozenset[int] = frozenset()  # columns of figures, set to the right
    first_is_head: bool = False


def _reader(model, row: dict) -> Callable[..., str]:
    def value(name: str, lead: str = "", tail: str = "") -> str:
        found = value_words(model, name, row.get(name, ""))
        return "" if found == NOTHING else f"{lead}{found}{tail}"

    return value


def _cell(*lines: str) -> Cell:
    kept = tuple(part for line in lines for part in line.splitlines() if part.strip())
    return kept or (NOTHING,)


def indicators(snapshot: dict[str, Any]) -> Table:
    rows = []
    for number, row in enumerate(snapshot["indicators"], start=1):
        of = _reader(Indicator, row)
        rows.append((
            _cell(str(number)), _cell(of("name"), "重点目标" if row.get("is_priority") else ""),
            _cell(of("area"), of("kind")), _cell(of("unit")),
            _cell(of("baseline_value"), of("baseline_year", tail="年")),
            _cell(of("target_value"), of("target_year", tail="年")), _cell(of("source")), _cell(of("department")),
        ))  # fmt: skip
    head = ("序号", "指标", "所属任务", "单位", "基期值", "目标值", "数据来源", "责任部门")
    return Table(head, (7, 22, 13, 8, 11, 11, 15, 13), tuple(rows), numbers=frozenset({4, 5}))


def milestones(snapshot: dict[str, Any]) -> Table:
    names = {r["id"]: r["name"] for r in snapshot["indicators"]}
    rows = []
    for number, row in enumerate(snapshot["milestones"], start=1):
        of = _reader(Milestone, row)
        rows.append((
            _cell(str(number)), _cell(of("title")), _cell(of("area"), of("kind")), _cell(of("starts")),
            _cell(of("ends")), _cell(of("department")), _cell(names.get(row.get("indicator", ""), "")),
        ))  # fmt: skip
    head = ("序号", "时间节点", "所属任务", "开始", "完成", "责任部门", "对应指标")
    return Table(head, (5, 28, 13, 13, 13, 14, 14), tuple(rows), wide=True)


def measures(snapshot: dict[str, Any]) -> Table:
    names = {r["id"]: r["name"] for r in snapshot["indicators"]}
    ledger = [entry for entry in snapshot["consultations"] if "parts" in entry]  # older ones do not say on what
    rows = []
    for number, row in enumerate(snapshot["measures"], start=1):
        of = _reader(Measure, row)
        heard = "、".join(f"{words.official_day(day)}{form}" for day, form in hearing.shown(row, ledger))
        rows.append((
            _cell(str(number)),
            _cell(of("title")),
            _cell(of("area"), of("kind")),
            _cell(of("deliverable"), of("instrument", "政策工具："), of("drafting_department", "起草部门："),
                  of("place", "地点："), of("money", "资金：", " 万元"), of("facility", "设施类别："),
                  of("helped", "扶持对象："), of("helped_group", "受益群体："), heard and f"听取企业意见：{heard}"),
            _cell(of("lead_department", "牵头："), of("cooperating_departments", "配合："), of("post", "岗位：")),
            _cell(of("schedule")),
            _cell(of("due")),
            _cell("、".join(names[i] for i in row["indicators"] if i in names)),
        ))  # fmt: skip
    head = ("序号", "措施", "所属任务", "成果和条件", "责任单位和岗位", "进度安排", "完成时间", "对应指标")
    return Table(head, (5, 18, 10, 20, 16, 11, 11, 9), tuple(rows), wide=True)


def consultations(snapshot: dict[str, Any]) -> Table:
    titles = {r["id"]: r["title"] for r in snapshot["measures"]}
    rows = []
    for number, row in enumerate(snapshot["consultations"], start=1):
        of = _reader(Consultation, row)
        heard = "其中有电子商务企业" if row.get("from_firms") else ""
        parts = part_words(row.get("parts", ()))
        measures = measure_words(row.get("measures", ()), titles)
        rows.append((
            _cell(str(number)), _cell(of("held_on"), of("form")),
            _cell(of("who"), of("participants", tail="人"), heard),
            _cell(parts and f"部分：{parts}", measures and f"措施：{measures}"), _cell(of("opinions")),
            _cell(of("outcome"), of("adopted")), _cell(of("dissenting"), of("dissent")),
        ))  # fmt: skip
    head = ("序号", "日期和形式", "征求对象", "涉及内容", "主要意见", "采纳情况", "保留的不同意见")
    return Table(head, (5, 11, 15, 14, 22, 18, 15), tuple(rows), wide=True)


def prose(rows: list[list[str]]) -> Table:
    """Set a table of the prose; a column is as wide as its longest cell asks, within bounds."""
    wanted = [min(24, max(4, *(len(cell) for cell in column))) for column in zip(*rows, strict=True)]
    widths = [max(1, 100 * want // sum(wanted)) for want in wanted]
    widths[-1] += 100 - sum(widths)
    return Table(tuple(rows[0]), tuple(widths), tuple(tuple((cell,) for cell in row) for row in rows[1:]))


def attachments(snapshot: dict[str, Any], kinds: Any) -> Table:
    labels = dict(kinds.choices)
    rows = tuple(
        (
            _cell(str(number)), _cell(row["title"]), _cell(str(labels.get(row["kind"], row["kind"]))),
            _cell(row["name"]), _cell(size_words(row["size"])), _cell(words.grouped(row["sha256"][:16].upper())),
        )
        for number, row in enumerate(snapshot["attachments"], start=1)
    )  # fmt: skip
    head = ("序号", "名称", "类别", "文件名", "大小", "文件指纹（前16位）")
    return Table(head, (7, 26, 17, 24, 11, 15), rows)


def size_words(size: int) -> str:
    """Return 1.4 MB or 320 KB; a file that holds anything is never 0 KB."""
    if size >= _MB:
        return f"{size / _MB:.1f} MB"
    return f"{max(1, round(size / _KB))} KB"
