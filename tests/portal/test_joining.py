"""Posts given from the command line: who gets what, and what is refused in words."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal import audit
from portal.models import AuditEntry, Membership, Organisation, User
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from tests.builders import person

NEW = {"name": "示例·河北省商务厅经办人", "email": "hebei@portal.example"}


def appoint(account: str, role: Role, organisation: str, **more) -> str:
    said = StringIO()
    call_command("appoint", account, role=role.value, organisation=organisation, stdout=said, **more)
    return said.getvalue()


def refused(account: str, role: Role, organisation: str, **more) -> str:
    before = (User.objects.count(), Membership.objects.count(), AuditEntry.objects.count())
    with pytest.raises(CommandError) as caught:
        appoint(account, role, organisation, **more)
    assert (User.objects.count(), Membership.objects.count(), AuditEntry.objects.count()) == before
    return str(caught.value)


def test_a_new_account_gets_its_post_and_no_password(world):
    said = appoint("hebei-office", Role.CHANNEL_OFFICE, "河北省商务厅", title="经办人", **NEW)
    post = Membership.objects.get(user__username="hebei-office")
    assert (post.role, post.organisation.short_name, post.ends) == ("channel_office", "河北省商务厅", None)
    assert (post.user.full_name, post.user.post_title) == (NEW["name"], "经办人")
    assert not post.user.has_usable_password()
    assert said.splitlines()[0].startswith("hebei-office：渠道单位")
    assert "changepassword hebei-office" in said.splitlines()[1]
    last = AuditEntry.objects.order_by("-seq").values_list("action", flat=True)[:2]
    assert list(last) == ["post:give", "person:enrol"]
    assert list(audit.offenders()) == []


def test_a_known_account_gets_a_second_post(world):
    post = person(Role.CHANNEL_OFFICE, Organisation.objects.get(short_name="河北省发展改革委"))
    said = appoint(post.user.username, Role.LOCAL_DRC, "河北省发展改革委")
    assert said.count("\n") == 1
    assert [p.role for p in post.user.posts()] == ["channel_office", "local_drc"]


def test_an_experts_employer_is_made_when_it_is_new(world):
    appoint("expert-x", Role.EXPERT, "示例研究机构", **NEW)
    assert Organisation.objects.get(name="示例研究机构").kind == Kind.EXPERTS


@pytest.mark.parametrize(
    ("account", "role", "organisation", "more", "words"),
    [
        ("hebei-office", Role.CHANNEL_OFFICE, "河北省商务厅", {}, "请同时写明姓名和电子邮箱"),
        ("hebei-office", Role.CHANNEL_OFFICE, "河北省商务厅", {**NEW, "email": "hebei"}, "不是电子邮箱地址"),
        ("Hebei Office", Role.CHANNEL_OFFICE, "河北省商务厅", NEW, "小写字母"),
        ("hebei-office", Role.CHANNEL_OFFICE, "没有这个单位", NEW, "没有名为“没有这个单位”"),
        ("hebei-office", Role.LOCAL_DRC, "河北省商务厅", NEW, "没有名为“河北省商务厅”"),
    ],
)
def test_what_cannot_be_given_is_refused_in_words(world, account, role, organisation, more, words):
    assert words in refused(account, role, organisation, **more)


def test_a_held_post_another_name_and_a_second_post_beside_administration_are_refused(world):
    house = Organisation.objects.create(kind=Kind.PORTAL, name="示例平台管理处", short_name="示例平台管理处")
    keeper = person(Role.SYSTEM_ADMIN, house).user.username
    office = person(Role.CHANNEL_OFFICE, Organisation.objects.get(short_name="河北省商务厅")).user.username
    assert "已担任" in refused(office, Role.CHANNEL_OFFICE, "河北省商务厅")
    assert "已属于" in refused(office, Role.CHANNEL_OFFICE, "山西省商务厅", **NEW)
    assert "不兼任" in refused(keeper, Role.AUDIT_ADMIN, "示例平台管理处")
    assert "不兼任" in refused(office, Role.AUDIT_ADMIN, "示例平台管理处")
