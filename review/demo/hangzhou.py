"""The full plan of 杭州: four members, two rounds, thirty notes, eleven items, three versions, found ready."""

from functools import partial
from typing import Any

from applications.models import Indicator, Measure
from applications.services import versions
from portal.models import Membership

from .. import samples
from ..models import Annotation, OpinionItem
from ..services import annotations, maturity, opinions, responses, rounds
from . import writing
from .roads import CityRoad, Story
from .stage import Stage, Step


class HangzhouRoad(CityRoad):
    """The reviews name members, notes and items by their place in the sample's lists."""

    def __init__(self, stage: Stage, story: Story, number: int):
        super().__init__(stage, story, samples.load_plan(), number)
        self.reviews = samples.load_reviews()
        self.revisions = samples.load_revisions()
        self.notes: dict[int, Annotation] = {}
        self.round = 0
        self.items: dict[tuple[int, int], OpinionItem] = {}

    @property
    def members(self) -> list[Membership]:
        return [self.stage.cast[f"expert{n}"] for n in range(1, 5)]

    def steps(self) -> list[Step]:
        found: list[Step] = [(0, self.begin), (3, self.write), (4, self.tables), (3, self.safeguards), (3, self.submit)]
        found += [(1, self.office_opens), (2, self.open_round)]
        found += self._round(annotating=5, answering=9)
        found.append((2, self.another_round))
        found += self._round(annotating=4, answering=7)
        return [*found, (2, self.find_mature)]

    def _round(self, *, annotating: int, answering: int) -> list[Step]:
        found: list[Step] = []
        for author in range(1, 5):
            found.append((annotating if author == 1 else 1, partial(self.annotate, author)))
        found += [(3, self.close), (3, self.compose), (2, self.send)]
        found += [(answering, self.answer), (2, self.revise), (1, self.resubmit)]
        return [*found, (3, self.judge), (1, self.assess)]

    def safeguards(self) -> None:
        super().safeguards()
        writing.annexes(self.case.plan, self.sample, by=self.editor)

    def open_round(self) -> None:
        self.round += 1
        office = self.stage.cast["office"]
        for member in self.members:
            rounds.assign(self.case, member, by=office)
        if self.round == 1:
            self.stage.fire(self.case, "open_discussion", office)

    def another_round(self) -> None:
        """The office prepares the second round; the leader decides, with the reason."""
        reason = next(o["reason"] for o in self.reviews["outcomes"] if o["round"] == self.round)
        self.open_round()
        self.stage.fire(self.case, "next_round", self.stage.cast["leader"], reason=reason)

    def annotate(self, author: int) -> None:
        member = self.members[author - 1]
        for index, note in enumerate(self.reviews["annotations"]):
            if (note["round"], note["author"]) == (self.round, author):
                self.notes[index] = annotations.add(
                    self.case, by=member, kind=note["kind"], body=note["body"], proposed=note.get("proposed", ""),
                    **self._place(note),
                )  # fmt: skip
        annotations.publish(self.case, by=member)

    def _place(self, note: dict[str, Any]) -> dict[str, Any]:
        plan = self.case.plan
        if "measure" in note:
            measure = Measure.objects.get(plan=plan, title=note["measure"])
            return {"section": "measures", "target": "measure", "target_id": str(measure.pk)}
        if "indicator" in note:
            indicator = Indicator.objects.get(plan=plan, name=note["indicator"])
            return {"section": "indicators", "target": "indicator", "target_id": str(indicator.pk)}
        snapshot = versions.read(self.case.current_round.version)
        paragraphs = next(s["paragraphs"] for s in snapshot["sections"] if s["key"] == note["section"])
        paragraph = next(p for p in paragraphs if note["quote"] in p["text"])
        start = paragraph["text"].index(note["quote"])
        place = {"start": start, "end": start + len(note["quote"])}
        return {"section": note["section"], "target": "paragraph", "target_id": paragraph["id"], **place}

    def close(self) -> None:
        self.stage.fire(self.case, "close_discussion", self.stage.cast["office"])

    @property
    def opinion(self) -> dict[str, Any]:
        return next(o for o in self.reviews["opinions"] if o["round"] == self.round)

    def compose(self) -> None:
        """What an earlier round left to change stands in the draft already; it is reworded and takes its notes."""
        office, sample = self.stage.cast["office"], self.opinion
        draft = opinions.draft(self.case, by=office)
        opinions.set_frame(draft, strengths=sample["strengths"], answer_days=20, by=office)
        for number, item in enumerate(sample["items"], start=1):
            sources = [self.notes[index] for index in item["sources"]]
            section = sample["responses"][number - 1]["section"]
            words = {"kind": item["kind"], "text": item["text"], "section": section}
            if "reopens" in item:
                earlier = self.items[item["reopens"]["round"], item["reopens"]["item"]]
                made = opinions.change_item(draft.items.get(reopens=earlier), **words, by=office)
                opinions.merge(made, sources=sources, by=office)
            else:
                made = opinions.add_item(draft, **words, sources=sources, by=office)
            self.items[self.round, number] = made
        for line in sample["declined"]:
            opinions.decline(self.notes[line["annotation"]], reason=line["reason"], by=office)

    def send(self) -> None:
        leader = self.stage.cast["leader"]
        opinions.sign(self.case.current_round.opinion, by=leader)
        self.stage.fire(self.case, "send_opinion", leader)

    def answer(self) -> None:
        for number, answer in enumerate(self.opinion["responses"], start=1):
            responses.answer(
                self.items[self.round, number], handling=answer["handling"], text=answer["text"],
                section=answer["section"], department=self._department(answer["section"]), by=self.editor,
            )  # fmt: skip

    def _department(self, section: str) -> str:
        return writing.in_charge(self.sample).get(section, self.sample["leading_group"]["lead_department"])

    def revise(self) -> None:
        wanted = samples.plan_version(self.round + 1)["sections"]
        edits = self.revisions[self.round - 1]["edits"]
        writing.revise(self.case.plan, edits, wanted, by=self.editor)

    def resubmit(self) -> None:
        note = self.revisions[self.round - 1]["change_note"]
        writing.sign_off(self.case.plan, by=self.lead)
        self.stage.fire(self.case, "resubmit", self.lead, given={"change_note": note})

    def judge(self) -> None:
        """Each item is judged by the member whose note stands first behind it."""
        for number, answer in enumerate(self.opinion["responses"], start=1):
            first = self.opinion["items"][number - 1]["sources"][0]
            member = self.members[self.reviews["annotations"][first]["author"] - 1]
            item = self.items[self.round, number]
            responses.judge(item, verdict=answer["verdict"], text=answer["verdict_note"], by=member)

    def assess(self) -> None:
        for sheet in self.reviews["maturity"]:
            if sheet["round"] == self.round:
                member = self.members[sheet["author"] - 1]
                for dimension, found in sheet["dimensions"].items():
                    maturity.assess(self.case, dimension, **found, by=member)

    def find_mature(self) -> None:
        reason = next(o["reason"] for o in self.reviews["outcomes"] if o["round"] == self.round)
        self.stage.fire(self.case, "find_mature", self.stage.cast["leader"], reason=reason)
