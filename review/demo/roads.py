"""The way of a city with a short plan, from the first draft to the state its story names."""

from dataclasses import dataclass
from typing import Any

from applications.models import City, Duty
from applications.parts import PARTS
from applications.services import handing_in, proposals, team
from portal import audit, clock, outbox
from portal.models import Membership
from portal.roles import Role

from ..models import Case
from ..services import cases, formal_opinions
from ..states import State as S
from . import documents, phrases, writing
from .discussion import Discussion
from .people import join_city
from .stage import Road, Stage, Step

JOINING = {"support": "人力资源和社会保障局", "infrastructure": "交通运输局", "applications": "农业农村局"}
PROPOSED_FOR = "applications"  # the editor may not write it, and proposes a paragraph
DEEP = frozenset({S.READY, S.CHECKING, S.FORMAL_REVIEW, S.PROPOSED})


@dataclass(frozen=True, slots=True)
class Story:
    """``target`` is where the road ends, ``age`` working days before now; ``partly``: half of the next step is done."""

    code: str
    target: S
    begins: int
    age: int
    partly: bool = False


class CityRoad:
    """One city; ``talk`` is its discussion once it has been opened."""

    def __init__(self, stage: Stage, story: Story, sample: dict[str, Any], number: int):
        self.stage, self.story, self.sample, self.number = stage, story, sample, number
        self.city = City.objects.select_related("province").get(code=story.code)
        self.direct = stage.call.files_directly(self.city)
        self.lead: Membership
        self.editor: Membership
        self.case: Case
        self.talk: Discussion

    def run(self) -> Road:
        return self.stage.walk(self.steps(), begins=self.story.begins, age=self.story.age, seed=self.story.code)

    def steps(self) -> list[Step]:
        """Return the steps to the target, each so many working days after the one before."""
        target = self.story.target
        if target == S.DRAFT:
            return [(0, self.begin), (2, self.divide), (2, self.write), (1, self.look_through)]
        found: list[Step] = [(0, self.begin), (4, self.write)]
        found += [(3, self.tables), (2, self.safeguards), (3, self.submit)]
        if not self.direct:
            if target != S.WITH_CHANNEL or self.story.partly:
                found.append((2, self.channel_opens))
            if target == S.RETURNED:
                return [*found, (2, self.return_)]
            if target == S.WITH_CHANNEL:
                return found
            found.append((2, self.forward))
        if target == S.AWAITING_DISCUSSION:
            return found
        found.append((1, self.office_opens))
        if target == S.WITHDRAWN:
            return [*found, (3, self.withdraw)]
        return found + self._discussion(target)

    def _discussion(self, target: S) -> list[Step]:
        found: list[Step] = [(3, self.discuss)]
        if target == S.UNDER_DISCUSSION:
            return [*found, (5, lambda: self.talk.annotate_first(publish=self.story.partly))]
        found += [
            (6, lambda: self.talk.annotate_first()),
            (3, lambda: self.talk.annotate_second()),
            (1, lambda: self.talk.others_publish()),
            (3, lambda: self.talk.close()),
        ]
        if target == S.OPINION_DRAFTING:
            return [*found, (3, lambda: self.talk.compose())]
        found += [(4, lambda: self.talk.compose()), (2, lambda: self.talk.send())]
        if target == S.UNDER_REVISION:
            return [*found, (6, lambda: self.talk.answer(1))] if self.story.partly else found
        found += [(9, lambda: self.talk.answer()), (4, lambda: self.talk.resubmit())]
        if target == S.RECHECK:
            return [*found, (2, lambda: self.talk.judge(all_of_them=False)), (1, lambda: self.talk.assess(members=1))]
        found += [(3, lambda: self.talk.judge()), (1, lambda: self.talk.assess())]
        if target == S.MATURING:
            return [*found, (2, self.mature_later)]
        return found + self._acceptance(target)

    def _acceptance(self, target: S) -> list[Step]:
        found: list[Step] = [(2, self.find_mature)]
        if target == S.READY:
            return [*found, (4, self.release)] if self.story.partly else found
        found += [(4, self.release), (3, self.file)]
        if target == S.CHECKING:
            return [*found, (1, self.office_opens)] if self.story.partly else found
        found += [(1, self.office_opens), (2, self.accept)]
        found.append((2, lambda: self.talk.give_views(1)))
        if target == S.FORMAL_REVIEW:
            return [*found, (1, self.draft_formal)]
        return [*found, (1, lambda: self.talk.give_views()), (1, self.draft_formal), (2, self.propose)]

    # proposal

    def begin(self) -> None:
        self.lead, self.editor = join_city(self.stage.cast, self.city)
        if not self.direct:
            self.declare()
        self.case = cases.create(self.city, self.stage.call, by=self.lead, title=self.sample["title"])

    def declare(self) -> None:
        kind = "commerce" if self.number % 2 else "drc"
        office = "商务主管部门" if kind == "commerce" else "发展改革部门"
        city, province, day = self.city.name, self.city.province.name, clock.today()
        title = f"关于确定{city}初步方案转报单位的函（示例）"
        number = f"示例府函〔{day.year}〕{20 + self.number}号"
        said = [f"经研究，{city}创建国家电子商务示范城市的初步方案由{province}{office}转报。", "特此函告。"]
        page = documents.scan(title, number, said, f"{city}人民政府（示例）", day.isoformat())
        evidence = documents.keep(page, "转报单位确定函（示例）.png", by=self.lead)
        cases.declare_channel(
            self.city, kind=kind, document_title=title, document_number=number, evidence=evidence, by=self.lead
        )

    def divide(self) -> None:
        """The editor's department is in charge of some parts and helps with those of others that join the team."""
        others = {part: f"{self.city.name}{name}" for part, name in JOINING.items()}
        made = {part: team.add_department(self.case.plan, name, by=self.lead) for part, name in others.items()}
        own = self.editor.organisation
        for part in PARTS:
            area = PARTS[part].area
            if chief := made.get(area or part):
                beside = Duty.Kind.INFORMED if area == PROPOSED_FOR else Duty.Kind.HELPS
                duties = {chief.pk: Duty.Kind.IN_CHARGE, own.pk: beside}
            elif area or part in ("measures", "consultations"):
                duties = {own.pk: Duty.Kind.IN_CHARGE}
            else:
                continue  # nobody's yet: the lead goes on dividing
            team.divide(self.case.plan, part, duties, by=self.lead)

    def write(self) -> None:
        plan, texts = self.case.plan, self.sample["sections"]
        writing.basics(plan, self.sample, by=self.editor, phone=f"示例电话 0000-{1000 + self.number}")
        departments = writing.in_charge(self.sample)
        if self.story.target == S.DRAFT:
            texts, departments = dict(list(texts.items())[:3]), {}  # the division has named them
        writing.texts(plan, texts, by=self.editor, departments=departments)
        if self.story.target == S.DRAFT:
            end = audit.seal("")
            text, why = phrases.PROPOSED_WORDING
            proposals.propose(plan, PROPOSED_FOR, "", text, why, seen=end, by=self.editor)

    def look_through(self) -> None:
        """The lead signs off one of the parts handed in and gives another back; the third waits."""
        writing.sign_off_texts(self.case.plan, self.case.plan.sections.filter(key="policy"), by=self.lead)
        handing_in.give_back(self.case.plan, "support", phrases.GIVEN_BACK, by=self.lead)

    def tables(self) -> None:
        writing.tables(self.case.plan, self.sample, by=self.editor)

    def safeguards(self) -> None:
        deep = self.story.target in DEEP
        names: tuple[str, ...] = ("leading_group", "coordination", "assessment", "summaries", "funds")
        if self.story.target == S.RETURNED:
            names = ("leading_group", "coordination", "funds")
        writing.structured(self.case.plan, self.sample, names, by=self.lead)
        if deep:
            writing.founding(self.case.plan, self.sample, by=self.lead)

    def submit(self) -> None:
        name = "submit_direct" if self.direct else "submit"
        writing.sign_off(self.case.plan, by=self.lead)
        self.stage.fire(self.case, name, self.lead, given={"change_note": "首次提交"})

    def channel(self) -> Membership:
        assert self.case.channel is not None  # only cities with a channel take this road
        return self.stage.cast.of(self.case.channel, Role.CHANNEL_OFFICE, Role.LOCAL_DRC)

    def channel_opens(self) -> None:
        cases.open_handling(self.case, by=self.channel())

    def return_(self) -> None:
        given = {"parts": ["indicators", "assessment", "summaries"]}
        reason = phrases.REASONS["return"]
        self.stage.fire(self.case, "return_for_completion", self.channel(), reason=reason, given=given)

    def forward(self) -> None:
        reason = self.sample.get("forwarding") or phrases.REASONS["forward"]
        self.stage.fire(self.case, "forward", self.channel(), reason=reason)

    def office_opens(self) -> None:
        cases.open_handling(self.case, by=self.stage.cast["office"])

    def withdraw(self) -> None:
        self.stage.fire(self.case, "withdraw", self.lead, reason=phrases.REASONS["withdraw"])

    # revision

    def discuss(self) -> None:
        first, second = self.number % 4 + 1, (self.number + 1) % 4 + 1
        accounts = [f"expert{first}", f"expert{second}", "mofcom-member" if self.number % 2 else "samr-member"]
        members = [self.stage.cast[a] for a in accounts]
        self.talk = Discussion(self.stage, self.case, members, self.lead, self.editor, self.number)
        self.talk.open()

    def mature_later(self) -> None:
        leader = self.stage.cast["leader"]
        self.stage.fire(self.case, "keep_maturing", leader, reason=phrases.REASONS["maturing"])

    def find_mature(self) -> None:
        self.stage.fire(self.case, "find_mature", self.stage.cast["leader"])

    # formal acceptance

    def release(self) -> None:
        """Every second city completes a part for the application before its lead lets it go."""
        if self.number % 2:
            funds = self.sample["funds"]
            said = {**funds, "sources": f"{funds['sources']}\n{phrases.FUNDS}"}
            writing.record(self.case.plan, "funds", said, by=self.lead)
        cases.release(self.case, by=self.lead)

    def local_drc(self) -> Membership:
        return self.stage.cast.of(self.case.local_drc, Role.LOCAL_DRC)

    def file(self) -> None:
        drc, city = self.local_drc(), self.city.name
        title = f"关于申报{city}创建国家电子商务示范城市的函（示例）"
        number, day = f"示例发改〔{clock.today().year}〕{100 + self.number}号", clock.today().isoformat()
        said = [
            f"按照国家电子商务示范城市创建工作安排，我委组织{city}对工作方案作了修改完善，方案已经协调小组讨论成熟。",
            "现将方案及领导小组成立文件一并报送，请予审理。",
        ]
        content = documents.pdf(title, number, "国家发展改革委", said, f"{drc.organisation.name}（示例）", day)
        stored = documents.keep(content, "正式申报函（示例）.pdf", by=drc)
        cover = {"title": title, "number": number, "date": day, "file": stored.pk}
        self.stage.fire(self.case, "file_formally", drc, given={"cover": cover, "change_note": "正式申报"})

    def accept(self) -> None:
        self.stage.fire(self.case, "accept", self.stage.cast["office"])

    def formal_text(self) -> str:
        version = self.case.latest_version.number
        items = self.case.current_round.opinion.items.count()
        return phrases.formal_opinion(self.city.name, version, items)

    def draft_formal(self) -> None:
        formal_opinions.draft_formal(self.case, body=self.formal_text(), by=self.stage.cast["office"])

    def propose(self) -> None:
        leader = self.stage.cast["leader"]
        opinion = formal_opinions.current(self.case)
        assert opinion is not None  # drafted one step before
        formal_opinions.sign_formal(opinion, by=leader)
        outbox.sweep(kind="opinion")  # the worker's part
        self.stage.fire(self.case, "propose", leader)
