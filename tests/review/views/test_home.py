"""The role home: the right act, its page, and as many questions to the database for ten cases as for one."""

import pytest

from review import todo
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries


def titles(post) -> list[str]:
    return [row["title"] for row in todo.for_post(post)[0]]


@pytest.mark.parametrize(
    ("state", "who", "place"),
    [
        (S.DRAFT, "lead", "/plans/{ref}/"),
        (S.WITH_CHANNEL, "channel", "/plans/{ref}/"),
        (S.AWAITING_DISCUSSION, "group_office", "/plans/{ref}/assignments/"),
        (S.UNDER_DISCUSSION, "expert", "/plans/{ref}/v1/read/"),
        (S.OPINION_DRAFTING, "group_office", "/plans/{ref}/rounds/1/opinion/"),
        (S.OPINION_DRAFTING, "leader", "/plans/{ref}/rounds/1/opinion/"),
        (S.UNDER_REVISION, "lead", "/plans/{ref}/rounds/1/responses/"),
        (S.RECHECK, "expert", "/plans/{ref}/rounds/1/responses/"),
        (S.RECHECK, "leader", "/plans/{ref}/"),
        (S.CHECKING, "group_office", "/plans/{ref}/"),
        (S.FORMAL_REVIEW, "leader", "/plans/{ref}/formal-opinion/"),
        (S.PROPOSED, "handler", "/batches/"),
    ],
)
def test_the_person_whose_turn_it_is_finds_the_exact_place(world, client, state, who, place):
    case = world.case(state)
    post = {"expert": world.experts[0], "handler": world.handlers[0]}.get(who) or getattr(world, who)
    rows = todo.for_post(post)[0]
    assert [row["url"] for row in rows] == [place.format(ref=case.plan.reference)]
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/home/")
    assert answer.status_code == 200
    assert rows[0]["title"] in answer.content.decode()
    assert client.get(rows[0]["url"]).status_code == 200


def test_a_person_who_has_done_their_part_waits(world):
    case = world.case(S.UNDER_DISCUSSION)
    case.current_round.assignments.filter(member=world.experts[0]).update(published_at=case.state_since)
    assert titles(world.experts[0]) == []
    assert len(titles(world.experts[1])) == 1


def test_home_asks_the_same_number_of_questions_for_one_case_and_for_three(world, client):
    client.force_login(world.group_office.user, backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    people = [(world.city, world.lead), (world.neighbour, world.neighbour_lead), (world.direct, world.direct_lead)]
    for city, lead in people:
        Walk(world, world.draft(city, lead), lead).to(S.UNDER_DISCUSSION)
        client.get("/home/")
        with Queries() as asked:
            assert client.get("/home/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2], counts
    assert counts[2] <= 20
