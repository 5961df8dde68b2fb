"""The parts of a plan, in the order of the plan's outline: one table for task list, locks, snapshot and checks."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .areas import AREAS, Area

_LEVEL = re.compile(r"^(?:（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、)")


@dataclass(frozen=True, slots=True)
class Part:
    """``form`` says how it is edited: text, rows, record, files; ``guide`` is the advised length in characters."""

    key: str
    title: Any
    group: str
    form: str
    heading: str  # as printed in the plan itself, always Chinese
    guide: tuple[int, int] = (0, 0)
    area: Area | None = None
    hard_requirement: bool = False
    optional: bool = False

    @property
    def spoken(self) -> str:
        """The printed heading without its number, as the plan's own papers speak of the part."""
        return _LEVEL.sub("", self.heading)


GROUPS = {
    "basis": _("Basis and positioning"),
    "targets": _("Targets and indicators"),
    "areas": _("Five task areas"),
    "safeguards": _("Organisation and safeguards"),
    "annexes": _("Tables and attachments"),
}
AREA_HEADINGS = {
    Area.POLICY: "（一）完善电子商务政策环境",
    Area.SUPPORT: "（二）健全电子商务支撑体系",
    Area.INFRASTRUCTURE: "（三）加强电子商务基础设施建设",
    Area.SERVICES: "（四）培育电子商务服务",
    Area.APPLICATIONS: "（五）深化电子商务应用",
}

_TABLE = (
    Part("basis", _("Basis and needs"), "basis", "text", "一、创建基础和需求", (1500, 3000)),
    Part("positioning", _("Positioning and goals"), "basis", "text", "二、总体要求", (800, 2000)),
    Part("indicators", _("Indicators"), "targets", "rows", "指标表"),
    Part("milestones", _("Milestones"), "targets", "rows", "时间节点"),
    *(
        Part(area.value, AREAS[area].task, "areas", "text", AREA_HEADINGS[area], (1500, 3000), area=area)
        for area in Area
    ),
    Part("measures", _("Measures (task breakdown)"), "areas", "rows", "任务分解表"),
    Part("projects", _("Key projects"), "areas", "text", "四、重点工程", (0, 2000), optional=True),
    Part("steps", _("Steps"), "areas", "text", "五、实施步骤", (500, 1500)),
    Part("safeguards", _("Safeguards"), "safeguards", "text", "六、保障措施", (500, 2000)),
    Part("leading_group", _("Leading group and lead department"), "safeguards", "record", "领导小组"),
    Part("coordination", _("Coordination mechanism"), "safeguards", "record", "协调机制"),
    Part("assessment", _("Assessment mechanism"), "safeguards", "record", "考核机制", hard_requirement=True),
    Part(
        "summaries",
        _("Periodic summaries and exchange"),
        "safeguards",
        "record",
        "定期总结交流",
        hard_requirement=True,
    ),
    Part("funds", _("Funds and people"), "safeguards", "record", "资金和人才"),
    Part("consultations", _("Consultation ledger"), "annexes", "rows", "征求意见情况"),
    Part("attachments", _("Attachments"), "annexes", "files", "附件"),
    Part("appendix", _("Appendix (text not placed)"), "annexes", "text", "附录", optional=True),
)
PARTS = {part.key: part for part in _TABLE}
TEXT_PARTS = tuple(p.key for p in _TABLE if p.form == "text")
RECORD_PARTS = tuple(p.key for p in _TABLE if p.form == "record")
ROW_PARTS = tuple(p.key for p in _TABLE if p.form == "rows")
AREA_PARTS = tuple(p.key for p in _TABLE if p.area)
HARD_REQUIREMENTS = tuple(p.key for p in _TABLE if p.hard_requirement)
ALL_PARTS = tuple(PARTS)
# What a city may still change once its plan is ready for formal filing (organisation, safeguards, attachments).
READY_PARTS = (*(p.key for p in _TABLE if p.group == "safeguards"), "attachments")
