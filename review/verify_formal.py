"""Proofs about the formal review: what members said of a plan filed formally, and the printed opinion."""

import json
from collections.abc import Iterator

from applications.models import PlanVersion
from portal.models import AuditEntry, Outbox

from . import verify_words
from .models import MemberView, OpinionPrint

CHUNK = 2000
ACTS = ("view:give", "view:silence", "view:reopen")


def views_are_as_given() -> Iterator[str]:
    """Each view is the last one its author gave; silence is recorded where a signing recorded it, and only there."""
    told: dict[tuple[int, int], str] = {}
    for entry in AuditEntry.objects.filter(action__in=ACTS, result="done").order_by("seq").iterator(CHUNK):
        data = json.loads(entry.text)["data"]
        version = data["version"]
        if entry.action == "view:give":
            told[version, data["member"]] = data["text"]
        for member in data.get("members", ()):
            if entry.action == "view:silence":
                told[version, member] = ""
            else:
                told.pop((version, member), None)
    for view in MemberView.objects.select_related("version__plan").order_by("pk").iterator(CHUNK):
        if told.pop((view.version_id, view.member_id), None) != view.text or (view.given_at is None) != (not view.text):
            yield f"{_place(view.version)}: the view of member {view.member_id} is not the one that was given"
    for version_id, member in sorted(told):
        version = PlanVersion.objects.select_related("plan").get(pk=version_id)
        yield f"{_place(version)}: the view of member {member} is not there"


def prints_belong_to_signatures() -> Iterator[str]:
    """A print's signature was given; once its making is done its file is there, byte for byte."""
    given = set()
    for entry in AuditEntry.objects.filter(action="opinion:sign", result="done").order_by("seq").iterator(CHUNK):
        given.add((int(entry.object_id), json.loads(entry.text)["data"]["digest"]))
    made = {}
    for entry in AuditEntry.objects.filter(action="opinion:made", result="done").order_by("seq").iterator(CHUNK):
        data = json.loads(entry.text)["data"]
        made[data["print"]] = data["sha256"]
    done = set(Outbox.objects.filter(kind="opinion", done_at__isnull=False).values_list("key", flat=True))
    known = set(Outbox.objects.filter(kind="opinion").values_list("key", flat=True))
    for row in OpinionPrint.objects.select_related("opinion", "file").order_by("pk").iterator(CHUNK):
        key, stands = f"opinion:{row.pk}", (row.opinion.digest, row.opinion.signed_at) == (row.digest, row.signed_at)
        if (row.opinion_id, row.digest) not in given:
            yield f"opinion {row.opinion}: a print belongs to a signature that was never given"
        if row.file is None:
            if stands and (key in done or key not in known):
                yield f"opinion {row.opinion} has no file, and nobody is making it"
        elif made.get(row.pk) != row.file.sha256 or not verify_words.is_intact(row.file.sha256):
            yield f"opinion {row.opinion}: its file is missing or not the one that was made"


def _place(version: PlanVersion) -> str:
    return f"plan {version.plan.reference}, version {version.number}"


PROOFS = {"members' views": views_are_as_given, "printed opinions": prints_belong_to_signatures}
