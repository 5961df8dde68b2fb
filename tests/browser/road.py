"""One committed world with a plan at every stage of the road and batches at three of theirs, for real browsers."""

import contextlib
import copy
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.test import Client

from applications.models import City, Milestone, Plan, Section
from applications.services import programme, proposals, sections, team
from portal import audit
from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.models import Annotation, Case
from review.services import formal_opinions, invitations, member_views, opinions
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk, letters_are_made, sample_key
from tests.builders import Walk, World, person

STATES = {
    "330400": S.DRAFT,
    "330300": S.WITH_CHANNEL,
    "330500": S.AWAITING_DISCUSSION,
    "330600": S.UNDER_DISCUSSION,
    "330700": S.OPINION_DRAFTING,
    "330800": S.UNDER_REVISION,
    "330900": S.RECHECK,
    "331000": S.READY,
    "330200": S.CHECKING,
    "331100": S.FORMAL_REVIEW,
    "330782": S.PROPOSED,
    "420500": S.PROPOSED,
    "420600": S.PROPOSED,
}


@dataclass
class Road:
    """The cases by state, the posts by name and the batches by state."""

    world: World
    cases: dict[str, Case] = field(default_factory=dict)
    leads: dict[str, Membership] = field(default_factory=dict)
    batches: dict[str, BatchWalk] = field(default_factory=dict)
    admins: dict[Role, Membership] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    reader: Membership | None = None  # of the city's team, without the parts that are divided
    invited: str = ""  # the secret of an open link

    def ref(self, code: str) -> str:
        return self.cases[code].plan.reference


def build() -> Road:
    """Walk everything with the real machine; takes a few seconds."""
    sample_key()
    road = Road(World())
    hubei = _elsewhere(road.world, "420000")
    for code, state in STATES.items():
        world = hubei if code.startswith("42") else road.world
        with transaction.atomic():
            road.cases[code], road.leads[code] = _case(world, code, state)
    _writing(road)
    _notes(road)
    _batches(road)
    asked = invitations.invite(
        full_name="示例·市商务局经办人", post_title="处长", email="a@portal.example", department="示例市商务局",
        by=road.world.lead,
    )  # fmt: skip
    road.invited = invitations.token_of(asked)
    portal = Organisation.objects.create(kind=Kind.PORTAL, name="示例平台管理处", short_name="示例平台管理处")
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        road.admins[role] = person(role, portal)
    return road


def _elsewhere(world: World, province: str) -> World:
    """The same world with the offices of another province."""
    shared = (world.experts, world.group_office, world.leader, world.handlers, world.signers)
    assert all(shared)  # the copy takes over the people who are there already
    other = copy.copy(world)
    other.channel = person(Role.CHANNEL_OFFICE, world.office(Kind.PROVINCE_COMMERCE, province))
    other.drc = person(Role.LOCAL_DRC, world.office(Kind.PROVINCE_DRC, province))
    return other


def _case(world: World, code: str, state: S) -> tuple[Case, Membership]:
    city = City.objects.get(code=code)
    if city.government is None:
        programme.join(city)
    lead = world.lead if code == world.city.code else person(Role.CITY_LEAD, city.government)
    case = world.draft(city, lead)
    Milestone.objects.create(
        plan=case.plan, title="管理办法征求意见", area="policy", kind="soft",
        starts=date(2026, 9, 1), ends=date(2027, 3, 31),
    )  # fmt: skip
    case.plan.consultations.update(
        parts=["policy"], outcome="partly", dissenting="示例市规划部门", dissent="示例：比例宜由区县确定。"
    )
    return Walk(world, case, lead).to(state), lead


def _writing(road: Road) -> None:
    """Two saves of a part and a text that lost against the second."""
    plan, by = road.cases["330400"].plan, road.world.lead
    part = Section.objects.get(plan=plan, key="policy")
    opened = sections.Base.of(part)
    sections.save(plan, "policy", sections.Draft(part.text.replace("60%", "65%"), opened), by=by)
    with contextlib.suppress(sections.Conflict):
        sections.save(plan, "policy", sections.Draft(part.text.replace("60%", "70%"), opened), by=by)
    _proposed(road, plan, by)


def _proposed(road: Road, plan: Plan, by: Membership) -> None:
    """Two wordings proposed for a part that another department writes: one waits, one was not taken."""
    writer = road.world.editor
    reader = person(Role.CITY_EDITOR, team.add_department(plan, "嘉兴市示例统计局", by=by))
    team.divide(plan, "support", {writer.organisation_id: "in_charge"}, by=by)
    old = Section.objects.get(plan=plan, key="support").paragraphs[0]
    made = [
        proposals.propose(plan, "support", old["id"], old["text"] + more, "示例：便于考核。", by=reader,
                          seen=audit.seal(old["text"]))
        for more in ("示例：每季度通报一次。", "示例：每月通报一次。")
    ]  # fmt: skip
    proposals.decline(plan, "support", made[0].pk, "示例：已由考核机制规定。", by=writer)
    road.reader = reader


def _notes(road: Road) -> None:
    """A published and a private note where the discussion runs, and an opinion being put together."""
    case = road.cases["330600"]
    Walk(road.world, case, road.leads["330600"]).annotate()
    Annotation.objects.create(
        round=case.current_round, version=case.current_round.version, author=road.world.experts[1], kind="question",
        section="policy", target_id="p1a", start=0, end=4, quote="（一）示", body="示例：这里指哪些企业？",
    )  # fmt: skip
    case = road.cases["330700"]
    opinion = opinions.draft(case, by=road.world.group_office)
    opinions.add_item(opinion, kind="must", text="写明统计部门。", section="policy", by=road.world.group_office)
    case = road.cases["331100"]
    member_views.give(case, text="示例：任务写得具体，没有不同意见。", by=road.world.experts[0])
    formal_opinions.draft_formal(case, body="示例审理意见：方案符合要求。", by=road.world.group_office)


def _batches(road: Road) -> None:
    world = road.world
    for state, code in ((B.ISSUED, "420500"), (B.COSIGNING, "330782"), (B.COMPOSING, "420600")):
        walk = road.batches[state] = BatchWalk(world, road.cases[code])
        walk.to(state)
    road.batches[B.COSIGNING].sign(1)
    letters_are_made()
    road.codes = [letter.code for letter in road.batches[B.ISSUED].batch.letters.all()]


def session(post: Membership) -> str:
    client = Client()
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value
