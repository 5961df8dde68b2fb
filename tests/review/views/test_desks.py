"""The plain lists about plans: who finds what in them, in which order, and with how many questions."""

import re

import pytest

from applications.services import programme
from portal.roles import Role
from review.services import cases
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import Walk, person
from tests.pages import counted, text


def cities(answer) -> list[str]:
    return [row["case"].city.name for row in answer.context["rows"]]


def in_zhejiang(world, code: str, state: S) -> Walk:
    """A case of another city of the province, by people of its own."""
    from applications.models import City

    city = City.objects.get(code=code)
    programme.join(city)
    lead = person(Role.CITY_LEAD, city.government)
    walk = Walk(world, world.draft(city, lead), lead)
    walk.to(state)
    return walk


@pytest.fixture
def three(world):
    """嘉兴 waits at its channel office, 温州 is discussed, 宁波 is a draft."""
    return [
        world.case(S.WITH_CHANNEL),
        world.case(S.UNDER_DISCUSSION, world.neighbour, world.neighbour_lead),
        world.case(S.DRAFT, world.direct, world.direct_lead),
    ]


def test_everybody_finds_in_the_list_what_they_may_open_and_nothing_else(world, three, see):
    shown = {
        "city lead": (world.lead, ["嘉兴市"]),
        "neighbour": (world.neighbour_lead, ["温州市"]),
        "channel": (world.channel, ["嘉兴市", "温州市"]),
        "channel of another province": (world.other_channel, []),
        "group office": (world.group_office, ["温州市"]),
        "member": (world.experts[0], ["温州市"]),
        "agency": (world.handlers[1], []),
        "far city": (world.far_lead, []),
    }
    for who, (post, wanted) in shown.items():
        answer = see(post, "/plans/")
        assert sorted(cities(answer)) == sorted(wanted), who
        for case in three:
            named = case.plan.reference in answer.content.decode()
            assert named == (case.city.name in wanted), who


def test_row_says_state_turn_version_and_leads_to_the_plan(world, three, see):
    answer = see(world.channel, "/plans/")
    said = text(answer)
    assert "共 2 份方案" in said
    row = said[said.index("嘉兴市") :]
    assert row.index(three[0].plan.reference) < row.index("浙江") < row.index("待转报") < row.index("第 1 版")
    assert f'href="/plans/{three[0].plan.reference}/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"q": "嘉"}, ["嘉兴市"]),
        ({"q": "wenzhou"}, ["温州市"]),
        ({"q": "WZ"}, ["温州市"]),
        ({"q": "CJ-330400"}, ["嘉兴市"]),
        ({"state": "under_discussion"}, ["温州市"]),
        ({"state": "no such state"}, ["嘉兴市", "温州市"]),
        ({"province": "330000"}, ["嘉兴市", "温州市"]),
        ({"province": "420000"}, []),
        ({"q": "北京"}, []),
        ({"q": "%"}, []),
        ({"page": "abc"}, ["嘉兴市", "温州市"]),
        ({"page": "0"}, ["嘉兴市", "温州市"]),
        ({"page": "99999999999999999999"}, ["嘉兴市", "温州市"]),
        ({"q": "长" * 5000}, []),
    ],
)
def test_filters_of_the_list(world, three, see, query, wanted):
    answer = see(world.channel, "/plans/", **query)
    assert answer.status_code == 200
    assert sorted(cities(answer)) == sorted(wanted)


@pytest.mark.parametrize("query", [{"q": "a\x00b"}, {"province": "a\x00b"}, {"page": "\x00"}, {"any\x00": "1"}])
def test_address_with_a_nul_is_answered_as_not_understood(world, see, query):
    answer = see(world.channel, "/plans/", **query)
    assert answer.status_code == 400
    assert "平台没有看懂这次请求" in answer.content.decode()


def test_a_city_with_an_open_plan_is_not_offered_another(world, see):
    world.case(S.UNDER_REVISION)
    assert "/plans/new/" not in see(world.lead, "/plans/").content.decode()
    page = see(world.lead, "/plans/new/")
    assert "本市在这次申报中已有办理中的方案。" in text(page)
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def test_empty_lists_say_what_to_do_next(world, see):
    city = see(world.lead, "/plans/")
    assert "本市还没有方案" in text(city)
    assert 'href="/plans/new/"' in city.content.decode()
    assert "<form" in see(world.lead, "/plans/new/").content.decode().split("<main", 1)[1]
    office = see(world.group_office, "/plans/")
    assert "还没有方案送到这里" in text(office)
    assert 'href="/home/"' in office.content.decode()
    world.case(S.UNDER_DISCUSSION)
    narrowed = see(world.group_office, "/plans/", q="北京")
    assert "没有符合筛选条件的方案" in text(narrowed)


def test_channel_desk_parts_what_waits_here_from_the_rest(world, three, see):
    answer = see(world.channel, "/channel/")
    assert [r["case"].city.name for r in answer.context["waiting"]] == ["嘉兴市"]
    assert [r["case"].city.name for r in answer.context["others"]] == ["温州市"]
    assert "转报不代表批准" in text(answer)
    other = see(world.other_channel, "/channel/")
    assert (other.context["waiting"], other.context["others"]) == ([], [])
    assert three[0].plan.reference not in other.content.decode()


def test_local_drc_finds_what_is_ready_to_be_filed(world, see):
    case = world.case(S.READY)
    world.case(S.UNDER_DISCUSSION, world.neighbour, world.neighbour_lead)
    answer = see(world.drc, "/channel/")
    assert [(r["case"].city.name, r["turn"]) for r in answer.context["others"]] == [("嘉兴市", "嘉兴市")]
    cases.release(case, by=world.lead)
    answer = see(world.drc, "/channel/")
    assert [r["case"].city.name for r in answer.context["waiting"]] == ["嘉兴市"]
    assert "转报不代表批准" not in text(answer)


def test_history_tells_every_move_newest_first(world, see):
    case = world.case(S.UNDER_REVISION)
    answer = see(world.lead, f"/plans/{case.plan.reference}/history/")
    titles = [entry["title"] for entry in answer.context["entries"]]
    assert [title.split("：")[1] for title in titles] == [
        "意见汇总中 → 修改中", "讨论中 → 意见汇总中", "待讨论 → 讨论中", "待转报 → 待讨论", "草稿 → 待转报",
    ]  # fmt: skip
    assert f'href="/plans/{case.plan.reference}/v1/read/"' in answer.content.decode()
    assert "示例·嘉兴" not in text(answer), "people are told by office and role"


def test_reason_of_a_return_stands_in_the_history(world, see):
    case = world.case(S.RETURNED)
    assert "请补充指标来源" in text(see(world.lead, f"/plans/{case.plan.reference}/history/"))


def test_draft_has_an_empty_history_and_no_versions(world, see):
    case = world.case(S.DRAFT)
    for page in ("history", "versions"):
        answer = see(world.lead, f"/plans/{case.plan.reference}/{page}/")
        assert 'class="empty"' in answer.content.decode()
        assert f'href="/plans/{case.plan.reference}/"' in answer.content.decode()


def test_versions_tell_who_when_why_and_how_to_compare(world, see):
    case = world.case(S.RECHECK)
    answer = see(world.lead, f"/plans/{case.plan.reference}/versions/")
    said = text(answer)
    assert said.index("第 2 版") < said.index("写明统计部门") < said.index("第 1 版") < said.index("首次提交")
    for version in case.plan.versions.all():
        assert version.digest[:4].upper() in said
    assert f'href="/plans/{case.plan.reference}/compare/1/2/"' in answer.content.decode()


def test_receipt_names_version_second_sender_fingerprint_and_the_next_step(world, see):
    case = world.case(S.WITH_CHANNEL)
    path = f"/plans/{case.plan.reference}/receipts/1/"
    said = text(see(world.lead, path))
    version = case.plan.versions.get()
    for words in (case.plan.reference, "第 1 版", "2026年3月2日（星期一）09:00:00", world.lead.user.full_name):
        assert words in said
    assert version.digest.upper() in said.replace(" ", "")
    assert 'moves/recall/"' in see(world.lead, path).content.decode()
    assert 'moves/recall/"' not in see(world.channel, path).content.decode()
    assert see(world.neighbour_lead, path).status_code == 404
    assert see(world.lead, f"/plans/{case.plan.reference}/receipts/9/").status_code == 404


def test_receipt_of_a_step_long_past_promises_nothing(world, see):
    case = world.case(S.UNDER_DISCUSSION)
    answer = see(world.lead, f"/plans/{case.plan.reference}/receipts/1/")
    after, now = answer.context["receipt"]["next"]
    assert after.startswith("之后：“转报协调小组”，")
    assert now == "方案现在处于“讨论中”。"
    assert "moves/recall" not in answer.content.decode()


def shown(see, post, path, what) -> int:
    return len(re.findall(what, see(post, path).content.decode()))


@pytest.mark.parametrize(
    ("who", "path", "state"),
    [
        ("channel", "/plans/", S.WITH_CHANNEL),
        ("channel", "/channel/", S.WITH_CHANNEL),
        ("channel", "/channel/", S.UNDER_DISCUSSION),
        ("drc", "/channel/", S.READY),
        ("channel", "/home/", S.WITH_CHANNEL),
        ("drc", "/home/", S.READY),
        ("group_office", "/plans/", S.UNDER_DISCUSSION),
        ("leader", "/home/", S.OPINION_DRAFTING),
        ("group_office", "/review/", S.RECHECK),
    ],
)
def test_lists_ask_as_much_for_three_plans_as_for_one(world, see, who, path, state):
    post = getattr(world, who)
    counts = []
    for code in ("330300", "330500", "330600"):
        case = in_zhejiang(world, code, state).case
        counts.append((counted(see, post, path), shown(see, post, path, case.plan.reference) > 0))
    assert counts[0] == counts[2]
    assert counts[0][1]


def test_notices_ask_as_much_for_three_as_for_one(world, see):
    counts, channel = [], world.channel  # on duty before anything arrives
    for number, code in enumerate(("330300", "330500", "330600"), start=1):
        in_zhejiang(world, code, S.WITH_CHANNEL)
        counts.append(counted(see, channel, "/notifications/"))
        assert len(see(channel, "/notifications/").context["rows"]) == number
    assert counts[0] == counts[2]


@pytest.mark.parametrize("part", ["history/", "versions/", ""])
def test_pages_of_a_plan_ask_as_much_after_two_rounds_as_after_one(world, see, part):
    walk = Walk(world, world.draft(), world.lead)
    walk.to(S.RECHECK)
    path = f"/plans/{walk.case.plan.reference}/{part}"
    first = counted(see, world.leader, path)
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    walk.close()
    walk.opinion()
    walk.resubmit()
    assert walk.case.plan.versions.count() == 3
    assert counted(see, world.leader, path) == first


def test_batch_pages_ask_as_much_for_three_cities_as_for_one(world, see):
    cases = [in_zhejiang(world, code, S.PROPOSED).case for code in ("330300", "330500", "330600")]
    counts: dict[str, list[int]] = {}
    for chosen in (cases[:1], cases[1:]):
        walk = BatchWalk(world, *chosen)
        walk.to(B.COSIGNING)
        walk.sign(1)
        for page, post in (
            ("", world.handlers[0]),
            ("cosign/", world.handlers[1]),
            ("text/", world.handlers[1]),
            ("letters/", world.handlers[0]),
            ("sign/", world.signers[2]),
        ):
            path = f"/batches/{walk.batch.pk}/{page}"
            assert shown(see, post, path, chosen[0].city.name) > 0 or page == "letters/"
            counts.setdefault(page, []).append(counted(see, post, path))
    assert all(one == more for one, more in counts.values()), counts
