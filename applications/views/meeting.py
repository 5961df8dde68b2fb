"""Where two texts of a paragraph meet: as a page, and as a panel inside the editor."""

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.http import Request, whole
from portal.models import Membership

from ..forms.sections import SectionForm
from ..merging import BOTH, MINE, THEIRS, Written
from ..models import Section
from ..services.sections import Conflict
from .common import part_page

WRITTEN = "written"
SENT = ("text", "department", "not_focus_reason", "base", "page", "was", "act")


def choices(request: Request) -> tuple[dict[str, str], int | None]:
    """Return what the writer chose by paragraph id, and the revision they chose over."""
    chosen: dict[str, str] = {}
    for name, value in request.POST.items():
        ident = name.removeprefix("choice-")
        if ident == name:
            continue
        if value in (MINE, THEIRS, BOTH):
            chosen[ident] = value
        elif value == WRITTEN and f"merged-{ident}" in request.POST:
            chosen[ident] = Written(request.POST[f"merged-{ident}"])
    return chosen, whole(request.POST.get("seen"))


def page(request: Request, conflict: Conflict, form: SectionForm) -> HttpResponse:
    return part_page(
        request,
        "applications/section_conflict.html",
        conflict.section.key,
        **_shown(conflict, form),
        sent={name: request.POST.get(name, "") for name in SENT},
        has_errors=True,
        status=409,
    )


def panel(request: Request, conflict: Conflict, form: SectionForm) -> str:
    return render_to_string("applications/_conflict_panel.html", _shown(conflict, form), request)


def _shown(conflict: Conflict, form: SectionForm) -> dict[str, Any]:
    row = conflict.section
    labels = {
        "department": Section._meta.get_field("department").verbose_name,
        "not_focus_reason": form.fields["not_focus_reason"].label if "not_focus_reason" in form.fields else "",
    }
    order = {p["id"]: place for place, p in enumerate(row.paragraphs, start=1)}
    clashes = [
        {
            "id": clash.id,
            "label": labels.get(clash.id)
            or (_("Paragraph %d") % order[clash.id] if clash.id in order else _("Paragraph")),
            "mine": clash.mine,
            "theirs": clash.theirs,
            "both": clash.joined if clash.id in labels else "\n".join(filter(None, (clash.theirs, clash.mine))),
            "joined": clash.joined,
        }
        for clash in conflict.clashes
    ]
    assert row.updated_by_id is not None, "texts meet only where somebody has written"
    row.updated_by = Membership.objects.select_related("user", "organisation").get(pk=row.updated_by_id)
    return {"section": row, "clashes": clashes}
