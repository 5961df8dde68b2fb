"""People in every role, and cases brought to any state by the real machine: no builder sets a column."""

import itertools
from datetime import date, timedelta
from functools import cached_property

from django.db import transaction

from applications.models import Call, City
from applications.services import programme
from portal import clock
from portal.models import Membership, Organisation, User
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review import machine
from review.models import (
    Annotation,
    Assignment,
    Case,
    MaturityLevel,
    Opinion,
    OpinionItem,
    Round,
)
from review.models.opinions import Dimension
from review.services import annotations, cases, formal_opinions, opinions, responses
from review.states import State as S
from tests.filled_plan import fill, stored_file

__all__ = ["PASSWORD", "Walk", "World", "fill", "key", "person", "stored_file"]
PASSWORD = "示例Password-1"
_serial = itertools.count(1)


def key() -> str:
    """Return a form key that no other call has had."""
    return f"op-{next(_serial)}"


def person(role: Role, organisation: Organisation, name: str = "") -> Membership:
    """Make a person with one post."""
    number = next(_serial)
    user = User.objects.create_user(
        f"{role}-{number}",
        PASSWORD,
        full_name=name or f"示例·{organisation.short_name}人员{number}",
        email=f"{role}-{number}@portal.example",
    )
    return Membership.objects.create(user=user, organisation=organisation, role=role, starts=date(2026, 1, 1))


class World:
    """The programme of 2026. ``city`` (嘉兴, through a channel office) and ``direct`` (宁波, files directly)."""

    def __init__(self):
        self.call = Call.objects.first() or programme.load()
        self.city = City.objects.get(code="330400")
        self.direct = City.objects.get(code="330200")
        self.neighbour = City.objects.get(code="330300")  # same province
        self.far = City.objects.get(code="420500")  # another province
        for city in (self.city, self.direct, self.neighbour, self.far):
            programme.join(city)

    def office(self, kind: Kind, code: str) -> Organisation:
        return Organisation.objects.get(kind=kind, region_code=code)

    @cached_property
    def group(self) -> Organisation:
        return Organisation.objects.get(kind=Kind.GROUP)

    @cached_property
    def lead(self) -> Membership:
        return person(Role.CITY_LEAD, self.city.government)

    @cached_property
    def editor(self) -> Membership:
        department = Organisation.objects.create(
            kind=Kind.CITY_DEPARTMENT,
            region_code=self.city.code,
            name="嘉兴市商务局",
            short_name="嘉兴市商务局",
            parent=self.city.government,
        )
        return person(Role.CITY_EDITOR, department)

    @cached_property
    def direct_lead(self) -> Membership:
        return person(Role.CITY_LEAD, self.direct.government)

    @cached_property
    def neighbour_lead(self) -> Membership:
        return person(Role.CITY_LEAD, self.neighbour.government)

    @cached_property
    def far_lead(self) -> Membership:
        return person(Role.CITY_LEAD, self.far.government)

    @cached_property
    def channel(self) -> Membership:
        return person(Role.CHANNEL_OFFICE, self.office(Kind.PROVINCE_COMMERCE, "330000"))

    @cached_property
    def other_channel(self) -> Membership:
        return person(Role.CHANNEL_OFFICE, self.office(Kind.PROVINCE_DRC, "420000"))

    @cached_property
    def drc(self) -> Membership:
        return person(Role.LOCAL_DRC, self.office(Kind.PROVINCE_DRC, "330000"))

    @cached_property
    def direct_drc(self) -> Membership:
        return person(Role.LOCAL_DRC, self.office(Kind.CITY_DRC, "330200"))

    @cached_property
    def group_office(self) -> Membership:
        return person(Role.GROUP_OFFICE, self.group)

    @cached_property
    def leader(self) -> Membership:
        return person(Role.GROUP_LEADER, self.group)

    @cached_property
    def experts(self) -> list[Membership]:
        employer = Organisation.objects.create(kind=Kind.EXPERTS, name="示例研究机构", short_name="示例研究机构")
        return [person(Role.EXPERT, employer) for _ in range(2)]

    @cached_property
    def agencies(self) -> list[Organisation]:
        return [a.organisation for a in self.call.agencies.select_related("organisation")]

    @cached_property
    def handlers(self) -> list[Membership]:
        return [person(Role.AGENCY_HANDLER, a) for a in self.agencies]

    @cached_property
    def signers(self) -> list[Membership]:
        return [person(Role.AGENCY_SIGNER, a) for a in self.agencies]

    def declare(self, city: City, by: Membership) -> None:
        cases.declare_channel(
            city,
            kind="commerce",
            document_title="示例：关于确定初步方案沟通渠道的函",
            document_number="示例〔2026〕1号",
            evidence=stored_file(by=by),
            by=by,
        )

    def draft(self, city: City | None = None, by: Membership | None = None) -> Case:
        """Return a filled draft that could be submitted and, later, filed formally."""
        city, by = city or self.city, by or self.lead
        direct = self.call.files_directly(city)
        if not direct and not city.channels.exists():
            self.declare(city, by)
        case = cases.create(city, self.call, by=by)
        fill(case.plan, by)
        return case

    def case(self, state: S, city: City | None = None, by: Membership | None = None) -> Case:
        """Walk a fresh case to ``state`` along the shortest way."""
        return Walk(self, self.draft(city, by), by or self.lead).to(state)


class Walk:
    """Takes one case step by step; each step fulfils what the machine asks for, then fires."""

    def __init__(self, world: World, case: Case, lead: Membership):
        self.world, self.case, self.lead = world, case, lead

    def fire(self, name: str, by: Membership, **kw):
        self.case.refresh_from_db()
        move = machine.fire(self.case.pk, name, by=by, seen=self.case.moves, op_key=key(), **kw)
        self.case.refresh_from_db()
        return move

    def to(self, state: S) -> Case:
        if state == S.DRAFT:
            return self.case
        if state == S.WITHDRAWN:
            self.fire("withdraw", self.lead, reason="示例原因")
            return self.case
        road = {
            S.WITH_CHANNEL: (),
            S.RETURNED: ("return_",),
            S.AWAITING_DISCUSSION: ("forward",),
            S.UNDER_DISCUSSION: ("forward", "open_"),
            S.OPINION_DRAFTING: ("forward", "open_", "close"),
            S.UNDER_REVISION: ("forward", "open_", "close", "opinion"),
            S.RECHECK: ("forward", "open_", "close", "opinion", "resubmit"),
            S.MATURING: ("forward", "open_", "close", "opinion", "resubmit", "mature_later"),
            S.READY: ("forward", "open_", "close", "opinion", "resubmit", "ready"),
            S.CHECKING: ("forward", "open_", "close", "opinion", "resubmit", "ready", "file"),
            S.FORMAL_REVIEW: ("forward", "open_", "close", "opinion", "resubmit", "ready", "file", "accept"),
            S.PROPOSED: ("forward", "open_", "close", "opinion", "resubmit", "ready", "file", "accept", "propose"),
        }[state]
        self.submit()
        for step in road:
            getattr(self, step)()
        return self.case

    def submit(self):
        name = "submit_direct" if self.case.files_directly else "submit"
        self.fire(name, self.lead, given={"change_note": "首次提交"})

    def return_(self):
        self.fire("return_for_completion", self.world.channel, reason="请补充指标来源")

    def forward(self):
        if self.case.state == S.WITH_CHANNEL:
            self.fire("forward", self.world.channel)

    def prepare_round(self) -> Round:
        number = self.case.rounds.count() + 1
        prepared = Round.objects.create(
            case=self.case,
            number=number,
            version=self.case.latest_version,
            due=clock.now() + timedelta(days=20),
            prepared_at=clock.now(),
        )
        for expert in self.world.experts:
            Assignment.objects.create(
                round=prepared, member=expert, assigned_by=self.world.group_office, recusal_checked=True
            )
        return prepared

    def open_(self):
        self.prepare_round()
        self.fire("open_discussion", self.world.group_office)

    def annotate(self) -> Annotation:
        current = self.case.current_round
        note = Annotation.objects.create(
            round=current,
            version=current.version,
            author=self.world.experts[0],
            kind="must",
            section="policy",
            target_id="p1b",
            start=0,
            end=5,
            quote="到2028",
            body="请写明由哪个部门统计。",
            published_at=clock.now(),
        )
        seat = current.assignments.get(member=note.author_id)
        annotations.record_published(seat, [note], by=note.author)
        return note

    def publish(self):
        self.case.current_round.assignments.update(published_at=clock.now())

    def close(self):
        self.annotate()
        self.publish()
        self.fire("close_discussion", self.world.group_office)

    @transaction.atomic
    def compose(self, kind: str = "must", *, sources=None) -> Opinion:
        current = self.case.current_round
        opinion = Opinion.objects.create(
            case=self.case, kind="revision", round=current, version=current.version, drafted_by=self.world.group_office
        )
        item = opinion.items.create(position=1, kind=kind, text="写明统计部门。", section="policy")
        item.sources.set(current.annotations.all() if sources is None else sources)
        opinions.put_signature(opinion, opinions.SERIES, self.world.leader)
        return opinion

    def opinion(self):
        self.compose()
        self.fire("send_opinion", self.world.leader)

    def answer(self):
        for item in OpinionItem.objects.filter(opinion__round=self.case.current_round):
            responses.answer(item, handling="adopted", text="已写明。", by=self.lead)

    def resubmit(self):
        self.answer()
        self.fire("resubmit", self.lead, given={"change_note": "写明统计部门"})

    def mature_later(self):
        self.fire("keep_maturing", self.world.leader, reason="建议继续完善")

    def assess(self):
        for assignment in self.case.current_round.assignments.all():
            for dimension in Dimension:
                MaturityLevel.objects.create(assignment=assignment, dimension=dimension, level=2, reason="示例理由")

    def judge(self, verdict: str = "solved"):
        for item in OpinionItem.objects.filter(opinion__round=self.case.current_round):
            responses.judge(item, verdict=verdict, text="示例" if verdict == "still" else "", by=self.world.experts[0])

    def ready(self):
        self.judge()
        self.assess()
        self.fire("find_mature", self.world.leader)

    def file(self):
        cases.release(self.case, by=self.lead)
        drc = self.world.direct_drc if self.case.files_directly else self.world.drc
        cover = {
            "title": "关于正式申报的函",
            "number": "示例〔2026〕9号",
            "date": date(2026, 8, 3),
            "file": stored_file(by=drc).pk,
        }
        self.fire("file_formally", drc, given={"cover": cover, "change_note": "正式申报"})

    def accept(self):
        self.fire("accept", self.world.group_office)

    @transaction.atomic
    def propose(self):
        self.sign_formal_opinion()
        self.fire("propose", self.world.leader)

    def sign_formal_opinion(self) -> Opinion:
        opinion = formal_opinions.draft_formal(self.case, body="示例审理意见", by=self.world.group_office)
        return formal_opinions.sign_formal(opinion, by=self.world.leader)
