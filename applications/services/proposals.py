"""A wording proposed by somebody of the team who does not write the part, and what its writers do with it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, clock, notices
from portal.models import Membership

from .. import paragraphs, tasks_list, team
from ..models import Plan, Section, SectionRevision, WordingProposal
from . import editing, sections

Outcome = WordingProposal.Outcome
LONGEST = 5000
LONGEST_WORDS = 500
MOST_WAITING = 50
_TITLE = gettext_lazy("“%(part)s”: a proposed wording")
notices.register(
    {
        "wording_proposed": notices.Kind(
            _TITLE, gettext_lazy("%(city)s: %(who)s proposes a wording for “%(part)s”. Take it or say why not.")
        ),
        "wording_taken": notices.Kind(
            _TITLE, gettext_lazy("%(city)s: %(who)s has taken the wording you proposed for “%(part)s”.")
        ),
        "wording_declined": notices.Kind(
            _TITLE,
            gettext_lazy("%(city)s: %(who)s has not taken the wording you proposed for “%(part)s”: %(answer)s"),
        ),
    }
)


class Moved(editing.Closed):
    """The paragraph no longer reads as the page showed it."""


def of(section: Section, outcome: Outcome | None = Outcome.WAITING) -> list[WordingProposal]:
    """Return what is waiting, or with ``None`` what is decided, the latest decision first."""
    found = section.proposals.select_related("by__user", "by__organisation", "decided_by__user")
    return list(found.filter(outcome=outcome)) if outcome else list(found.exclude(outcome=Outcome.WAITING)[:10])


def present(section: Section, paragraph: str) -> str | None:
    """Return how a paragraph reads now, ``None`` where it is gone; there is always an end to add to."""
    if not paragraph:
        return ""
    return next((p["text"] for p in section.paragraphs if p["id"] == paragraph), None)


def propose(
    plan: Plan, key: str, paragraph: str, text: str, words: str = "", *, seen: str, by: Membership
) -> WordingProposal:
    """Put a wording to the writers of a part; sent twice it is one. Raises ``Closed``, ``Moved``, ``ValidationError``.

    ``seen`` is the seal of the paragraph as the page showed it.
    """
    text = "\n".join(paragraphs.split(text))
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        if not editing.may_be_written(locked, key):
            raise editing.Closed([editing.closed_words(locked, key), _("Nothing was saved.")])
        if team.may_write(locked, key, by):
            raise ValidationError(_("You write this part yourself: change it in the text."))
        section = Section.objects.get(plan=locked, key=key)
        now = present(section, paragraph)
        if now is None:
            raise Moved(_("This paragraph no longer stands in the part. Copy your wording and choose another place."))
        if audit.seal(now) != seen:
            raise Moved(
                _("The paragraph has been changed meanwhile and reads as above now. See whether yours still fits.")
            )
        _check(text, words, now)
        waiting = section.proposals.filter(outcome=Outcome.WAITING)
        if twin := waiting.filter(by=by, paragraph=paragraph, text=text).first():
            return twin
        if waiting.count() >= MOST_WAITING:
            raise ValidationError(
                _("%d proposed wordings are waiting for this part. Let its writers decide on some first.")
                % MOST_WAITING
            )
        row = WordingProposal.objects.create(
            section=section, paragraph=paragraph, was=now, text=text, words=words.strip(), by=by
        )
        editing.record("wording:propose", row, locked, by=by, part=key)
        _send("wording_proposed", locked, row, to=_writers(locked, key), by=by)
        return row


def _check(text: str, words: str, now: str) -> None:
    if not text and not now:
        raise ValidationError(_("Write the paragraph that you propose."))
    if text == now:
        raise ValidationError(_("The wording is the one that stands there. Change something, or go back."))
    if len(text) > LONGEST or len(words) > LONGEST_WORDS:
        raise ValidationError(
            _("A proposed wording has at most %(text)d characters, its reason at most %(words)d.")
            % {"text": LONGEST, "words": LONGEST_WORDS}
        )


def _writers(plan: Plan, key: str) -> list[Membership]:
    """Return who decides: the departments that write the part, and the city lead where they have nobody."""
    return list(team.writers_of(plan, key)) or list(team.leads(plan))


def take(plan: Plan, key: str, pk: int, *, seen: str, by: Membership) -> WordingProposal:
    """Put a proposed wording into the text. ``seen``: the seal of what it replaces, as the page showed it.

    Raises ``Closed``, ``NotYours``, ``Moved``, ``sections.Conflict`` or ``ValidationError``.
    """
    with editing.opened(plan, key, by=by) as locked:
        row = _waiting(locked, key, pk)
        section = Section.objects.select_for_update(of=("self",)).get(pk=row.section_id)
        now = present(section, row.paragraph)
        if now is None:
            raise Moved(_("The paragraph no longer stands in the part. Copy the wording to where it belongs."))
        if audit.seal(now) != seen:
            raise Moved(_("The paragraph has been changed meanwhile. Look at the difference again, then decide."))
        base = sections.Base.of(section)
        texts = _with(section, row)
        draft = sections.Draft("\n".join(texts), base, department=None, not_focus_reason=None)
        sections.save(locked, key, draft, by=by, cause=SectionRevision.Cause.PROPOSAL)
        return _decide(locked, row, Outcome.TAKEN, "", by=by)


def _with(section: Section, row: WordingProposal) -> list[str]:
    """Return the lines of the part with the proposed wording in its place."""
    new = paragraphs.split(row.text)
    texts: list[str] = []
    for paragraph in section.paragraphs:
        texts += new if paragraph["id"] == row.paragraph else [paragraph["text"]]
    return texts if row.paragraph else texts + new


def decline(plan: Plan, key: str, pk: int, answer: str, *, by: Membership) -> WordingProposal:
    """Leave the text as it is and say why; the wording stays on record."""
    answer = answer.strip()
    if not answer or len(answer) > LONGEST_WORDS:
        raise ValidationError(
            _("Say in at most %d characters why the wording is not taken; whoever proposed it reads it.")
            % LONGEST_WORDS
        )
    with editing.opened(plan, key, by=by) as locked:
        return _decide(locked, _waiting(locked, key, pk), Outcome.DECLINED, answer, by=by)


def withdraw(plan: Plan, key: str, pk: int, *, by: Membership) -> WordingProposal:
    """Take one's own proposal back."""
    with transaction.atomic():
        locked = Plan.objects.select_for_update().get(pk=plan.pk)
        row = _waiting(locked, key, pk)
        if row.by_id != by.pk:
            raise ValidationError(_("Only whoever proposed a wording takes it back."))
        return _decide(locked, row, Outcome.WITHDRAWN, "", by=by)


def _waiting(plan: Plan, key: str, pk: int) -> WordingProposal:
    """Return a proposal of the locked plan; raise ``DoesNotExist``, or ``ValidationError`` when it is decided."""
    row = WordingProposal.objects.select_related("by__user").get(section__plan=plan, section__key=key, pk=pk)
    if row.outcome != Outcome.WAITING:
        raise ValidationError(_("This is decided already: %s.") % Outcome(row.outcome).label)
    return row


_ACTS = {Outcome.TAKEN: "take", Outcome.DECLINED: "decline", Outcome.WITHDRAWN: "withdraw"}


def _decide(plan: Plan, row: WordingProposal, outcome: Outcome, answer: str, *, by: Membership) -> WordingProposal:
    row.outcome, row.answer, row.decided_by, row.decided_at = outcome, answer, by, clock.now()
    row.save(update_fields=["outcome", "answer", "decided_by", "decided_at"])
    told = {"answer": answer} if answer else {}
    editing.record(f"wording:{_ACTS[outcome]}", row, plan, by=by, part=row.section.key, **told)
    if outcome != Outcome.WITHDRAWN:
        _send(f"wording_{outcome.value}", plan, row, to=[row.by], by=by, **told)
    return row


def _send(kind: str, plan: Plan, row: WordingProposal, *, to: list[Membership], by: Membership, **more: Any) -> None:
    facts = {
        "city": plan.city.name,
        "part": {"msg": notices.source(row.section.part.title)},
        "who": by.user.full_name,
    } | more
    path = f"{tasks_list.place(plan, row.section.key)}#proposals"
    notices.send(kind, to=to, key=f"{kind}:{row.pk}", path=path, facts=facts)
