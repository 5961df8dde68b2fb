"""What the administrators look after, the notices, and the words of the menu."""

import pytest

from portal import audit, clock, notices, outbox
from portal.models import AuditEntry, Organisation, Outbox
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from tests.builders import person
from tests.pages import counted, text


@pytest.fixture
def house(db):
    return Organisation.objects.create(kind=Kind.PORTAL, name="示例平台管理处", short_name="示例平台管理处")


@pytest.mark.parametrize("role", list(Role))
def test_every_word_of_the_menu_opens_for_its_role(world, house, see, role):
    places = {
        Role.CITY_LEAD: world.city.government, Role.CITY_EDITOR: world.city.government,
        Role.CHANNEL_OFFICE: world.channel.organisation, Role.LOCAL_DRC: world.drc.organisation,
        Role.GROUP_OFFICE: world.group, Role.GROUP_LEADER: world.group, Role.EXPERT: world.experts[0].organisation,
        Role.AGENCY_HANDLER: world.agencies[0], Role.AGENCY_SIGNER: world.agencies[0],
    }  # fmt: skip
    post = person(role, places.get(role, house))
    words = see(post, "/home/").context["nav"]
    assert words[0]["url"] == "/home/"
    for word in words:
        assert see(post, word["url"]).status_code == 200, word["label"]


def test_menu_offers_only_what_the_table_opens(world, house, see):
    offered = {
        Role.SYSTEM_ADMIN: {"/home/", "/outbox/"},
        Role.AUDIT_ADMIN: {"/home/", "/audit/", "/access/"},
        Role.SECURITY_ADMIN: {"/home/", "/people/", "/access/"},
    }
    for role, wanted in offered.items():
        urls = {word["url"] for word in see(person(role, house), "/home/").context["nav"]}
        assert urls - {"/verify/", "/help/"} == wanted, role


def test_audit_trail_shows_newest_first_and_can_be_narrowed(world, house, see):
    auditor = person(Role.AUDIT_ADMIN, house)
    audit.record("sample:one", by=world.lead)
    audit.record("sample:two", by=world.drc)
    answer = see(auditor, "/audit/")
    assert [entry.action for entry in answer.context["page"]][:2] == ["sample:two", "sample:one"]
    assert audit.anchor() in text(answer)
    said = [entry.action for entry in see(auditor, "/audit/", action="sample").context["page"]]
    assert said == ["sample:two", "sample:one"]
    named = see(auditor, "/audit/", person=world.lead.user.username).context["page"]
    assert {entry.actor for entry in named} == {world.lead.user}
    nobody = see(auditor, "/audit/", person="nobody")
    assert "没有符合筛选条件的记录" in text(nobody)
    for strange in ({"page": "abc"}, {"page": "-1"}, {"page": "9" * 30}):
        assert see(auditor, "/audit/", **strange).status_code == 200


def test_audit_trail_says_acts_in_words_and_finds_them_by_word_or_code(world, house, see):
    auditor = person(Role.AUDIT_ADMIN, house)
    audit.record("row:save", world.city, by=world.lead)
    for asked in ("保存一行", "row:save"):
        answer = see(auditor, "/audit/", action=asked)
        assert [entry.action for entry in answer.context["page"]] == ["row:save"]
        assert f"保存一行 row:save 城市 {world.city.pk}" in " ".join(text(answer).split())


def test_audit_trail_asks_as_much_for_many_as_for_few(world, house, see):
    auditor = person(Role.AUDIT_ADMIN, house)
    audit.record("sample:one", by=world.lead)
    first = counted(see, auditor, "/audit/")
    for post in (world.drc, world.channel, world.leader):
        audit.record("sample:more", by=post)
    assert counted(see, auditor, "/audit/") == first


@pytest.fixture
def parked(db):
    """Return ``parked(n)``: pieces of work that were put aside."""

    def _parked(count):
        return [
            Outbox.objects.create(
                key=f"示例:{number}", kind="sample", payload={}, tries=10, parked_at=clock.now(), last_error="示例错误"
            )
            for number in range(count)
        ]

    return _parked


def test_parked_work_is_sent_again_by_the_administrator_alone(world, house, see, client, parked):
    (row,) = parked(1)
    admin = person(Role.SYSTEM_ADMIN, house)
    assert "示例错误" in text(see(admin, "/outbox/"))
    assert client.post("/outbox/", {"row": row.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.parked_at, row.tries) == (None, 0)
    assert AuditEntry.objects.get(action="outbox:again").post == admin
    for wrong in (row.pk, 0, "", "abc", "²", "9" * 40, "\x00"):
        assert client.post("/outbox/", {"row": wrong}).status_code in {400, 404}, wrong
    assert AuditEntry.objects.filter(action="outbox:again").count() == 1
    see(world.lead, "/home/")
    assert client.post("/outbox/", {"row": row.pk}).status_code == 403


def test_outbox_asks_as_much_for_three_as_for_one(house, see, parked):
    admin = person(Role.SYSTEM_ADMIN, house)
    assert 'class="empty"' in see(admin, "/outbox/").content.decode()
    parked(1)
    first = counted(see, admin, "/outbox/")
    Outbox.objects.all().delete()
    parked(3)
    assert len(see(admin, "/outbox/").context["page"].object_list) == 3
    assert counted(see, admin, "/outbox/") == first


def test_access_table_page_holds_every_rule(house, see):
    from portal import access

    answer = see(person(Role.SECURITY_ADMIN, house), "/access/")
    assert len(answer.context["rows"]) == len(set(access.table().values()))


def test_notices_open_their_place_once_and_belong_to_one_person(world, see, client):
    notices.send(
        "message", to=[world.lead], key="示例", path="/plans/", facts={"title": "示例标题", "body": "示例内容"}
    )
    answer = see(world.lead, "/notifications/")
    assert "示例标题" in text(answer)
    assert "未读" in text(answer)
    (notice,) = world.lead.user.notices.filter(key="示例")
    assert see(world.neighbour_lead, f"/notifications/{notice.pk}/").status_code == 404
    opened = see(world.lead, f"/notifications/{notice.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, "/plans/")
    notice.refresh_from_db()
    assert notice.read_at == clock.now()
    assert "未读" not in text(see(world.lead, "/notifications/"))
    assert outbox.sweep() >= 1


def test_all_notices_are_marked_read_at_once(world, see, client):
    for number in range(3):
        notices.send("message", to=[world.lead], key=f"示例{number}", path="/", facts={"title": "甲", "body": "乙"})
    see(world.lead, "/notifications/")
    client.post("/notifications/")
    assert not world.lead.user.notices.filter(read_at__isnull=True).exists()
