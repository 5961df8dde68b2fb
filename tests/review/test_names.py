from django.utils import translation

from review.names import display_name, naming
from review.states import State as S


def test_cities_read_expert_a_and_b_by_order_of_assignment(world):
    case = world.case(S.UNDER_REVISION)
    name = naming(case, world.lead)
    with translation.override("en"):
        assert [name(e) for e in world.experts] == ["Expert A", "Expert B"]
    assert name(world.experts[1]).endswith("乙")
    assert display_name(world.group_office, case, world.lead) == world.group.short_name


def test_the_group_reads_full_names(world):
    case = world.case(S.UNDER_REVISION)
    for viewer in (world.group_office, world.leader, world.experts[1]):
        assert display_name(world.experts[0], case, viewer) == world.experts[0].user.full_name


def test_a_call_may_name_its_experts(world):
    case = world.case(S.UNDER_REVISION)
    case.call.names_experts = True
    assert display_name(world.experts[0], case, world.lead) == world.experts[0].user.full_name
