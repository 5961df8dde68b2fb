"""The page for a member's view, and who reads the views where and when."""

import pytest

from review.models import MemberView
from review.services import formal_opinions, member_views
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries, text

SAID = "示例：任务具体，同意提请会签。"


def shared(world):
    return world.case(S.FORMAL_REVIEW)


def page(case, name: str = "") -> str:
    return f"/plans/{case.plan.reference}/formal-opinion/{name}"


@pytest.fixture
def send(client):
    def _send(post, path, **data):
        client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
        return client.post(path, data)

    return _send


def sign(world, case) -> None:
    opinion = formal_opinions.draft_formal(case, body="示例审理意见", by=world.group_office)
    formal_opinions.sign_formal(opinion, by=world.leader)


def test_member_is_led_from_home_to_the_form_and_back_to_the_opinion(world, case, see, send):
    first = world.experts[0]
    home = see(first, "/home/").content.decode()
    assert f'href="{page(case, "view/")}"' in home
    assert "嘉兴市：对正式申报的方案提出意见" in home
    assert send(first, page(case, "view/"), text=" ").status_code == 422
    answer = send(first, page(case, "view/"), text=SAID)
    assert (answer.status_code, answer["Location"]) == (302, page(case))
    assert MemberView.objects.get().text == SAID
    assert SAID in text(see(first, page(case)))
    assert SAID in see(first, page(case, "view/")).content.decode()
    assert "嘉兴市：对正式申报的方案提出意见" not in text(see(first, "/home/"))


def test_office_and_leader_see_who_has_and_who_has_not_answered(world, case, see):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    for post in (world.group_office, world.leader):
        said = text(see(post, page(case)))
        assert "共2名成员，其中1名尚未回复" in said
        assert f"{first.user.full_name} {SAID}" in said
        assert f"{second.user.full_name} 尚未回复" in said
    formal_opinions.draft_formal(case, body="示例审理意见", by=world.group_office)
    assert "1名没有回复的成员记录为“未回复”。" in text(see(world.leader, page(case, "sign/")))


def test_members_read_each_others_views_once_the_opinion_is_signed(world, case, see):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    assert SAID not in text(see(second, page(case)))
    sign(world, case)
    said = text(see(second, page(case)))
    assert SAID in said
    assert "共2名成员，其中1名记录为未回复。" in said
    assert f"{second.user.full_name} 未回复" in said


def test_after_the_signature_the_form_leads_back_and_writes_nothing(world, case, see, send):
    sign(world, case)
    first = world.experts[0]
    answer = see(first, page(case, "view/"))
    assert (answer.status_code, answer["Location"]) == (302, page(case))
    refused = send(first, page(case, "view/"), text=SAID)
    assert refused.status_code == 422
    assert "成员意见不再变动" in text(refused)
    assert not MemberView.objects.exclude(text="").exists()


def test_form_is_closed_to_everybody_else_and_in_other_states(world, case, see, send):
    for post, status in (
        (world.group_office, 403), (world.leader, 403), (world.lead, 403), (world.drc, 403), (world.handlers[0], 404),
    ):  # fmt: skip
        assert see(post, page(case, "view/")).status_code == status
        assert send(post, page(case, "view/"), text=SAID).status_code == status
    sign(world, case)
    Walk(world, case, world.lead).fire("propose", world.leader)
    assert send(world.experts[0], page(case, "view/"), text=SAID).status_code == 409
    assert not MemberView.objects.exclude(text="").exists()


def test_queries_do_not_grow_with_the_members(world, case, see):
    member_views.give(case, text=SAID, by=world.experts[0])
    see(world.group_office, page(case))
    with Queries() as few:
        see(world.group_office, page(case))
    member_views.give(case, text=SAID, by=world.experts[1])
    with Queries() as many:
        see(world.group_office, page(case))
    assert len(many) == len(few)
