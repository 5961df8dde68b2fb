"""Writing, changing, publishing and answering notes."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.services import versions
from portal.http import Request, whole

from .. import presenting, reading
from ..forms.notes import NoteForm, ReplyForm, ResolveForm, WordsForm
from ..machine import NotAllowed
from ..models import Annotation
from ..services import annotations
from .reading import note_url

PLACE = ("section", "target", "id", "start", "end")


def note_add(request: Request, ref: str) -> HttpResponse:
    """Write a note on a paragraph's sentences, on selected words, or on a row of a table.

    The page works by itself; annotate.js brings the same form under the paragraph.
    """
    version = request.case.current_round.version
    given = request.POST if request.method == "POST" else request.GET
    place = reading.find_place(versions.read(version), *(given.get(k, "") for k in ("section", "target", "id")))
    if place is None:
        messages.error(request, _("Choose a paragraph or a row first, then write the note."))
        return _go(request, reverse("plan_read", args=[ref, version.number]))
    start, end = whole(given.get("start")), whole(given.get("end"))
    by_words = start is not None and end is not None
    by_sentences = place.target == "paragraph" and not by_words
    initial = {name: given.get(name, "") for name in PLACE}
    form = NoteForm(request.POST or None, place=place, by_sentences=by_sentences, initial=initial)
    if request.method == "POST" and form.is_valid():
        first, last = form.span()
        data = form.cleaned_data
        try:
            note = annotations.add(
                request.case,
                by=request.post,
                section=place.section,
                target=place.target,
                target_id=place.target_id,
                start=first,
                end=last,
                **{k: data[k] for k in ("kind", "body", "proposed")},
            )
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The note is saved; only you can see it until you publish."))
            return _go(request, note_url(note))
    quote = place.text[start:end] if by_words else ""
    context = {
        "case": request.case,
        "strip": presenting.strip(request.case),
        "form": form,
        "place": place,
        "quote": quote,
        "version": version,
        "back": reverse("plan_read", args=[ref, version.number]) + f"#{place.anchor}",
    }
    if request.htmx:
        return render(request, "review/_composer.html", context)
    return render(request, "review/note.html", context, status=422 if form.errors else 200)


def _go(request: Request, url: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _refuse(form, refusal: NotAllowed) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _note(request: Request, pk: int) -> Annotation:
    """Return a note of this plan that the asking post may see; private ones of others do not exist for it."""
    visible = Q(author=request.post) | Q(published_at__isnull=False)
    notes = Annotation.objects.filter(visible, round__case=request.case)
    return get_object_or_404(notes.select_related("round__case__plan", "version", "author__user"), pk=pk)


def note(request: Request, ref: str, pk: int) -> HttpResponse:
    """Reword an own note that is not published yet, or delete it from here."""
    found = _note(request, pk)
    if found.author_id != request.post.pk or found.published_at:
        messages.error(request, _("Only the author changes a note, until it is published."))
        return redirect(note_url(found))
    initial = {"kind": found.kind, "body": found.body, "proposed": found.proposed}
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            annotations.change(found, by=request.post, **form.cleaned_data)
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The note is changed."))
            return redirect(note_url(found))
    context = {
        "case": request.case,
        "strip": presenting.strip(request.case),
        "form": form,
        "note": found,
        "quote": found.quote,
        "back": note_url(found),
    }
    return render(request, "review/note.html", context, status=422 if form.errors else 200)


def note_delete(request: Request, ref: str, pk: int) -> HttpResponse:
    """Say what would be lost, then delete an own note that is not published yet."""
    found = _note(request, pk)
    number = found.version.number
    if request.method != "POST":
        if found.author_id != request.post.pk or found.published_at:
            messages.error(request, _("Only the author changes a note, until it is published."))
            return redirect(note_url(found))
        confirm = {
            "title": _("Delete the note"),
            "strip": presenting.strip(request.case),
            "happens": [_("A deleted note cannot be brought back.")],
            "act": _("Delete"),
            "back": {"url": note_url(found), "label": _("Keep the note")},
        }
        facts = [
            {"label": _("Kind"), "value": found.get_kind_display()},
            {"label": _("Passage"), "value": found.quote},
            {"label": _("Note"), "value": found.body},
            {"label": _("Suggested wording"), "value": found.proposed},
        ]
        return render(request, "components/_delete.html", {"confirm": confirm, "facts": facts})
    try:
        annotations.delete(found, by=request.post)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect(note_url(found))
    messages.success(request, _("The note is deleted."))
    return redirect("plan_read", ref=ref, number=number)


def publish(request: Request, ref: str) -> HttpResponse:
    """Confirm with the number of notes, then publish them all."""
    case = request.case
    version = case.current_round.version
    count = annotations.private(case, request.post).count()
    refused: list[str] = []
    if request.method == "POST":
        try:
            count = annotations.publish(case, by=request.post)
        except NotAllowed as refusal:
            refused = refusal.reasons
        else:
            messages.success(request, _published(count))
            return redirect("plan_read", ref=ref, number=version.number)
    act = ngettext("Publish my %d note", "Publish my %d notes", count) % count if count else _("Publish: no remarks")
    confirm = {
        "title": _("Publish notes on version %d") % version.number,
        "strip": presenting.strip(case),
        "happens": _happens(count),
        "act": act,
        "back": {"url": reverse("plan_read", args=[ref, version.number]), "label": _("Back to the text")},
    }
    context = {"confirm": confirm, "refused": refused, "case": case}
    return render(request, "review/notes_publish.html", context, status=409 if refused else 200)


def _happens(count: int) -> list[str]:
    first = (
        ngettext("%d note becomes visible to the whole group.", "%d notes become visible to the whole group.", count)
        % count
        if count
        else _("You have no unpublished notes; it is recorded that you have no remarks.")
    )
    return [
        first,
        _("Published notes can no longer be changed or deleted; you can reply to them and mark them as resolved."),
        _("The city reads a note only when a signed opinion takes it up."),
    ]


def _published(count: int) -> str:
    if not count:
        return _("Recorded: no remarks.")
    return ngettext("%d note has been published.", "%d notes have been published.", count) % count


@require_POST
def note_reply(request: Request, ref: str, pk: int) -> HttpResponse:
    found = _note(request, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            annotations.reply(found, body=form.cleaned_data["body"], by=request.post)
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The reply is sent."))
            return redirect(note_url(found))
    return _again(request, found, form, _("Reply to the note"), _("Send the reply"))


@require_POST
def note_resolve(request: Request, ref: str, pk: int) -> HttpResponse:
    """Mark a note as resolved, or take the mark back (``reopen``)."""
    found = _note(request, pk)
    if request.POST.get("reopen"):
        try:
            annotations.reopen(found, by=request.post)
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.reasons))
        else:
            messages.success(request, _("The note is open again."))
        return redirect(note_url(found))
    form = ResolveForm(request.POST)
    if form.is_valid():
        try:
            annotations.resolve(found, resolution=form.cleaned_data["resolution"], by=request.post)
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The note is marked as resolved."))
            return redirect(note_url(found))
    return _again(request, found, form, _("Mark the note as resolved"), _("Mark as resolved"))


def _again(request: Request, found: Annotation, form, title: str, act: str) -> HttpResponse:
    """Show the form once more with what was typed and what is wrong with it."""
    context = {
        "case": request.case,
        "strip": presenting.strip(request.case),
        "form": form,
        "note": found,
        "title": title,
        "act": act,
        "back": note_url(found),
    }
    return render(request, "review/note_answer.html", context, status=422)
