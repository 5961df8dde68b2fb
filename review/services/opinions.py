"""Composing and signing the group's opinion on a round (requirement D5)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from applications.parts import PARTS
from portal import audit, clock
from portal.models import Membership

from ..actors import Actor
from ..guards import Asked, must_fixes_placed
from ..machine import NotAllowed
from ..models import Annotation, AnnotationDecline, Case, MemberView, Opinion, OpinionItem
from ..states import State
from . import member_views
from .desk import hold, next_number, words

SERIES = "YJ"
ORDER = {OpinionItem.Kind.MUST: 0, OpinionItem.Kind.SUGGESTION: 1, OpinionItem.Kind.QUESTION: 2}
ANSWER_DAYS = range(3, 91)


def _office(case_id: int, by: Membership) -> Case:
    return hold(case_id, by=by, actors={Actor.GROUP_OFFICE}, states={State.OPINION_DRAFTING})


def _draft_of(opinion: Opinion, case: Case) -> Opinion:
    """Fetch the opinion anew under the case's lock; refuse a signed one and one of an earlier round."""
    opinion = Opinion.objects.select_related("round", "version").get(pk=opinion.pk)
    if opinion.round_id != case.current_round.pk:
        raise NotAllowed([_("This opinion belongs to an earlier round; it no longer changes.")])
    if opinion.signed_at:
        raise NotAllowed([_("The opinion is signed and no longer changes; the group leader takes the signature back.")])
    return opinion


def draft(case: Case, *, by: Membership) -> Opinion:
    """Return the current round's opinion, beginning it with the strengths noted and the items still to change."""
    with transaction.atomic():
        case = _office(case.pk, by)
        current = case.current_round
        opinion = Opinion.objects.filter(round=current).first()
        if opinion:
            return opinion
        praise = notes(case).filter(kind=Annotation.Kind.STRENGTH)
        opinion = Opinion.objects.create(
            case=case,
            kind=Opinion.Kind.REVISION,
            round=current,
            version=current.version,
            strengths="\n".join(note.body.strip() for note in praise),
            answer_days=case.call.deadlines.get(State.UNDER_REVISION, 20),
            drafted_by=by,
            drafted_at=clock.now(),
        )
        audit.record("opinion:draft", opinion, by=by, reference=case.plan.reference, round=current.number)
        for item in reopenable(opinion).filter(verdict__verdict="still"):
            _add(opinion, item.kind, item.text, item.section, (), item)
        return opinion


def notes(case: Case):
    """Return the published notes of the current round; what is not published stays its author's alone."""
    return (
        Annotation.objects.filter(round=case.current_round, published_at__isnull=False)
        .select_related("author__user", "author__organisation", "decline")
        .prefetch_related("items")
    )


def reopenable(opinion: Opinion):
    """Return the earlier round's items that were found still to change, or never judged, and are not taken up yet."""
    earlier = opinion.case.rounds.filter(number__lt=opinion.round.number, opened_at__isnull=False)
    return (
        OpinionItem.objects.filter(opinion__round__in=earlier.order_by("-number")[:1], opinion__sent_at__isnull=False)
        .filter(Q(verdict__verdict="still") | Q(verdict__isnull=True))
        .exclude(reopened_as__opinion=opinion)
        .select_related("verdict", "opinion")
        .order_by("position")
    )


def set_frame(opinion: Opinion, *, strengths: str, answer_days: int, by: Membership) -> Opinion:
    """Write what stands around the items: the praise, and the working days for the answer."""
    with transaction.atomic():
        case = _office(opinion.case_id, by)
        opinion = _draft_of(opinion, case)
        if answer_days not in ANSWER_DAYS:
            raise NotAllowed(
                [_("Give between %(least)d and %(most)d working days for the answer.") % {"least": 3, "most": 90}]
            )
        opinion.strengths, opinion.answer_days = words(strengths, "", least=0), answer_days
        opinion.save(update_fields=["strengths", "answer_days"])
        audit.record("opinion:frame", opinion, by=by, strengths=opinion.strengths, answer_days=answer_days)
        return opinion


def add_item(
    opinion: Opinion,
    *,
    kind: str,
    text: str,
    section: str = "",
    sources: Iterable[Annotation] = (),
    reopens: OpinionItem | None = None,
    by: Membership,
) -> OpinionItem:
    """Put one item into the opinion, at the end of its kind; a note stands in one item only."""
    with transaction.atomic():
        case = _office(opinion.case_id, by)
        opinion = _draft_of(opinion, case)
        sources = _free(case, sources)
        if reopens and not reopenable(opinion).filter(pk=reopens.pk).exists():
            raise NotAllowed([_("This earlier item is not open, or stands in this opinion already.")])
        return _add(opinion, *_checked(kind, text, section), sources, reopens, by)


def _add(opinion, kind, text, section, sources, reopens, by=None) -> OpinionItem:
    items = list(opinion.items.all())
    item = OpinionItem.objects.create(
        opinion=opinion, position=len(items) + 1, kind=kind, text=text, section=section, reopens=reopens
    )
    item.sources.set(sources)
    _renumber([*items, item])
    item.refresh_from_db()
    audit.record(
        "opinion:item_add", opinion, by=by or opinion.drafted_by, item=item.pk, kind=kind, text=text,
        section=section, sources=[s.pk for s in sources], reopens=reopens.pk if reopens else None,
    )  # fmt: skip
    return item


def change_item(item: OpinionItem, *, kind: str, text: str, section: str = "", by: Membership) -> OpinionItem:
    """Reword an item, or move it to another kind; its sources stay linked."""
    with transaction.atomic():
        opinion, item = _own(item, by)
        new = _checked(kind, text, section)
        moved = item.kind != new[0]
        item.kind, item.text, item.section = new
        item.save(update_fields=["kind", "text", "section"])
        if moved:
            _renumber([*opinion.items.exclude(pk=item.pk), item])
            item.refresh_from_db()
        audit.record("opinion:item_change", opinion, by=by, item=item.pk, kind=kind, text=item.text, section=section)
        return item


def move_item(item: OpinionItem, *, direction: str, by: Membership) -> OpinionItem:
    """Move an item ``up`` or ``down`` among those of its kind; at the end it stays."""
    with transaction.atomic():
        opinion, item = _own(item, by)
        items = list(opinion.items.all())
        here = [i.pk for i in items].index(item.pk)
        there = here + {"up": -1, "down": 1}[direction]
        if 0 <= there < len(items) and items[there].kind == item.kind:
            items[here], items[there] = items[there], items[here]
            _renumber(items)
            audit.record("opinion:item_move", opinion, by=by, item=item.pk, position=there + 1)
            item.refresh_from_db()
        return item


def remove_item(item: OpinionItem, *, by: Membership) -> None:
    """Take an item out; its notes are back among those to be placed."""
    with transaction.atomic():
        opinion, item = _own(item, by)
        audit.record(
            "opinion:item_remove", opinion, by=by, item=item.pk, kind=item.kind, text=item.text,
            sources=[s.pk for s in item.sources.all()],
        )  # fmt: skip
        item.delete()
        _renumber(list(opinion.items.all()))


def merge(item: OpinionItem, *, sources: Iterable[Annotation], by: Membership) -> OpinionItem:
    """Let further notes stand behind an item; its wording is not touched."""
    with transaction.atomic():
        opinion, item = _own(item, by)
        found = _free(opinion.case, sources)
        if not found:
            raise NotAllowed([_("Choose at least one note to merge.")])
        item.sources.add(*found)
        audit.record("opinion:item_merge", opinion, by=by, item=item.pk, sources=[s.pk for s in found])
        return item


def decline(annotation: Annotation, *, reason: str, by: Membership) -> AnnotationDecline:
    """Leave a note out of the opinion, with a reason its author can read."""
    with transaction.atomic():
        case = _office(annotation.round.case_id, by)
        opinion = Opinion.objects.filter(round=case.current_round).first()
        if opinion:
            _draft_of(opinion, case)
        (note,) = _free(case, [annotation])
        reason = words(reason, _("Say in a sentence why the note is not taken up; its author reads it."), most=200)
        found = AnnotationDecline.objects.create(
            annotation=note, reason=reason, declined_by=by, declined_at=clock.now()
        )
        audit.record("note:decline", note, by=by, reason=reason)
        return found


def undo_decline(annotation: Annotation, *, by: Membership) -> None:
    """Put a declined note back among those to be placed."""
    with transaction.atomic():
        case = _office(annotation.round.case_id, by)
        opinion = Opinion.objects.filter(round=case.current_round).first()
        if opinion:
            _draft_of(opinion, case)
        found = AnnotationDecline.objects.filter(annotation=annotation, annotation__round=case.current_round).first()
        if found:
            audit.record("note:undo_decline", annotation, by=by, reason=found.reason)
            found.delete()


def canonical(opinion: Opinion) -> str:
    """Return the one text whose digest a signature binds: everything that will be read with it."""
    items = opinion.items.values("position", "kind", "text", "section") if opinion.pk else []
    return audit.canonical(
        _circulated(opinion)
        | {
            "kind": opinion.kind,
            "number": opinion.number,
            "reference": opinion.case.plan.reference,
            "round": opinion.round.number if opinion.round else None,
            "version": [opinion.version.number, opinion.version.digest],
            "strengths": opinion.strengths,
            "body": opinion.body,
            "answer_days": opinion.answer_days,
            "items": list(items),
        }
    )


def _circulated(opinion: Opinion) -> dict[str, Any]:
    """A formal review opinion is signed with the members' views; one without any was signed before there were views."""
    if opinion.kind != Opinion.Kind.FORMAL:
        return {}
    views = MemberView.objects.filter(version=opinion.version_id).order_by("member_id")
    said = [[v.member_id, v.text, v.given_at.isoformat() if v.given_at else None] for v in views]
    return {"views": said} if said else {}


def sign(opinion: Opinion, *, by: Membership) -> Opinion:
    """Sign and number the opinion; from here on it does not change. Signing twice changes nothing."""
    with transaction.atomic():
        case = hold(opinion.case_id, by=by, actors={Actor.GROUP_LEADER}, states={State.OPINION_DRAFTING})
        opinion = Opinion.objects.select_related("case__plan", "round", "version").get(pk=opinion.pk)
        if opinion.signed_at:
            return opinion
        _draft_of(opinion, case)
        unplaced = must_fixes_placed(case, Asked(by))
        if unplaced:
            raise NotAllowed([unplaced])
        if not opinion.items.exists() and not opinion.strengths.strip():
            raise NotAllowed([_("The opinion is empty: add an item, or write what is good about the plan.")])
        return put_signature(opinion, SERIES, by)


def put_signature(opinion: Opinion, series: str, by: Membership) -> Opinion:
    """Number (once: a number taken back and given again stays), digest and signature; the caller holds the case."""
    if opinion.number is None:
        opinion.number = next_number(series)
    opinion.signed_by, opinion.signed_at = by, clock.now()
    opinion.digest = audit.digest(canonical(opinion))
    opinion.save(update_fields=["number", "signed_by", "signed_at", "digest"])
    audit.record("opinion:sign", opinion, by=by, number=opinion.number, digest=opinion.digest)
    return opinion


def unsign(opinion: Opinion, *, reason: str, by: Membership) -> Opinion:
    """Take the leader's signature back before the opinion is sent, so that its text may change again."""
    states = {State.OPINION_DRAFTING, State.UNDER_DISCUSSION, State.FORMAL_REVIEW}
    with transaction.atomic():
        hold(opinion.case_id, by=by, actors={Actor.GROUP_LEADER}, states=states)
        opinion = Opinion.objects.get(pk=opinion.pk)
        if opinion.sent_at:
            raise NotAllowed([_("The opinion has been sent; its signature stands.")])
        reason = words(reason, _("Please give a reason."), most=500)
        if opinion.signed_at:
            opinion.signed_by, opinion.signed_at, before, opinion.digest = None, None, opinion.digest, ""
            opinion.save(update_fields=["signed_by", "signed_at", "digest"])
            audit.record("opinion:unsign", opinion, by=by, number=opinion.number, digest=before, reason=reason)
            if opinion.kind == Opinion.Kind.FORMAL:
                member_views.forget_silence(opinion, by=by)
        return opinion


def _own(item: OpinionItem, by: Membership) -> tuple[Opinion, OpinionItem]:
    case = _office(item.opinion.case_id, by)
    opinion = _draft_of(item.opinion, case)
    found = opinion.items.filter(pk=item.pk).first()
    if found is None:
        raise NotAllowed([_("This item has been taken out meanwhile; reload the page.")])
    return opinion, found


def _checked(kind: str, text: str, section: str) -> tuple[str, str, str]:
    if kind not in OpinionItem.Kind.values:
        raise NotAllowed([_("Choose what kind of item this is.")])
    if section and section not in PARTS:
        raise NotAllowed([_("These parts do not exist: %s") % section])
    return kind, words(text, _("Write the item's wording.")), section


def _free(case: Case, sources: Iterable[Annotation]) -> list[Annotation]:
    """Return the notes, fetched anew; refuse those of other rounds, unpublished, declined or in an item."""
    wanted = {source.pk for source in sources}
    found = list(notes(case).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise NotAllowed([_("A note chosen here is not published in this round.")])
    for note in found:
        item = note.items.first()
        if item:
            raise NotAllowed([_("The note already stands in item %d of the opinion.") % item.position])
        if hasattr(note, "decline"):
            raise NotAllowed([_("The note was declined; take the decline back first.")])
    return found


def _renumber(items: list[OpinionItem]) -> None:
    """Number the items 1…n by kind, keeping the given order within a kind."""
    ordered = sorted(items, key=lambda item: ORDER[OpinionItem.Kind(item.kind)])
    OpinionItem.objects.filter(pk__in=[i.pk for i in ordered]).update(position=F("position") + 10_000)
    for number, item in enumerate(ordered, start=1):
        OpinionItem.objects.filter(pk=item.pk).update(position=number)
