"""The security administrator's pages: found by search, duties in words, every step confirmed; nobody else enters."""

import html

import pytest

from portal import clock
from portal.models import Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.states import State as S
from tests.builders import person
from tests.pages import Queries


@pytest.fixture
def admin(world, client):
    house = Organisation.objects.create(kind=Kind.PORTAL, name="示例平台管理处", short_name="示例平台管理处")
    post = person(Role.SECURITY_ADMIN, house)
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return post


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_list_finds_by_name_account_and_organisation(world, admin, client):
    member = world.experts[0]
    for q in (member.user.full_name, member.user.username, "示例研究"):
        assert member.user in client.get("/people/", {"q": q}).context["page"].object_list
    assert "没有符合条件的人员" in text(client.get("/people/", {"q": "无此人"}))
    assert client.get("/people/", {"page": "abc"}).status_code == 200


def test_list_asks_as_much_for_many_as_for_few(world, admin, client):
    def counted():
        with Queries() as caught:
            assert client.get("/people/").status_code == 200
        return len(caught)

    counted()
    first = counted()
    assert world.experts
    assert world.leader
    assert counted() == first


def test_page_names_city_and_step_but_nothing_of_the_plan(world, admin, client):
    case = world.case(S.UNDER_DISCUSSION)
    page = text(client.get(f"/people/{world.experts[0].user_id}/"))
    assert "嘉兴市：批注方案并发布批注" in page
    assert case.plan.title not in page
    assert f"/plans/{case.plan.reference}" not in page
    assert client.get(f"/plans/{case.plan.reference}/").status_code == 404


def test_refusal_stands_on_the_confirm_page_with_the_list(world, admin, client):
    world.case(S.UNDER_DISCUSSION)
    member = world.experts[0]
    answer = client.post(f"/people/posts/{member.pk}/end/", {"on": clock.today().isoformat()})
    assert answer.status_code == 422
    assert "请先移交或办结以下事项：" in text(answer)
    assert client.post(f"/people/{member.user_id}/suspend/", {"reason": "示例"}).status_code == 422


def test_work_is_handed_over_and_the_post_ended_on_the_pages(world, admin, client):
    world.case(S.UNDER_DISCUSSION)
    member, other = world.experts[0], person(Role.EXPERT, world.experts[0].organisation)
    path = f"/people/posts/{member.pk}/hand-over/"
    assert "嘉兴市：批注方案并发布批注" in text(client.get(path))
    assert client.post(path, {"successor": world.leader.pk}).status_code == 422
    assert client.post(path, {"successor": other.pk})["Location"] == f"/people/{member.user_id}/"
    ended = client.post(f"/people/posts/{member.pk}/end/", {"on": clock.today().isoformat()}, follow=True)
    assert "已设定岗位的最后一天" in text(ended)
    member.refresh_from_db()
    assert member.ends == clock.today()
    assert client.post(f"/people/{member.user_id}/suspend/", {"reason": "示例：离岗"}).status_code == 302
    assert "已停用" in text(client.get(f"/people/{member.user_id}/"))
    assert client.post(f"/people/{member.user_id}/reinstate/", {"reason": "示例：返岗"}).status_code == 302


def test_nobody_else_opens_the_pages(world, client):
    for post in (world.lead, world.group_office, world.leader):
        client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
        for path in ("/people/", f"/people/{post.user_id}/", f"/people/posts/{post.pk}/end/"):
            assert client.get(path).status_code == 403
