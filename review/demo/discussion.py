"""One round of discussion on a short plan: notes, opinion, answers, verdicts, maturity sheets."""

import re
from dataclasses import dataclass, field
from typing import Any

from applications.models import Measure
from applications.services import versions
from portal.models import Membership

from ..models import Annotation, Case, OpinionItem
from ..models.opinions import Dimension
from ..services import annotations, maturity, member_views, opinions, responses, rounds
from . import phrases, writing
from .phrases import Remark
from .stage import Stage


@dataclass(slots=True)
class Discussion:
    """``variant`` chooses the remarks; two or three members read, the first two assess."""

    stage: Stage
    case: Case
    members: list[Membership]
    lead: Membership
    editor: Membership
    variant: int
    remarks: dict[int, tuple[Remark, Annotation]] = field(default_factory=dict)

    @property
    def chosen(self) -> list[Remark]:
        pick = self.variant
        return [phrases.MUST[pick % 3], phrases.SUGGESTIONS[(pick // 2) % 3], phrases.QUESTIONS[(pick // 3) % 3]]

    def open(self) -> None:
        office = self.stage.cast["office"]
        for member in self.members:
            rounds.assign(self.case, member, by=office)
        self.stage.fire(self.case, "open_discussion", office)

    def annotate_first(self, *, publish: bool = True) -> None:
        member, (must, suggestion, _question) = self.members[0], self.chosen
        self._note(member, must)
        self._note(member, suggestion)
        self._praise(member)
        if publish:
            annotations.publish(self.case, by=member)

    def annotate_second(self) -> None:
        member, question = self.members[1], self.chosen[2]
        self._note(member, question)
        self._on_measure(member)
        annotations.publish(self.case, by=member)

    def others_publish(self) -> None:
        for member in self.members[2:]:
            annotations.publish(self.case, by=member)

    def _paragraph(self, area: str) -> dict[str, str]:
        snapshot = versions.read(self.case.current_round.version)
        return next(s["paragraphs"][0] for s in snapshot["sections"] if s["key"] == area)

    def _note(self, member: Membership, remark: Remark) -> None:
        paragraph = self._paragraph(remark.area)
        start, end = clause(paragraph["text"], self.variant)
        note = annotations.add(
            self.case,
            by=member,
            kind=remark.kind,
            section=remark.area,
            target="paragraph",
            target_id=paragraph["id"],
            start=start,
            end=end,
            body=remark.note,
            proposed=remark.proposed,
        )
        self.remarks[note.pk] = (remark, note)

    def _praise(self, member: Membership) -> None:
        used = {remark.area for remark, _note in self.remarks.values()}
        area = next(a for a in ("infrastructure", "applications", "services", "support") if a not in used)
        paragraph = self._paragraph(area)
        start, end = clause(paragraph["text"], self.variant + 1)
        body = phrases.STRENGTHS[self.variant % len(phrases.STRENGTHS)]
        place: dict[str, Any] = {
            "section": area,
            "target": "paragraph",
            "target_id": paragraph["id"],
            "start": start,
            "end": end,
        }
        annotations.add(self.case, by=member, kind="strength", body=body, **place)

    def _on_measure(self, member: Membership) -> None:
        measure = Measure.objects.filter(plan=self.case.plan).order_by("position").first()
        body = "任务表中这一项请与正文的期限核对一致，并说明由哪个岗位按季度报送进展。"
        annotations.add(
            self.case, by=member, kind="suggestion", section="measures", target="measure", target_id=str(measure.pk),
            body=body,
        )  # fmt: skip

    def close(self) -> None:
        self.stage.fire(self.case, "close_discussion", self.stage.cast["office"])

    def compose(self) -> None:
        """Draft the opinion: one item a remark, the note on the table declined."""
        office = self.stage.cast["office"]
        opinion = opinions.draft(self.case, by=office)
        for remark, note in self.remarks.values():
            opinions.add_item(
                opinion, kind=remark.kind, text=remark.item, section=remark.area, sources=[note], by=office
            )
        for note in Annotation.objects.filter(round=self.case.current_round, target="measure"):
            opinions.decline(note, reason="期限与正文一致，季度报送由城市年度计划安排，不再列入意见。", by=office)

    def send(self) -> None:
        leader = self.stage.cast["leader"]
        opinions.sign(self.case.current_round.opinion, by=leader)
        self.stage.fire(self.case, "send_opinion", leader)

    def _items(self) -> list[tuple[OpinionItem, Remark]]:
        by_text = {remark.item: remark for remark, _note in self.remarks.values()}
        return [(item, by_text[item.text]) for item in responses.items(self.case)]

    def answer(self, count: int | None = None) -> None:
        """Answer the first ``count`` items (all), and change the plan accordingly."""
        for item, remark in self._items()[:count]:
            responses.answer(
                item, handling=remark.handling, text=remark.answer, section=remark.area, department="市发展改革委",
                by=self.editor,
            )  # fmt: skip
            if remark.added:
                plan = self.case.plan
                section = plan.sections.get(key=remark.area)
                texts = [p["text"] for p in section.paragraphs] + [remark.added]
                writing.texts(plan, {remark.area: texts}, by=self.editor)

    def resubmit(self) -> None:
        writing.sign_off(self.case.plan, by=self.lead)
        note = {"change_note": "按讨论修改意见补实任务，逐条答复"}
        self.stage.fire(self.case, "resubmit", self.lead, given=note)

    def judge(self, *, all_of_them: bool = True) -> None:
        for item, remark in self._items()[: None if all_of_them else 1]:
            responses.judge(item, verdict="solved", text=remark.verdict, by=self.members[0])

    def assess(self, *, members: int = 2) -> None:
        """Fill in the maturity sheet of so many members; levels differ by one here and there."""
        for number, member in enumerate(self.members[:members]):
            for place, dimension in enumerate(Dimension):
                level = 2 if (place + number + self.variant) % 4 == 0 else 3
                evidence = phrases.EVIDENCE[dimension.value] if level > 2 else ""
                reason = phrases.LEVEL_REASONS[level]
                maturity.assess(self.case, dimension.value, level=level, reason=reason, evidence=evidence, by=member)

    def give_views(self, count: int | None = None) -> None:
        """The first ``count`` members say what they think of the plan as filed; otherwise one of three stays silent."""
        for place, member in enumerate(self.members[: 2 if count is None else count]):
            text = phrases.VIEWS[(self.variant + place) % len(phrases.VIEWS)]
            member_views.give(self.case, text=text, by=member)


def clause(text: str, number: int) -> tuple[int, int]:
    """Return where a clause of 6 to 40 characters stands, the ``number``-th one, round and round."""
    found = [m.span() for m in re.finditer(r"[^，。；：、]{6,40}", text) if text.count(m.group()) == 1]
    return found[number % len(found)] if found else (0, min(12, len(text)))
