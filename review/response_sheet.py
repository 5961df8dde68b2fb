"""The response table as a sheet: the open items go out, the filled-in answers come back as a proposal."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.parts import PARTS
from applications.pasting import columns
from applications.pasting.proposal import Cell, Line, Proposal
from portal.http import whole

from .composing import section_title
from .forms.responses import AnswerForm
from .models import Case, OpinionItem, Response, Verdict
from .services import responses

ITEM, WRITTEN = "item", ("department", "handling", "text", "section")
_ALSO = {
    "item": ("编号", "条目编号", "itemid", "id"),
    "department": ("责任部门", "责任单位", "主责"),
    "handling": ("处理", "处理意见", "处理情况"),
    "text": ("说明", "情况说明", "理由"),
    "section": ("改在哪里", "修改位置", "修改部分"),
}
_CLOSED = {Verdict.Kind.SOLVED, Verdict.Kind.WITHDRAWN}


def labels() -> dict[str, str]:
    """Return the head row: the name of each column."""
    return {
        "item": _("Item number"),
        "kind": _("Kind"),
        "opinion": _("Item"),
        "about": _("Part of the plan"),
        "department": _("Department"),
        "handling": _("Handling"),
        "text": _("Explanation"),
        "section": _("Changed in"),
    }


def is_open(item: OpinionItem) -> bool:
    judged = getattr(item, "verdict", None)
    return judged is None or judged.verdict not in _CLOSED


def rows(items: Iterable[OpinionItem]) -> list[list[Any]]:
    """Return the head row and the open items with what is answered so far."""
    found: list[list[Any]] = [list(labels().values())]
    for item in items:
        if is_open(item):
            said = _said(item)
            about = section_title(item.section) if item.section else ""
            shown = [_shown(name, said[name]) for name in WRITTEN]
            found.append([item.pk, item.get_kind_display(), item.text, about, *shown])
    return found


def notes() -> list[list[str]]:
    """Return the second sheet: how to fill it in."""
    return [
        [_("Column"), _("What it takes")],
        [labels()["item"], _("Leave it as it is: by it the row is known again.")],
        [labels()["handling"], _("One of: %s") % " / ".join(str(x) for x in Response.Handling.labels)],
        [
            labels()["text"],
            _("Needed for “explained”; at least 20 characters of reasons for “partly” and “not adopted”."),
        ],
        [labels()["section"], _("One of: %s") % " / ".join(str(part.title) for part in PARTS.values())],
        [_("Rows"), _("A row without handling stays unanswered; rows may be left out.")],
    ]


def _said(item: OpinionItem) -> dict[str, str]:
    found = getattr(item, "response", None)
    return {name: getattr(found, name) if found else "" for name in WRITTEN}


def _shown(name: str, value: str) -> str:
    if name == "handling":
        return str(Response.Handling(value).label) if value in Response.Handling.values else ""
    if name == "section":
        return str(PARTS[value].title) if value in PARTS else ""
    return value


def _spoken() -> dict[str, dict[str, str]]:
    """Return how people name a handling or a part, in either language."""
    found: dict[str, dict[str, str]] = {"handling": {}, "section": {}}
    for language in ("en", "zh-hans"):
        with override(language):
            for member in Response.Handling:
                found["handling"][columns.folded(str(member.label))] = member.value
            for part in PARTS.values():
                found["section"][columns.folded(str(part.title))] = part.key
                found["section"].setdefault(columns.folded(re.sub(r"^[^、）]{1,5}[、）]", "", part.heading)), part.key)
    return found


def _heads(first: list[str]) -> dict[str, int]:
    names: dict[str, str] = {columns.folded(words): name for name, also in _ALSO.items() for words in also}
    for language in ("en", "zh-hans"):
        with override(language):
            names |= {columns.folded(words): name for name, words in labels().items()}
    places: dict[str, int] = {}
    for place, cell in enumerate(first):
        if name := names.get(columns.folded(cell)):
            places.setdefault(name, place)
    return places


def propose(case: Case, sheet: list[list[str]]) -> Proposal:
    """Return what the sheet would change in the answers of the current round."""
    items = {item.pk: item for item in responses.items(case)}
    seen = responses.state(items.values())
    places = _heads(sheet[0]) if sheet else {}
    shown = [ITEM, *(name for name in WRITTEN if name in places)]
    problems = []
    if missing := [labels()[name] for name in (ITEM, "handling") if name not in places]:
        problems.append(_("The head row does not name: %s. Begin with the downloaded sheet.") % " / ".join(missing))
    elif len(sheet) < 2:
        problems.append(_("There are no rows below the head row. Copy the head row and the rows together."))
    reader = _Reader(case, items, places)
    lines = [] if problems else [
        reader.line(number, row) for number, row in enumerate(sheet[1:], 2) if any(c.strip() for c in row)
    ]  # fmt: skip
    return Proposal([labels()[name] for name in shown], [], problems, lines, seen, named=True)


class _Reader:
    def __init__(self, case: Case, items: dict[int, OpinionItem], places: dict[str, int]):
        self.items, self.places, self.spoken = items, places, _spoken()
        self.told: dict[int, int] = {}
        former = OpinionItem.objects.filter(opinion__case=case).exclude(pk__in=items)
        self.former = dict(former.values_list("pk", "opinion__round__number"))

    def line(self, number: int, row: list[str]) -> Line:
        told = {name: row[place].strip() if place < len(row) else "" for name, place in self.places.items()}
        key = told[ITEM]
        pk = whole(key) or 0
        problem = self._which(pk, key, number)
        cells = [Cell(labels()[ITEM], key, key, problem=problem)]
        item = self.items.get(pk)
        if problem or item is None:
            cells += [Cell(labels()[name], "", told[name]) for name in WRITTEN if name in self.places]
            return Line(number, key, None, cells, [])
        return self._answer(number, item, cells, told)

    def _which(self, pk: int, key: str, number: int) -> str:
        if pk in self.told:
            return _("Item %(item)s stands already in row %(row)d.") % {"item": key, "row": self.told[pk]}
        if pk in self.former:
            return _("Item %(item)s belongs to round %(round)s, which is closed.") % {
                "item": key,
                "round": self.former[pk] or "",
            }
        if pk not in self.items:
            return _("This opinion has no item “%s”. Leave the numbers as they were downloaded.") % key[:20]
        self.told[pk] = number
        if not is_open(self.items[pk]):
            return _("Item %s is closed: the group has judged it.") % key
        return ""

    def _answer(self, number: int, item: OpinionItem, cells: list[Cell], told: dict[str, str]) -> Line:
        said, wrong = _said(item), {}
        new = dict(said)
        for name in WRITTEN:
            value = told.get(name, "")
            if value and name in self.spoken:
                found = self.spoken[name].get(columns.folded(value))
                if found is None:
                    allowed = Response.Handling.labels if name == "handling" else [p.title for p in PARTS.values()]
                    wrong[name] = _("“%(text)s” is not understood. Write one of: %(allowed)s.") % {
                        "text": value[:40],
                        "allowed": " / ".join(str(x) for x in allowed),
                    }
                new[name] = found or ""
            elif value:
                new[name] = value
        changed = {name: v for name, v in new.items() if v != said[name]}
        if not wrong and changed:
            wrong = self._checked(new, only_department=set(changed) == {"department"})
        for name in WRITTEN:
            if name in self.places:
                old, now = _shown(name, said[name]), _shown(name, new[name])
                problem = wrong.pop(name, "")
                cells.append(
                    Cell(labels()[name], old, told[name] if problem else now, changed=old != now, problem=problem)
                )
        made = Line(number, str(item.position), item.pk, cells, list(wrong.values()))
        if changed and made.act != "wrong":
            made.values = new
        return made

    @staticmethod
    def _checked(new: dict[str, str], *, only_department: bool) -> dict[str, str]:
        """Return what the form of a single answer says against the values."""
        if only_department and not new["handling"]:
            return {}
        form = AnswerForm(new)
        return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
