from datetime import date

import pytest
from django.urls import reverse

from portal import clock
from portal.roles import Role
from review.models import Assignment, Recusal
from review.states import State as S
from tests.builders import Walk, person
from tests.pages import Queries

BACKEND = "django.contrib.auth.backends.ModelBackend"


def shared(world):
    return world.case(S.AWAITING_DISCUSSION)


@pytest.fixture
def office(world, client):
    client.force_login(world.group_office.user, backend=BACKEND)
    return world.group_office


def url(case, name="plan_assignments", *args) -> str:
    return reverse(name, args=[case.plan.reference, *args])


def test_office_assigns_sets_the_deadline_and_finds_the_next_step(world, case, client, office):
    first, second = world.experts
    assert client.get(url(case)).context["step"].blocked
    client.post(url(case), {"act": "assign", "members": [first.pk, second.pk]})
    assert [a.member for a in Assignment.objects.all()] == [first, second]
    client.post(url(case), {"act": "due", "due": "2026-03-27"})
    assert Assignment.objects.first().round.due == clock.at(date(2026, 3, 27), 18)
    step = client.get(url(case)).context["step"]
    assert (step.blocked, step.url) == ([], url(case, "plan_move", "open_discussion"))


@pytest.mark.parametrize("due", ["", "2026-04-06", "2026-03-01", "soon"])
def test_bad_deadline_is_answered_in_words(world, case, client, office, due):
    answer = client.post(url(case), {"act": "due", "due": due})
    assert answer.status_code == 422
    assert answer.context["due"].errors["due"]


def test_assigning_nobody_or_a_person_with_a_conflict_is_refused(world, case, client, office):
    member = person(Role.EXPERT, case.channel)
    assert client.post(url(case), {"act": "assign"}).status_code == 422
    answer = client.post(url(case), {"act": "assign", "members": [member.pk, world.experts[0].pk]})
    assert answer.status_code == 422
    assert [a.member for a in Assignment.objects.all()] == [world.experts[0]]
    assert client.post(url(case), {"act": "assign", "members": [world.lead.pk]}).status_code == 422


def test_leader_looks_and_does_not_act(world, case, client):
    client.force_login(world.leader.user, backend=BACKEND)
    assert client.get(url(case)).status_code == 200
    assert client.post(url(case), {"act": "due", "due": "2026-03-27"}).status_code == 403
    for post, status in ((world.lead, 403), (world.channel, 403), (world.far_lead, 404)):
        client.force_login(post.user, backend=BACKEND)
        assert client.get(url(case)).status_code == status


def test_excusing_is_confirmed_with_a_reason(world, client, office):
    case = world.case(S.UNDER_DISCUSSION)
    seat = case.current_round.assignments.first()
    page = url(case, "plan_excuse", seat.pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "出差"})
    seat.refresh_from_db()
    assert seat.excused_reason == "出差"
    other = world.case(S.UNDER_DISCUSSION, world.direct, world.direct_lead)
    elsewhere = url(case, "plan_excuse", other.current_round.assignments.first().pk)
    assert client.post(elsewhere, {"reason": "出差"}).status_code == 404


def test_office_recuses_anybody_of_the_group(world, client, office):
    case = world.case(S.UNDER_DISCUSSION)
    page = url(case, "plan_recuse")
    target = world.experts[0]
    assert client.get(f"{page}?user={world.lead.user_id}").status_code == 404
    assert client.post(f"{page}?user={target.user_id}", {"reason": ""}).status_code == 422
    client.post(f"{page}?user={target.user_id}", {"reason": "曾任顾问"})
    assert [(r.user, r.reason) for r in Recusal.objects.all()] == [(target.user, "曾任顾问")]
    assert "曾任顾问" in client.get(url(case)).content.decode()
    client.force_login(target.user, backend=BACKEND)
    assert client.get(url(case, "plan")).status_code == 404


def test_members_recuse_themselves_alone(world, client):
    case = world.case(S.UNDER_DISCUSSION)
    first, second = world.experts
    client.force_login(first.user, backend=BACKEND)
    page = url(case, "plan_recuse")
    assert client.post(f"{page}?user={second.user_id}", {"reason": "理由"}).status_code == 404
    answer = client.post(page, {"reason": "本人申请"})
    assert answer.url == reverse("home")
    assert [r.user for r in Recusal.objects.all()] == [first.user]


def test_more_members_take_no_more_queries(world, case, client, office):
    Walk(world, case, world.lead).prepare_round()
    counts = []
    for _ in range(2):
        client.get(url(case))
        with Queries() as queries:
            client.get(url(case))
        counts.append(len(queries))
        for _extra in range(3):
            person(Role.EXPERT, world.experts[0].organisation)
    assert counts[0] == counts[1]
