"""What the drafting pages share: the neighbours of a part, refusals shown with what was typed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.http import Request

from .. import dissent, snapshot, team
from ..models import PartMark, Plan
from ..parts import PARTS
from ..services import calls, editing, handing_in, marks
from ..tasks_list import place

BASICS = editing.BASICS


def require_text(key: str) -> None:
    """Answer 404 unless an address names a prose part."""
    if key not in PARTS or PARTS[key].form != "text":
        raise Http404


def part_page(request: Request, template: str, part: str, **context: Any) -> HttpResponse:
    """Render a part's page; 409 when its form was refused because the part is closed, 422 when it is wrong."""
    plan = request.plan
    refusal = context["refusal"] if "refusal" in context else editing.refusal(plan, part, request.post)
    status = context.pop("status", 200)
    return render(
        request,
        template,
        {
            "plan": plan,
            "case": request.case,
            "part": PARTS.get(part),
            "is_open": not refusal,
            "closed_words": refusal,
            "asked": handing_in.asked(plan, part),
            "owners": team.owners(plan, part),
            "next_part": following(plan, part),
            "dissents": dissents(plan, part),
            "mark_key": part if not refusal and part in marks.MARKED else "",
            "mark": PartMark.objects.filter(plan=plan, part=part).select_related("by").first(),
            "guidance": calls.guidance(plan.call).get(part),
            **context,
        },
        status=status,
    )


def dissents(plan: Plan, part: str) -> list[dissent.Dissent]:
    """Return what departments hold against a part of the working text."""
    if part not in dissent.PARTS_HEARD or not plan.consultations.exclude(dissent="").exists():
        return []
    titles = {str(pk): title for pk, title in plan.measures.values_list("pk", "title")}
    return dissent.beside(snapshot.consultations(plan), part, titles)


def confirm_delete(
    request: Request, part: str, *, title: str, happens: list[str], facts: list[dict], back: dict[str, str]
) -> HttpResponse:
    """Ask before something of the working text is deleted; a closed part says so instead."""
    if refusal := editing.refusal(request.plan, part, request.post):
        messages.error(request, refusal)
        return redirect(place(request.plan, part))
    confirm = {
        "title": title,
        "whom": request.plan.title or request.plan.reference,
        "happens": happens,
        "act": _("Delete"),
        "back": back,
    }
    return render(request, "components/_delete.html", {"confirm": confirm, "facts": facts})


def following(plan: Plan, part: str) -> dict[str, str] | None:
    """Return the part after this one in the plan's outline."""
    keys = [BASICS, *PARTS]
    rest = keys[keys.index(part) + 1 :]
    return {"title": str(PARTS[rest[0]].title), "url": place(plan, rest[0])} if rest else None


def status_of(error: ValidationError) -> int:
    return 409 if isinstance(error, editing.Closed | editing.Stale) else 422
