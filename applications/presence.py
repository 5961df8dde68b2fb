"""Who else is in a part right now: a passing note in Redis, never a lock; without Redis there is simply no line."""

import json
import logging
import time
from functools import cache

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from portal.models import Membership

from .models import Section

SECONDS = 120
PAUSE = 30  # seconds without a question after Redis did not answer
_quiet_until = 0.0
logger = logging.getLogger(__name__)


@cache
def _store(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2, decode_responses=True)


def note(section: Section, by: Membership, paragraph: int | None) -> str:
    """Note that the person is here and return who else is, in words; empty where nobody is or nothing is known."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return ""
    key, now = f"portal:presence:{settings.DATABASES['default']['NAME']}:{section.pk}", time.time()
    mine = {"name": by.user.full_name, "organisation": by.organisation.short_name, "at": now, "paragraph": paragraph}
    try:
        with _store(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            pipe.hset(key, str(by.pk), json.dumps(mine))
            pipe.expire(key, SECONDS)
            pipe.hgetall(key)
            found = pipe.execute()[-1]
    except redis.RedisError as error:
        logger.warning("presence is not known: %s", error)
        _quiet_until = time.monotonic() + PAUSE
        return ""
    others = [json.loads(value) for post, value in found.items() if post != str(by.pk)]
    return " ".join(_words(other) for other in others if other["at"] > now - SECONDS)


def _words(other: dict) -> str:
    if other["paragraph"]:
        return _("%(name)s (%(organisation)s) is also in this part, at paragraph %(paragraph)d.") % other
    return _("%(name)s (%(organisation)s) is also in this part.") % other
