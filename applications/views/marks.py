"""The buttons by which people say whether a part is finished."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.http import Request
from portal.roles import Role

from ..parts import PARTS
from ..services import editing, marks
from ..tasks_list import place


@require_POST
def part_done(request: Request, ref: str, key: str) -> HttpResponse:
    """Mark a part that is no prose as finished, or as still being written."""
    if key not in marks.MARKED:
        raise Http404
    finished = request.POST.get("act") == "done"
    title = _("Title, years and contact") if key == editing.BASICS else PARTS[key].title
    try:
        (marks.finish if finished else marks.reopen)(request.plan, key, by=request.post)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(place(request.plan, key))
    if not finished:
        messages.success(request, _("“%s” is marked as still being written.") % title)
        return redirect(place(request.plan, key))
    if request.post.role == Role.CITY_EDITOR:
        messages.success(request, _("“%s” is handed in for sign-off.") % title)
    else:
        messages.success(request, _("“%s” is marked as completed.") % title)
    return redirect("plan", ref=ref)
