"""Notes on a frozen version: private, then published to the group, and collected into its opinion (requirement D2)."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import anchors
from applications.parts import TEXT_PARTS
from applications.services import versions
from portal import audit, clock, notices
from portal.models import Membership

from ..actors import Actor, actors_on
from ..machine import NotAllowed
from ..models import Annotation, AnnotationReply, Assignment, Case, Round
from ..models.annotations import NoteKind
from ..states import OPEN, State
from . import desk, rounds

DISCUSSING = frozenset({Actor.MEMBER, Actor.GROUP_OFFICE, Actor.GROUP_LEADER})
CITY = frozenset({Actor.CITY_EDITOR, Actor.CITY_LEAD})
LONGEST = 2000
BOUND = (
    "round_id",
    "version_id",
    "author_id",
    "kind",
    "section",
    "target",
    "target_id",
    "start",
    "end",
    "quote",
    "prefix",
    "suffix",
    "body",
    "proposed",
)  # what publishing fixes
TABLES = {"indicator": ("indicators", "name"), "measure": ("measures", "title"), "milestone": ("milestones", "title")}

notices.register(
    {
        "note_reply": notices.Kind(
            gettext_lazy("%(city)s: a reply to a note"),
            gettext_lazy("%(who)s replied to a note on the plan of %(city)s."),
        ),
    }
)


def _seat(case_id: int, by: Membership) -> tuple[Case, Assignment]:
    """Hold the case and return the seat of a member who may write notes now."""
    case = desk.hold(case_id, by=by, actors={Actor.MEMBER}, states={State.UNDER_DISCUSSION})
    seat = case.current_round.assignments.filter(member=by).first()
    if seat is None:
        raise NotAllowed([_("You are not assigned to this round.")])
    if seat.excused_at:
        raise NotAllowed([_("You have been excused from this round; your notes stay private.")])
    return case, seat


def add(
    case: Case,
    *,
    by: Membership,
    kind: str,
    section: str,
    target: str,
    target_id: str,
    start: int = 0,
    end: int = 0,
    body: str,
    proposed: str = "",
) -> Annotation:
    """Write a private note on the current round's version; ``start`` and ``end`` count code points.

    Quote and context are taken from the frozen text, never from the form; a note on a table row spans none.
    """
    with transaction.atomic():
        case, seat = _seat(case.pk, by)
        current = seat.round
        place = _place(versions.read(current.version), section, target, target_id, start, end)
        found = Annotation.objects.create(
            round=current,
            version=current.version,
            author=by,
            created_at=clock.now(),
            target=target,
            target_id=target_id,
            **place,
            **_words(kind, body, proposed),
        )
        # The words of a private note are its author's alone, so they do not enter the record.
        audit.record("annotation:add", found, by=by, reference=case.plan.reference, section=found.section)
        return found


def _place(snapshot: dict, section: str, target: str, target_id: str, start: int, end: int) -> dict:
    if target in TABLES:
        table, label = TABLES[target]
        row = next((r for r in snapshot[table] if r["id"] == target_id), None)
        if row is None or section != table:
            raise NotAllowed([_("This row does not stand in the version under discussion.")])
        return {"section": table, "start": 0, "end": 0, "quote": str(row[label])}
    paragraph = None
    if target == "paragraph" and section in TEXT_PARTS:
        paragraphs: list[dict[str, Any]] = next(
            (s["paragraphs"] for s in snapshot["sections"] if s["key"] == section), []
        )
        paragraph = next((p for p in paragraphs if p["id"] == target_id), None)
    if paragraph is None:
        raise NotAllowed([_("This paragraph does not stand in the version under discussion.")])
    try:
        anchor = anchors.make(paragraph["text"], start, end)
    except ValueError:
        raise NotAllowed([_("The selection does not lie inside one paragraph; select the words again.")]) from None
    if not anchor.quote.strip():
        raise NotAllowed([_("The selection holds no words; select the words again.")])
    return {"section": section, **anchor.as_dict()}


def _words(kind: str, body: str, proposed: str) -> dict[str, str]:
    if kind not in NoteKind.values:
        raise NotAllowed([_("Choose a kind: must change, suggestion, question or strength.")])
    return {
        "kind": kind,
        "body": desk.words(body, _("Write the note."), most=LONGEST),
        "proposed": desk.words(proposed, "", least=0, most=LONGEST),
    }


def _own(annotation: Annotation, by: Membership) -> Annotation:
    found = Annotation.objects.filter(pk=annotation.pk, author=by).first()
    if found is None:
        raise NotAllowed([_("Only the author changes a note.")])
    if found.published_at:
        raise NotAllowed([_("The note is published and no longer changes; reply to it or mark it as resolved.")])
    return found


def change(annotation: Annotation, *, by: Membership, kind: str, body: str, proposed: str = "") -> Annotation:
    """Reword an own note that is not published yet; the place stays."""
    with transaction.atomic():
        case, _seat_ = _seat(annotation.round.case_id, by)
        found = _own(annotation, by)
        found.kind, found.body, found.proposed = _words(kind, body, proposed).values()
        found.save(update_fields=["kind", "body", "proposed"])
        audit.record("annotation:change", found, by=by, reference=case.plan.reference, section=found.section)
        return found


def delete(annotation: Annotation, *, by: Membership) -> None:
    """Delete an own note that nobody else has seen."""
    with transaction.atomic():
        case, _seat_ = _seat(annotation.round.case_id, by)
        found = _own(annotation, by)
        audit.record("annotation:delete", found, by=by, reference=case.plan.reference, section=found.section)
        found.delete()


def private(case: Case, post: Membership) -> QuerySet[Annotation]:
    """Return the post's own notes of the current round that are not published yet."""
    return Annotation.objects.filter(round=case.current_round, author=post, published_at__isnull=True)


def publish(case: Case, *, by: Membership) -> int:
    """Publish all own notes of the round to the group and return their number; none at all says 无意见."""
    with transaction.atomic():
        case, seat = _seat(case.pk, by)
        notes = list(private(case, by))
        if seat.published_at and not notes:
            raise NotAllowed([_("You have published already and have no new notes.")])
        moment = clock.now()
        Annotation.objects.filter(pk__in=[n.pk for n in notes]).update(published_at=moment)
        if seat.published_at is None:
            seat.published_at = moment
            seat.save(update_fields=["published_at"])
        record_published(seat, notes, by=by)
        rounds.tell_when_all_published(case)
        return len(notes)


def record_published(seat: Assignment, notes: list[Annotation], *, by: Membership) -> None:
    """Bind the words of these notes by digest: from here on they are the group's and never change."""
    audit.record(
        "annotation:publish",
        seat,
        by=by,
        reference=seat.round.case.plan.reference,
        round=seat.round.number,
        notes=[n.pk for n in notes],
        digests=[fingerprint(n) for n in notes],
    )


def fingerprint(note: Annotation) -> str:
    """Return the digest of what a note says and where it stands."""
    return audit.digest(audit.canonical([note.pk, *(getattr(note, name) for name in BOUND)]))


def _published(annotation: Annotation, by: Membership) -> tuple[Case, Annotation]:
    case = desk.hold(annotation.round.case_id, by=by, actors=DISCUSSING, states=OPEN)
    found = Annotation.objects.select_related("author__user", "version").get(pk=annotation.pk)
    if found.published_at is None:
        raise NotAllowed([_("The note is not published yet.")])
    return case, found


def reply(annotation: Annotation, *, body: str, by: Membership) -> AnnotationReply:
    """Answer a published note inside the group; its author and those who replied before are told."""
    with transaction.atomic():
        case, found = _published(annotation, by)
        text = desk.words(body, _("Write the reply."), most=LONGEST)
        before = [r.author for r in found.replies.select_related("author__user", "author__organisation")]
        written = AnnotationReply.objects.create(annotation=found, author=by, body=text, created_at=clock.now())
        audit.record("annotation:reply", found, by=by, reference=case.plan.reference, reply=written.pk)
        told = [p for p in (found.author, *before) if p.user_id != by.user_id and actors_on(p, case)]
        path = f"{case.plan.path}v{found.version.number}/read/#note-{found.pk}"
        facts = {"city": case.city.name, "who": by.user.full_name}
        notices.send("note_reply", to=told, key=f"note_reply:{written.pk}", path=path, facts=facts)
        return written


def _settling(annotation: Annotation, by: Membership) -> tuple[Case, Annotation]:
    case, found = _published(annotation, by)
    if found.author_id != by.pk and Actor.GROUP_OFFICE not in actors_on(by, case):
        raise NotAllowed([_("The author of a note or the group office marks it as resolved.")])
    return case, found


def resolve(annotation: Annotation, *, resolution: str, by: Membership) -> Annotation:
    """Mark a published note as resolved, with the reason."""
    with transaction.atomic():
        case, found = _settling(annotation, by)
        if found.resolved_at:
            raise NotAllowed([_("The note is marked as resolved already.")])
        found.resolution = desk.words(resolution, _("Say in a few words how the note was resolved."), most=200)
        found.resolved_at = clock.now()
        found.save(update_fields=["resolved_at", "resolution"])
        audit.record("annotation:resolve", found, by=by, reference=case.plan.reference, resolution=found.resolution)
        return found


def reopen(annotation: Annotation, *, by: Membership) -> Annotation:
    """Take the mark back; the earlier reason stays in the record."""
    with transaction.atomic():
        case, found = _settling(annotation, by)
        if found.resolved_at is None:
            raise NotAllowed([_("The note is open.")])
        was = found.resolution
        found.resolved_at, found.resolution = None, ""
        found.save(update_fields=["resolved_at", "resolution"])
        audit.record("annotation:reopen", found, by=by, reference=case.plan.reference, was=was)
        return found


def visible_to(post: Membership, case: Case, round: Round | None) -> QuerySet[Annotation]:
    """Return the notes of a round this post may read.

    The group reads what is published and everybody their own; the city only what a sent opinion has taken up;
    nobody else reads notes.
    """
    actors = actors_on(post, case)
    found = Annotation.objects.filter(round=round, round__case=case)
    if actors & DISCUSSING:
        return found.filter(Q(author=post) | Q(published_at__isnull=False))
    if actors & CITY:
        taken_up = found.filter(items__opinion__round=round, items__opinion__sent_at__isnull=False)
        return found.filter(published_at__isnull=False, pk__in=taken_up.values("pk"))
    return found.none()
