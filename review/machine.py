"""The one place that changes the state of a case."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from applications.parts import PARTS
from applications.services import versions
from portal import audit, clock
from portal.models import Membership
from portal.punctuation import colon

from . import announce, terms
from .actors import actors_on
from .guards import ROUTES, Asked
from .models import Case, Move
from .states import FACTS, State
from .workflow import BATCH_MOVES, TITLES, WORKFLOW, Way, way


class NotAllowed(Exception):
    """The move is refused; ``reasons`` are sentences for the person who asked."""

    def __init__(self, reasons: list[str]):
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def obstacles(case: Case, name: str, asked: Asked) -> list[str]:
    """Return why this move cannot be made now by ``asked.by``; empty when it can."""
    found = way(name, case.state)
    if found is None:
        return [_("The plan stands at “%s”; this step is not open from there.") % State(case.state).label]
    if not found.by & actors_on(asked.by, case):
        return [
            _("This step is taken by: %s.") % "、".join(sorted(str(a.label) for a in found.by)),
        ]
    reasons = [text for needs in found.needs if (text := needs(case, asked))]
    if found.reason and not asked.reason.strip():
        reasons.append(_("Please give a reason."))
    return reasons


def available(case: Case, *, by: Membership | None) -> list[Way]:
    """Return the rows whose buttons ``by`` may see on the plan's pages, blocked or not.

    Of two ways of handing in that exclude each other only the city's own is there.
    """
    if by is None:
        return []
    actors = actors_on(by, case)
    found = [w for w in WORKFLOW if case.state in w.sources and w.by & actors and w.name not in BATCH_MOVES]
    return [w for w in found if not any(needs(case, Asked(by)) for needs in ROUTES.intersection(w.needs))]


def fire(
    case_id: int,
    name: str,
    *,
    by: Membership,
    reason: str = "",
    seen: int,
    op_key: str,
    given: dict | None = None,
) -> Move:
    """Move a case along the named way, or raise ``NotAllowed`` with reasons in words.

    ``seen`` is the number of the last move the page showed; ``op_key`` makes a replay harmless: it returns the move
    of the first time. ``given`` carries what the step's form asked for (``change_note``, ``parts``, ``cover``).
    """
    with transaction.atomic():
        (move,) = _fire([case_id], name, Asked(by, reason.strip(), given or {}), {case_id: seen}, op_key)
        return move


def fire_all(case_ids: Iterable[int], name: str, *, by: Membership, reason: str = "", op_key: str) -> list[Move]:
    """Move several cases or none; the caller holds the batch's lock. The refusal names the line."""
    with transaction.atomic():
        return _fire(list(case_ids), name, Asked(by, reason.strip()), None, op_key)


def _fire(ids: list[int], name: str, asked: Asked, seen: dict[int, int] | None, op_key: str) -> list[Move]:
    if not op_key:
        raise NotAllowed([_("The form has lost its key; reload the page and try again.")])
    cases = list(
        Case.objects.select_for_update(of=("self", "plan"))  # nobody edits while the text is frozen
        .filter(pk__in=ids)
        .order_by("pk")
        .select_related("plan", "city__province", "call")
    )
    done = {m.case_id: m for m in Move.objects.filter(by__user=asked.by.user_id, op_key=op_key, case_id__in=ids)}
    if any(m.name != name for m in done.values()):
        raise NotAllowed([_("This form was already used for another step; reload the page.")])
    waiting = [c for c in cases if c.pk not in done]
    reasons = []
    for case in waiting:
        why = _stale(case, seen) or obstacles(case, name, asked)
        reasons += [f"{case.city.name}{colon()}{text}" if len(ids) > 1 else text for text in why]
    if reasons:
        raise NotAllowed(reasons)
    moves = [_step(case, name, asked, op_key) for case in waiting]
    return [*done.values(), *moves]


def _stale(case: Case, seen: dict[int, int] | None) -> list[str]:
    if seen is None or seen[case.pk] == case.moves:
        return []
    return [
        _("The plan has moved on since this page was opened; it now stands at “%s”. Reload the page.")
        % State(case.state).label
    ]


def _step(case: Case, name: str, asked: Asked, op_key: str) -> Move:
    found = way(name, case.state)
    assert found is not None  # obstacles() has refused what the table does not have
    version = None
    if found.freezes:
        note = asked.given.get("change_note", "")
        version = versions.freeze(case.plan, by=asked.by, purpose=name, change_note=note)
    move = Move.objects.create(
        case=case,
        number=case.moves + 1,
        name=name,
        source=case.state,
        target=found.target,
        by=asked.by,
        at=clock.now(),
        reason=asked.reason,
        given=_kept(asked.given),
        version=version,
        op_key=op_key,
    )
    with connection.cursor() as cursor:  # tells the trigger which move justifies the change of state
        cursor.execute("SELECT set_config('review.move', %s, true)", [str(move.pk)])
    case.due = terms.due_after(case, found, move.at)
    case.state, case.moves, case.state_since = found.target, move.number, move.at
    case.opened_at, case.opened_by = None, None
    case.released_at, case.released_by = None, None
    case.save(
        update_fields=[
            "state",
            "moves",
            "state_since",
            "due",
            "opened_at",
            "opened_by",
            "released_at",
            "released_by",
        ]
    )
    versions.set_open(case.plan, _open_parts(case, move))
    for effect in found.then:
        effect(case, move, asked)
    audit.record(
        f"move:{name}",
        case,
        by=asked.by,
        reference=case.plan.reference,
        number=move.number,
        source=move.source,
        target=move.target,
        reason=move.reason,
        version=[version.number, version.digest] if version else None,
    )
    announce.moved(case, move, title=TITLES[name])
    return move


def _kept(given: dict) -> dict:
    """Return the part of the form that belongs to history: JSON only."""
    return {k: v for k, v in given.items() if k in {"change_note", "parts", "opinion", "declared_name"}}


def _open_parts(case: Case, move: Move) -> tuple[str, ...]:
    named = tuple(p for p in move.given.get("parts", []) if p in PARTS)
    if case.state == State.RETURNED and named:
        return named
    return FACTS[State(case.state)].open_parts
