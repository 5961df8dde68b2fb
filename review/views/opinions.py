"""The round's opinion: composed by the group office, signed by its leader, read by the city once sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.http import Request, whole

from .. import composing, presenting
from ..forms.opinions import DeclineForm, FrameForm, ItemForm, MergeForm, PickForm
from ..guards import Asked, must_fixes_placed
from ..machine import NotAllowed
from ..models import Annotation, Opinion, OpinionItem, Round
from ..rules import DISCUSSING
from ..services import opinions
from ..states import State
from .leader_signature import sign_or_take_back


def opinion(request: Request, ref: str, number: int) -> HttpResponse:
    """Composer for the office while the opinion is drafted; the letter for everybody else."""
    case, current = request.case, _round(request, number)
    found = Opinion.objects.filter(round=current).select_related("round", "version", "signed_by__user").first()
    if not DISCUSSING & request.subject.actors and (found is None or found.sent_at is None):
        raise PermissionDenied(_("The group is still preparing its opinion; you read it when it is sent."))
    composes = _composes(request, current) and not (found and found.signed_at)
    if request.method == "POST":
        if case.current_round.pk != current.pk:
            raise Http404
        if found is None:
            opinions.draft(case, by=request.post)
            return redirect("plan_opinion", ref=ref, number=number)
        return _save_frame(request, found)
    if composes and found:
        return _composer(request, found)
    return _letter(request, current, found, may_begin=composes)


def _round(request: Request, number: int) -> Round:
    return get_object_or_404(request.case.rounds.filter(opened_at__isnull=False), number=number)


def _composes(request: Request, current: Round) -> bool:
    return (
        "group_office" in request.subject.actors
        and request.case.state == State.OPINION_DRAFTING
        and request.case.current_round.pk == current.pk
    )


def _letter(request: Request, current: Round, found: Opinion | None, *, may_begin: bool) -> HttpResponse:
    case = request.case
    drafting = case.state == State.OPINION_DRAFTING and case.current_round.pk == current.pk
    leads = "group_leader" in request.subject.actors and drafting and found is not None
    context = {
        "case": case,
        "round": current,
        "strip": presenting.strip(case),
        "letter": composing.letter(found, request.post) if found else None,
        "inside": bool(DISCUSSING & request.subject.actors),
        "may_begin": may_begin and found is None,
        "may_sign": leads and not found.signed_at,
        "may_unsign": leads and bool(found.signed_at) and not found.sent_at,
        "steps": presenting.steps(case, by=request.post) if leads else [],
        "fate": _fate(request, current) if "expert" in request.subject.actors else [],
    }
    return render(request, "review/opinion.html", context)


def _fate(request: Request, current: Round) -> list:
    """Tell a member what became of their own notes, once the round is closed."""
    if request.case.current_round.pk != current.pk or request.case.state == State.UNDER_DISCUSSION:
        return []
    return [n for n in composing.pool(request.case, request.post) if n.note.author_id == request.post.pk]


def _save_frame(request: Request, found: Opinion) -> HttpResponse:
    form = FrameForm(request.POST)
    if form.is_valid() and _done(
        request,
        form,
        lambda: opinions.set_frame(found, by=request.post, **form.cleaned_data),
        _("Saved: the praise and the time for the answer."),
    ):
        return redirect("plan_opinion", ref=found.case.plan.reference, number=found.round.number)
    return _composer(request, found, {"frame": form})


def _composer(request: Request, found: Opinion, bound: dict[str, Any] | None = None) -> HttpResponse:
    """Show notes left, opinion right; ``bound`` holds forms that came back wrong, by their place on the page."""
    bound = bound or {}
    case = request.case
    notes = composing.pool(case, request.post)
    letter = composing.letter(found, request.post)
    items = list(found.items.all())
    shown = request.GET.get("show", "")
    for entry in notes:
        key = f"note{entry.note.pk}"
        entry.forms = {
            "pick": PickForm(note=entry.note),
            "merge": bound.get(f"merge-{key}") or (MergeForm(items=items, own_id=f"m{key}") if items else None),
            "decline": bound.get(f"decline-{key}") or DeclineForm(own_id=f"d{key}"),
        }
    for part in letter["parts"]:
        for entry in part.items:
            item = entry.item
            entry.form = bound.get(f"item-{item.pk}") or ItemForm(
                own_id=f"item{item.pk}", initial={"kind": item.kind, "section": item.section, "text": item.text}
            )
    frame = {"strengths": found.strengths, "answer_days": found.answer_days}
    context = {
        "case": case,
        "round": found.round,
        "opinion": found,
        "strip": presenting.strip(case),
        "letter": letter,
        "notes": [n for n in notes if n.open or shown == "all"],
        "shown": shown,
        "counts": composing.counts(notes),
        "reopenable": list(opinions.reopenable(found)),
        "frame": bound.get("frame") or FrameForm(initial=frame),
        "new": bound.get("new") or ItemForm(own_id="new", initial={"kind": "must"}),
        "forms": list(bound.values()),
        "query": "?show=all" if shown == "all" else "",
    }
    return render(request, "review/opinion_compose.html", context, status=422 if bound else 200)


def _done(request: Request, form: Any, act, said: str) -> bool:
    """Do it and say so; a refusal becomes an error of the form, or a message where there is none."""
    try:
        act()
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            if form is None:
                messages.error(request, reason)
            else:
                form.add_error(None, reason)
        return False
    messages.success(request, said)
    return True


@require_POST
def item(request: Request, ref: str, number: int) -> HttpResponse:
    """One act on the items, named by the button pressed."""
    found = get_object_or_404(Opinion.objects.select_related("round", "case"), round=_round(request, number))
    for name, act in _ACTS.items():
        if name in request.POST:
            return act(request, found, request.POST[name])
    messages.error(request, _("The form did not say what to do; reload the page and try again."))
    return _back(found, request)


def _back(found: Opinion, request: Request, place: str = "") -> HttpResponse:
    url = reverse("plan_opinion", args=[request.case.plan.reference, found.round.number])
    query = "?show=all" if request.GET.get("show") == "all" else ""
    return redirect(f"{url}{query}{'#' + place if place else ''}")


def _note(request: Request, pk: str) -> Annotation:
    return get_object_or_404(opinions.notes(request.case), pk=whole(pk))


def _item(found: Opinion, pk: str) -> OpinionItem:
    return get_object_or_404(found.items, pk=whole(pk))


def _take(request: Request, found: Opinion, pk: str) -> HttpResponse:
    """A note goes into the opinion in its own words; strengths join the praise."""
    note = _note(request, pk)
    if note.kind == Annotation.Kind.STRENGTH:
        text = "\n".join(filter(None, [found.strengths.strip(), note.body.strip()]))
        _done(
            request, None, lambda: opinions.set_frame(
                found, strengths=text, answer_days=found.answer_days, by=request.post
            ), _("Added to what is good about the plan."),
        )  # fmt: skip
        return _back(found, request, "frame")
    _done(
        request, None, lambda: opinions.add_item(
            found, kind=note.kind, text=note.body, section=note.section, sources=[note], by=request.post
        ), _("The note stands in the opinion; reword it there."),
    )  # fmt: skip
    return _back(found, request, f"note-{note.pk}")


def _join(request: Request, found: Opinion, _value: str) -> HttpResponse:
    """Several notes become one item; the gravest kind counts."""
    chosen = {pk for text in request.POST.getlist("notes") if (pk := whole(text))}
    notes = [n for n in opinions.notes(request.case) if n.pk in chosen and n.kind != Annotation.Kind.STRENGTH]
    if len(notes) < 2:
        messages.error(request, _("Choose at least two notes to join them into one item."))
        return _back(found, request)
    kind = min((n.kind for n in notes), key=lambda k: opinions.ORDER[OpinionItem.Kind(k)])
    text = "\n".join(dict.fromkeys(n.body.strip() for n in notes))
    _done(
        request, None, lambda: opinions.add_item(
            found, kind=kind, text=text, section=notes[0].section, sources=notes, by=request.post
        ), _("%d notes have become one item; reword it there.") % len(notes),
    )  # fmt: skip
    return _back(found, request)


def _merge(request: Request, found: Opinion, pk: str) -> HttpResponse:
    note = _note(request, pk)
    form = MergeForm(request.POST, items=list(found.items.all()), own_id=f"mnote{note.pk}")
    if form.is_valid() and _done(
        request,
        form,
        lambda: opinions.merge(form.cleaned_data["item"], sources=[note], by=request.post),
        _("The note now stands behind that item."),
    ):
        return _back(found, request, f"item-{form.cleaned_data['item'].pk}")
    return _composer(request, found, {f"merge-note{note.pk}": form})


def _new(request: Request, found: Opinion, _value: str) -> HttpResponse:
    form = ItemForm(request.POST, own_id="new")
    if form.is_valid() and _done(
        request, form, lambda: opinions.add_item(found, by=request.post, **form.cleaned_data), _("The item is added.")
    ):
        return _back(found, request, "items")
    return _composer(request, found, {"new": form})


def _change(request: Request, found: Opinion, pk: str) -> HttpResponse:
    which = _item(found, pk)
    form = ItemForm(request.POST, own_id=f"item{which.pk}")
    if form.is_valid() and _done(
        request, form, lambda: opinions.change_item(which, by=request.post, **form.cleaned_data), _("Saved.")
    ):
        return _back(found, request, f"item-{which.pk}")
    return _composer(request, found, {f"item-{which.pk}": form})


def _move(direction: str):
    def act(request: Request, found: Opinion, pk: str) -> HttpResponse:
        which = _item(found, pk)
        _done(
            request, None, lambda: opinions.move_item(which, direction=direction, by=request.post),
            _("The order is changed."),
        )  # fmt: skip
        return _back(found, request, f"item-{which.pk}")

    return act


def _remove(request: Request, found: Opinion, pk: str) -> HttpResponse:
    which = _item(found, pk)
    _done(
        request, None, lambda: opinions.remove_item(which, by=request.post),
        _("Item %d is taken out; its notes are back on the left.") % which.position,
    )  # fmt: skip
    return _back(found, request)


def _reopen(request: Request, found: Opinion, pk: str) -> HttpResponse:
    earlier = get_object_or_404(opinions.reopenable(found), pk=whole(pk))
    _done(
        request, None, lambda: opinions.add_item(
            found, kind=earlier.kind, text=earlier.text, section=earlier.section, reopens=earlier, by=request.post
        ), _("The earlier item stands in the opinion again."),
    )  # fmt: skip
    return _back(found, request, "items")


_ACTS = {
    "take": _take,
    "join": _join,
    "merge": _merge,
    "new": _new,
    "change": _change,
    "up": _move("up"),
    "down": _move("down"),
    "remove": _remove,
    "reopen": _reopen,
}


@require_POST
def decline(request: Request, ref: str, note: int) -> HttpResponse:
    """Leave a note out with a reason, or take that back."""
    which = _note(request, str(note))
    found = Opinion.objects.filter(round=request.case.current_round).select_related("round", "case").first()
    if found is None:
        found = opinions.draft(request.case, by=request.post)
    if "undo" in request.POST:
        _done(
            request, None, lambda: opinions.undo_decline(which, by=request.post), _("The note is to be placed again.")
        )
        return _back(found, request, f"note-{which.pk}")
    form = DeclineForm(request.POST, own_id=f"dnote{which.pk}")
    if form.is_valid() and _done(
        request,
        form,
        lambda: opinions.decline(which, reason=form.cleaned_data["reason"], by=request.post),
        _("The note is left out; its author reads the reason."),
    ):
        return _back(found, request)
    return _composer(request, found, {f"decline-note{which.pk}": form})


def sign(request: Request, ref: str, number: int) -> HttpResponse:
    """The leader signs the opinion, or takes the signature back while it has not been sent."""
    case = request.case
    found = get_object_or_404(Opinion.objects.select_related("round", "version", "case"), round=_round(request, number))
    act = sign_or_take_back(
        request,
        found,
        sign=lambda: opinions.sign(found, by=request.post),
        signed=_("Signed. Now send the opinion to the city."),
        here=reverse("plan_opinion_sign", args=[ref, number]),
        opinion_page=reverse("plan_opinion", args=[ref, number]),
    )
    if act.answer:
        return act.answer
    blocked = [] if found.signed_at else [w for w in [must_fixes_placed(case, Asked(request.post))] if w]
    context = {
        "case": case,
        "round": found.round,
        "strip": presenting.strip(case),
        "letter": composing.letter(found, request.post),
        **act.words,
        "blocked": blocked,
        "flags": [f for n in composing.letter(found, request.post)["parts"] for i in n.items for f in i.flags],
        "used_of_recused": [n for n in composing.pool(case, request.post) if n.recused and n.item],
        "inside": True,
    }
    return render(request, "review/opinion_sign.html", context, status=422 if act.words["form"].errors else 200)
