"""Saving a prose part: merged by paragraph with what others saved meanwhile, never written over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.models import AuditEntry, Membership
from portal.roles import Role

from .. import paragraphs
from ..merging import Clash, Merged, merge, merge_value
from ..models import Plan, Section
from . import editing, handing_in, history

Cause = history.Cause
LONGEST = 100_000
LONGEST_LINE = {"department": 80, "not_focus_reason": 2000}
WRITTEN = (
    "paragraphs", "department", "not_focus_reason", "is_done", "done_by",
    "revision", "updated_at", "updated_by", "saved_from",
)  # fmt: skip
AUDIT_EVERY = timedelta(minutes=10)
_SALT = "applications.section"
_KEPT = gettext_lazy("Your text is kept in the history of this part; whoever writes it can put it back.")
_FULL = gettext_lazy(
    "The history of this part holds so many refused texts of yours that this one was not added: copy it from the page."
)


class _Texts:
    """How a seal writes what it holds: characters as they are, since escapes are twice as long to pack and to send."""

    def dumps(self, content: list) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> list:
        return json.loads(data)


@dataclass(frozen=True, slots=True)
class Base:
    """The text a writer started from."""

    revision: int = 0
    paragraphs: list[dict[str, str]] = field(default_factory=list)
    department: str = ""
    not_focus_reason: str = ""

    @classmethod
    def of(cls, section: Section) -> "Base":
        return cls(section.revision, section.paragraphs, section.department, section.not_focus_reason)

    def token(self, section: Section) -> str:
        """Return it sealed, so that a page can carry it and nobody can alter ids."""
        content = [section.plan_id, section.key, self.revision, self.paragraphs, self.department, self.not_focus_reason]
        return signing.dumps(content, salt=_SALT, serializer=_Texts, compress=True)

    @classmethod
    def read(cls, token: str, section: Section) -> "Base | None":
        """Return the base of a page, or ``None`` when the token is not one of this section."""
        try:
            plan, key, *content = signing.loads(token, salt=_SALT, serializer=_Texts)
        except (signing.BadSignature, ValueError):
            return None
        return cls(*content) if (plan, key) == (section.plan_id, section.key) else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer sends. ``None`` leaves a value as it is; ``done`` is True or False by the buttons.

    ``was`` names an earlier page whose unsent copy this text goes on from.
    """

    text: str
    base: Base
    department: str | None = ""
    not_focus_reason: str | None = ""
    page: str = ""
    was: str = ""
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    section: Section
    merged: bool  # somebody else's changes were joined in
    own: Base  # the base for a writer who has typed on meanwhile
    reopened: bool = False  # the lead had signed it off


class Conflict(Exception):
    """The same paragraph was changed by two; nothing is written until the writer chooses."""

    def __init__(self, section: Section, merged: Merged, clashes: list[Clash]):
        super().__init__("conflict")
        self.section, self.merged, self.clashes = section, merged, clashes


def save(
    plan: Plan,
    key: str,
    draft: Draft,
    *,
    by: Membership,
    choices: Mapping[str, str] | None = None,
    seen: int | None = None,
    autosave: bool = False,
    cause: str = "",
) -> Saved:
    """Save a part, or raise ``Conflict``, ``editing.Closed`` or ``ValidationError``.

    ``choices`` settle the clashes of the text at revision ``seen``; if it has moved on they are asked anew.
    ``cause`` is what the history calls a save that is no writing.
    """
    if len(draft.text) > LONGEST:
        raise ValidationError(
            _("This part has %(have)d characters; at most %(most)d can be saved. Move some text to an attachment.")
            % {"have": len(draft.text), "most": LONGEST}
        )
    try:
        with editing.opened(plan, key, by=by) as locked:
            return _save(locked, key, draft, choices, seen, by=by, autosave=autosave, cause=cause)
    except Conflict as met:
        history.keep_losing(met.section, draft, met.merged.own, by=by)
        raise
    except editing.Closed as refused:
        if cause:  # an import or a text put back was not typed
            raise
        kept = _keep_refused(plan, key, draft, by=by)
        if kept is None:
            raise
        told = type(refused)([refused.messages[0], _KEPT if kept else _FULL])
        told.kept = kept
        raise told from refused


def _keep_refused(plan: Plan, key: str, draft: Draft, *, by: Membership) -> bool | None:
    """Keep what somebody typed into a part that was closed or given away while their page was open.

    Return whether it is kept, ``None`` where nothing was typed.
    """
    own = paragraphs.assign_ids(draft.base.paragraphs, paragraphs.split(draft.text))
    beside = [getattr(draft, name) not in (None, getattr(draft.base, name)) for name in LONGEST_LINE]
    if own == draft.base.paragraphs and not any(beside):
        return None
    section = Section.objects.get(plan=plan, key=key)
    return history.keep_losing(section, draft, own, by=by, cause=Cause.CLOSED)


def _save(plan: Plan, key: str, draft: Draft, choices, seen, *, by: Membership, autosave: bool, cause: str) -> Saved:
    section = Section.objects.select_for_update(of=("self",)).get(plan=plan, key=key)
    base = draft.base
    if section.saved_from in {draft.page, draft.was} - {""} and section.revision == base.revision + 1:
        base = Base.of(section)  # the answer to this page's last save was lost: nobody else wrote since
        draft = replace(draft, base=base)
    if seen != section.revision:
        choices = None
    texts = paragraphs.split(draft.text)
    merged = merge(base.paragraphs, texts, section.paragraphs, choices)
    values, clashes = _values(draft, section, choices)
    if merged.clashes or clashes:
        raise Conflict(section, merged, merged.clashes + clashes)
    was, was_done = Base.of(section), section.is_done
    section.paragraphs = merged.paragraphs
    section.department, section.not_focus_reason = values["department"], values["not_focus_reason"]
    joined = [p["text"] for p in section.paragraphs] != texts
    cause = cause or (Cause.MERGE if joined else Cause.SAVE)
    done_changed = draft.done is not None and (draft.done != section.is_done or _signs_off(section, draft, by))
    if Base.of(section) != was or done_changed:
        _write(section, plan, draft, done_changed, by=by)
        goes_on = False
        if replace(Base.of(section), revision=was.revision) != was:
            goes_on = history.keep(section, was, by=by, cause=cause, page=draft.page)
        if not autosave or done_changed or not (goes_on or _audited_lately(section, by)):
            told = {"done": section.is_done} | ({"cause": cause} if cause == Cause.RESTORE else {})
            editing.record("section:save", section, plan, by=by, part=section.key, revision=section.revision, **told)
    own = Base(section.revision, merged.own, **_own(draft, section))
    return Saved(section, joined, own, reopened=was_done and not section.is_done and draft.done is None)


def _values(draft: Draft, section: Section, choices) -> tuple[dict[str, str], list[Clash]]:
    values, clashes = {}, []
    for name, joint in (("department", "、"), ("not_focus_reason", "\n")):
        mine = getattr(draft, name)
        if mine is None:
            values[name] = getattr(section, name)
            continue
        mine = mine.strip()
        values[name], clash = merge_value(getattr(draft.base, name), mine, getattr(section, name), name, choices, joint)
        clashes += [clash] if clash else []
        most = LONGEST_LINE[name]
        if clash is None and len(values[name]) > most:
            raise ValidationError(
                _("%(name)s: at most %(most)d characters can be saved; the joined text has %(have)d.")
                % {"name": Section._meta.get_field(name).verbose_name, "most": most, "have": len(values[name])}
            )
    return values, clashes


def _own(draft: Draft, section: Section) -> dict[str, str]:
    """Return what the writer's own page holds beside the text."""
    sent = {name: getattr(draft, name) for name in LONGEST_LINE}
    return {name: getattr(section, name) if value is None else value for name, value in sent.items()}


def _signs_off(section: Section, draft: Draft, by: Membership) -> bool:
    """The lead finishing what an editor has finished is the sign-off."""
    return bool(draft.done and section.done_by and section.done_by.role != by.role == "city_lead")


def _write(section: Section, plan: Plan, draft: Draft, done_changed: bool, *, by: Membership) -> None:
    reopens = not draft.done and _signed_by_lead(section, by)
    if done_changed:
        section.is_done, section.done_by = bool(draft.done), by if draft.done else None
    elif reopens:
        section.is_done, section.done_by = False, None
    section.revision += 1
    section.updated_at, section.updated_by, section.saved_from = clock.now(), by, draft.page
    section.save(update_fields=WRITTEN)
    editing.touch(plan, section.key, by=by)
    if reopens:
        handing_in.reopened(plan, section.key, by=by)
    elif done_changed and section.is_done:
        handing_in.finished(plan, section.key, by=by)


def _signed_by_lead(section: Section, by: Membership) -> bool:
    """Say whether an editor's change meets a part that the lead has signed off: it opens again."""
    signed = section.is_done and section.done_by is not None and section.done_by.role == Role.CITY_LEAD
    return bool(signed and by.role == Role.CITY_EDITOR)


def _audited_lately(section: Section, by: Membership) -> bool:
    return AuditEntry.objects.filter(
        object_kind="section",
        object_id=str(section.pk),
        action="section:save",
        post=by,
        at__gt=clock.now() - AUDIT_EVERY,
    ).exists()
