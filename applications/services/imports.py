"""Taking over a draft that was read from a Word document."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal import clock
from portal.models import Membership

from .. import paragraphs
from ..importing import ImportedPlan
from ..models import Plan, Section
from ..parts import PARTS
from . import editing, history
from .sections import Base

APPENDIX = "appendix"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``appended``: parts that held text already, so that theirs went to the appendix."""

    filled: int
    unplaced: list[str]
    appended: list[str]
    notes: list[str]


def take_over(plan: Plan, imported: ImportedPlan, *, by: Membership) -> Outcome:
    """Fill empty parts one may write; everything else goes to the appendix, all or nothing; raises ``Closed``."""
    with editing.opened(plan, APPENDIX, by=by) as locked:
        sections = {s.key: s for s in Section.objects.select_for_update().filter(plan=locked).order_by("pk")}
        filled, appended, rest = [], [], []
        for key, texts in imported.sections.items():
            clean = [line for text in texts for line in paragraphs.split(text)]
            if not clean:
                continue
            if sections[key].paragraphs or editing.refusal(locked, key, by):
                appended.append(key)
                rest += [PARTS[key].heading, *clean]
            else:
                filled.append(key)
                _write(sections[key], clean, by)
        rest += [line for text in imported.unplaced for line in paragraphs.split(text)]
        if rest:
            kept = [p["text"] for p in sections[APPENDIX].paragraphs]
            _write(sections[APPENDIX], [*kept, *rest], by)
        if not filled and not rest:
            raise editing.ValidationError(
                _("Nothing in the document could be taken over. Check that it is the right one.")
            )
        for key in [*filled, *([APPENDIX] if rest else [])]:
            editing.touch(locked, key, by=by)
        editing.record(
            "plan:import", locked, locked, by=by, filled=filled, appended=appended, unplaced=len(imported.unplaced)
        )
        return Outcome(len(filled), list(imported.unplaced), appended, list(imported.notes))


def _write(section: Section, texts: list[str], by: Membership) -> None:
    was = Base.of(section)
    section.paragraphs = paragraphs.assign_ids(section.paragraphs, texts)
    section.revision += 1
    section.updated_at, section.updated_by, section.saved_from = clock.now(), by, ""
    section.save(update_fields=["paragraphs", "revision", "updated_at", "updated_by", "saved_from"])
    history.keep(section, was, by=by, cause=history.Cause.IMPORT)
