"""The home of a city editor names the parts that the division gives to the editor's department."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Duty
from applications.services import team
from portal.models import Organisation

pytestmark = pytest.mark.django_db


def shared(world):
    return world.draft()


def give(case, post, **kinds):
    for part, kind in kinds.items():
        team.divide(case.plan, part, {post.organisation_id: kind}, by=case_lead(case))


def case_lead(case):
    from applications.team import leads

    return leads(case.plan).get()


def shown(see, post):
    return [(row.key, str(duty), str(row.status["label"])) for row, duty in see(post, "/home/").context["parts"]]


def test_an_editor_finds_the_parts_of_the_department_and_their_state(world, case, see):
    assert shown(see, world.editor) == []
    give(case, world.editor, policy=Duty.Kind.IN_CHARGE, measures=Duty.Kind.HELPS, funds=Duty.Kind.INFORMED)
    page = see(world.editor, "/home/")
    assert shown(see, world.editor) == [
        ("policy", "主责", "填写中"),
        ("measures", "协办", "填写中"),
        ("funds", "知会", "填写中"),
    ]
    assert f'href="/plans/{case.plan.reference}/sections/policy/"' in page.content.decode()
    assert "本部门的 3 个部分" in page.content.decode()


def test_the_lead_and_other_departments_have_no_such_list(world, case, see):
    other = team.add_department(case.plan, "示例市交通运输局", by=world.lead)
    team.divide(case.plan, "policy", {other.pk: Duty.Kind.IN_CHARGE}, by=world.lead)
    assert Organisation.objects.filter(pk=other.pk).exists()
    assert shown(see, world.lead) == shown(see, world.editor) == []


def test_a_plan_that_was_handed_over_asks_nobody_to_write(world, see):
    case = world.case("with_channel")
    Duty.objects.create(plan=case.plan, part="policy", organisation=world.editor.organisation, kind=Duty.Kind.IN_CHARGE)
    assert shown(see, world.editor) == []


def test_the_home_asks_as_much_for_many_parts_as_for_one(world, case, see):
    give(case, world.editor, policy=Duty.Kind.IN_CHARGE)
    see(world.editor, "/home/")
    with CaptureQueriesContext(connection) as one:
        see(world.editor, "/home/")
    give(case, world.editor, support=Duty.Kind.IN_CHARGE, services=Duty.Kind.HELPS, measures=Duty.Kind.HELPS)
    with CaptureQueriesContext(connection) as four:
        see(world.editor, "/home/")
    assert len(one) == len(four)
