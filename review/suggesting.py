"""What a form begins with because the portal knows it already (requirement B12: never ask twice)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from applications.parts import PARTS
from portal import clock

from .models import Case, FormalFiling, OpinionItem, Response

LONGEST_NOTE = 50
LONGEST_TITLE = 120
# A change note is part of the plan's own papers, which are Chinese in every language of the portal.
HANDLED = {
    Response.Handling.ADOPTED: "采纳",
    Response.Handling.PARTLY: "部分采纳",
    Response.Handling.NOT_ADOPTED: "不采纳",
    Response.Handling.EXPLAINED: "说明",
}


def note(handled: Mapping[str, int], parts: Sequence[str], opening: str = "") -> str:
    """Return a change note of at most 50 characters: how many items were handled how, and which parts changed."""
    answers = "、".join(f"{word}{handled[kind]}条" for kind, word in HANDLED.items() if handled.get(kind))
    said = "；".join(text for text in (opening, f"意见{answers}" if answers else "") if text)
    lead = f"{said}；修改" if said else "修改"
    for count in range(len(parts), 0, -1):
        rest = "" if count == len(parts) else f"等{len(parts)}处"
        if len(found := lead + "、".join(parts[:count]) + rest) <= LONGEST_NOTE:
            return found
    return said[:LONGEST_NOTE]


def change_note(case: Case, name: str) -> str:
    """Return what the next version could be said to change, for the city to put right; empty for the first."""
    last = case.latest_version
    if last is None:
        return ""
    changed = [
        part.spoken for part in PARTS.values() if (at := case.plan.part_changed_at(part.key)) and at > last.frozen_at
    ]
    if name == "file_formally":
        return note({}, changed, "正式申报")
    handled = Counter[str]()
    if name == "resubmit":
        answers = OpinionItem.objects.filter(opinion__round=case.current_round, opinion__sent_at__isnull=False)
        handled.update(answers.filter(response__answered_at__isnull=False).values_list("response__handling", flat=True))
    return note(handled, changed)


def last_filing(case: Case) -> FormalFiling | None:
    """Return the newest formal application of the case, recalled or returned as it may be."""
    return case.filings.select_related("cover_file").first()


def cover(case: Case) -> dict[str, Any]:
    """Return what the cover letter's fields begin with: the letter of last time, or the usual title and today."""
    if last := last_filing(case):
        return {"cover_title": last.cover_title, "cover_number": last.cover_number, "cover_date": last.cover_date}
    title = f"关于报送《{case.plan.title}》的函"
    if len(title) > LONGEST_TITLE:
        title = f"关于报送{case.city.name}创建工作方案的函"
    return {"cover_title": title, "cover_date": clock.today()}
