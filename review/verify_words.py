"""Proofs about what people said: signatures, notes, answers, verdicts, letters and frozen files against the audit."""

import json
from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from applications.models import PlanVersion
from portal import blobs
from portal.models import AuditEntry, StoredFile

from .effects import covered
from .models import (
    Annotation,
    Batch,
    BatchLine,
    BatchMove,
    Case,
    FormalFiling,
    FrozenText,
    Letter,
    Opinion,
    Response,
    Signature,
    Verdict,
)
from .services import batches, letter_texts
from .services.annotations import fingerprint
from .states import BatchState, State

CHUNK = 2000


def _told(action: str) -> Iterator[tuple[AuditEntry, dict]]:
    """Yield every done entry of one act in order, with its data."""
    entries = AuditEntry.objects.filter(action=action, result="done").order_by("seq")
    for entry in entries.iterator(CHUNK):
        yield entry, json.loads(entry.text)["data"]


def signatures_are_in_the_audit() -> Iterator[str]:
    """Each signature was given as it stands, and each one given is there."""
    told = Counter(
        (int(entry.object_id), entry.post_id, bool(city), decision, digest, text)
        for entry, data in _told("batch:sign")
        for city, decision, digest, text in data["signatures"]
    )
    rows = Signature.objects.select_related("batch", "agency", "line").order_by("pk")
    for s in rows.iterator(CHUNK):
        given = (s.batch_id, s.signed_by_id, s.line_id is not None, s.decision, s.digest, s.text)
        if not told[given]:
            yield f"batch {s.batch}: signature {s.pk} of {s.agency.short_name} has no audit entry that says the same"
        told[given] -= 1
    for (batch, post, _city, decision, *_rest), left in sorted(told.items()):
        if left > 0:
            yield f"batch {batch}: the audit tells of a signature ({decision}) by post {post}, which is not there"


def signatures_end_for_a_reason() -> Iterator[str]:
    """A signature ended because its agency took it back, or the batch or its text changed; and only then."""
    unsigned = {data["signature"]: data["reason"] for _entry, data in _told("batch:unsign")}
    moved = {(pk, name) for pk, name in BatchMove.objects.values_list("batch_id", "name")}
    rows = Signature.objects.select_related("batch", "line", "agency").order_by("pk")
    for s in rows.iterator(CHUNK):
        causes = {
            batches.TAKEN_OUT: s.line is not None and s.line.left_out_at is not None,
            batches.TEXT_CHANGED: s.digest != (s.line.digest if s.line else s.batch.joint_digest)
            or (s.batch_id, "unfreeze") in moved,
            batches.REOPENED: (s.batch_id, "reopen") in moved,
            batches.CANCELLED: (s.batch_id, "cancel") in moved,
        }
        if s.pk in unsigned:
            well = s.ended_at is not None and s.ended_reason == unsigned[s.pk]
        else:
            well = s.ended_at is None or causes.get(s.ended_reason, False)
        if not well:
            yield f"batch {s.batch}: signature {s.pk} of {s.agency.short_name} ended otherwise than the record says"


def notes_are_as_published() -> Iterator[str]:
    told: dict[int, str] = {}
    for _entry, data in _told("annotation:publish"):
        told.update(zip(data["notes"], data.get("digests", []), strict=False))
    published = Annotation.objects.filter(published_at__isnull=False).select_related("version__plan").order_by("pk")
    for note in published.iterator(CHUNK):
        if told.pop(note.pk, None) != fingerprint(note):
            yield f"plan {note.version.plan.reference}: note {note.pk} is not the one that was published"
    for pk in sorted(told):
        yield f"note {pk} was published, but is not there"


def answers_are_as_given() -> Iterator[str]:
    """The city's answers and the group's verdicts are the last ones the audit tells of."""
    told: dict[int, dict] = {}
    written = AuditEntry.objects.filter(action__in=["response:answer", "response:entrust"])
    for entry in written.order_by("seq").iterator(CHUNK):
        data = json.loads(entry.text)["data"]
        known = told.setdefault(int(entry.object_id), {"handling": "", "text": "", "section": "", "department": ""})
        known.update({name: data[name] for name in known if name in data})
    for row in Response.objects.select_related("item__opinion").order_by("pk").iterator(CHUNK):
        given = told.pop(row.pk) if row.pk in told else None
        if given is None or any(getattr(row, name) != said for name, said in given.items()):
            yield f"opinion {row.item.opinion}: the answer to item {row.item.position} is not the one that was given"
    yield from (f"answer {pk} was given, but is not there" for pk in sorted(told))


def verdicts_are_as_given() -> Iterator[str]:
    told = {int(e.object_id): (d["item"], d["verdict"], d["text"], e.post_id) for e, d in _told("verdict:give")}
    for row in Verdict.objects.select_related("item__opinion").order_by("pk").iterator(CHUNK):
        if told.pop(row.pk, None) != (row.item_id, row.verdict, row.text, row.given_by_id):
            yield f"opinion {row.item.opinion}: the verdict on item {row.item.position} is not the one that was given"
    yield from (f"verdict {pk} was given, but is not there" for pk in sorted(told))


def opinions_are_as_signed() -> Iterator[str]:
    """The digest an opinion stands by is the one of its last signing; taken back, it stands by none."""
    told: dict[int, str] = {}
    for entry in AuditEntry.objects.filter(action__in=["opinion:sign", "opinion:unsign"]).order_by("seq"):
        taken_back = entry.action == "opinion:unsign"
        told[int(entry.object_id)] = "" if taken_back else json.loads(entry.text)["data"]["digest"]
    for opinion in Opinion.objects.order_by("pk").iterator(CHUNK):
        if opinion.digest != told.get(opinion.pk, "") or (opinion.signed_at is None) != (not opinion.digest):
            yield f"opinion {opinion}: its signature is not the one in the audit"


def texts_are_those_signed() -> Iterator[str]:
    """What a batch would print gives the digest its agencies sign; texts sent round are kept as they were."""
    for batch in Batch.objects.order_by("pk").iterator(CHUNK):
        for name in letter_texts.altered(batch):
            yield f"batch {batch}: {name}: the text is not the one its digest was made of"
    sent = set(FrozenText.objects.values_list("batch", "digest", "version"))
    for line in BatchLine.objects.exclude(digest="").select_related("batch", "case__city").order_by("pk"):
        if (line.batch_id, line.digest, line.version_id) not in sent:
            yield f"batch {line.batch}: {line.case.city.name}: the version is not the one that was sent round"
    for kept in FrozenText.objects.select_related("batch", "version").order_by("pk").iterator(CHUNK):
        if letter_texts.kept_digest(kept) != kept.digest:
            yield f"batch {kept.batch}: a text that was sent round ({kept.digest[:16]}) is not kept as it was"


def lanes_are_as_composed() -> Iterator[str]:
    """The co-signing agencies of a batch are those it was begun with."""
    told = {int(entry.object_id): data["agencies"] for entry, data in _told("batch:compose") if "agencies" in data}
    for batch in Batch.objects.filter(pk__in=told).prefetch_related("agencies").order_by("pk"):
        if [lane.organisation_id for lane in batch.agencies.all()] != told[batch.pk]:
            yield f"batch {batch}: its agencies are not those it was begun with"


def cosigned_cases_are_on_a_list() -> Iterator[str]:
    listed = BatchLine.objects.filter(is_current=True, left_out_at__isnull=True).values("case")
    for case in Case.objects.filter(state=State.COSIGNING).exclude(pk__in=listed).order_by("pk"):
        yield f"plan {case.reference} is being co-signed, but stands on no list"


def filings_are_as_filed() -> Iterator[str]:
    told = {int(entry.object_id): data["cover"] for entry, data in _told("filing:keep")}
    filings = FormalFiling.objects.select_related("case__plan", "cover_file", "version").order_by("pk")
    for filing in filings.iterator(CHUNK):
        if told.pop(filing.pk, None) != covered(filing):
            yield f"plan {filing.case.reference}: its formal application is not the one that was filed"
    yield from (f"formal application {pk} was filed, but is not there" for pk in sorted(told))


def letters_are_as_issued() -> Iterator[str]:
    """Number, text and code are those of the issue; the status is what later rescinding letters made of it."""
    told = {}
    for entry, data in _told("batch:letters"):
        told.update({(int(entry.object_id), n): c for n, c in zip(data["numbers"], data["contents"], strict=True)})
    letters = list(Letter.objects.select_related("batch", "line").order_by("pk"))
    due = _statuses(letters)
    for letter in letters:
        if told.get((letter.batch_id, letter.document_number)) != letter.content_digest:
            yield f"letter {letter}: the audit does not tell of this number with this text"
        if letter.content.get("code") != letter.code:
            yield f"letter {letter}: its code is not the one it prints"
        if (letter.status, letter.replaced_by_id) != due[letter.pk]:
            yield f"letter {letter} is “{letter.status}”; by the letters issued it is “{due[letter.pk][0]}”"


def _statuses(letters: list[Letter]) -> dict[int, tuple[str, int | None]]:
    """Replay the issues: a rescinding letter revokes the city's approval and corrects its joint letter."""
    due: dict[int, tuple[str, int | None]] = {letter.pk: (Letter.Status.VALID.value, None) for letter in letters}
    approvals = [x for x in letters if x.batch.kind == Batch.Kind.APPROVE]
    joints = {x.batch_id: x for x in letters if x.line is None}
    for joint in (x for x in joints.values() if x.batch.kind == Batch.Kind.RESCIND):
        touched = set()
        for letter in (x for x in letters if x.batch_id == joint.batch_id and x.line is not None):
            for old in approvals:
                same = old.line is not None and letter.line is not None and old.line.case_id == letter.line.case_id
                if same and old.pk < letter.pk and due[old.pk][0] == Letter.Status.VALID:
                    due[old.pk] = (Letter.Status.REVOKED.value, letter.pk)
                    touched.add(old.batch_id)
        for batch in touched:
            valid = any(x.batch_id == batch and x.line and due[x.pk][0] == Letter.Status.VALID for x in approvals)
            status = Letter.Status.CORRECTED if valid else Letter.Status.REVOKED
            due[joints[batch].pk] = (status.value, joint.pk)
    return due


def frozen_files_are_kept() -> Iterator[str]:
    """Every attachment of a frozen version, and every cover letter, has its file row and its bytes."""
    rows = set(StoredFile.objects.values_list("sha256", "size"))
    intact: dict[str, bool] = {}

    def kept(sha: str) -> bool:
        if sha not in intact:
            intact[sha] = is_intact(sha)
        return intact[sha]

    for version in PlanVersion.objects.select_related("plan").order_by("pk").iterator(200):
        name = f"plan {version.plan.reference}: version {version.number}"
        for file in json.loads(version.text)["attachments"]:
            if (file["sha256"], file["size"]) not in rows:
                yield f"{name} froze {file['name']}, and no file has that digest and size"
            elif not kept(file["sha256"]):
                yield f"{name} froze {file['name']}; the file is missing or changed"
    for filing in FormalFiling.objects.select_related("case__plan", "cover_file").order_by("pk").iterator(CHUNK):
        if not kept(filing.cover_file.sha256):
            yield f"plan {filing.case.reference}: the file of its cover letter is missing or changed"


def is_intact(sha: str) -> bool:
    """Say whether the private store has the bytes of this digest."""
    try:
        return blobs.is_intact(sha, settings.PRIVATE_ROOT)
    except (FileNotFoundError, ValueError):
        return False


def issued_batches_are_recorded() -> Iterator[str]:
    """Every issued batch has its entry with the numbers of its letters."""
    told = {int(entry.object_id) for entry, _data in _told("batch:letters")}
    for batch in Batch.objects.filter(state=BatchState.ISSUED).exclude(pk__in=told).order_by("pk"):
        yield f"batch {batch} is issued, but the audit tells of no letters"


PROOFS = {
    "signatures": signatures_are_in_the_audit,
    "ended signatures": signatures_end_for_a_reason,
    "notes": notes_are_as_published,
    "answers": answers_are_as_given,
    "verdicts": verdicts_are_as_given,
    "signed opinions": opinions_are_as_signed,
    "signed texts": texts_are_those_signed,
    "agencies": lanes_are_as_composed,
    "lists": cosigned_cases_are_on_a_list,
    "formal applications": filings_are_as_filed,
    "issued letters": letters_are_as_issued,
    "issues": issued_batches_are_recorded,
    "files": frozen_files_are_kept,
}
