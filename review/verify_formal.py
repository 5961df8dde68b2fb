"""Proofs about the formal review: what members said of a plan filed formally."""

import json
from collections.abc import Iterator

from applications.models import PlanVersion
from portal.models import AuditEntry

from .models import MemberView

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


def _place(version: PlanVersion) -> str:
    return f"plan {version.plan.reference}, version {version.number}"


PROOFS = {"members' views": views_are_as_given}
