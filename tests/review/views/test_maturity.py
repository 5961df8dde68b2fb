import pytest
from django.urls import reverse
from django.utils import translation

from review.maturity_levels import LEVELS
from review.models import MaturityLevel
from review.models.opinions import Dimension
from review.services import maturity
from review.states import State as S
from tests.pages import Queries

REASON = "示例理由：有安排、有部门。"


def go(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def shared(world):
    return world.case(S.RECHECK)


@pytest.fixture
def address(case):
    return reverse("plan_maturity", args=[case.plan.reference])


def fill(case, by, level=2, reason=REASON):
    for dimension in Dimension:
        maturity.assess(case, dimension, level=level, reason=reason, evidence="第2段", by=by)


def test_every_level_of_every_dimension_is_a_sentence():
    assert set(LEVELS) == set(Dimension)
    with translation.override("en"):
        found = [str(words) for levels in LEVELS.values() for words in levels]
    assert len(set(found)) == 40
    assert all(words.endswith(".") and len(words) > 40 for words in found)


def test_a_member_fills_lines_and_may_leave_others_for_later(world, case, client, address):
    member = go(client, world.experts[0])
    answer = member.post(address, {"policy_level": "2", "policy_reason": REASON})
    assert answer.status_code == 302
    found = MaturityLevel.objects.get()
    assert (found.dimension, found.level, found.reason, found.assignment.member) == (
        "policy",
        2,
        REASON,
        world.experts[0],
    )


def test_what_is_missing_is_said_and_nothing_is_half_saved(world, case, client, address):
    member = go(client, world.experts[0])
    good = {"policy_level": "2", "policy_reason": REASON}
    for bad in (
        {},
        good | {"support_level": "3", "support_reason": "好"},
        good | {"support_level": "1"},
        good | {"support_reason": "只有理由"},
        good | {"support_level": "7", "support_reason": "好"},
    ):
        answer = member.post(address, bad)
        assert answer.status_code == 422
    assert "只有理由" in member.post(address, good | {"support_reason": "只有理由"}).content.decode()
    assert not MaturityLevel.objects.exists()


def test_others_findings_appear_after_the_own_and_the_spread_is_said(world, case, client, address):
    fill(case, world.experts[0], level=4, reason="对方的理由")
    member = go(client, world.experts[1])
    assert "对方的理由" not in member.get(address).content.decode()
    fill(case, world.experts[1], level=1)
    html = member.get(address).content.decode()
    assert "对方的理由" in html
    assert html.count("due soon") >= 8
    assert "<svg" in html


@pytest.mark.parametrize("who", ["lead", "editor", "channel"])
def test_the_sheet_is_the_groups_own(world, case, client, address, who):
    fill(case, world.experts[0])
    asked = go(client, getattr(world, who))
    assert asked.get(address).status_code == 403
    assert asked.post(address, {"policy_level": "2", "policy_reason": REASON}).status_code == 403


def test_office_and_leader_read_finished_sheets_and_write_none(world, case, client, address):
    fill(case, world.experts[0], reason="已填完的理由")
    maturity.assess(case, "policy", level=1, reason="没填完的理由", by=world.experts[1])
    for reader in (world.group_office, world.leader):
        asked = go(client, reader)
        html = asked.get(address).content.decode()
        assert "已填完的理由" in html
        assert "没填完的理由" not in html
        assert asked.post(address, {"policy_level": "2", "policy_reason": REASON}).status_code == 403


def test_queries_do_not_grow_with_the_findings(world, case, client, address):
    asked = go(client, world.group_office)
    fill(case, world.experts[0])
    asked.get(address)
    with Queries() as few:
        asked.get(address)
    fill(case, world.experts[1])
    with Queries() as many:
        asked.get(address)
    assert len(many) == len(few)
