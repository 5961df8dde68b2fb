"""Who of a team did what lately, read from the audit trail."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from portal.models import AuditEntry, Membership

from . import team
from .models import Plan

_SAVES = ("section:save", "record:save", "plan:save", "row:add", "row:save", "row:delete", "row:move", "rows:paste")
_FILES = ("attachment:add", "attachment:remove")
MOST = 3000  # entries looked at, the newest first


@dataclass(slots=True)
class Work:
    """``times`` are the entries on record; saves of one page within minutes share one."""

    part: str
    times: int
    last: datetime

    @property
    def title(self) -> str:
        return team.title(self.part)


def last_seen(posts: Iterable[Membership]) -> dict[int, datetime]:
    """Return when each person (by id) last did anything that is on record."""
    acts = AuditEntry.objects.filter(actor__in={p.user_id for p in posts}).order_by()
    return dict(acts.values("actor").annotate(last=Max("at")).values_list("actor", "last"))


def by_post(plan: Plan, posts: Iterable[Membership]) -> dict[int, list[Work]]:
    """Return the parts each post (by id) has written in, the latest first."""
    acts = AuditEntry.objects.filter(post__in=[p.pk for p in posts], action__in=(*_SAVES, *_FILES))
    found: dict[int, dict[str, Work]] = {}
    for post, at, text in acts.values_list("post_id", "at", "text")[:MOST]:
        data = json.loads(text)["data"]
        if data.get("reference") != plan.reference:
            continue
        part = data.get("part") or data.get("table") or "attachments"
        works = found.setdefault(post, {})
        works.setdefault(part, Work(part, 0, at)).times += 1
    return {post: list(works.values()) for post, works in found.items()}
