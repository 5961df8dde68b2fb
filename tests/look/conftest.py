"""Pages shown in a real browser without a server: the page's text is given, style and scripts come from the finders."""

import mimetypes
from urllib.parse import urlsplit

import pytest
from csp.utils import build_policy
from django.contrib.staticfiles import finders

PLACE = "http://look.test/"


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = "tests.look.urls"


@pytest.fixture
def show(page):
    """Return ``show(html, width)``: the page under the portal's own content security policy; complaints are kept."""
    shown = {"html": "", "complaints": [], "posts": []}

    def answer(route):
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            shown["posts"].append(path)
            return route.fulfill(status=shown.get("status", 204))
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            if found is None:
                shown["complaints"].append(f"missing: {path}")
                return route.fulfill(status=404)
            return route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0])
        return route.fulfill(
            body=shown["html"],
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": build_policy()},
        )

    page.on("console", lambda message: shown["complaints"].append(message.text))
    page.on("pageerror", lambda error: shown["complaints"].append(str(error)))
    page.route("**/*", answer)

    def _show(html: str, width: int = 1280):
        shown["html"] = html
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(PLACE)
        return shown

    return _show
