"""What a sheet would change, row by row, before anything is written."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.words import listed


@dataclass(slots=True)
class Cell:
    """``problem`` says why a cell is not understood or not allowed."""

    label: str
    old: str
    new: str
    changed: bool = False
    problem: str = ""


@dataclass(slots=True)
class Line:
    """One row of the paste; ``number`` as the spreadsheet counts, ``pk`` ``None`` for a row to be added."""

    number: int
    name: str
    pk: int | None
    cells: list[Cell]
    problems: list[str]
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def act(self) -> str:
        if self.problems or any(cell.problem for cell in self.cells):
            return "wrong"
        if self.pk is None:
            return "add"
        return "change" if self.values else "same"


@dataclass(slots=True)
class Proposal:
    """What a paste would do to a table; ``seen`` is the state of the table it was worked out from."""

    labels: list[str]
    unknown: list[str]
    problems: list[str]
    lines: list[Line]
    seen: str
    named: bool

    def count(self, act: str) -> int:
        return sum(line.act == act for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        return {act: self.count(act) for act in ("change", "add", "same", "wrong")}

    @property
    def wrong_cells(self) -> list[dict[str, str]]:
        """Return every cell and row that is not understood, with its place in the sheet."""
        found = []
        for line in self.lines:
            for cell in line.cells:
                if cell.problem:
                    found.append({"place": _("row %(row)d, %(column)s") % {"row": line.number, "column": cell.label},
                                  "words": cell.problem})  # fmt: skip
            found += [{"place": _("row %d") % line.number, "words": problem} for problem in line.problems]
        return found

    @property
    def may_apply(self) -> bool:
        return not self.problems and not self.count("wrong") and bool(self.writes)

    @property
    def writes(self) -> list[tuple[int | None, dict[str, Any]]]:
        return [(line.pk, line.values) for line in self.lines if line.act in {"add", "change"}]

    @property
    def summary(self) -> str:
        """Return one sentence for what a paste would do."""
        counts = self.counts
        words = {
            "change": ngettext("%d row is changed", "%d rows are changed", counts["change"]),
            "add": ngettext("%d row is added", "%d rows are added", counts["add"]),
            "same": ngettext("%d row stays as it is", "%d rows stay as they are", counts["same"]),
            "wrong": ngettext("%d row is not understood", "%d rows are not understood", counts["wrong"]),
        }
        said = [words[act] % number for act, number in counts.items() if number]
        return _("Recognised %(rows)d rows × %(columns)d columns: %(what)s.") % {
            "rows": len(self.lines),
            "columns": len(self.labels),
            "what": listed(said, english=get_language() == "en"),
        }
