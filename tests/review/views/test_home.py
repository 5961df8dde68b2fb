"""The role home: the right act, its page, and as many questions to the database for ten cases as for one."""

import pytest

from applications.checks import formal_obstacles
from applications.services.editing import touch
from portal import clock, notices
from portal.models import Notice
from review import todo
from review.services import cases
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries, text


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


def whose(world) -> dict[str, tuple[list[str], list[str]]]:
    """Return what the homes of the city and the local DRC say: (to do, waiting for)."""
    posts = {"lead": world.lead, "editor": world.editor, "drc": world.drc}
    return {who: tuple([row["title"] for row in rows] for rows in todo.for_post(post)) for who, post in posts.items()}


def test_a_ready_plan_waits_for_its_release_and_then_for_the_local_drc(world):
    case = world.case(S.READY)
    waits, act = "嘉兴市：等待：城市确认放行", "嘉兴市：放行方案，供正式申报"
    assert whose(world) == {"lead": ([act], []), "editor": ([], [waits]), "drc": ([], [waits])}
    cases.release(case, by=world.lead)
    filing, waits_for_drc = "嘉兴市：正式申报方案", f"嘉兴市：等待：{world.drc.organisation.short_name}"
    now = whose(world)
    assert now == {"lead": ([], [waits_for_drc]), "editor": ([], [waits_for_drc]), "drc": ([filing], [])}
    told = Notice.objects.filter(kind="turn", recipient=world.drc.user, path=f"/plans/{case.plan.reference}/")
    assert told.count() == 1
    assert "放行正式申报" in notices.words(told.get())[1]
    cases.release(case, by=world.lead)
    assert told.count() == 1, "pressing twice tells nobody twice"
    clock.advance(minutes=1)
    touch(case.plan, "funds", by=world.lead)
    assert whose(world)["lead"][0] == [act]
    assert whose(world)["drc"] == ([], [waits])


def test_a_plan_that_lacks_formal_parts_is_not_released(world, client):
    case = world.case(S.READY)
    case.plan.attachments.filter(kind="founding").delete()
    lacks = formal_obstacles(case.plan)
    assert lacks
    client.force_login(world.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    page = text(client.get(f"/plans/{case.plan.reference}/"))
    assert all(lack in page for lack in lacks)
    assert "/release/" not in client.get(f"/plans/{case.plan.reference}/").content.decode()
    refused = client.post(f"/plans/{case.plan.reference}/release/", follow=True)
    assert lacks[0] in text(refused)
    case.refresh_from_db()
    assert case.released_at is None


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


def test_only_the_lead_is_told_to_submit(client, world):
    world.draft()
    client.force_login(world.lead.user)
    assert "编写方案并提交" in client.get("/home/").content.decode()
    client.force_login(world.editor.user)
    page = client.get("/home/").content.decode()
    assert "编写你负责的部分，交牵头审定" in page
    assert "编写方案并提交" not in page
