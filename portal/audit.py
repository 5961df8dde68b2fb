"""The append-only, hash-chained record of every act (GB/T 22239—2019; requirement H5)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from . import clock
from .models import AuditEntry, AuditHead, Membership, User

GENESIS = "0" * 64


def canonical(data: Any) -> str:
    """Return the one JSON text of ``data``: sorted keys, no spaces, UTF-8, no floats."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def seal(data: Any) -> str:
    """Return a short digest of ``data``, so that a form can tell whether what its page showed still holds."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    return str(value)


def stamp(moment: datetime) -> str:
    return moment.astimezone(clock.BEIJING).isoformat(timespec="microseconds")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    action: str,
    obj: Any = None,
    *,
    by: Membership | None = None,
    user: User | None = None,
    result: str = "done",
    **data: Any,
) -> AuditEntry:
    """Append one entry inside the caller's transaction; the head row stays locked until that ends.

    ``obj`` is a model instance or ``None``; ``by`` the post that acted (``None``: the portal itself);
    ``user`` stands for a person without a post. Lock order: batch, cases, **audit head**, letter counter.
    """
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(pk=1)
        seq, at = head.seq + 1, clock.now()
        actor = by.user if by else user
        kind, ident = (obj._meta.model_name, str(obj.pk)) if obj is not None else ("", "")
        text = canonical(
            {
                "seq": seq,
                "at": at,
                "actor": actor.username if actor else None,
                "post": by.pk if by else None,
                "action": action,
                "object": [kind, ident],
                "result": result,
                "data": data,
            }
        )
        hashed = digest(head.hash + text)
        entry = AuditEntry.objects.create(
            seq=seq,
            at=at,
            actor=actor,
            post=by,
            action=action,
            object_kind=kind,
            object_id=ident,
            result=result,
            text=text,
            previous=head.hash,
            hash=hashed,
        )
        head.seq, head.hash = seq, hashed
        head.save(update_fields=["seq", "hash"])
        return entry


def anchor() -> str:
    """Return the first 16 hex digits of the chain's head, as printed on letters."""
    return AuditHead.objects.get(pk=1).hash[:16]


def offenders() -> Iterator[str]:
    """Walk the whole chain and yield a sentence for each break, the first one first."""
    previous, expected = GENESIS, 1
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield f"audit entry {expected} is missing"
        if entry.previous != previous or digest(entry.previous + entry.text) != entry.hash:
            yield f"audit entry {entry.seq} does not match its hash"
        said = json.loads(entry.text)
        shown = {
            "seq": entry.seq,
            "at": stamp(entry.at),
            "action": entry.action,
            "object": [entry.object_kind, entry.object_id],
            "result": entry.result,
            "post": entry.post_id,
        }
        if any(said[key] != value for key, value in shown.items()):
            yield f"audit entry {entry.seq} shows other facts than it was hashed with"
        previous, expected = entry.hash, entry.seq + 1
    head = AuditHead.objects.get(pk=1)
    if (head.seq, head.hash) != (expected - 1, previous):
        yield f"the audit head stands at {head.seq}, the entries end at {expected - 1}"
