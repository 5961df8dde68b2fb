"""How much of each part is there, and exactly what is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.words import count_characters

from ..models import Plan
from ..models.records import RECORDS
from ..parts import HARD_REQUIREMENTS, PARTS, Part

TOUCHED_CHARACTERS = 50  # one paragraph of 50 characters, or a written reason
Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """``done`` of ``of`` pieces are there; ``lacks`` names the others, ``anchor`` the first place to fill."""

    part: str
    done: int
    of: int
    lacks: tuple[str, ...] = ()
    anchor: str = ""

    @property
    def is_full(self) -> bool:
        return not self.lacks


def of_plan(snapshot: Snapshot) -> dict[str, Filled]:
    """Return every part of the plan in its own order."""
    return {key: of_part(snapshot, part) for key, part in PARTS.items()}


def of_part(snapshot: Snapshot, part: Part) -> Filled:
    if part.form == "text":
        return _text(part, next((s for s in snapshot["sections"] if s["key"] == part.key), {}))
    if part.form == "record":
        return of_record(part.key, snapshot["records"].get(part.key) or {}, snapshot["plan"]["starts"])
    if part.form == "rows":
        lacks = () if snapshot[part.key] else (_("no row yet"),)
        return Filled(part.key, 0 if lacks else 1, 1, lacks)
    founding = any(a["kind"] == "founding" for a in snapshot["attachments"])
    return Filled(part.key, int(founding), 1, () if founding else (_("the founding document"),))


def _text(part: Part, section: Mapping[str, Any]) -> Filled:
    if part.optional or (part.area and str(section.get("not_focus_reason", "")).strip()):
        return Filled(part.key, 1, 1)
    least = part.guide[0]
    count = count_characters("\n".join(p["text"] for p in section.get("paragraphs", ())))
    if count >= least:
        return Filled(part.key, least, least)
    lacks = ngettext("%d character more", "%d characters more", least - count) % (least - count)
    return Filled(part.key, count, least, (lacks,), "#id_text")


def of_record(part: str, values: Mapping[str, Any], starts: int) -> Filled:
    """Return a record of the safeguards, judged by its model's own rule; ``values`` as a snapshot holds them."""
    model = RECORDS[part]
    row = model(plan=Plan(starts=starts))
    for field in model._meta.fields:
        value = values.get(field.name, "")
        if value not in ("", None) and field.name != "plan":
            setattr(row, field.name, field.to_python(value))
    names = row.missing()
    labels = tuple(str(model._meta.get_field(name).verbose_name) for name in names)
    of = len(model.REQUIRED)
    return Filled(part, of - len(names), of, labels, f"#id_{names[0]}" if names else "")


def hard_requirements(snapshot: Snapshot) -> list[Filled]:
    """Return 考核机制 and 定期总结交流 with the fields they lack."""
    return [of_part(snapshot, PARTS[key]) for key in HARD_REQUIREMENTS]


def is_touched(section: Mapping[str, Any]) -> bool:
    """Return whether an area says enough for the preliminary plan."""
    if str(section["not_focus_reason"]).strip():
        return True
    return any(len(p["text"].strip()) >= TOUCHED_CHARACTERS for p in section["paragraphs"])
