"""The opinion's items beside the part they speak of, while the city revises its plan (ux 2.10, 2.11, 2.19)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from applications import anchors, snapshot
from applications.anchors import Status
from applications.models import Section
from applications.paragraphs import Paragraph
from applications.services import versions

from .models import Annotation, Case, OpinionItem
from .reading import anchor_of
from .services import responses
from .services.responses import ANSWERING


@dataclass(frozen=True, slots=True)
class Place:
    """The passage an item was written about: ``quote`` as the group read it, ``now`` as it is saved today.

    ``now`` is empty where the passage is gone, ``at`` counts characters from the head of the part's text;
    ``row`` is the row of a table instead of a passage.
    """

    quote: str
    now: str = ""
    at: int = 0
    paragraph: str = ""
    row: str = ""

    @property
    def is_changed(self) -> bool:
        return self.now != self.quote


@dataclass(slots=True)
class Pinned:
    """One item; ``is_asked`` when the reader came from it."""

    item: OpinionItem
    is_answered: bool
    is_asked: bool
    places: list[Place] = field(default_factory=list)


def waiting(case: Case) -> Counter[str]:
    """Return how many items of the current opinion each part still has to answer; "" is the plan as a whole."""
    if case.state not in ANSWERING:
        return Counter()
    open_items = responses.items(case).filter(response__answered_at__isnull=True)
    return Counter(open_items.values_list("section", flat=True))


def beside(case: Case, part: str, section: Section | None = None, asked: int | None = None) -> list[Pinned]:
    """Return the items about a part: the one asked for first, then those to answer, then the answered ones."""
    if case.state not in ANSWERING:
        return []
    items = list(responses.items(case).filter(section=part).prefetch_related("sources"))
    origin = snapshot.paragraphs(versions.read(case.current_round.version), part) if items and section else []
    found = [
        Pinned(item, is_answered(item), item.pk == asked, _places(item.sources.all(), section, origin))
        for item in items
    ]
    return sorted(found, key=lambda p: (not p.is_asked, p.is_answered, p.item.position))


def earlier(case: Case, part: str) -> list[OpinionItem]:
    """Return what earlier rounds' opinions said about a part, the newest first; only while the plan is written."""
    if case.current_round is None or not case.plan.may_be_edited:
        return []
    said = OpinionItem.objects.filter(
        opinion__case=case, opinion__round__isnull=False, opinion__sent_at__isnull=False, section=part
    )
    before = said.exclude(opinion__round=case.current_round) if case.state in ANSWERING else said
    return list(
        before.select_related("opinion__round", "response", "verdict").order_by("-opinion__round__number", "position")
    )


def is_answered(item: OpinionItem) -> bool:
    answer = getattr(item, "response", None)
    return bool(answer and answer.answered_at)


def _places(notes: Iterable[Annotation], section: Section | None, origin: Sequence[Paragraph]) -> list[Place]:
    """Return the passages of the notes an item was made of, each once."""
    found = dict.fromkeys(_place(note, section.paragraphs if section else [], origin) for note in notes)
    return [place for place in found if place.quote or place.row]


def _place(note: Annotation, paragraphs: Sequence[Paragraph], origin: Sequence[Paragraph]) -> Place:
    if note.target != "paragraph":
        return Place("", row=note.target_id)
    found = anchors.locate(anchor_of(note), note.target_id, paragraphs, origin)
    if found.status == Status.ORPHAN:
        return Place(note.quote)
    number = next(n for n, p in enumerate(paragraphs) if p["id"] == found.paragraph_id)
    before = sum(len(p["text"]) + 1 for p in paragraphs[:number])
    now = paragraphs[number]["text"][found.start : found.end]
    return Place(note.quote, now, before + found.start, paragraphs[number]["id"])
