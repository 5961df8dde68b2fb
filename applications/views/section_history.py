"""What a part held before: who changed what, and any paragraph put back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.http import Request, whole

from ..comparison import Kind
from ..marking import KIND_WORDS, marked
from ..models import Section
from ..services import history as service
from ..services.sections import Conflict
from .common import part_page, require_text

PER_PAGE = 10


def history(request: Request, ref: str, key: str) -> HttpResponse:
    require_text(key)
    if request.method == "POST":
        return _restore(request, key)
    row = request.plan.sections.get(key=key)
    found = row.revisions.select_related("by__organisation", "by__user")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    entries = [_shown(entry) for entry in service.entries(list(page.object_list))]
    return part_page(
        request, "applications/section_history.html", key, section=row, page=page, entries=entries, form=None
    )


def _restore(request: Request, key: str) -> HttpResponse:
    back = redirect("plan_section_history", request.plan.reference, key)
    try:
        service.restore(
            request.plan, key, whole(request.POST.get("revision")) or 0, request.POST.get("paragraph", ""),
            by=request.post,
        )  # fmt: skip
    except Section.DoesNotExist as error:
        raise Http404 from error
    except Conflict:
        messages.error(request, _("Somebody changed this part at the same moment. Look again, then put it back."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The earlier text is back; the text it replaced stands in the history."))
    return back


def _shown(entry: service.Entry) -> dict[str, Any]:
    return {
        "revision": entry.revision,
        "lost": entry.revision.cause in service.Cause.lost(),
        "same": entry.same,
        "department_changed": entry.department_changed,
        "reason_changed": entry.reason_changed,
        "first": not entry.changes and not entry.department_changed and not entry.reason_changed,
        "changes": [
            {
                "kind": change.row.kind.value,
                "word": KIND_WORDS[change.row.kind],
                "html": marked(change.row.runs),
                "number": (change.row.old_at if change.row.kind == Kind.REMOVED else change.row.new_at) or 0,
                "restores": change.restores,
                "paragraph": change.paragraph,
            }
            for change in entry.changes
        ],
    }
