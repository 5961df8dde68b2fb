"""Every hand-written line about moves, played on the real machine and the real services."""

from itertools import groupby

import pytest
from django.db import transaction
from django.test import Client

from portal.models import AuditEntry, Notice, Outbox
from review import machine
from review.machine import NotAllowed
from review.models import BatchMove, Letter, Move
from review.services import batches, issuing
from tests.builders import World, key
from tests.golden import MoveLine, load_moves
from tests.golden.moves_world import DIFFERENCES, ELSEWHERE, NOT_YET, BatchSituation, People, Situation
from tests.pages import leads_to_sign_in
from tests.stage import stage, undone

pytestmark = pytest.mark.django_db
LINES = load_moves()


def group(line: MoveLine) -> tuple:
    return line.batch, line.state, line.needs


GROUPS = [(name, list(lines)) for name, lines in groupby(sorted(LINES, key=group), key=group)]


def name_of(value) -> str:
    batch, state, needs = value[0]
    return ("batch-" if batch else "") + state + (f"-{needs.replace(' ', '_')}" if needs else "")


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    """One programme with everybody in it for all lines; each line is undone after it was played."""
    with stage(django_db_blocker, tmp_path_factory.mktemp("golden")):
        yield People(World())


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Move, BatchMove, Letter, Notice, Outbox, AuditEntry))


def refusal(act) -> list[str] | None:
    """Return the reasons for which ``act`` was refused, ``None`` when it went through."""
    try:
        with transaction.atomic():
            act()
    except NotAllowed as refused:
        return refused.reasons
    return None


def play_case(people: People, situation: Situation, line: MoveLine) -> str | None:
    """Return what is wrong with this line, ``None`` when the portal agrees with it."""
    situation.case.refresh_from_db()
    situation.arrange(line.move)
    by = people.of(line.who, line.whose, situation.case)  # a recusal is found when everything else is done
    case = situation.case
    before, standing = written(), case.state
    assert standing == line.state
    if by is None:
        return anonymous_is_sent_away(case, line, before)
    asked = {"by": by, "reason": situation.reason(), "given": situation.given(line.move)}
    reasons = refusal(lambda: machine.fire(case.pk, line.move, seen=case.moves, op_key=key(), **asked))
    if reasons is not None and situation.batch is not None:
        reasons = by_batch(situation, line, by, reasons)
    case.refresh_from_db()
    return compare(line, case.state, standing, reasons, before)


def by_batch(situation: Situation, line: MoveLine, by, reasons: list[str]) -> list[str] | None:
    """Moves of whole batches are reached through the batch's own steps."""
    walk, why = situation.batch, situation.reason()
    walk.batch.refresh_from_db()
    act = {
        "send_to_cosign": lambda: walk.step(batches.freeze, by),
        "take_out": lambda: take_out(situation, by, why),
        "approve": lambda: walk.step(issuing.issue, by, count=2),
        "rescind": lambda: walk.step(issuing.issue, by, count=2),
    }.get(line.move)
    if act is None or (line.move == "send_to_cosign" and line.needs):
        return reasons
    return refusal(act)


def take_out(situation: Situation, by, why: str) -> None:
    """The handler takes the list back; the signer closes a signing in which an agency excepted the city."""
    walk = situation.batch
    if by != walk.signer:
        walk.step(batches.unfreeze, by, reason=why)
        return
    walk.step(batches.unfreeze, walk.handler, reason="示例：再加一市")
    other = situation.world.case("proposed", situation.world.direct, situation.world.direct_lead)
    batches.add(walk.batch, other, by=walk.handler)
    walk.freeze()
    walk.sign(0)
    walk.sign(1, 嘉兴市=(NOT_YET, "示例：指标来源不清"))
    for number in range(2, len(situation.world.signers)):
        walk.sign(number)
    walk.step(issuing.close_signing, by)


def play_batch(people: People, situation: BatchSituation, line: MoveLine) -> str | None:
    by = people.of(line.who, line.whose, situation.case)
    situation.arrange(line.move)
    walk, before = situation.walk, written()
    batch = walk.batch
    assert batch.state == line.state
    if by is None:
        answer = Client().post(f"/batches/{batch.pk}/moves/{line.move}/", {"seen": batch.moves, "op_key": key()})
        return (
            None
            if leads_to_sign_in(answer) and written() == before
            else f"line {line.number}: anonymous got {answer.status_code}"
        )
    service = getattr(issuing if line.move in {"close_signing", "issue"} else batches, line.move)
    more = {"count": 3} if line.move == "issue" else {}
    if line.move in {"unfreeze", "reopen", "cancel"}:
        more["reason"] = situation.reason()
    standing, states = batch.state, case_states(batch)
    reasons = refusal(lambda: walk.step(service, by, **more))
    batch.refresh_from_db()
    if reasons is not None and case_states(batch) != states:
        return f"line {line.number}: refused, but its cities moved"
    return compare(line, batch.state, standing, reasons, before)


def case_states(batch) -> list[str]:
    return list(batch.lines.order_by("pk").values_list("case__state", flat=True))


def anonymous_is_sent_away(case, line: MoveLine, before) -> str | None:
    answer = Client().post(
        f"/plans/{case.plan.reference}/moves/{line.move}/", {"seen": case.moves, "op_key": key(), "reason": "示例"}
    )
    if leads_to_sign_in(answer) and written() == before:
        return None
    return f"line {line.number}: anonymous got {answer.status_code}"


def compare(line: MoveLine, state: str, standing: str, reasons: list[str] | None, before) -> str | None:
    told = f"line {line.number}: {line.who} {line.whose} {line.state} {line.move} [{line.needs}]"
    if line.allowed and reasons is not None:
        return f"{told} is allowed, but the portal says: {'; '.join(reasons)}"
    if line.allowed:
        return None if state == line.target else f"{told} leads to {line.target}, but stands at {state}"
    if reasons is None:
        return f"{told} is refused, but the portal did it"
    if not reasons or not all(isinstance(reason, str) and reason.strip() for reason in reasons):
        return f"{told} was refused without words"
    if state != standing or written() != before:
        return f"{told} was refused, but something was written"
    return None


def test_every_need_of_a_line_is_known_here():
    assert {line.needs for line in LINES} <= DIFFERENCES.keys() | ELSEWHERE
    assert DIFFERENCES.keys() | (ELSEWHERE - {""}) == {line.needs for line in LINES if line.needs}


@pytest.mark.parametrize("lines", GROUPS, ids=name_of)
def test_lines(scene, lines):
    (batch, state, needs), rows = lines
    wrong = []

    def play():
        situation = (BatchSituation if batch else Situation)(scene.world, state, needs)
        for line in rows:
            wrong.append(undone(lambda line=line: (play_batch if batch else play_case)(scene, situation, line)))

    undone(play)
    assert [text for text in wrong if text] == []
    assert len(wrong) == len(rows)
