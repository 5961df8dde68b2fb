"""Default deny: an address answers only where a rule of the one table says so (requirement A3).

The table is the union of ``settings.ACCESS_RULES``: URL name × method → who. A page about an object names its
``subject``; the middleware fetches it, works out what the asking post is towards it (``actors``) and puts it on the
request, so no view can forget to ask. 404: the asker may not know of the object; 403: they may, but not do this.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .roles import EVERYONE, Role

READ, WRITE = ("GET",), ("POST",)


@dataclass(frozen=True, slots=True)
class Rule:
    """``roles`` for pages without an object; ``actors`` (values) and ``states`` for pages about one.

    ``public`` answers anybody. ``states`` empty: in every state. ``note`` tells those who are refused why.
    """

    url: str
    methods: tuple[str, ...]
    roles: frozenset[Role] = frozenset()
    public: bool = False
    subject: str = ""
    actors: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    note: Any = ""


@dataclass(slots=True)
class Subject:
    """An object named in an address, and what the asking post is towards it."""

    kind: str
    actors: frozenset[str]
    state: str = ""
    on_request: dict[str, Any] = field(default_factory=dict)  # attributes to set on the request
    home: str = ""  # the object's own page, to go back to


def rule(
    url: str,
    methods: str,
    *,
    roles: Iterable[Role] = (),
    public: bool = False,
    subject: str = "",
    actors: Iterable[str] = (),
    states: Iterable[str] = (),
    note: Any = "",
) -> Rule:
    """Make a row; ``methods`` as in ``"GET POST"``."""
    return Rule(
        url,
        tuple(methods.split()),
        frozenset(roles),
        public,
        subject,
        frozenset(str(a) for a in actors),
        frozenset(str(s) for s in states),
        note,
    )


@cache
def table() -> dict[tuple[str, str], Rule]:
    """Return the whole table by (URL name, method); a pair defined twice is an error."""
    found: dict[tuple[str, str], Rule] = {}
    for path in settings.ACCESS_RULES:
        for row in import_string(path):
            for method in row.methods:
                if (row.url, method) in found:
                    raise ValueError(f"access rule defined twice: {row.url} {method}")
                found[row.url, method] = row
    return found


def find(url_name: str | None, method: str | None) -> Rule | None:
    """Return the rule of an address; HEAD asks as GET does."""
    return table().get((url_name or "", "GET" if method == "HEAD" else method or ""))


def subject_of(kind: str, kwargs: dict[str, Any], post) -> Subject | None:
    """Fetch the object an address names, or ``None``; the upper layer knows how."""
    fetch: Callable[..., Subject | None] = import_string(settings.ACCESS_SUBJECTS)
    return fetch(kind, kwargs, post)


def may(url_name: str, method: str, post, subject: Subject | None = None) -> bool:
    """Answer as the middleware would: pages use it to leave out what would be refused."""
    row = find(url_name, method)
    if row is None:
        return False
    if row.public:
        return True
    if post is None:
        return False
    if not row.subject:
        return post.role in row.roles
    if subject is None or not row.actors & subject.actors:
        return False
    return not row.states or subject.state in row.states


def any_post(url: str, methods: str) -> Rule:
    """A page for every signed-in person with a post."""
    return rule(url, methods, roles=EVERYONE)
