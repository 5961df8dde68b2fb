"""The response table in the words of its pages: each item with its answer, status, change and verdict."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from portal.models import Membership

from . import since_opinion
from .composing import edit_url, section_title
from .models import Case, OpinionItem, Response, Round, Verdict
from .names import naming
from .services.responses import ANSWERING
from .states import State

CITY = frozenset({"city_editor", "city_lead"})


@dataclass(slots=True)
class Row:
    """One item as the asker may see it; ``answer`` and ``verdict`` are None while kept back."""

    item: OpinionItem
    section: str
    answer: Response | None
    verdict: Verdict | None
    changed_in: str
    edits: str  # what the city has changed in the part so far, of an item it has not answered yet
    edit_url: str
    compare_url: str
    judge: str
    later: bool  # the answer was changed after the verdict
    thread: list[dict[str, Any]] = field(default_factory=list)
    form: Any = None

    @property
    def status(self) -> str:
        if self.verdict:
            return self.verdict.verdict
        return "answered" if self.answer and self.answer.answered_at else "waiting"

    @property
    def tag(self) -> dict[str, str]:
        colour, label = _status()[self.status]
        return {"colour": colour, "label": label}


def _status() -> dict[str, tuple[str, str]]:
    return {
        "waiting": ("amber", _("Awaiting answer")),
        "answered": ("teal", _("Answered")),
        "solved": ("green", _("Solved")),
        "still": ("red", _("Still to change")),
        "withdrawn": ("grey", _("Remark withdrawn")),
    }


def rows(case: Case, current: Round, actors: frozenset[str], viewer: Membership) -> list[Row]:
    """Return the round's items; answers not yet handed in are the city's alone, open verdicts the group's."""
    items = (
        OpinionItem.objects.filter(opinion__round=current, opinion__sent_at__isnull=False)
        .select_related(
            "response", "verdict__given_by__user", "verdict__given_by__organisation", "reopens__opinion__round",
            "reopens__response", "reopens__verdict",
        )
        .order_by("position")
    )  # fmt: skip
    name, is_city = naming(case, viewer), bool(CITY & actors)
    is_current = case.current_round.pk == current.pk
    answering = is_current and case.state in ANSWERING
    handed_in = _handed_in(current) if answering and not is_city else None
    group = bool(actors & {"group_office", "group_leader", "expert"})
    hide_verdicts = is_current and case.state == State.RECHECK and not group
    versions_to_compare = _compared(case, current)
    edits = since_opinion.edits(case) if is_city and answering else {}
    found = []
    for item in items:
        answer, verdict = getattr(item, "response", None), getattr(item, "verdict", None)
        if (
            answering
            and not is_city
            and answer
            and not (handed_in and answer.answered_at and answer.answered_at <= handed_in)
        ):
            answer = None
        if hide_verdicts:
            verdict = None
        found.append(
            Row(
                item=item,
                section=section_title(item.section) if item.section else "",
                answer=answer,
                verdict=verdict,
                changed_in=section_title(answer.section) if answer and answer.section else "",
                edits="" if answer and answer.answered_at else since_opinion.drafted(item.section, edits),
                edit_url=edit_url(case.plan.reference, item) if is_city and answering else "",
                compare_url=_compare_url(case, versions_to_compare, answer),
                judge=name(verdict.given_by) if verdict else "",
                later=bool(verdict and answer and answer.answered_at and answer.answered_at > verdict.given_at),
                thread=_thread(item),
            )
        )  # fmt: skip
    return found


def _handed_in(current: Round):
    """Return when the plan was last submitted again in this round."""
    move = current.case.history.filter(name="resubmit", at__gt=current.opened_at).order_by("-number").first()
    return move.at if move else None


def _thread(item: OpinionItem) -> list[dict[str, Any]]:
    """Return what was said of the same matter in earlier rounds, oldest first."""
    said: list[dict[str, Any]] = []
    while len(said) < 10 and (former := item.reopens):
        item = former
        said.insert(
            0,
            {
                "round": item.opinion.round.number,
                "text": item.text,
                "answer": getattr(item, "response", None),
                "verdict": getattr(item, "verdict", None),
            },
        )
    return said


def _compared(case: Case, current: Round) -> tuple[int, int] | None:
    """Return the version discussed and the one that answers it."""
    later = case.plan.versions.filter(number__gt=current.version.number, purpose="resubmit")
    following = case.rounds.filter(number__gt=current.number, opened_at__isnull=False).order_by("number").first()
    if following:
        later = later.filter(number__lte=following.version.number)
    newest = later.order_by("-number").first()
    return (current.version.number, newest.number) if newest else None


def _compare_url(case: Case, pair: tuple[int, int] | None, answer: Response | None) -> str:
    if pair is None or answer is None or not answer.section:
        return ""
    try:
        return f"{reverse('plan_compare', args=[case.plan.reference, *pair])}#{answer.section}"
    except NoReverseMatch:
        return ""
