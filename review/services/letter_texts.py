"""From a batch to the texts the agencies sign, and from those to the letters as they are printed.

What is only known when a batch is issued stays a field in the signed text: list, number, date, code and anchor.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.models import PlanVersion
from applications.models.calls import Genre
from portal import audit, clock

from ..letters import wording
from ..models import Batch, BatchLine, FrozenText

Text = dict[str, Any]


def city_text(line: BatchLine) -> Text:
    """Return title, addressees, body and copies of one city's letter as they will be printed."""
    case, batch = line.case, line.batch
    filing = case.filings.filter(version=line.version).order_by("-id").first()
    earlier = line.case.lines.filter(batch__kind=Batch.Kind.APPROVE, letter__isnull=False).order_by("-id").first()
    return wording.city(
        kind=batch.kind,
        genre=batch.genre,
        city=case.city.name,
        addressee=case.local_drc.name,
        plan=case.plan.title,
        filing={"title": filing.cover_title, "number": filing.cover_number, "date": filing.cover_date},
        agencies=[a.organisation.short_name for a in _agencies(batch)],
        copies=[c.name for c in (case.city.government, case.channel) if c],
        earlier=earlier.letter.document_number if earlier else "",
    )


def joint_text(batch: Batch) -> Text:
    """Return the joint letter with ``{cities}`` and ``{count}`` still open; its addressees follow from the list."""
    return wording.joint(
        kind=batch.kind, genre=batch.genre, agencies=[a.organisation.short_name for a in _agencies(batch)]
    )


def city_digest(line: BatchLine) -> str:
    """Return what an agency signs for a city: SHA-256 of the canonical (plan version digest, letter text)."""
    return _digest(line.letter_text, line.version)


def joint_digest(batch: Batch) -> str:
    return _digest(batch.joint_text)


def _digest(text: Text, version: PlanVersion | None = None) -> str:
    signed = {"version": version.digest, "letter": text} if version else {"joint": text}
    return audit.digest(audit.canonical(signed))


def altered(batch: Batch) -> list[str]:
    """Return the cities whose text or version no longer gives the digest, and the joint letter if its does not."""
    lines = batch.standing_lines().exclude(digest="")
    names = [line.case.city.name for line in lines if city_digest(line) != line.digest]
    return names + ([_("Joint letter")] if batch.joint_digest and joint_digest(batch) != batch.joint_digest else [])


def keep(batch: Batch, digest: str, text: Text, version: PlanVersion | None = None) -> None:
    """Keep a text that agencies are asked to sign; the same text frozen again is kept already."""
    FrozenText.objects.get_or_create(
        batch=batch, digest=digest, defaults={"version": version, "text": text, "frozen_at": clock.now()}
    )


def kept_digest(kept: FrozenText) -> str:
    """Return the digest of a text that was sent round, made anew: with a version a city's, without the joint one."""
    return _digest(kept.text, kept.version)


def city_content(line: BatchLine, **issued: Any) -> dict[str, Any]:
    """Return everything printed on a city's letter, as ``review.letters.document.Letter`` takes it."""
    return _content(line.batch, line.letter_text, attachments=[], **issued)


def joint_content(batch: Batch, lines: list[BatchLine], **issued: Any) -> dict[str, Any]:
    """Return the joint letter with its fields filled from the remaining list."""
    names = [line.case.city.name for line in lines]
    offices = list(dict.fromkeys(line.case.local_drc.name for line in lines))
    fields = {"cities": wording.some(names), "count": str(len(names))}
    text = {
        "title": wording.fill(batch.joint_text["title"], fields),
        "addressees": offices,
        "body": [[level, wording.fill(body, fields)] for level, body in batch.joint_text["body"]],
        "copies_to": batch.joint_text["copies_to"],
    }
    rows = [
        [str(number), line.case.city.province.name, line.case.city.name] for number, line in enumerate(lines, start=1)
    ]
    table = {"title": batch.joint_text["list_title"], "paragraphs": [], "table_head": ["序号", "地区", "城市"],
             "table_rows": rows}  # fmt: skip
    return _content(batch, text, attachments=[table], **issued)


def _content(
    batch: Batch,
    text: Text,
    *,
    attachments: list,
    number: str,
    day: date,
    code: str,
    anchor: str,
    specimen: bool,
) -> dict[str, Any]:
    names = [a.organisation.name_on(day) for a in _agencies(batch)]
    as_letter = batch.genre == Genre.REPLY
    return {
        "format": "letter" if as_letter else "document",
        "marks": names[:1] if as_letter else names,
        "number": number,
        "title": text["title"],
        "addressees": text["addressees"],
        "body": text["body"],
        "signatories": names,
        "issued_on": day.isoformat(),
        "attachments": attachments,
        "copies_to": text["copies_to"],
        "printed_by": "" if as_letter else f"{names[0]}办公厅",
        "printed_on": None if as_letter else day.isoformat(),
        "code": code,
        "verify_url": f"{settings.SITE_URL}{settings.FORCE_SCRIPT_NAME or ''}/verify/{code}/",
        "audit_anchor": anchor,
        "specimen": specimen,
        "whole_words": [],
    }


def _agencies(batch: Batch):
    return batch.agencies.select_related("organisation").prefetch_related("organisation__names").order_by("position")
