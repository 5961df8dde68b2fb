"""What was handed over: the receipt of one move, and the words for whoever comes second."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import words
from portal.models import Membership

from . import machine, presenting
from .models import Case, Move
from .states import State
from .workflow import TITLES

WITH_RECEIPT = frozenset({"submit", "submit_direct", "resubmit", "file_formally", "forward"})
# What the office does that has the plan after one of these moves.
NEXT: dict[State, Any] = {
    State.WITH_CHANNEL: gettext_lazy(
        "The channel office looks at the plan and forwards it to the coordination group, or returns it for completion."
    ),
    State.AWAITING_DISCUSSION: gettext_lazy("The group office assigns members and opens the discussion."),
    State.RECHECK: gettext_lazy("The members of the coordination group give a verdict on every answer."),
    State.CHECKING: gettext_lazy("The group office checks the documents of the formal application."),
}


def moves(case: Case) -> QuerySet[Move]:
    """Return the case's moves with whatever a receipt says of them."""
    return case.history.select_related("version", "by__user", "by__organisation")


def url(case: Case, move: Move) -> str:
    """Return the address of the receipt; empty when a move of this name has none."""
    return reverse("plan_receipt", args=[case.plan.reference, move.number]) if move.name in WITH_RECEIPT else ""


def latest(case: Case) -> Move | None:
    """Return the newest move that has a receipt and still describes where the plan is."""
    return moves(case).filter(number=case.moves, name__in=WITH_RECEIPT).first()


def overtaken(case: Case, name: str, seen: int | None, *, by: Membership) -> tuple[str, Move] | None:
    """Return who took a step meanwhile, in words, with that move; ``None`` when nobody did.

    ``seen`` is the number of the last move that the form's page showed; without it only the newest move counts.
    """
    found = moves(case).order_by("number")
    if seen is None:
        move = found.filter(number=case.moves, name=name).first()
    else:
        move = found.filter(number__gt=seen, name=name).first() or found.filter(number__gt=seen).first()
    if move is None:
        return None
    facts = {
        "who": presenting.person(move.by),
        "move": TITLES[move.name],
        "at": words.full_moment(move.at, english=presenting.english(), seconds=True),
        "state": State(case.state).label,
    }
    return _who_was_first(move, name, by) % facts, move


def _who_was_first(move: Move, name: str, by: Membership) -> str:
    own = move.by.user_id == by.user_id
    if move.name == name and own:
        return _(
            "You have taken this step already: “%(move)s”, %(at)s. The plan now stands at “%(state)s”;"
            " nothing was done a second time."
        )
    if move.name == name:
        return _(
            "%(who)s has taken this step already: “%(move)s”, %(at)s. The plan now stands at “%(state)s”;"
            " nothing was done a second time."
        )
    return _(
        "Since this page was opened %(who)s has taken another step: “%(move)s”, %(at)s."
        " The plan now stands at “%(state)s”; your form changed nothing."
    )


def shown(case: Case, move: Move, *, by: Membership) -> dict[str, Any]:
    """Return a receipt as its component takes it, for this reader."""
    version = move.version
    facts = [{"label": _("Plan"), "value": case.plan.title}]
    if declared := move.given.get("declared_name"):
        facts.append({"label": _("Declared to be true by"), "value": declared})
    if version and version.change_note:
        facts.append({"label": _("Change note"), "value": version.change_note})
    current = case.moves == move.number
    return {
        "title": _("Received: %s") % TITLES[move.name],
        "reference": case.plan.reference,
        "version": _("Version %d") % version.number if version else "",
        "at": words.full_moment(move.at, english=presenting.english(), seconds=True),
        "by": presenting.person(move.by),
        "facts": facts,
        "fingerprint": words.grouped(version.digest.upper()) if version else "",
        "next": _next(case) if current else _since(case, move),
        "recall": recall(case, by=by) if current else None,
        "links": _links(case, move),
    }


def _next(case: Case) -> list[str]:
    if not case.is_open:
        return []
    said = [_("Now with: %s.") % presenting.turn(case)]
    if what := NEXT.get(State(case.state)):
        said.append(str(what))
    if case.due:
        said.append(_("Expected by %s.") % words.full_moment(case.due, english=presenting.english()))
    return said


def _since(case: Case, move: Move) -> list[str]:
    """An old receipt stays what it is; what happened after it is said beside it."""
    after = moves(case).filter(number=move.number + 1).first()
    assert after is not None, "the case has made more moves than this one"
    english = presenting.english()
    facts = {"who": presenting.person(after.by), "move": TITLES[after.name]}
    facts["at"] = words.full_moment(after.at, english=english)
    return [
        _("After this: “%(move)s”, %(who)s, %(at)s.") % facts,
        _("The plan now stands at “%s”.") % State(case.state).label,
    ]


def recall(case: Case, *, by: Membership) -> dict[str, str] | None:
    """Return how the sender takes the plan back, or why that is over; ``None`` for everybody else."""
    if not any(found.name == "recall" for found in machine.available(case, by=by)):
        return None
    office = presenting.turn(case)
    if case.opened_at is None:
        address = reverse("plan_move", args=[case.plan.reference, "recall"])
        return {"url": address, "words": _("You can recall it until %s begins to handle it.") % office}
    at = words.full_moment(case.opened_at, english=presenting.english())
    told = _("%(office)s began to handle it on %(at)s; it can no longer be recalled. Ask the office to return it.")
    return {"url": "", "words": told % {"office": office, "at": at}}


def _links(case: Case, move: Move) -> Iterable[dict[str, str]]:
    ref = case.plan.reference
    found = [{"url": reverse("plan", args=[ref]), "label": _("Back to the plan")}]
    if move.version:
        number = move.version.number
        found.append({"url": reverse("plan_read", args=[ref, number]), "label": _("Read version %d") % number})
    return found
