"""What a part held before: each state that was saved, and each text that lost against another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from os.path import commonprefix
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal import clock
from portal.models import Membership

from ..comparison import Kind, Row, compare
from ..models import Plan, Section, SectionRevision

if TYPE_CHECKING:
    from .sections import Base, Draft

Cause = SectionRevision.Cause
TOGETHER = timedelta(minutes=10)
# A row that is written over may drop this many characters in all: slips of the finger, never a clause.
MOST_DROPPED = 10
SOME = 20
MOST_LOST = 200
_STATE = ("paragraphs", "department", "not_focus_reason")


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that differs; ``restores`` names the revision that still holds its other text."""

    row: Row
    restores: int | None
    paragraph: str


@dataclass(frozen=True, slots=True)
class Entry:
    revision: SectionRevision
    changes: list[Change]
    same: int  # paragraphs that stayed as they were
    department_changed: bool
    reason_changed: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """``whole``: of some paragraph or value, however short it was, nothing at all is left."""

    characters: int
    whole: bool


def keep(section: Section, was: "Base", *, by: Membership, cause: str, page: str = "") -> bool:
    """Keep the state just saved; tell whether it goes on a row begun within ten minutes.

    Only saves of one page go on one row, and only while they drop next to nothing of what it held and no paragraph,
    however short, goes as a whole: no text is written over, neither somebody else's nor what a slip has emptied.
    """
    if page and cause == Cause.SAVE and _go_on(section, was, by=by, page=page):
        return True
    had_text = was.paragraphs or was.department or was.not_focus_reason
    if had_text and not section.revisions.exclude(cause__in=Cause.lost()).exists():
        _add(section, was, was.revision, cause=Cause.BEFORE, by=None, page="")
    _add(section, section, section.revision, cause=cause, by=by, page=page)
    return False


def _go_on(section: Section, was: "Base", *, by: Membership, page: str) -> bool:
    """Write the state into the row of the save just before, if this page made it; one statement, for it is frequent."""
    now, lost = clock.now(), dropped(was, section)
    if lost.whole:
        return False
    begun = section.revisions.filter(
        cause=Cause.SAVE, page=page, by=by, number=section.revision - 1, began__gt=now - TOGETHER,
        dropped__lte=MOST_DROPPED - lost.characters,
    )  # fmt: skip
    state = {name: getattr(section, name) for name in _STATE[1:]}
    # The text is long and stands in the section's row by now: copied there, not sent once more.
    state["paragraphs"] = Section.objects.filter(pk=section.pk).values("paragraphs")
    return bool(begun.update(number=section.revision, at=now, dropped=F("dropped") + lost.characters, **state))


def dropped(was, now) -> Dropped:
    """Return what of one state the next no longer has; both have paragraphs and the values beside."""
    present = {p["id"]: p["text"] for p in now.paragraphs}
    pairs = [(p["text"], present.get(p["id"], "")) for p in was.paragraphs]
    pairs += [(getattr(was, name), getattr(now, name)) for name in _STATE[1:]]
    gone = [(_replaced(old, new), len(old)) for old, new in pairs if old and old != new]
    return Dropped(sum(count for count, _length in gone), any(count == length for count, length in gone))


def _replaced(old: str, new: str) -> int:
    """Return the length of what stands in ``old`` between the beginning and the end that both share."""
    head = len(commonprefix([old, new]))
    tail = len(commonprefix([old[head:][::-1], new[head:][::-1]]))
    return len(old) - head - tail


def keep_losing(
    section: Section, draft: "Draft", own: list[dict[str, str]], *, by: Membership, cause: str = Cause.CONFLICT
) -> bool:
    """Keep the text that met another's change, or a closed part, whatever follows; the same text is kept once.

    Return whether it is kept: of one post and part at most ``MOST_LOST`` are.
    """
    with transaction.atomic():
        Section.objects.select_for_update(of=("self",)).get(pk=section.pk)
        lost = section.revisions.filter(cause=cause, by=by, number=section.revision)
        texts = [p["text"] for p in own]
        if any([p["text"] for p in row.paragraphs] == texts for row in lost[:SOME]):
            return True
        if section.revisions.filter(cause__in=Cause.lost(), by=by).count() >= MOST_LOST:
            return False
        SectionRevision.objects.create(
            section=section, number=section.revision, cause=cause, paragraphs=own, page=draft.page, by=by,
            department=draft.department or "", not_focus_reason=draft.not_focus_reason or "",
        )  # fmt: skip
        return True


def _add(section: Section, state, number: int, *, cause: str, by: Membership | None, page: str) -> None:
    values = {name: getattr(state, name) for name in _STATE}
    SectionRevision.objects.create(section=section, number=number, cause=cause, by=by, page=page, **values)


def entries(rows: Sequence[SectionRevision]) -> list[Entry]:
    """Return each of ``rows``, newest first and consecutive, with what it changed in the state before it."""
    if not rows:
        return []
    saved = [r for r in rows if r.cause not in Cause.lost()]
    older = SectionRevision.objects.filter(section_id=rows[0].section_id, pk__lt=rows[-1].pk)
    saved += older.exclude(cause__in=Cause.lost())[:1]
    return [_entry(row, next((s for s in saved if s.pk < row.pk), None)) for row in rows]


def _entry(row: SectionRevision, before: SectionRevision | None) -> Entry:
    if before is None:
        return Entry(row, [], len(row.paragraphs), False, False)
    found = compare(before.paragraphs, row.paragraphs)
    changed = [r for r in found if r.kind != Kind.SAME]
    lost = row.cause in Cause.lost()
    return Entry(
        row,
        [_change(r, row if lost else before, lost) for r in changed],
        len(found) - len(changed),
        before.department != row.department,
        before.not_focus_reason != row.not_focus_reason,
    )


def _change(found: Row, holder: SectionRevision, lost: bool) -> Change:
    at = found.new_at if lost else found.old_at
    if at is None or found.kind == Kind.MOVED:
        return Change(found, None, "")
    return Change(found, holder.pk, holder.paragraphs[at]["id"])


def restore(plan: Plan, key: str, revision: int, paragraph: str, *, by: Membership) -> Section:
    """Put one paragraph of an earlier text back, or all of it where ``paragraph`` is empty; nothing else changes."""
    from . import sections

    section = Section.objects.get(plan=plan, key=key)
    held = section.revisions.filter(pk=revision).first()
    if held is None:
        raise ValidationError(_("This earlier text does not belong to this part. Reload the page and choose again."))
    texts = [p["text"] for p in held.paragraphs]
    if paragraph:
        texts = _with(section, held, paragraph)
    draft = sections.Draft("\n".join(texts), sections.Base.of(section), section.department, section.not_focus_reason)
    return sections.save(plan, key, draft, by=by, cause=Cause.RESTORE).section


def _with(section: Section, held: SectionRevision, paragraph: str) -> list[str]:
    """Return the present text with the paragraph in its place, or after the nearest one before it that still stands."""
    ids = [p["id"] for p in held.paragraphs]
    if paragraph not in ids:
        raise ValidationError(_("This earlier text does not belong to this part. Reload the page and choose again."))
    at = ids.index(paragraph)
    text = held.paragraphs[at]["text"]
    now = [p["id"] for p in section.paragraphs]
    texts = [p["text"] for p in section.paragraphs]
    if paragraph in now:
        texts[now.index(paragraph)] = text
        return texts
    before = next((now.index(i) for i in reversed(ids[:at]) if i in now), -1)
    texts.insert(before + 1, text)
    return texts
