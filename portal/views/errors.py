"""The pages people see when something is not there, not theirs, or went wrong."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    return render(
        request, "403.html", {"reason": str(exception or "") or _("This page is not open to you.")}, status=403
    )


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database or the page's frame: whatever broke may be one of them."""
    number = secrets.token_hex(2).upper()
    log.error("page %s answered as broken under the number %s", request.path, number)
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
