"""The agency's, the province's and the city's dates on the pages of those who have to keep them."""

from datetime import date

from applications.services import calls
from portal import clock
from review import dates
from review.states import State as S
from tests.builders import Walk
from tests.pages import counted, text

TITLE = "正式申报的各级时间"


def gates(world, **days):
    fixed = {"preliminary_until": None, "formal_from": None, "formal_until": None}
    calls.set_gates(world.call, **fixed | days, by=world.group_office)


def shown(case):
    case = type(case).objects.select_related("call").get(pk=case.pk)
    found = dates.cascade_of(case)
    return found and [leg["day"] for leg in found["legs"]]


def test_draft_counts_back_from_the_call_and_has_no_dates_without_a_gate(world):
    case, direct = world.draft(), world.draft(world.direct, world.direct_lead)
    assert shown(case) is None
    gates(world, preliminary_until=date(2026, 10, 9))
    assert shown(case) == ["2026年9月28日（星期一）", "2026年9月30日（星期三）", "2026年10月9日（星期五）"]
    assert shown(direct) == ["2026年9月30日（星期三）", "2026年10月9日（星期五）"]


def test_answer_counts_back_from_its_own_deadline_without_the_province(world):
    case = world.case(S.UNDER_REVISION)
    assert clock.beijing(case.due).date() == date(2026, 3, 30)
    assert shown(case) == ["2026年3月26日（星期四）", "2026年3月30日（星期一）"]


def test_formal_application_counts_back_from_the_earlier_of_gate_and_deadline(world):
    case = world.case(S.READY)
    assert shown(case)[-1] == "2026年3月30日（星期一）"
    gates(world, formal_until=date(2026, 3, 20))
    assert shown(case) == ["2026年3月16日（星期一）", "2026年3月18日（星期三）", "2026年3月20日（星期五）"]
    gates(world, formal_until=date(2026, 5, 20))
    assert shown(case)[-1] == "2026年3月30日（星期一）"


def test_nobody_is_asked_for_anything_while_the_group_reads(world):
    assert shown(world.case(S.UNDER_DISCUSSION)) is None


def test_task_list_checks_and_desk_show_the_dates(world, see):
    case = world.case(S.READY)
    clock.advance(days=25)
    for post, page in (
        (world.lead, f"/plans/{case.plan.reference}/"), (world.lead, f"/plans/{case.plan.reference}/checks/"),
        (world.drc, "/channel/"),
    ):  # fmt: skip
        said = text(see(post, page))
        assert TITLE in said, page
        assert "市级收齐各部门材料 2026年3月24日（星期二） 已过 省级收齐各市材料 2026年3月26日（星期四） 已过" in said
        assert "协调小组收齐材料 2026年3月30日（星期一） 从最后" in said


def test_desk_says_shared_dates_once_and_asks_no_more_for_more_cities(world, see):
    gates(world, preliminary_until=date(2026, 10, 9))
    Walk(world, world.draft(), world.lead).to(S.WITH_CHANNEL)
    few = counted(see, world.channel, "/channel/")
    Walk(world, world.draft(world.neighbour, world.neighbour_lead), world.neighbour_lead).to(S.WITH_CHANNEL)
    assert counted(see, world.channel, "/channel/") == few
    said = text(see(world.channel, "/channel/"))
    assert said.count("初步方案的各级时间") == 1
    assert {"嘉兴市", "温州市"} <= set(said.replace("、", " ").split())
