"""What changed in a text since an agency signed it: its ended signature leads back to the text it was given for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from applications import comparison
from applications.comparison import Kind
from portal.words import listed

from . import comparing
from .models import Batch, BatchLine, FrozenText, Signature


@dataclass(frozen=True, slots=True)
class Since:
    """``rows`` are the paragraphs that differ, ``said`` the same aloud; ``old`` and ``new`` are plan versions."""

    signature: Signature
    label: str
    rows: list[dict[str, Any]]
    said: list[str]
    line: BatchLine | None = None
    old: Any = None  # the version signed, where the line holds another one now
    plan_changes: int = 0

    @property
    def is_same(self) -> bool:
        return not self.rows and self.old is None


def since_signed(batch: Batch, agency_id: int) -> dict[int | None, Since]:
    """Return by line (``None``: the joint text) what differs from what this agency signed last, if that has ended.

    A text the agency has signed as it stands is left out, and one that it never signed.
    """
    last = _last_ended(batch, agency_id)
    kept = {t.digest: t for t in FrozenText.objects.filter(batch=batch).select_related("version")}
    found: dict[int | None, Since] = {}
    if (signature := last.get(None)) and (text := kept.get(signature.digest)):
        rows, said = _difference(text.text, batch.joint_text)
        found[None] = Since(signature, _("Joint text"), rows, said)
    for line in batch.standing_lines():
        signature = last.get(line.case_id)
        text = kept.get(signature.digest) if signature else None
        if signature is None or text is None:
            continue
        rows, said = _difference(text.text, line.letter_text)
        old = text.version if text.version_id != line.version_id else None
        changes = comparing.compare(old, line.version, tab="text", view="changes").total if old else 0
        found[line.pk] = Since(signature, line.case.city.name, rows, said, line, old, changes)
    return found


def _last_ended(batch: Batch, agency_id: int) -> dict[int | None, Signature]:
    """Return the last signature of an agency by case, unless one stands for it; a city may have come back."""
    given = (
        Signature.objects.filter(batch=batch, agency=agency_id)
        .annotate(case=F("line__case"))
        .order_by("signed_at", "id")
    )
    last = {s.case: s for s in given}
    standing = {s.case for s in given if s.ended_at is None}
    return {case: s for case, s in last.items() if case not in standing}


def _difference(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    compared = comparison.compare(_paragraphs(old, "old"), _paragraphs(new, "new"))
    rows = [
        {"kind": row.kind.value, "word": comparing.KIND_WORDS[row.kind], "html": comparing.marked(row.runs)}
        for row in compared
        if row.kind != Kind.SAME
    ]
    return rows, comparison.as_list(compared)


def _paragraphs(text: dict[str, Any], side: str) -> list[dict[str, str]]:
    """Return a letter's text as paragraphs; only title, addressees and copies are known to be the same ones."""
    parts = [("title", text.get("title", "")), ("to", listed(text.get("addressees", [])))]
    parts += [(f"{side}-{number}", body) for number, (_level, body) in enumerate(text.get("body", []))]
    parts.append(("copies", listed(text.get("copies_to", []))))
    return [{"id": id_, "text": _shown(part)} for id_, part in parts if part]


def _shown(text: str) -> str:
    return text.replace("{cities}", _("[cities]")).replace("{count}", _("[number]"))
