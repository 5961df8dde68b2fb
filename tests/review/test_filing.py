"""What the group office sees of a formal application: the filing, and what differs from the plan found mature."""

import re

import pytest

from applications.models import Section
from applications.models.records import RECORDS
from review import filing
from review.states import State as S
from tests.builders import Walk
from tests.pages import text

CARD = re.compile(r'<section class="card" aria-labelledby="filing">.*?</section>', re.S)


def shared(world):
    return world.case(S.READY)


def file(world, case) -> None:
    Walk(world, case, world.lead).file()


def page(case) -> str:
    return f"/plans/{case.plan.reference}/"


def test_nothing_is_shown_before_something_is_filed(case):
    assert filing.filed(case) is None


def test_plan_filed_as_it_was_found_mature_is_said_to_be_the_same(world, case, see):
    file(world, case)
    found = filing.filed(case)
    assert (found.mature.number, found.filing.version.number, found.parts) == (2, 3, [])
    said = text(see(world.group_office, page(case)))
    assert "没有不同：申报的内容与认定成熟时一致。" in said
    assert "示例〔2026〕9号" in said


def test_parts_completed_for_the_application_are_named_with_their_comparison(world, case, see):
    RECORDS["leading_group"].objects.filter(plan=case.plan).update(leader_post="市长", members="市商务局")
    case.plan.consultations.update(opinions="示例：改写。")
    file(world, case)
    found = filing.filed(case)
    compare = f"{page(case)}compare/2/3/"
    assert [(p.label, p.count, p.url, p.is_formal) for p in found.parts] == [
        ("领导小组与牵头部门", 1, f"{compare}?tab=records", True),
        ("征求意见情况", 1, f"{compare}?tab=records", False),
    ]
    shown = see(world.group_office, page(case)).content.decode()
    card = CARD.search(shown)[0]
    assert re.findall(r'href="([^"]+/compare/[^"]+)"', card) == [f"{compare}?tab=records"] * 2 + [compare]
    assert all(see(world.group_office, address).status_code == 200 for address in (compare, found.cover_url))


def test_change_of_another_part_is_pointed_out(world, case, see):
    policy = Section.objects.get(plan=case.plan, key="policy")
    policy.paragraphs[1]["text"] = "到2028年覆盖率达到70%。"
    policy.save(update_fields=["paragraphs"])
    file(world, case)
    (part,) = filing.filed(case).parts
    assert (part.label, part.count, part.is_formal) == ("完善政策环境", 1, False)
    said = text(see(world.group_office, page(case)))
    assert "除申报前补充的部分外，还有其他部分在认定成熟后发生了变化。" in said


def test_plan_filed_again_is_still_compared_with_the_version_found_mature(world, case):
    file(world, case)
    walk = Walk(world, case, world.lead)
    walk.fire("return_formal", world.group_office, reason="示例：请补充")
    RECORDS["funds"].objects.filter(plan=case.plan).update(sources="示例：市级财政")
    walk.file()
    found = filing.filed(case)
    assert (found.mature.number, found.filing.version.number) == (2, 4)
    assert [p.label for p in found.parts] == ["资金和人才"]


@pytest.mark.parametrize(("who", "shown"), [("group_office", True), ("leader", True), ("drc", False), ("lead", False)])
def test_the_group_alone_finds_it_on_the_plan_page(world, case, see, who, shown):
    file(world, case)
    assert ("认定成熟的版本" in text(see(getattr(world, who), page(case)))) is shown
