"""Reading a frozen version, with the notes a reader may see; comparing two versions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import PlanVersion
from applications.services import versions
from portal import clock
from portal.filework import scans
from portal.http import Request

from .. import by_opinion, comparing, note_changes, overreach, presenting, reading
from ..models import Annotation, Assignment, Case, Round
from ..models.annotations import NoteKind
from ..names import naming
from ..services import annotations
from . import files

GROUP = {"group_office", "group_leader", "expert"}
SHOW = ("all", "open", "mine", *NoteKind.values)


def read(request: Request, ref: str, number: int) -> HttpResponse:
    """Show version ``number``: to the group with its notes, to everybody else as plain text."""
    case: Case = request.case
    version = get_object_or_404(request.plan.versions.select_related("frozen_by__organisation"), number=number)
    snapshot = versions.read(version)
    rounds = list(case.rounds.filter(opened_at__isnull=False).select_related("version"))
    own = next((r for r in reversed(rounds) if r.version_id == version.pk), None)
    earlier_rounds = [r for r in rounds if r.version.number < number]
    with_earlier = own is None or request.GET.get("earlier") == "1"
    notes = _notes(request, own, earlier_rounds if with_earlier else [], snapshot)
    shown = reading.numbered(snapshot, [n for n in notes if _fits(n, request)])
    seat = _seat(request, own)
    in_group = bool(GROUP & request.subject.actors)
    context = {
        "case": case,
        "plan": case.plan,
        "version": version,
        "strip": presenting.strip(case),
        "parts": reading.parts(
            snapshot,
            shown,
            files=_files(request.case, snapshot, request.subject.actors),
            signals=overreach.signals(snapshot) if in_group else None,
        ),
        "copies_only": not files.CITY & request.subject.actors,
        "orphans": [n for n in shown if n.is_orphan],
        "shown": shown,
        "total": len(notes),
        "kinds": [(value, label, sum(n.note.kind == value for n in shown)) for value, label in NoteKind.choices],
        "filters": {"show": _show(request), "earlier": with_earlier},
        "earlier_rounds": earlier_rounds if in_group else [],
        "round": own,
        "in_group": in_group,
        "noted": in_group or bool(notes),
        "seat": seat,
        "may_note": seat is not None and not seat.excused_at and own == case.current_round and _discussing(case),
        "mine": sum(n.facts["is_mine"] and n.note.published_at is None for n in notes),
        "round_due": presenting.due_words(own.due) if own and own.due and own.closed_at is None else None,
        "compare": _compare_links(request, version, seat),
        "current_note": request.GET.get("note", ""),
    }
    if seat is not None:
        Assignment.objects.filter(pk=seat.pk).update(last_read_at=clock.now())
    return render(request, "review/read.html", context)


def _discussing(case: Case) -> bool:
    return case.state == "under_discussion"


def _seat(request: Request, own: Round | None) -> Assignment | None:
    return own.assignments.filter(member=request.post).first() if own else None


def _show(request: Request) -> str:
    asked = request.GET.get("show", "")
    return asked if asked in SHOW else "all"


def _fits(shown: reading.Shown, request: Request) -> bool:
    asked = _show(request)
    if asked == "open":
        return shown.note.resolved_at is None
    if asked == "mine":
        return shown.facts["is_mine"]
    return asked == "all" or shown.note.kind == asked


def _notes(request: Request, own: Round | None, earlier: list[Round], snapshot: dict) -> list[reading.Shown]:
    """Return the notes of this version's round, and those of earlier rounds carried over with evidence."""
    case, post = request.case, request.post
    found = [reading.at_home(n) for n in _fetched(annotations.visible_to(post, case, own))] if own else []
    changes: dict[int, note_changes.Change | None] = {}
    for former in earlier:
        notes = [n for n in _fetched(annotations.visible_to(post, case, former)) if n.published_at]
        origin = versions.read(former.version) if notes else {}
        carried = [reading.carried(n, snapshot, origin) for n in notes]
        changes |= {shown.note.pk: note_changes.of(shown, snapshot, origin) for shown in carried}
        found += carried
    if not found:
        return []
    name = naming(case, post)
    recused = set(case.recusals.values_list("user_id", flat=True))
    inside = bool(GROUP & request.subject.actors)
    for shown in found:
        note = shown.note
        mine = note.author_id == post.pk
        shown.facts = {
            "author": name(note.author),
            "is_mine": mine,
            "is_recused": inside and note.author.user_id in recused,
            "may_edit": mine and note.published_at is None,
            "may_answer": inside and note.published_at is not None and case.is_open,
            "may_settle": (mine or "group_office" in request.subject.actors) and inside and case.is_open,
            "replies": [(r, name(r.author)) for r in note.replies.all()] if inside else [],
            "decline": getattr(note, "decline", None) if inside else None,
            "inside": inside,
            "change": changes.get(note.pk),
        }
    return found


def _fetched(notes):
    return notes.select_related("author__user", "author__organisation", "decline", "round", "version").prefetch_related(
        "replies__author__user", "replies__author__organisation"
    )


def _files(case: Case, snapshot: dict, actors: frozenset[str]) -> dict[str, int]:
    """Return the files a reader may open by their digest."""
    digests = [a["sha256"] for a in snapshot["attachments"]]
    open_ones = set(digests) - (set() if files.CITY & actors else scans.closed(digests))
    return dict(files.frozen(case, open_ones).values_list("sha256", "pk")) if open_ones else {}


def _compare_links(request: Request, version: PlanVersion, seat: Assignment | None) -> list[dict[str, str]]:
    """Offer the version before, and to a member the one they read last."""
    ref, number = request.plan.reference, version.number
    if number == 1:
        return []
    links = [
        {
            "url": reverse("plan_compare", args=[ref, number - 1, number]),
            "label": _("Compare with version %d") % (number - 1),
        }
    ]
    last = (
        Assignment.objects.filter(
            round__case=request.case, member=request.post, last_read_at__isnull=False, round__version__number__lt=number
        )
        .order_by("-round__version__number")
        .values_list("round__version__number", flat=True)
        .first()
    )
    if last and last != number - 1:
        label = _("What changed since you last read (version %d)") % last
        links.append({"url": reverse("plan_compare", args=[ref, last, number]), "label": label})
    return links


def compare(request: Request, ref: str, a: int, b: int) -> HttpResponse:
    """Show what differs between two frozen versions; the older one always stands first."""
    if a > b:
        query = request.META.get("QUERY_STRING", "")
        return redirect(reverse("plan_compare", args=[ref, b, a]) + (f"?{query}" if query else ""))
    old = get_object_or_404(request.plan.versions.all(), number=a)
    new = get_object_or_404(request.plan.versions.all(), number=b)
    tab = request.GET.get("tab", "")
    view = request.GET.get("view", "")
    found = comparing.compare(
        old,
        new,
        tab=tab if tab in comparing.TABS else "text",
        view=view if view in comparing.VIEWS else "inline",
    )
    opinions = by_opinion.compare(request.case, old, new, actors=request.subject.actors, viewer=request.post)
    found.counts["opinions"] = len(opinions.items)
    context: dict[str, Any] = {
        "case": request.case,
        "strip": presenting.strip(request.case),
        "old": old,
        "new": new,
        "found": found,
        "opinions": opinions,
        "tabs": [(key, label, found.counts[key]) for key, label in comparing.TABS.items()],
        "views": comparing.VIEWS.items(),
    }
    return render(request, "review/compare.html", context)


def note_url(note: Annotation) -> str:
    """Return the place of a note on the page of its version."""
    url = reverse("plan_read", args=[note.round.case.plan.reference, note.version.number])
    return f"{url}?note={note.pk}#note-{note.pk}"
