"""Check before submitting: what will be sent to whom, what blocks, what is advised, what is in order."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import checks, file_advice, snapshot
from applications.finding import gauge
from applications.parts import PARTS
from applications.services import calls
from applications.tasks_list import place
from portal.http import Request
from portal.punctuation import colon, listed
from portal.words import count_characters

from .. import dates, guards, presenting
from ..models import Case, Response
from ..pinned import is_answered
from ..services import responses
from ..states import State
from ..workflow import TITLES, way

# Their words are those of the plan's own findings, which link to their places.
_SAID_BY_FINDINGS = (guards.plan_can_be_submitted, guards.formal_parts_complete)


def plan_checks(request: Request, ref: str) -> HttpResponse:
    """Show the three bands; each line leads to its place, the button to the page of the move."""
    case, plan = request.case, request.plan
    name = next_move(case)
    files = case.state == State.READY
    blocking = _findings(plan, checks.formal(plan) if files else checks.stage_one(plan))
    without = ("hard_requirements",) if files else ()
    taken = snapshot.take(plan)
    judged = checks.judged(taken, without=without) + file_advice.on_attachments(plan)
    blocking += _obstacles(case, name, request.post)
    is_lead = "city_lead" in request.subject.actors
    context = {
        "case": case,
        "plan": plan,
        "strip": presenting.strip(case),
        "move": {"title": TITLES[name], "url": reverse("plan_move", args=[ref, name])} if name and is_lead else None,
        "is_lead": is_lead,
        "to": _sent_to(case, name),
        "version": (case.latest_version.number if case.latest_version else 0) + 1,
        "characters": sum(count_characters(s.text) for s in plan.sections.all()),
        "files": plan.attachments.count(),
        "opinions": _opinions(case) if name == "resubmit" else None,
        "blocking": blocking,
        "advice": _findings(plan, [f for f in judged if f.band != "passed"]),
        "advised": [(PARTS[key].title, row) for key, row in calls.guidance(plan.call).items()],
        "passed": _findings(plan, [f for f in judged if f.band == "passed"]),
        "gauge": gauge.shown(taken["measures"]),
        "cascade": dates.cascade_of(case),
        "may_release": is_lead and case.awaits_release and not blocking,
    }
    return render(request, "review/plan_checks.html", context)


def next_move(case: Case) -> str:
    """Return the move by which the city hands its plan over from here; empty when there is none."""
    if case.state in (State.DRAFT, State.RETURNED):
        return "submit_direct" if case.files_directly else "submit"
    return "resubmit" if case.state in (State.UNDER_REVISION, State.MATURING) else ""


def _findings(plan, found) -> list[dict[str, str]]:
    return [{"text": f.text, "url": place(plan, f.part) + f.anchor, "band": f.band} for f in found]


def _obstacles(case: Case, name: str, post) -> list[dict[str, str]]:
    """Return what the workflow asks for beside the text itself."""
    if not name:
        return []
    asked = guards.Asked(post, "…", {"change_note": "…"})
    places = {
        guards.channel_declared: reverse("city_channel"),
        guards.every_item_answered: presenting.answers_url(case),
    }
    return [
        {"text": text, "url": places.get(needs, "")}
        for needs in way(name, case.state).needs
        if needs not in _SAID_BY_FINDINGS and (text := needs(case, asked))
    ]


def _opinions(case: Case) -> dict[str, str]:
    """Return how the city has handled this round's items so far, in one sentence, with the table they stand in."""
    items = list(responses.items(case))
    given = Counter(item.response.handling for item in items if is_answered(item))
    handled = [f"{kind.label} {given[kind]}" for kind in Response.Handling if given[kind]]
    left = len(items) - given.total()
    words = _("Opinions of this round: %d") % len(items)
    said = [*handled, *([_("not answered %d") % left] if left else [])]
    return {"words": words + colon() + listed(said) if said else words, "url": presenting.answers_url(case)}


def _sent_to(case: Case, name: str) -> str:
    if name == "submit":
        office = case.channel.name if case.channel else _("the channel office still to be declared")
        return _("%s (channel office), which forwards it to the coordination group") % office
    if name == "submit_direct":
        return _("the coordination group")
    if name == "resubmit":
        return _("the members of the coordination group, who check the revision")
    if case.state == State.READY:
        return _("%s, which files the plan formally once the city lead has released it") % case.local_drc.name
    return ""
