"""The further pages of a plan that a person may open, in words; what the table would refuse is not offered."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal import access
from portal.access import Subject
from portal.models import Membership

from .models import Case, Round
from .rules import DISCUSSING, GROUP_ACTORS
from .states import State


def links(subject: Subject, *, by: Membership) -> list[dict[str, str]]:
    """Return ``url`` and ``label`` of every page of the plan that opens to this post now."""
    case: Case = subject.on_request["case"]
    ref = case.plan.reference
    found = [(*page, label) for page, label in _pages(case, subject) if access.may(page[0], "GET", by, subject)]
    return [{"url": reverse(name, args=[ref, *args]), "label": label} for name, args, label in found]


def _pages(case: Case, subject: Subject):
    if case.latest_version:
        number = case.latest_version.number
        yield ("plan_read", [number]), _("Read version %d") % number
        yield ("plan_export", [number]), _("Version %d as PDF or Word") % number
    yield ("plan_status", []), _("Status sheet to print")
    yield ("plan_team", []), _("Team and division of work")
    yield ("plan_draft_export", []), _("The working draft as PDF or Word")
    yield ("plan_versions", []), _("Versions and comparison")
    opened = list(case.rounds.filter(opened_at__isnull=False).select_related("opinion").order_by("number"))
    for current in opened:
        yield from _of_round(case, current, subject, is_last=current == opened[-1])
    yield ("plan_assignments", []), _("Members assigned")
    if opened:
        yield ("plan_maturity", []), _("Maturity sheet")
    if case.was_ready:
        yield ("plan_formal_opinion", []), _("Formal review opinion")
    yield ("plan_history", []), _("History of the plan")


def _of_round(case: Case, current: Round, subject: Subject, *, is_last: bool):
    """The opinion is the group's until it is sent; then its answers follow it."""
    opinion = getattr(current, "opinion", None)
    sent = opinion is not None and opinion.sent_at is not None
    drafting = is_last and case.state == State.OPINION_DRAFTING and bool(GROUP_ACTORS & subject.actors)
    if sent or drafting or (opinion is not None and bool(DISCUSSING & subject.actors)):
        yield ("plan_opinion", [current.number]), _("Opinion of round %d") % current.number
    if sent:
        yield ("plan_responses", [current.number]), _("Answers of round %d") % current.number
