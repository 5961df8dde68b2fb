"""A member who has been excused or recused opens the plan by no door."""

import pytest
from django.urls import reverse

from portal.models import Notice
from review.actors import actors_on
from review.queries import cases_for
from review.services import rounds
from review.states import State as S
from tests.builders import Walk


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


def doors(case) -> list[str]:
    ref = case.plan.reference
    return [
        reverse("plan", args=[ref]),
        reverse("plan_read", args=[ref, 1]),
        reverse("plan_versions", args=[ref]),
        reverse("plan_history", args=[ref]),
        reverse("plan_compare", args=[ref, 1, 1]),
        reverse("plan_file", args=[ref, case.plan.attachments.get().file_id]),
        reverse("plan_note_add", args=[ref]),
        reverse("plan_notes_publish", args=[ref]),
        reverse("plan_recuse", args=[ref]),
        reverse("plan_opinion", args=[ref, 1]),
        reverse("plan_maturity", args=[ref]),
    ]


def entered(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("how", "status"), [("excuse", 403), ("recuse", 404)])
def test_every_door_is_closed_at_once(world, case, client, how, status):
    member, other = world.experts
    entered(client, member)
    assert client.get(doors(case)[1]).status_code == 200
    assert case.plan.reference in client.get("/plans/").content.decode()
    if how == "excuse":
        rounds.excuse(case.current_round.assignments.get(member=member), reason="出差", by=world.group_office)
    else:
        rounds.recuse(case, member.user, reason="曾任该市顾问", by=world.group_office)
    answers = {path: client.get(path).status_code for path in doors(case)}
    assert answers == dict.fromkeys(doors(case), status)
    for page in ("/plans/", "/board/", "/home/"):
        answer = client.get(page)
        assert case.plan.reference not in answer.content.decode(), page
    assert not cases_for(member).exists()
    assert not actors_on(member, case)
    told = Notice.objects.filter(recipient=member.user).latest("id")
    assert case.plan.reference not in told.path
    assert actors_on(other, case)


def test_a_member_asked_again_opens_the_plan_again(world, case, client):
    seat = case.current_round.assignments.get(member=world.experts[0])
    rounds.excuse(seat, reason="出差", by=world.group_office)
    rounds.assign(case, world.experts[0], by=world.group_office)
    assert entered(client, world.experts[0]).get(doors(case)[1]).status_code == 200


def test_excused_from_a_later_round_ends_what_an_earlier_one_opened(world, case):
    walk = Walk(world, case, world.lead)
    for step in (walk.close, walk.opinion, walk.resubmit):
        step()
    walk.judge("still")
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    member = world.experts[0]
    assert set(cases_for(member)) == {case}
    rounds.excuse(case.current_round.assignments.get(member=member), reason="出差", by=world.group_office)
    assert not cases_for(member).exists()
    assert not actors_on(member, case)
