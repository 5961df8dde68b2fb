from datetime import timedelta

import pytest
from django.urls import reverse

from portal import clock
from review.services import annotations, cases, opinions, rounds
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries

BACKEND = "django.contrib.auth.backends.ModelBackend"
BOARD = reverse("review_board")


@pytest.fixture
def see(client):
    def _see(post, **filters):
        client.force_login(post.user, backend=BACKEND)
        return client.get(BOARD, filters)

    return _see


def cities(answer) -> list[str]:
    return sorted(row["case"].city.name for row in answer.context["rows"])


@pytest.fixture
def three(world):
    """嘉兴 is discussed, 宁波 awaits discussion, 温州 is still with its channel office."""
    return (
        world.case(S.UNDER_DISCUSSION),
        world.case(S.AWAITING_DISCUSSION, world.direct, world.direct_lead),
        world.case(S.WITH_CHANNEL, world.neighbour, world.neighbour_lead),
    )


def test_board_shows_what_reached_the_group(world, three, see):
    assert cities(see(world.group_office)) == ["嘉兴市", "宁波市"]
    assert cities(see(world.experts[0])) == ["嘉兴市"]
    for post in (world.lead, world.channel, world.handlers[0]):
        assert see(post).status_code == 403


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"turn": "me"}, ["宁波市"]),
        ({"turn": "experts"}, ["嘉兴市"]),
        ({"turn": "nonsense"}, ["嘉兴市", "宁波市"]),
        ({"state": "under_discussion"}, ["嘉兴市"]),
        ({"province": "330000"}, ["嘉兴市", "宁波市"]),
        ({"province": "420000"}, []),
        ({"q": "宁波"}, ["宁波市"]),
        ({"q": "nb"}, ["宁波市"]),
        ({"overdue": "yes"}, []),
    ],
)
def test_filters_stand_in_the_address(world, three, see, filters, expected):
    assert cities(see(world.group_office, **filters)) == expected


def test_overdue_and_due_within_a_week(world, three, see):
    case = three[0]
    clock.set_to(case.due - timedelta(days=2))
    assert "嘉兴市" in cities(see(world.group_office, due="week"))
    clock.set_to(case.due + timedelta(days=1))
    assert "嘉兴市" in cities(see(world.group_office, overdue="yes"))


def test_my_turn_of_a_member_ends_with_publishing(world, three, see):
    member = world.experts[0]
    assert cities(see(member, turn="me")) == ["嘉兴市"]
    annotations.publish(three[0], by=member)
    assert cities(see(member, turn="me")) == []


def test_row_counts_published_notes_alone_and_names_the_members(world, three, see):
    case, (first, second) = three[0], world.experts
    place = {"section": "policy", "target": "paragraph", "target_id": "p1b", "start": 0, "end": 4}
    for author in (first, first, second):
        annotations.add(case, by=author, kind="must", body="批注", **place)
    annotations.publish(case, by=first)
    annotations.resolve(case.current_round.annotations.filter(author=first).first(), resolution="已解决", by=first)
    (row,) = see(world.group_office, q="嘉兴").context["rows"]
    assert (row["open_notes"], row["notes"]) == (1, 2)
    assert [m["published"] for m in row["members"]] == [True, False]
    rounds.excuse(case.current_round.assignments.get(member=second), reason="出差", by=world.group_office)
    (row,) = see(world.group_office, q="嘉兴").context["rows"]
    assert len(row["members"]) == 1


@pytest.mark.parametrize(("verdict", "left"), [("solved", 0), ("withdrawn", 0), ("still", 1)])
def test_a_note_is_open_until_its_item_has_its_last_verdict(world, see, verdict, left):
    case = world.case(S.RECHECK)
    (row,) = see(world.group_office).context["rows"]
    assert (row["open_notes"], row["notes"]) == (1, 1)
    Walk(world, case, world.lead).judge(verdict)
    (row,) = see(world.group_office).context["rows"]
    assert (row["open_notes"], row["notes"]) == (left, 1)


def test_praise_and_declined_notes_are_not_open(world, three, see):
    case, member = three[0], world.experts[0]
    place = {"section": "policy", "target": "paragraph", "target_id": "p1b", "start": 0, "end": 4}
    for kind in ("strength", "question", "must"):
        annotations.add(case, by=member, kind=kind, body="批注", **place)
    annotations.publish(case, by=member)
    walk = Walk(world, case, world.lead)
    walk.publish()
    walk.fire("close_discussion", world.group_office)
    opinions.draft(case, by=world.group_office)
    question = case.current_round.annotations.get(kind="question")
    opinions.decline(question, reason="已在第一轮说明", by=world.group_office)
    (row,) = see(world.group_office, q="嘉兴").context["rows"]
    assert (row["open_notes"], row["notes"]) == (1, 3)


def test_recused_office_does_not_see_the_row(world, three, see):
    rounds.recuse(three[0], world.group_office.user, reason="本人申请", by=world.group_office)
    assert cities(see(world.group_office)) == ["宁波市"]


def test_three_rows_take_no_more_queries_than_one(world, see):
    counts = []
    people = [(world.city, world.lead), (world.neighbour, world.neighbour_lead), (world.direct, world.direct_lead)]
    for city, lead in people:
        world.case(S.UNDER_DISCUSSION, city, lead)
        see(world.group_office)
        with Queries() as queries:
            answer = see(world.group_office)
        counts.append((len(answer.context["rows"]), len(queries)))
    assert [rows for rows, _ in counts] == [1, 2, 3]
    assert counts[0][1] == counts[2][1]


def test_a_ready_plan_is_its_citys_turn_until_it_is_released(world, see):
    case = world.case(S.READY)
    assert [cities(see(world.group_office, turn=turn)) for turn in ("city", "local_drc")] == [["嘉兴市"], []]
    cases.release(case, by=world.lead)
    assert [cities(see(world.group_office, turn=turn)) for turn in ("city", "local_drc")] == [[], ["嘉兴市"]]
