"""Pages for everybody: the front page and the help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string


def front(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/front.html", {"facts": import_string("review.overview.public_facts")()})


def help_page(request: HttpRequest) -> HttpResponse:
    """Help by role, with a drawing of the way of a plan made from the workflow table itself."""
    drawing = import_string("review.drawing.stages")()
    return render(request, "portal/help.html", {"stages": drawing})
