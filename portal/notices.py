"""What people are told, in words: one table of kinds, made into sentences in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from . import clock, outbox
from . import words as spoken
from .models import Membership, Notice, User


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` and ``body`` take the notice's facts by name; ``reminder`` obeys quiet hours.

    ``still_due`` is asked before the mail leaves: a notice that has lost its meaning by then is not mailed.
    """

    title: Any
    body: Any
    reminder: bool = False
    still_due: Callable[[Notice], bool] | None = None


KINDS: dict[str, Kind] = {}


def register(kinds: dict[str, Kind]) -> None:
    """Let an upper layer add its kinds; a name is given once."""
    twice = KINDS.keys() & kinds.keys()
    if twice:
        raise ValueError(f"notice kinds defined twice: {sorted(twice)}")
    KINDS.update(kinds)


register(
    {
        "message": Kind(_("%(title)s"), _("%(body)s")),
    }
)
gettext_noop("%(title)s")


def source(lazy: Any) -> str:
    """Return the English source string of a lazy translation: as ``{"msg": …}`` it is translated for each reader."""
    with translation.override("en"):
        return str(lazy)


def send(
    kind: str, *, to: Iterable[Membership | User], key: str, path: str, facts: dict[str, Any] | None = None
) -> list[Notice]:
    """Write a notice and its mail for each person, inside the caller's transaction.

    ``key`` names the event; a person who has that notice already gets no second one.
    ``path`` opens the exact place. Raises ``KeyError`` for an unknown kind.
    """
    KINDS[kind]
    written = []
    for user in {m.user if isinstance(m, Membership) else m for m in to}:
        notice, new = Notice.objects.get_or_create(
            recipient=user, key=key, defaults={"kind": kind, "facts": facts or {}, "path": path}
        )
        if new:
            outbox.put(f"mail:notice:{notice.pk}", "mail", notice=notice.pk)
            written.append(notice)
    return written


def read_all(user: User, *, before: datetime | None = None) -> int:
    """Mark a person's unread notices as read, all of them or those written before a moment."""
    unread = user.notices.filter(read_at__isnull=True)
    if before:
        unread = unread.filter(created_at__lt=before)
    return unread.update(read_at=clock.now())


def words(notice: Notice) -> tuple[str, str]:
    """Return title and body in the active language."""
    kind = KINDS[notice.kind]
    facts = {name: _value(value) for name, value in notice.facts.items()}
    return str(kind.title) % facts, str(kind.body) % facts


def _value(value: Any) -> Any:
    """Put a fact into the reader's language.

    ``{"msg": "…"}`` is translated (a state's name, a move's name), ``with`` holding the facts of its own that it
    takes by name; ``{"moment": "…"}`` is a time in ISO 8601; with ``now`` and ``left`` (working days) it is how much
    of the time was left when the notice was written.
    """
    if not isinstance(value, dict):
        return value
    if "msg" in value:
        text = str(_(value["msg"]))
        return text % {name: _value(part) for name, part in value["with"].items()} if "with" in value else text
    english = not (get_language() or "").startswith("zh")
    moment = datetime.fromisoformat(value["moment"])
    if "left" not in value:
        return spoken.full_moment(moment, english=english)
    now = datetime.fromisoformat(value["now"])
    return spoken.due(moment, now=now, working_days_left=value["left"], english=english)["words"]
