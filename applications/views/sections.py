"""The section editor and its autosave."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import words
from portal.http import Request, whole
from portal.roles import Role

from .. import paragraphs, presence, snapshot, team
from ..areas import AREAS
from ..finding import writing
from ..forms.sections import SectionForm
from ..models import Plan, Section
from ..services import editing, sections
from ..services.sections import Base, Conflict
from ..tasks_list import length_words, place
from . import meeting, proposals
from .common import following, part_page, require_text, status_of


def section(request: Request, ref: str, key: str) -> HttpResponse:
    """Write one prose part; saving joins what others wrote meanwhile or shows both texts."""
    row = _row(request, key)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, _blank(row))


def _row(request: Request, key: str) -> Section:
    require_text(key)
    return request.plan.sections.select_related("updated_by__organisation", "updated_by__user", "done_by").get(key=key)


def _blank(row: Section) -> SectionForm:
    return SectionForm(
        section=row,
        is_led=team.is_led(row.plan, row.key),
        initial={
            "text": row.text,
            "department": row.department,
            "not_focus_reason": row.not_focus_reason,
            "base": Base.of(row).token(row),
            "page": secrets.token_urlsafe(8),
        },
    )


def _save(request: Request, row: Section) -> HttpResponse:
    form = SectionForm(request.POST, section=row, is_led=team.is_led(request.plan, row.key))
    if not form.is_valid():
        return _page(request, row, form, status=422)
    done = {"done": True, "later": False}.get(request.POST.get("act", ""))
    draft = form.draft(done)
    if draft is None:
        form.add_error(None, _lost_seal())
        return _page(request, row, form, status=409)
    choices, seen = meeting.choices(request)
    try:
        saved = sections.save(request.plan, row.key, draft, by=request.post, choices=choices, seen=seen)
    except Conflict as conflict:
        return meeting.page(request, conflict, form)
    except ValidationError as error:
        form.add_error(None, error)
        request.plan.refresh_from_db(fields=["open_parts"])
        return _page(request, row, form, status=status_of(error))
    _say(request, saved, done)
    if done is not None:
        after = following(request.plan, row.key) if done else None
        return redirect(
            after["url"] if after and "next" in request.POST else reverse("plan", args=[row.plan.reference])
        )
    query = {"saved": draft.page} if draft.page else {}
    if item := whole(request.GET.get("item")):
        query["item"] = str(item)
    return redirect(f"{place(request.plan, row.key)}?{urlencode(query)}")


def _say(request: Request, saved: sections.Saved, done: bool | None) -> None:
    title = saved.section.part.title
    if done and request.post.role == Role.CITY_EDITOR:
        text = _("“%s” is saved and handed in for sign-off.")
    elif done:
        text = _("“%s” is saved and marked as completed.")
    elif done is False:
        text = _("“%s” is saved; you can go on at any time.")
    else:
        text = _("“%s” is saved.")
    messages.success(request, text % title)
    if saved.reopened:
        messages.info(request, _reopened())
    if saved.merged:
        messages.info(request, _("Somebody else changed other paragraphs meanwhile; both changes are in the text now."))


def _reopened() -> str:
    return _("The city lead had signed this part off; after your change it is being written again. Hand it in anew.")


def _lost_seal() -> str:
    return _("The page has lost track of the text it began with. Copy your text, reload the page and paste it again.")


@require_POST
def section_save(request: Request, ref: str, key: str) -> JsonResponse:
    """Save what is being typed; every answer says in words what became of the text."""
    require_text(key)
    row = Section(plan=request.plan, key=key)  # the row itself is read once it is locked
    form = SectionForm(request.POST, section=row, is_led=team.is_led(request.plan, key))
    if not form.is_valid():
        text = " ".join(str(e) for errors in form.errors.values() for e in errors)
        return JsonResponse({"error": "invalid", "words": text}, status=422)
    draft = form.draft()
    if draft is None:
        return JsonResponse({"error": "base", "words": _lost_seal()}, status=409)
    choices, seen = meeting.choices(request)
    try:
        saved = sections.save(
            request.plan, row.key, draft, by=request.post, choices=choices, seen=seen, autosave=not choices
        )
    except Conflict as conflict:
        text = _("Somebody else changed the same paragraph. Choose below; nothing is lost.")
        panel = meeting.panel(request, conflict, form)
        return JsonResponse({"error": "conflict", "words": text, "panel": panel}, status=409)
    except ValidationError as error:
        said = " ".join(error.messages)
        if isinstance(error, editing.Closed):
            return JsonResponse({"error": "closed", "words": said, "kept": error.kept}, status=409)
        return JsonResponse({"error": "invalid", "words": said}, status=422)
    current = saved.section
    base = Base.of(current)
    token = base.token(current)
    answer: dict[str, Any] = {
        "revision": current.revision,
        "base": token,
        "own_base": token if saved.own == base else saved.own.token(current),
        "words": _("Saved %s") % words.clock(current.updated_at) if current.updated_at else _("Saved"),
    }
    answer["others"] = presence.note(current, request.post, whole(request.POST.get("paragraph")))
    if saved.reopened:
        answer["words"] += _("; ") + _reopened()
    if saved.merged:
        answer["text"] = current.text
        answer["words"] += _("; changes of somebody else in other paragraphs were joined in")
    return JsonResponse(answer)


@require_safe
def section_findings(request: Request, ref: str, key: str) -> JsonResponse:
    """Answer with what the machine sees in the saved text: asked by the page after a save, never part of saving."""
    require_text(key)
    notes = _notes(request.plan, request.plan.sections.get(key=key))
    return JsonResponse({"words": notes["notes_said"], "html": render_to_string("applications/_findings.html", notes)})


def _page(request: Request, row: Section, form: SectionForm, status: int = 200) -> HttpResponse:
    part = row.part
    refusal = editing.refusal(request.plan, row.key, request.post)
    return part_page(
        request,
        "applications/section.html",
        row.key,
        form=form,
        section=row,
        length=length_words(words.count_characters(row.text), part),
        topics=AREAS[part.area].topics if part.area else (),
        outline=_outline(row),
        save_url=reverse("plan_section_save", args=[row.plan.reference, row.key]),
        findings_url=reverse("plan_section_findings", args=[row.plan.reference, row.key]),
        others=presence.note(row, request.post, None) if not refusal else "",
        refusal=refusal,
        has_history=bool(row.revision) or row.revisions.exists(),
        may_propose=bool(refusal) and editing.may_be_written(request.plan, row.key),
        **proposals.shown(row),
        **_notes(request.plan, row),
        status=status,
    )


def _notes(plan: Plan, row: Section) -> dict[str, Any]:
    """Return what the machine sees in this part alone: one more question to the database."""
    found = writing.notes(row.key, row.paragraphs, snapshot.indicators(plan))
    again = [n for n in found if n.is_advice]
    return {
        "notes": again[: writing.MOST],
        "notes_left": again[writing.MOST :],
        "notes_said": writing.summary(found, is_written=bool(row.paragraphs)),
        "agreeing": [n for n in found if not n.is_advice],
    }


def _outline(row: Section) -> list[dict]:
    """Return the headings the numbering makes, so that a wrong level shows."""
    found = [(paragraphs.level(p["text"]), p["text"]) for p in row.paragraphs]
    return [{"level": level, "text": words_of(text)} for level, text in found if level]


def words_of(text: str) -> str:
    """Return a heading, or the start of a numbered paragraph."""
    head = text.split("。")[0]
    return head if len(head) <= 30 else head[:30] + "…"
