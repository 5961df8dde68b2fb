"""Invitations: a link by mail that one person opens once; what is bad, old, used or taken back is said in words."""

import html
import re

import pytest
from django.core import mail
from django.test import Client

from portal import clock, outbox
from portal.models import AuditEntry, Membership, Notice, Outbox, User
from portal.roles import Role
from review.models import Invitation
from tests.builders import PASSWORD, person
from tests.pages import Queries

ASKED = {
    "full_name": "示例·市商务局经办人",
    "post_title": "电子商务处副处长",
    "department": "示例市商务局",
    "email": "Invited@portal.example",
}
NEW = {"account": "shangwu-01", "password": "示例Password-9", "again": "示例Password-9"}


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def lead(world, client):
    client.force_login(world.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def link(world, lead):
    """The path that the mailed link leads to."""
    assert lead.post("/city/people/invite/", ASKED).status_code == 302
    return mailed()


def mailed() -> str:
    outbox.sweep(kind="invitation")
    return re.search(r"(/join/[\w-]+/)", mail.outbox[-1].body)[1]


def stranger() -> Client:
    return Client()


def test_link_is_mailed_and_nothing_of_it_is_kept(world, link):
    letter = mail.outbox[-1]
    assert letter.to == ["invited@portal.example"]
    assert letter.subject == "嘉兴市人民政府邀请你参加编写创建工作方案"
    assert "代表示例市商务局" in letter.body
    assert "2026年3月9日（星期一）09:00" in letter.body
    token = link.split("/")[-2]
    assert len(token) >= 43
    found = Invitation.objects.get()
    kept = [str(v) for row in (*Invitation.objects.values(), *Outbox.objects.values()) for v in row.values()]
    assert not any(token in value for value in kept)
    assert not any(token in e.text for e in AuditEntry.objects.all())
    assert (found.standing, found.invited_by) == (Invitation.Standing.OPEN, world.lead)
    assert AuditEntry.objects.get(action="invitation:send").post == world.lead


def test_new_person_sets_a_password_and_writes_for_the_department(world, lead, link):
    guest = stranger()
    page = guest.get(link)
    assert page.status_code == 200
    assert "示例市商务局" in text(page)
    answer = guest.post(link, NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    post = Membership.objects.get(user__username="shangwu-01")
    assert (post.role, post.organisation.name, post.organisation.parent) == (
        "city_editor", "示例市商务局", world.city.government,
    )  # fmt: skip
    user = post.user
    assert (user.full_name, user.post_title, user.email) == (
        "示例·市商务局经办人", "电子商务处副处长", "invited@portal.example",
    )  # fmt: skip
    assert user.check_password(NEW["password"])
    assert "欢迎加入" in text(guest.get("/home/"))
    case = world.draft()
    assert guest.get(f"/plans/{case.plan.reference}/sections/policy/").status_code == 200
    assert Notice.objects.get(kind="joined").recipient == world.lead.user
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"invitation:send", "person:enrol", "post:give", "invitation:accept", "account:sign_in"} <= acts
    assert "已加入" in text(lead.get("/city/people/"))


def test_used_link_opens_nothing_more(link):
    assert stranger().post(link, NEW).status_code == 302
    again = stranger().get(link)
    assert again.status_code == 410
    assert "这份邀请已经使用" in text(again)
    assert stranger().post(link, NEW | {"account": "shangwu-02"}).status_code == 410
    assert User.objects.filter(username="shangwu-02").count() == 0
    assert AuditEntry.objects.filter(action="invitation:accept", result="refused").count() == 1


def test_expired_link_is_said_and_sending_again_makes_a_new_one(lead, link):
    clock.advance(days=7)
    assert "这份邀请已过期" in text(stranger().get(link))
    lead.force_login(User.objects.get(pk=Invitation.objects.get().invited_by.user_id))
    page = text(lead.get("/city/people/"))
    assert "已过期" in page
    found = Invitation.objects.get()
    assert lead.post(f"/city/people/invitations/{found.pk}/resend/").status_code == 302
    newer = mailed()
    assert newer != link
    gone = stranger().get(link)
    assert (gone.status_code, "这个链接不对应任何邀请" in text(gone)) == (404, True)
    assert stranger().get(newer).status_code == 200


def test_link_taken_back_is_said(lead, link):
    found = Invitation.objects.get()
    assert lead.post(f"/city/people/invitations/{found.pk}/revoke/").status_code == 302
    page = stranger().get(link)
    assert (page.status_code, "这份邀请已被撤回" in text(page)) == (410, True)
    assert stranger().post(link, NEW).status_code == 410
    refused = lead.post(f"/city/people/invitations/{found.pk}/resend/", follow=True)
    assert "这份邀请已被撤回" in text(refused)
    assert (len(mail.outbox), User.objects.filter(username="shangwu-01").count()) == (1, 0)


def test_mail_of_an_invitation_taken_back_never_leaves(lead):
    lead.post("/city/people/invite/", ASKED)
    lead.post(f"/city/people/invitations/{Invitation.objects.get().pk}/revoke/")
    assert outbox.sweep(kind="invitation") == 1
    assert mail.outbox == []


def test_bad_link_is_said(world):
    page = stranger().get("/join/nonsense/")
    assert (page.status_code, "这个链接不对应任何邀请" in text(page)) == (404, True)
    assert stranger().post("/join/nonsense/", NEW).status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account": ""}, "请填写账号名。"),
        ({"account": "张三"}, "张三"),
        ({"password": "short", "again": "short"}, "密码"),
        ({"password": "alllowercase", "again": "alllowercase"}, "至少包含"),
        ({"again": "示例Password-8"}, "两次输入的密码不同"),
        ({"account": "taken-name"}, "这个账号名已被使用"),
    ],
)
def test_bad_account_is_refused_in_words(link, changes, says):
    User.objects.create_user("taken-name", PASSWORD, full_name="示例", email="x@portal.example")
    answer = stranger().post(link, NEW | changes)
    assert answer.status_code == 422
    assert says in text(answer)
    assert Invitation.objects.get().standing == Invitation.Standing.OPEN
    assert not User.objects.filter(username="shangwu-01").exists()


def test_address_with_an_account_joins_after_signing_in(world, lead):
    editor = world.neighbour_lead.user
    answer = lead.post("/city/people/invite/", ASKED | {"email": editor.email.upper()}, follow=True)
    assert "邀请正发往" in text(answer)  # the same words as for an unknown address
    link = mailed()
    guest = stranger()
    page = text(guest.get(link))
    assert "这个邮箱已有账号" in page
    assert f"/login/?next={link}" in page
    assert guest.post(link, NEW).status_code == 200  # no account is made beside the one there is
    assert not User.objects.filter(username="shangwu-01").exists()
    guest.force_login(editor)
    assert guest.post(link).status_code == 302
    post = Membership.objects.get(user=editor, role=Role.CITY_EDITOR)
    assert post.organisation.name == "示例市商务局"
    assert guest.session["post"] == post.pk
    assert guest.post(link).status_code == 410


def test_somebody_else_who_is_signed_in_cannot_take_it_up(world, link):
    guest = stranger()
    guest.force_login(world.far_lead.user)
    page = text(guest.get(link))
    assert "这份邀请发往另一个邮箱" in page
    assert "开通账号" not in page
    assert guest.post(link).status_code == 409
    assert Invitation.objects.get().standing == Invitation.Standing.OPEN


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"full_name": ""}, "请填写姓名。"),
        ({"post_title": ""}, "请填写岗位。"),
        ({"department": ""}, "请填写代表哪个部门参加编写。"),
        ({"email": ""}, "请填写工作邮箱。"),
        ({"email": "not an address"}, "邮箱地址格式不对"),
    ],
)
def test_bad_invitation_is_refused_in_words(lead, changes, says):
    answer = lead.post("/city/people/invite/", ASKED | changes)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Invitation.objects.exists()


def test_second_open_invitation_to_an_address_is_refused(lead, link):
    answer = lead.post("/city/people/invite/", ASKED | {"email": "invited@PORTAL.example"})
    assert answer.status_code == 422
    assert "已有一份发往这个邮箱" in text(answer)
    found = Invitation.objects.get()
    assert "还不到一分钟" in text(lead.post(f"/city/people/invitations/{found.pk}/resend/", follow=True))
    assert found.sendings == 1


def test_other_cities_and_editors_stay_outside(world, client, link):
    found = Invitation.objects.get()
    for post, status in ((world.far_lead, 404), (world.editor, 403)):
        client.force_login(post.user)
        assert client.post(f"/city/people/invitations/{found.pk}/revoke/").status_code == status
        assert client.post(f"/city/people/invitations/{found.pk}/resend/").status_code == status
        assert client.post(f"/city/people/posts/{world.editor.pk}/end/", {"on": "2026-03-02"}).status_code == status
        assert "invited@portal.example" not in text(client.get("/city/people/"))
    found.refresh_from_db()
    assert (found.standing, found.sendings) == (Invitation.Standing.OPEN, 1)


def test_too_many_tries_and_too_many_invitations_wait(lead):
    for n in range(20):
        assert lead.post("/city/people/invite/", ASKED | {"email": f"a{n}@portal.example"}).status_code == 302
    answer = lead.post("/city/people/invite/", ASKED)
    assert (answer.status_code, "刚才发出了很多邀请" in text(answer)) == (422, True)
    guest = stranger()
    for _try in range(40):
        assert guest.get("/join/nonsense/").status_code == 404
    waits = guest.get("/join/nonsense/")
    assert (waits.status_code, int(waits["Retry-After"]) > 0) == (429, True)
    clock.advance(minutes=6)
    assert guest.get("/join/nonsense/").status_code == 404


def test_lead_ends_an_editors_post_and_no_other(world, lead):
    second = person(Role.CITY_EDITOR, world.editor.organisation)
    at = f"/city/people/posts/{second.pk}/end/"
    assert lead.get(at).status_code == 200
    assert lead.post(at, {"on": "2026-03-02"}).status_code == 302
    second.refresh_from_db()
    assert str(second.ends) == "2026-03-02"
    entry = AuditEntry.objects.get(action="post:end")
    assert entry.post == world.lead
    for other in (world.lead, world.far_lead, world.channel):
        assert lead.post(f"/city/people/posts/{other.pk}/end/", {"on": "2026-03-03"}).status_code == 404
        other.refresh_from_db()
        assert other.ends is None
    clock.advance(days=1)
    assert second.user.posts().count() == 0


def test_lead_hands_the_work_of_an_editor_to_another(world, lead):
    world.draft()
    leaving, other = world.editor, person(Role.CITY_EDITOR, world.editor.organisation)
    at = f"/city/people/posts/{leaving.pk}/hand-over/"
    assert other.user.full_name in text(lead.get(at))
    assert lead.post(at, {"successor": other.pk}).status_code == 302
    entry = AuditEntry.objects.get(action="post:hand_over")
    assert (entry.post, entry.object_id) == (world.lead, str(leaving.pk))
    assert lead.post(at, {"successor": world.lead.pk}).status_code == 422


def test_list_asks_as_much_for_many_as_for_few(lead, world):
    counts = []
    for number in (1, 3):
        for n in range(number):
            lead.post("/city/people/invite/", ASKED | {"email": f"b{number}{n}@portal.example"})
            person(Role.CITY_EDITOR, world.editor.organisation)
        with Queries() as asked:
            assert lead.get("/city/people/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
