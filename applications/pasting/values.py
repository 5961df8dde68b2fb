"""What one pasted cell means, as the text the row's own form takes; raises ``ValueError`` when it is not understood."""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.words import plain

from .. import numbers
from ..areas import AREAS, Area, Softness
from ..models.rows import Facility, HelpedGroup, Instrument
from ..parts import AREA_HEADINGS
from ..units import UNITS

NOTHING = {"", "-", "--", "—", "——", "–", "/", "／", "无", "N/A", "n/a"}
_TAIL = re.compile(r"[\d.]\s*([^\d\s.,，+-][^\d]*)$")
_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?")
_MONTH = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*月?底?")
_SPLIT = re.compile(r"[、,，;；\n]+")
_SPOKEN = {
    "policy": ("政策", "政策环境", "完善政策环境", "政策法规"),
    "support": ("支撑", "支撑体系", "健全支撑体系"),
    "infrastructure": ("设施", "基础设施", "加强基础设施", "基础设施建设"),
    "services": ("服务", "服务培育", "培育服务", "电子商务服务"),
    "applications": ("应用", "深化应用", "应用深化", "电子商务应用"),
    "soft": ("软", "软性", "软件", "软任务", "软性任务"),
    "hard": ("硬", "硬性", "硬件", "硬任务", "硬性任务"),
    "regulation": ("法规", "地方性法规"),
    "rule": ("规章", "政府规章"),
    "normative": ("规范性文件",),
    "standard": ("标准",),
    "fiscal": ("财税政策", "财政政策", "税收政策"),
    "True": ("√", "✓", "✔", "y", "1"),
    "False": ("不是", "×", "n", "0"),
}


class Told(TextChoices):
    """A tick as a cell says it, with the words a form takes for it."""

    YES = "True", _("Yes")
    NO = "False", _("No")


def plain_text(raw: str) -> str:
    """Return the cell on one line."""
    return re.sub(r"\s+", " ", raw.replace("\u00a0", " ")).strip()


def is_empty(raw: str) -> bool:
    return plain_text(raw) in NOTHING


def year(raw: str) -> str:
    return str(numbers.year(raw))


def figure(raw: str, unit: str) -> str:
    """Return the figure in ``unit`` without separators or its unit."""
    return plain(numbers.parse(raw, unit))


def unit_of(raw: str) -> str:
    """Return the unit a figure carries when the row names none: 4.8亿 is in 亿元, 60％ in %, 120家 in 家."""
    text = numbers.normal(raw)
    found = _TAIL.search(text)
    if not found:
        return ""
    tail = "亿元" if found.group(1).strip() == "亿" else found.group(1).strip()
    return tail if tail in UNITS else ""


def day(raw: str, *, last: bool) -> str:
    """Return the date as ISO; a month alone is its last day, or its first."""
    text = numbers.normal(raw)
    if found := _DAY.fullmatch(text):
        return date(*map(int, found.groups())).isoformat()
    if found := _MONTH.fullmatch(text):
        year_, month = map(int, found.groups())
        if not 1 <= month <= 12:
            raise ValueError(raw)
        return date(year_, month, calendar.monthrange(year_, month)[1] if last else 1).isoformat()
    raise ValueError(raw)


def choice(raw: str, choices) -> str:
    """Return the value a word stands for, in either language."""
    return spoken(choices)[_folded(raw)]


def spoken(choices) -> dict[str, str]:
    """Return every way to say one of ``choices``."""
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            for member in choices:
                label = str(member.label)
                for words in (label, re.sub(r"\s*[（(].*?[）)]$", "", label), str(member.value)):
                    found[_folded(words)] = member.value
                if member in AREAS:
                    found[_folded(str(AREAS[member].task))] = member.value
    for member in choices:
        for words in _SPOKEN.get(member.value, ()):
            found[_folded(words)] = member.value
        if member in AREAS:
            found[_folded(AREA_HEADINGS[Area(member)][3:])] = member.value
    return found


def _folded(words: str) -> str:
    return re.sub(r"[\s\"“”]", "", numbers.normal(words)).casefold().removeprefix("电子商务")


def names(raw: str, known: Mapping[str, int], *, one: bool = False) -> list[int]:
    """Return the keys of indicators named in a cell; raises ``ValueError`` with the first name not known."""
    whole = plain_text(raw)
    parts = [whole] if one or whole in known else [plain_text(p) for p in _SPLIT.split(raw) if p.strip()]
    for part in parts:
        if part not in known:
            raise ValueError(part)
    return [known[part] for part in dict.fromkeys(parts)]


CHOICES: dict[str, Any] = {
    "area": Area,
    "kind": Softness,
    "instrument": Instrument,
    "is_priority": Told,
    "facility": Facility,
    "helped": HelpedGroup,
}
READERS: dict[str, Callable[[str], str]] = {"text": plain_text, "year": year}
