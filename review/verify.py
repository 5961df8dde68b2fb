"""What must always hold, asked of every row: each proof yields a sentence for each offender."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection

from applications.models import PlanVersion
from portal import audit
from portal.models import AuditEntry, Outbox

from . import batch_machine, triggers_moves, verify_files, verify_formal, verify_words, workflow
from .cosigning import missing_joint, missing_signatures
from .models import Batch, BatchLine, BatchMove, Case, Letter, LetterCounter, Move, Opinion
from .services.opinions import canonical
from .states import BatchState, State

Proof = Callable[[], Iterator[str]]
CHUNK = 2000


def states_equal_their_history() -> Iterator[str]:
    """A case stands where its last move left it, and each move is a row of the table."""
    legal = set(workflow.triples())
    cases = Case.objects.order_by("pk").values_list("pk", "plan__reference", "state", "moves")
    yield from _histories("plan", cases, Move, "case_id", State.DRAFT, legal)


def batches_equal_their_history() -> Iterator[str]:
    legal = {(way.name, way.source.value, way.target.value) for way in batch_machine.TABLE.values()}
    batches = Batch.objects.order_by("pk").values_list("pk", "title", "state", "moves")
    yield from _histories("batch", batches, BatchMove, "batch_id", BatchState.COMPOSING, legal)


def _histories(kind, rows, model, key: str, first: str, legal: set) -> Iterator[str]:
    moves = model.objects.order_by(key, "number").values_list(key, "number", "name", "source", "target")
    history = {owner: list(some) for owner, some in groupby(moves.iterator(CHUNK), key=itemgetter(0))}
    for pk, name, state, count in rows.iterator(CHUNK):
        stands, found = first, history.get(pk, [])
        for expected, (_pk, number, move, source, target) in enumerate(found, start=1):
            if number != expected:
                yield f"{kind} {name}: move {expected} is missing"
                break
            if source != stands or (move, source, target) not in legal:
                yield f"{kind} {name}: move {number} ({move}: {source} to {target}) is not a way from {stands}"
            stands = target
        else:
            if (state, count) != (stands, len(found)):
                told = f"its history ends at {stands} after {len(found)}"
                yield f"{kind} {name} stands at {state} after {count} moves; {told}"


def frozen_reasons_are_frozen() -> Iterator[str]:
    """Every move that freezes has its version, and no other move has one."""
    freezing = {way.name for way in workflow.WORKFLOW if way.freezes}
    rows = Move.objects.select_related("case__plan", "version").order_by("pk")
    for move in rows.iterator(CHUNK):
        if (move.name in freezing) != (move.version is not None):
            yield f"plan {move.case.reference}: move {move.number} ({move.name}) has the wrong version"
        elif move.version and move.version.plan_id != move.case.plan_id:
            yield f"plan {move.case.reference}: move {move.number} points to the version of another plan"


def versions_equal_their_digests() -> Iterator[str]:
    last, number = None, 0
    rows = PlanVersion.objects.select_related("plan").order_by("plan_id", "number")
    for version in rows.iterator(200):
        number = number + 1 if version.plan_id == last else 1
        last = version.plan_id
        if version.number != number:
            yield f"plan {version.plan.reference}: version {number} is missing"
            number = version.number
        if audit.digest(version.text) != version.digest:
            yield f"plan {version.plan.reference}: version {version.number} does not match its digest"


def moves_are_in_the_audit() -> Iterator[str]:
    """Each move has its entry with the same facts, and no entry tells of a move that is not there."""
    for kind, prefix, model, key in (("case", "move:", Move, "case_id"), ("batch", "batch:", BatchMove, "batch_id")):
        told = set()
        entries = AuditEntry.objects.filter(object_kind=kind, action__startswith=prefix, result="done")
        for object_id, action, text in entries.values_list("object_id", "action", "text").iterator(CHUNK):
            data = json.loads(text)["data"]
            if "source" in data and "target" in data:
                told.add((int(object_id), data["number"], action.removeprefix(prefix), data["source"], data["target"]))
        done = set(model.objects.values_list(key, "number", "name", "source", "target"))
        for pk, number, name, *_ends in sorted(done - told):
            yield f"{kind} {pk}: move {number} ({name}) has no audit entry that says the same"
        for pk, number, name, *_ends in sorted(told - done):
            yield f"{kind} {pk}: the audit tells of move {number} ({name}), which is not there"


def numbers_have_no_gaps() -> Iterator[str]:
    """Letters and signed opinions count 1, 2, 3 … in each series and year, up to what the counter says."""
    given: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for series, year, number in Letter.objects.values_list("series", "year", "number").iterator(CHUNK):
        given[series, year].add(number)
    for opinion in Opinion.objects.exclude(number=None).values_list("number", flat=True).iterator(CHUNK):
        name, *figures = opinion.split("-")
        year, number = map(int, figures)
        given[name, year].add(number)
    last = {(c.series, c.year): c.last for c in LetterCounter.objects.all()}
    for series, year in sorted(given.keys() | last.keys()):
        numbers, counted = given[series, year], last.get((series, year), 0)
        missing = sorted(set(range(1, counted + 1)) - numbers)
        if missing:
            yield f"number {missing[0]} of the series {series} {year} is missing"
        if numbers and max(numbers) > counted:
            behind = f"behind its last number {max(numbers)}"
            yield f"the counter of the series {series} {year} stands at {counted}, {behind}"


def approvals_have_signatures_and_letters() -> Iterator[str]:
    """Approved exactly where an issued batch lists the city, every agency agreed to its text, and a letter went out."""
    granted: dict[int, str] = {}
    issued = BatchLine.objects.filter(left_out_at__isnull=True, batch__state=BatchState.ISSUED)
    for line in issued.select_related("batch", "case__plan", "letter").order_by("batch__issued_at", "pk"):
        granted[line.case_id] = line.batch.kind
        if missing_signatures(line):
            yield f"plan {line.case.reference}: issued without the agreement of {'、'.join(missing_signatures(line))}"
        if not hasattr(line, "letter"):
            yield f"plan {line.case.reference}: its batch is issued, but it has no letter"
    for case in Case.objects.filter(state=State.APPROVED).select_related("plan").order_by("pk"):
        if granted.pop(case.pk, None) != Batch.Kind.APPROVE:
            yield f"plan {case.reference} is approved, but no issued batch says so"
    for case in Case.objects.filter(pk__in=granted).select_related("plan").order_by("pk"):
        if granted[case.pk] == Batch.Kind.APPROVE:
            yield f"plan {case.reference}: its batch is issued, but it stands at {case.state}"
    for batch in Batch.objects.filter(state=BatchState.ISSUED).order_by("pk"):
        if missing_joint(batch):
            yield f"batch {batch}: issued without the agreement of {'、'.join(missing_joint(batch))} to the joint text"
        if not batch.letters.filter(line__isnull=True).exists():
            yield f"batch {batch} is issued, but has no joint letter"


def letters_have_their_files() -> Iterator[str]:
    """A letter's text matches its digest; once its making is done its file is there, byte for byte."""
    done = set(Outbox.objects.filter(kind="letter", done_at__isnull=False).values_list("key", flat=True))
    known = set(Outbox.objects.filter(kind="letter").values_list("key", flat=True))
    for letter in Letter.objects.select_related("file", "batch").order_by("pk").iterator(CHUNK):
        key = f"letter:{letter.pk}"
        if letter.batch.state != BatchState.ISSUED:
            yield f"letter {letter}: its batch is not issued"
        if audit.digest(audit.canonical(letter.content)) != letter.content_digest:
            yield f"letter {letter}: its text does not match its digest"
        if letter.file is None:
            if key in done or key not in known:
                yield f"letter {letter} has no file, and nobody is making it"
        elif not verify_words.is_intact(letter.file.sha256):
            yield f"letter {letter}: its file is missing or changed"


def opinions_equal_their_digests() -> Iterator[str]:
    rows = Opinion.objects.filter(signed_at__isnull=False).select_related("case__plan", "round", "version")
    for opinion in rows.order_by("pk").iterator(CHUNK):
        if audit.digest(canonical(opinion)) != opinion.digest:
            yield f"opinion {opinion}: its text is not the one that was signed"


def outbox_rows_are_in_order() -> Iterator[str]:
    """Each row is done, parked or waiting, and there is somebody who does its kind."""
    for row in Outbox.objects.order_by("pk").iterator(CHUNK):
        if row.done_at and row.parked_at:
            yield f"outbox {row.key} is done and parked at once"
        if row.parked_at and not row.last_error:
            yield f"outbox {row.key} is parked without a reason"
        if row.kind not in settings.OUTBOX_HANDLERS:
            yield f"outbox {row.key}: nobody does “{row.kind}”"


def database_knows_the_workflow() -> Iterator[str]:
    """The database's lists of legal steps, and of who takes them, are the workflow tables."""
    for table, legal in triggers_moves.rows().items():
        with connection.cursor() as cursor:
            column = triggers_moves.COLUMN[table]
            cursor.execute(f"SELECT name, source, target, {column} FROM {table}")  # noqa: S608 - names of our own
            kept = {tuple(step): who for *step, who in cursor.fetchall()}
        for step in sorted(kept.keys() | legal.keys()):
            name, source, target = step
            if step not in kept or step not in legal:
                where = "is missing from" if step in legal else "stands only in"
                yield f"transition {name}, {source} to {target}, {where} {table}"
            elif kept[step] != legal[step]:
                yield f"transition {name}, {source} to {target}, names others than the workflow in {table}"


PROOFS: dict[str, Proof] = {
    "states": states_equal_their_history,
    "batches": batches_equal_their_history,
    "freezing": frozen_reasons_are_frozen,
    "versions": versions_equal_their_digests,
    "audit": audit.offenders,
    "moves": moves_are_in_the_audit,
    "numbers": numbers_have_no_gaps,
    "approvals": approvals_have_signatures_and_letters,
    "letters": letters_have_their_files,
    "opinions": opinions_equal_their_digests,
    "outbox": outbox_rows_are_in_order,
    "transitions": database_knows_the_workflow,
    **verify_words.PROOFS,
    **verify_formal.PROOFS,
    **verify_files.PROOFS,
}
COUNTED: dict[str, type[Any]] = {
    "plans": Case,
    "moves": Move,
    "versions": PlanVersion,
    "batches": Batch,
    "letters": Letter,
    "opinions": Opinion,
    "audit entries": AuditEntry,
}


def first_offenders() -> dict[str, str]:
    """Return the first offender of each kind that has one."""
    found = ((kind, next(proof(), None)) for kind, proof in PROOFS.items())
    return {kind: sentence for kind, sentence in found if sentence}


def counts() -> dict[str, int]:
    return {name: model.objects.count() for name, model in COUNTED.items()}
