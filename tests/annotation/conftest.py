"""A real browser on a running portal: the live server of pytest-django, signed in by a session made beforehand."""

import pytest
from django.conf import settings as django_settings
from django.test import Client


@pytest.fixture
def complaints(page):
    """Return what the browser complains of: script errors, refused styles and scripts, missing files."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def sign_in(page, live_server):
    """Return ``sign_in(post)``: from here on the browser acts as this person."""

    def _sign_in(post) -> None:
        client = Client()
        client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )

    return _sign_in
