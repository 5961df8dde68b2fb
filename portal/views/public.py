"""Pages for everybody: the front page and the help."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string

from ..http import Request


def front(request: Request) -> HttpResponse:
    return render(request, "portal/front.html", {"facts": import_string("review.overview.public_facts")()})


def help_page(request: Request) -> HttpResponse:
    """Help by role, with a drawing of the way of a plan made from the workflow table itself."""
    drawing = {
        "stages": import_string("review.drawing.stages")(),
        "picture": import_string("review.state_picture.picture")(),
    }
    return render(request, "portal/help.html", drawing)
