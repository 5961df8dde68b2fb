"""Make the next version of a sample plan out of edits."""

from copy import deepcopy
from typing import Any

from .checks import SampleError

TITLE_OF = {"indicators": "name"}


def find_row(plan: dict[str, Any], table: str, title: str) -> dict[str, Any]:
    key = TITLE_OF.get(table, "title")
    rows = [row for row in plan[table] if row.get(key) == title]
    if len(rows) != 1:
        raise SampleError([f"{table}: “{title}” must name exactly one row, found {len(rows)}"])
    return rows[0]


def find_paragraph(plan: dict[str, Any], section: str, start: str | int) -> int:
    """Return the index of the paragraph that ``start`` names: its place or the beginning of its text."""
    paragraphs = plan["sections"][section]
    if isinstance(start, int):
        found = [start] if 0 <= start < len(paragraphs) else []
    else:
        found = [n for n, text in enumerate(paragraphs) if text.startswith(start)]
    if len(found) != 1:
        raise SampleError([f"{section}: “{start}” must begin exactly one paragraph, found {len(found)}"])
    return found[0]


def _edit_text(plan: dict[str, Any], edit: dict[str, Any]) -> None:
    paragraphs = plan["sections"][edit["section"]]
    index = find_paragraph(plan, edit["section"], edit["paragraph"])
    if "new" in edit:
        paragraphs[index] = edit["new"]
    elif "after" in edit:
        paragraphs.insert(index + 1, edit["after"])
    else:
        del paragraphs[index]


def revise(plan: dict[str, Any], revision: dict[str, Any]) -> dict[str, Any]:
    """Return a new plan with the edits of ``revision`` applied in their order; ``plan`` stays as it was."""
    plan = deepcopy(plan)
    for edit in revision["edits"]:
        if "section" in edit:
            _edit_text(plan, edit)
        elif "record" in edit:
            plan[edit["record"]].update(edit["set"])
        elif "add" in edit:
            plan[edit["table"]].append(deepcopy(edit["add"]))
        else:
            find_row(plan, edit["table"], edit["title"]).update(deepcopy(edit["set"]))
    return plan
