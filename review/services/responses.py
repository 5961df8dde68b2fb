"""The city's answers to the opinion, and what the group finds of them (requirements D6, D7)."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from applications.parts import PARTS
from portal import audit, clock
from portal.models import Membership

from ..actors import Actor
from ..machine import NotAllowed
from ..models import Assignment, Case, OpinionItem, Response, Verdict
from ..states import State
from .desk import hold, words

CITY = frozenset({Actor.CITY_EDITOR, Actor.CITY_LEAD})
ANSWERING = frozenset({State.UNDER_REVISION, State.MATURING})
LEAST_REASON = 20


def items(case: Case):
    """Return the items the city has to answer: those of the current round's opinion, once sent."""
    return (
        OpinionItem.objects.filter(opinion__round=case.current_round, opinion__sent_at__isnull=False)
        .select_related("response", "verdict", "opinion", "reopens__opinion__round", "reopens__verdict")
        .order_by("position")
    )


def answer(
    item: OpinionItem,
    *,
    handling: str,
    text: str = "",
    section: str = "",
    department: str = "",
    by: Membership,
) -> Response:
    """Write or change the city's answer; it stays open until the plan is submitted again."""
    with transaction.atomic():
        item = _item(item, hold(item.opinion.case_id, by=by, actors=CITY, states=ANSWERING))
        if handling not in Response.Handling.values:
            raise NotAllowed([_("Choose how the item was handled.")])
        text = _reason(handling, text)
        response, _new = Response.objects.get_or_create(item=item)
        response.handling, response.text = handling, text
        response.section, response.department = _part(section), words(department, "", least=0, most=80)
        response.answered_by, response.answered_at = by, clock.now()
        response.save(update_fields=["handling", "text", "section", "department", "answered_by", "answered_at"])
        audit.record(
            "response:answer", response, by=by, item=item.pk, handling=handling, text=text, section=section,
            department=response.department,
        )  # fmt: skip
        return response


def answer_all(case: Case, lines: Sequence[tuple[int, dict[str, str]]], *, by: Membership, seen: str) -> None:
    """Write the answers of a whole sheet, all of them or none; refused when any answer was changed meanwhile."""
    with transaction.atomic():
        held = hold(case.pk, by=by, actors=CITY, states=ANSWERING)
        found = {item.pk: item for item in items(held)}
        if state(found.values()) != seen:
            raise NotAllowed(
                [_("Somebody else has changed an answer meanwhile. Look at the preview again; nothing was written.")]
            )
        for pk, values in lines:
            if pk not in found:
                raise NotAllowed([_("This item belongs to no opinion that is being answered now.")])
            if values.get("handling"):
                answer(found[pk], by=by, **values)
            else:
                entrust(found[pk], department=values["department"], by=by)
        audit.record("response:import", held, by=by, reference=held.plan.reference, items=[pk for pk, _v in lines])


def state(chosen: Iterable[OpinionItem]) -> str:
    """Return a digest of what is answered and judged, so that a preview can tell whether it still holds."""
    said = {}
    for item in chosen:
        found, judged = getattr(item, "response", None), getattr(item, "verdict", None)
        words_ = [found.handling, found.text, found.section, found.department] if found else []
        said[str(item.pk)] = [*words_, judged.verdict if judged else ""]
    return audit.seal(said)


def entrust(item: OpinionItem, *, department: str, by: Membership) -> Response:
    """Say which department prepares the answer; the answer itself stays as it is."""
    return entrust_all([item], department=department, by=by)[0]


def entrust_all(chosen: list[OpinionItem], *, department: str, by: Membership) -> list[Response]:
    """Share several items of one opinion out to a department, all of them or none."""
    found = []
    with transaction.atomic():
        case = hold(chosen[0].opinion.case_id, by=by, actors=CITY, states=ANSWERING)
        department = words(department, "", least=0, most=80)
        for item in chosen:
            response, _new = Response.objects.get_or_create(item=_item(item, case))
            response.department = department
            response.save(update_fields=["department"])
            audit.record("response:entrust", response, by=by, item=item.pk, department=department)
            found.append(response)
    return found


def judge(item: OpinionItem, *, verdict: str, text: str = "", by: Membership) -> Verdict:
    """Say what the group finds of one answer; the last word given while the revision is under check stands."""
    with transaction.atomic():
        case = hold(item.opinion.case_id, by=by, actors={Actor.MEMBER, Actor.GROUP_OFFICE}, states={State.RECHECK})
        item = _item(item, case)
        if not may_judge(case, by):
            raise NotAllowed([_("You are not assigned to this round.")])
        if verdict not in Verdict.Kind.values:
            raise NotAllowed([_("Choose what you find of the answer.")])
        if verdict == Verdict.Kind.STILL:
            text = words(text, _("Say what is still to change, so that the city knows."))
        found, _new = Verdict.objects.update_or_create(
            item=item,
            defaults={
                "verdict": verdict,
                "text": words(text, "", least=0),
                "given_by": by,
                "given_at": clock.now(),
            },
        )
        audit.record("verdict:give", found, by=by, item=item.pk, verdict=verdict, text=found.text)
        return found


def may_judge(case: Case, by: Membership) -> bool:
    """The office judges, and every member assigned to the current round who was not excused."""
    if by.role == "group_office":
        return True
    return Assignment.objects.filter(round=case.current_round, member=by, excused_at__isnull=True).exists()


def _item(item: OpinionItem, case: Case) -> OpinionItem:
    found = items(case).filter(pk=item.pk).first()
    if found is None:
        raise NotAllowed([_("This item belongs to no opinion that is being answered now.")])
    return found


def _reason(handling: str, text: str) -> str:
    if handling in {Response.Handling.NOT_ADOPTED, Response.Handling.PARTLY}:
        short = _("Give your reasons in at least %(least)d characters; there are %(count)d now.") % {
            "least": LEAST_REASON,
            "count": len(text.strip()),
        }
        return words(text, short, least=LEAST_REASON)
    if handling == Response.Handling.EXPLAINED:
        return words(text, _("Write the explanation the item asks for."))
    return words(text, "", least=0)


def _part(section: str) -> str:
    if section and section not in PARTS:
        raise NotAllowed([_("These parts do not exist: %s") % section])
    return section
