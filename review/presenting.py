"""A case in the words of the pages: strip, due date, version, what can be done next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock, words
from portal.models import Membership
from portal.punctuation import colon
from portal.workdays_store import days_left

from . import machine
from .guards import Asked
from .models import Case, Letter
from .states import FACTS, Stage, State
from .workflow import TITLES, Way


def english() -> bool:
    return not (translation.get_language() or "").startswith("zh")


def due(case: Case) -> dict[str, str] | None:
    """Return the deadline of the present state in words, or ``None``."""
    return due_words(case.due) if case.due else None


def due_words(moment) -> dict[str, str]:
    return words.due(moment, now=clock.now(), working_days_left=days_left(moment), english=english())


def state_tag(state: str) -> dict[str, Any]:
    facts = FACTS[State(state)]
    return {"label": facts.state.label, "colour": facts.colour}


def turn(case: Case) -> str:
    """Return whose turn it is, naming the office where one is known."""
    named = {
        "city": case.city.name,
        "channel": case.channel.short_name if case.channel else "",
        "local_drc": case.local_drc.short_name,
    }
    on_turn = case.turn
    return named.get(on_turn.value) or str(on_turn.label)


def person(post: Membership) -> str:
    """Return a person's name with the office they act for."""
    name, office = post.user.full_name, post.organisation.short_name
    return f"{name} ({office})" if english() else f"{name}（{office}）"


def strip(case: Case) -> dict[str, Any]:
    """Return what the head of every page of a plan shows."""
    current = case.current_round
    stages = []
    for stage in Stage:
        label = str(stage.label)
        if stage == Stage.REVISION and case.stage == stage and current:
            label = _("%(stage)s (round %(number)d)") % {"stage": label, "number": current.number}
        stages.append({"label": label, "current": stage == case.stage})
    latest = case.latest_version
    if case.plan.may_be_edited:
        number = latest.number + 1 if latest else 1
        version = _("Version %d, draft") % number
    else:
        version = _("Version %d") % latest.number if latest else ""
    return {
        "city": case.city.name,
        "reference": case.plan.reference,
        "url": reverse("plan", args=[case.plan.reference]),
        "stages": stages,
        "state": state_tag(case.state),
        "turn": turn(case) if case.is_open else "",
        "version": version,
        "due": due(case) if case.is_open else None,
    }


def answers_url(case: Case) -> str:
    """Return the response table of the present round; empty before the first."""
    current = case.current_round
    return reverse("plan_responses", args=[case.plan.reference, current.number]) if current else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A move as a button: ``blocked`` holds the reasons why it cannot be made yet."""

    name: str
    title: str
    url: str
    blocked: list[str]


# What the form of the move itself still asks for is not an obstacle of its page.
_REASON = "…"
_GIVEN = {"change_note": "…", "cover": {"title": "…"}}


def steps(case: Case, *, by: Membership) -> list[Step]:
    """Return the moves this post may make from here, those that can be made now first."""
    found = [_step(case, w, by) for w in machine.available(case, by=by)]
    return sorted(found, key=lambda s: bool(s.blocked))


def _step(case: Case, found: Way, by: Membership) -> Step:
    asked = Asked(by, _REASON, _GIVEN)
    url = "plan_file_formally" if found.name == "file_formally" else "plan_move"
    args = [case.plan.reference] + ([] if found.name == "file_formally" else [found.name])
    return Step(
        found.name,
        str(TITLES[found.name]),
        reverse(url, args=args),
        machine.obstacles(case, found.name, asked),
    )


def blocked(case: Case, name: str, *, by: Membership) -> list[str]:
    """Return the obstacles that the move's own form cannot remove."""
    asked = Asked(by, _REASON, _GIVEN)
    return machine.obstacles(case, name, asked)


def letters(found: QuerySet[Letter]) -> list[dict[str, Any]]:
    """Return letters, the newest first; one whose file is still being made has no ``file_url``."""
    rows = found.select_related("line__case__city").order_by("-issued_on", "-pk")
    return [
        {
            "number": letter.document_number,
            "city": letter.line.case.city.name,
            "day": words.full_day(letter.issued_on, english=english()),
            "status": "" if letter.status == Letter.Status.VALID else letter.get_status_display(),
            "file_url": reverse("letter_file", args=[letter.code]) if letter.file_id else "",
            "verify_url": reverse("verify_code", args=[letter.code]),
        }
        for letter in rows
    ]


def history(case: Case) -> list[dict[str, Any]]:
    """Return all moves, newest first, for the timeline."""
    moves = case.history.select_related("by__user", "by__organisation", "version").order_by("-number")
    return [
        {
            "title": f"{TITLES[m.name]}{colon()}{m.get_source_display()} → {m.get_target_display()}",
            "at": words.full_moment(m.at, english=english()),
            "who": f"{m.by.organisation.short_name} · {m.by.get_role_display()}",
            "reason": m.reason,
            "url": reverse("plan_read", args=[case.plan.reference, m.version.number]) if m.version else "",
            "url_label": _("Read version %d") % m.version.number if m.version else "",
        }
        for m in moves
    ]
