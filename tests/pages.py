"""Pages as their readers get them: the words of the main part, and how much was asked of the database."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def text(answer) -> str:
    """Return the words of the page's main part in one line."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def counted(see, post, path) -> int:
    """Return how many queries the page takes once what is kept in memory is kept."""
    see(post, path)
    with CaptureQueriesContext(connection) as caught:
        assert see(post, path).status_code == 200
    return len(caught)
