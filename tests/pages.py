"""Pages as their readers get them: the words of the main part, and how much was asked of the database."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def text(answer) -> str:
    """Return the words of the page's main part in one line."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def leads_to_sign_in(answer) -> bool:
    """Say whether the answer is the sign-in page's address, or hands typed text back beside it."""
    if answer.status_code == 401:
        return "/login/?next=" in answer.content.decode()
    return answer.status_code == 302 and "/login/" in answer["Location"]


class Queries(CaptureQueriesContext):
    """What was asked of the database, without the session's renewal, which depends on the minute of the day."""

    def __init__(self):
        super().__init__(connection)

    @property
    def captured_queries(self):
        skipped = ('UPDATE "django_session"', "SAVEPOINT", "RELEASE SAVEPOINT")
        return [q for q in super().captured_queries if not q["sql"].startswith(skipped)]

    def __len__(self) -> int:
        return len(self.captured_queries)


def counted(see, post, path) -> int:
    """Return how many queries the page takes once what is kept in memory is kept."""
    see(post, path)
    with Queries() as caught:
        assert see(post, path).status_code == 200
    return len(caught)
