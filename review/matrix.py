"""A batch as its pages show it: who has received, advised, signed and said what of which city."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from portal.models import Outbox
from portal.words import grouped

from .models import Batch, BatchAgency, BatchLine, Case, Letter, Signature
from .states import BatchState

COLOURS = {
    BatchState.COMPOSING: "grey",
    BatchState.COSIGNING: "teal",
    BatchState.SIGNED: "blue",
    BatchState.ISSUED: "green",
    BatchState.CANCELLED: "grey",
}
DECISION_COLOURS = {
    Signature.Decision.AGREE: "green",
    Signature.Decision.AGREE_NOTE: "blue",
    Signature.Decision.NOT_YET: "amber",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One agency's word on one row: ``signature`` is ``None`` while it has not decided."""

    agency: str
    signature: Signature | None

    @property
    def colour(self) -> str:
        return DECISION_COLOURS[Signature.Decision(self.signature.decision)] if self.signature else "grey"

    @property
    def words(self) -> str:
        return str(self.signature.get_decision_display()) if self.signature else _("Not signed")


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    digest: str
    cells: list[Cell]
    line: BatchLine | None = None

    @property
    def fingerprint(self) -> str:
        return grouped(self.digest[:16].upper())

    @property
    def agreed(self) -> int:
        return sum(1 for c in self.cells if c.signature and c.signature.decision != Signature.Decision.NOT_YET)

    @property
    def excepted(self) -> bool:
        return any(c.signature and c.signature.decision == Signature.Decision.NOT_YET for c in self.cells)


@dataclass(frozen=True, slots=True)
class Lane:
    """An agency's way through the co-signature: 收到, 承办, 已签."""

    agency: BatchAgency
    given: int
    asked: int

    @property
    def words(self) -> str:
        if self.asked and self.given >= self.asked:
            return _("Signed")
        if self.given:
            return _("Signed in part (%(given)d of %(asked)d)") % {"given": self.given, "asked": self.asked}
        if self.agency.handled_at:
            return _("With the signer")
        return _("With the handler") if self.agency.received_at else _("Not opened yet")

    @property
    def colour(self) -> str:
        return "green" if self.asked and self.given >= self.asked else "teal" if self.agency.received_at else "grey"


@dataclass(slots=True)
class Matrix:
    lanes: list[Lane] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    notes: list[Signature] = field(default_factory=list)  # standing, with a note or grounds
    ended: list[Signature] = field(default_factory=list)  # withdrawn or voided


def matrix(batch: Batch) -> Matrix:
    """Return lanes and rows with constantly many queries."""
    agencies = list(batch.agencies.select_related("organisation", "handled_by__user").order_by("position"))
    lines = list(batch.standing_lines())
    given = list(batch.signatures.select_related("agency", "line__case__city", "signed_by__user").order_by("id"))
    by_place = {(s.line_id, s.agency_id): s for s in given if s.ended_at is None}

    def cells(line_id: int | None) -> list[Cell]:
        return [Cell(a.organisation.short_name, by_place.get((line_id, a.organisation_id))) for a in agencies]

    rows = [Row(_("Joint text"), batch.joint_digest, cells(None))]
    rows += [Row(line.case.city.name, line.digest, cells(line.pk), line) for line in lines]
    counted = [
        Lane(a, sum(1 for (_line, agency) in by_place if agency == a.organisation_id), len(rows)) for a in agencies
    ]
    notes = [s for s in given if s.ended_at is None and s.text]
    return Matrix(counted, rows, notes, [s for s in given if s.ended_at is not None])


def undecided(batch: Batch, agency_id: int) -> tuple[list[BatchLine], bool]:
    """Return the lines this agency has not decided on, and whether the joint text is among what it has not."""
    standing = Signature.objects.filter(batch=batch, agency=agency_id, ended_at__isnull=True)
    decided = set(standing.values_list("line_id", flat=True))
    return [line for line in batch.standing_lines() if line.pk not in decided], None not in decided


def with_counts(batches):
    """Add how many cities stand on each list and how many letters each has."""
    return batches.annotate(
        cities=Count("lines", filter=Q(lines__left_out_at__isnull=True), distinct=True),
        letter_count=Count("letters", distinct=True),
    )


def provinces(cases: list[Case]) -> list[tuple[str, int]]:
    """Return how many cities stand from each province: information, not a quota."""
    counted: dict[str, int] = {}
    for case in cases:
        name = case.city.province.short_name
        counted[name] = counted.get(name, 0) + 1
    return list(counted.items())


def progress(batch: Batch) -> list[dict[str, Any]]:
    """Return each letter with its state in words: waiting, being made, made, sent, failed."""
    letters = list(batch.letters.select_related("line__case__city", "file").order_by("number"))
    work = {w.key: w for w in Outbox.objects.filter(key__in=[f"letter:{x.pk}" for x in letters])}
    return [_told(letter, work.get(f"letter:{letter.pk}")) for letter in letters]


def _told(letter: Letter, work: Outbox | None) -> dict[str, Any]:
    label = letter.line.case.city.name if letter.line else _("Joint letter")
    words, colour, finished = _("Waiting"), "grey", False
    if letter.file_id and work and work.done_at:
        words, colour, finished = _("Sent"), "green", True
    elif letter.file_id:
        words, colour = _("Made"), "teal"
    elif letter.problem:
        words, colour = _("Failed"), "red"
    elif work and work.tries and not work.last_error:
        words, colour = _("Being made"), "teal"
    return {
        "letter": letter,
        "label": label,
        "words": words,
        "colour": colour,
        "finished": finished,
        "parked": bool(work and work.parked_at),
    }
