import pytest

from portal import clock
from portal.models import AuditEntry
from review.machine import NotAllowed
from review.models import MaturityLevel
from review.models.opinions import Dimension
from review.services import maturity
from review.states import State as S
from tests.builders import Walk


def fill(case, by, level=2):
    for dimension in Dimension:
        maturity.assess(case, dimension, level=level, reason="示例理由", evidence="第2段", by=by)


def shared(world):
    return world.case(S.RECHECK)


def test_a_member_finds_and_changes_a_level(world, case):
    one = world.experts[0]
    maturity.assess(case, "policy", level=2, reason="有安排", by=one)
    maturity.assess(case, "policy", level=3, reason="有安排和考核", evidence="（一）第2段", by=one)
    found = MaturityLevel.objects.get()
    assert (found.level, found.reason, found.evidence, found.assignment.member) == (
        3,
        "有安排和考核",
        "（一）第2段",
        one,
    )
    assert AuditEntry.objects.filter(action="maturity:assess").count() == 2


def test_levels_need_reason_and_from_three_evidence(world, case):
    one = world.experts[0]
    for bad in (
        {"level": 1, "reason": " "},
        {"level": 3, "reason": "好"},
        {"level": 4, "reason": "好", "evidence": " "},
        {"level": 5, "reason": "好", "evidence": "第1段"},
    ):
        with pytest.raises(NotAllowed):
            maturity.assess(case, "policy", **bad, by=one)
    with pytest.raises(NotAllowed):
        maturity.assess(case, "nothing", level=1, reason="好", by=one)
    assert not MaturityLevel.objects.exists()


@pytest.mark.parametrize("who", ["lead", "group_office", "leader"])
def test_only_members_assess(world, case, who):
    with pytest.raises(NotAllowed):
        maturity.assess(case, "policy", level=1, reason="好", by=getattr(world, who))


def test_excused_members_and_closed_states_are_refused(world, case):
    case.current_round.assignments.filter(member=world.experts[1]).update(
        excused_at=clock.now(), excused_reason="示例原因"
    )
    with pytest.raises(NotAllowed):
        maturity.assess(case, "policy", level=1, reason="好", by=world.experts[1])
    Walk(world, case, world.lead).mature_later()
    with pytest.raises(NotAllowed):
        maturity.assess(case, "policy", level=1, reason="好", by=world.experts[0])


def test_others_are_shown_only_after_the_own_sheet_is_finished(world, case):
    one, two = world.experts
    fill(case, one, level=4)
    maturity.assess(case, "policy", level=1, reason="缺办法", by=two)
    before = maturity.sheet(case, two)
    assert (before.open, [line.others for line in before.lines]) == (False, [[]] * 8)
    assert before.lines[0].own.level == 1
    for dimension in list(Dimension)[1:]:
        maturity.assess(case, dimension, level=3, reason="示例", evidence="第1段", by=two)
    after = maturity.sheet(case, two)
    assert after.open
    assert [line.levels for line in after.lines] == [[1, 4]] + [[3, 4]] * 7
    assert [line.talk for line in after.lines] == [True] + [False] * 7


def test_the_office_sees_finished_sheets_only(world, case):
    one, two = world.experts
    fill(case, one)
    maturity.assess(case, "policy", level=4, reason="好", evidence="第1段", by=two)
    found = maturity.sheet(case, world.group_office)
    assert [line.levels for line in found.lines] == [[2]] * 8
    assert [a.member for a in found.finished] == [one]


def test_the_round_before_is_shown(world, case):
    fill(case, world.experts[0], level=1)
    walk = Walk(world, case, world.lead)
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    found = maturity.sheet(case, world.group_office)
    assert (found.round.number, found.round_before.number) == (2, 1)
    assert [line.before for line in found.lines] == [[1]] * 8
    assert [line.levels for line in found.lines] == [[]] * 8
