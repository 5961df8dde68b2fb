"""The task list and its sheet: as many queries for a large plan as for a small one, opened by the city alone."""

from datetime import date

from applications.models import Consultation, Indicator, Measure, Milestone
from applications.services import marks
from review.states import State as S
from tests.pages import counted, text


def enlarge(plan, rows):
    """Give every table of the plan so many more rows."""
    indicators = Indicator.objects.bulk_create(
        Indicator(plan=plan, name=f"示例{n}", area="policy", kind="soft", unit="%", target_year=2028, target_value=1)
        for n in range(rows)
    )
    measures = Measure.objects.bulk_create(
        Measure(plan=plan, area="policy", kind="soft", title=f"示例措施{n}") for n in range(rows)
    )
    for measure, indicator in zip(measures, indicators, strict=True):
        measure.indicators.add(indicator)
    Milestone.objects.bulk_create(
        Milestone(
            plan=plan, title=f"示例节点{n}", area="policy", kind="hard", starts=date(2026, 1, 1), ends=date(2027, 1, 1)
        )
        for n in range(rows)
    )
    Consultation.objects.bulk_create(
        Consultation(plan=plan, held_on=date(2026, 1, 5), form="座谈会", who="企业", opinions="无", adopted="无")
        for _ in range(rows)
    )


def test_sixty_rows_ask_no_more_than_one(world, see):
    case = world.draft()
    pages = [f"/plans/{case.plan.reference}/{page}" for page in ("", "status/")]
    few = [counted(see, world.lead, page) for page in pages]
    enlarge(case.plan, 60)
    marks.finish(case.plan, *marks.MARKED, by=world.lead)
    assert [counted(see, world.lead, page) for page in pages] == few
    assert "61 行" in text(see(world.lead, pages[0]))


def test_sheet_counts_what_people_say_and_what_is_missing(world, see):
    case = world.draft()
    marks.finish(case.plan, "indicators", "assessment", by=world.lead)
    marks.finish(case.plan, "funds", by=world.editor)
    page = f"/plans/{case.plan.reference}/status/"
    said = text(see(world.editor, page))
    assert "22 个部分中已完成 2 个，待审定 1 个，缺少必备内容 0 个。" in said
    assert page in see(world.lead, f"/plans/{case.plan.reference}/").content.decode()
    case.plan.assessment.delete()
    assert "缺少必备内容 1 个" in text(see(world.lead, page))
    assert see(world.neighbour_lead, page).status_code == 404


def test_sheet_of_a_plan_that_is_away_says_so_and_is_the_citys_alone(world, see):
    case = world.case(S.UNDER_DISCUSSION)
    page = f"/plans/{case.plan.reference}/status/"
    said = text(see(world.lead, page))
    assert "方案已经提交，各部分现在不在编写。" in said
    assert "填写中" not in said
    for post in (world.channel, world.group_office, world.experts[0]):
        assert see(post, page).status_code == 403


def test_list_and_sheet_count_the_same_parts(world, see):
    case = world.draft()
    page = f"/plans/{case.plan.reference}/"
    full = see(world.lead, page).context["standing"]["full"]
    assert f"22 个部分中 {full} 个内容齐全" in text(see(world.lead, page))
    assert "22 个部分中已完成" in text(see(world.lead, f"{page}status/"))
    case.plan.contact_name = ""
    case.plan.save(update_fields=["contact_name"])
    standing = see(world.lead, page).context["standing"]
    assert standing["full"] == full - 1
    assert standing["lacking"][0]["url"].endswith("/basics/#id_contact_name")
