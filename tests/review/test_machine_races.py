"""Many people at once: one move, the same one for a replay, refusals in words for the rest."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from portal import audit
from review import machine
from review.models import Case, Move
from review.states import State as S
from tests.builders import key, person


def together(calls):
    """Run all calls at the same moment, each on its own connection; return results or refusals."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait()
            return call()
        except machine.NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_eight_people_fire_one_move(live_world):
    case = live_world.case(S.WITH_CHANNEL)
    people = [live_world.channel] + [person(live_world.channel.role, live_world.channel.organisation) for _ in range(7)]
    calls = [lambda p=p: machine.fire(case.pk, "forward", by=p, seen=case.moves, op_key=key()) for p in people]
    results = together(calls)
    assert sum(isinstance(r, Move) for r in results) == 1
    assert sum(isinstance(r, machine.NotAllowed) for r in results) == 7
    assert Move.objects.filter(case=case, name="forward").count() == 1
    assert Case.objects.get(pk=case.pk).state == S.AWAITING_DISCUSSION
    assert list(audit.offenders()) == []


def test_double_click_fires_once_and_answers_the_same(live_world):
    case = live_world.draft()
    op = key()
    calls = [lambda: machine.fire(case.pk, "submit", by=live_world.lead, seen=0, op_key=op)] * 8
    results = together(calls)
    assert {r.pk for r in results} == {Move.objects.get(case=case).pk}
    assert case.plan.versions.count() == 1


def test_city_withdraws_while_the_channel_forwards(live_world):
    case = live_world.case(S.WITH_CHANNEL)
    results = together(
        [
            lambda: machine.fire(case.pk, "forward", by=live_world.channel, seen=1, op_key=key()),
            lambda: machine.fire(case.pk, "withdraw", by=live_world.lead, reason="示例", seen=1, op_key=key()),
        ]
    )
    assert sum(isinstance(r, Move) for r in results) == 1
    assert Case.objects.get(pk=case.pk).moves == 2
