"""Public verification: what may be said of a letter to anybody who holds its code or its file."""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from portal import blobs, clock

from ..letters.checking import check_file
from ..models import Letter, VerificationTry

WINDOW = timedelta(minutes=5)
MOST = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What to compare with the paper, item by item; ``pages`` is ``None`` while the file is being made."""

    letter: Letter
    title: str
    number: str
    agencies: list[str]
    cities: list[str]
    first: str
    last: str
    pages: int | None
    fingerprint: str


def minutes_to_wait(address: str, *, most: int = MOST) -> int:
    """Count one try of this address (of ``most`` in a window); return 0, or the minutes until it may try again."""
    now = clock.now()
    seconds = WINDOW.total_seconds()
    window = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=UTC)
    asker = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
    VerificationTry.objects.filter(window__lt=now - timedelta(days=1)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO review_verificationtry (asker, "window", count) VALUES (%s, %s, 1) '
            'ON CONFLICT (asker, "window") DO UPDATE SET count = review_verificationtry.count + 1 RETURNING count',
            [asker, window],
        )
        count = cursor.fetchone()[0]
    if count <= most:
        return 0
    return max(1, math.ceil((window + WINDOW - now).total_seconds() / 60))


def by_code(code: str) -> Letter | None:
    return _letters().filter(code=code).first()


def by_file(sha256: str) -> Letter | None:
    """Return the letter whose issued file is exactly this one."""
    return _letters().filter(file__sha256=sha256).first()


def check(pdf: bytes) -> list[str]:
    """Say in sentences what the signature inside a file proves that is not one of the issued files."""
    verdict = check_file(pdf, settings.SIGNING_KEY_DIR)
    if verdict.authentic:
        return [_("The file carries an unbroken signature of this portal, but it is not the file on record.")]
    return [verdict.reason]


def facts(letter: Letter) -> Facts:
    content = letter.content
    body = [text for _level, text in content["body"]]
    if letter.line_id:
        cities = [letter.line.case.city.name]
    else:
        lines = letter.batch.lines.filter(letter__isnull=False).select_related("case__city")
        cities = [line.case.city.name for line in lines]
    return Facts(
        letter=letter,
        title=content["title"],
        number=letter.document_number,
        agencies=content["signatories"],
        cities=cities,
        first=body[0],
        last=body[-1],
        pages=_pages(letter),
        fingerprint=letter.file.sha256 if letter.file else "",
    )


def _pages(letter: Letter) -> int | None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    if letter.file is None:
        return None
    try:
        with blobs.open_blob(letter.file.sha256, settings.PRIVATE_ROOT) as stream:
            return int(PdfFileReader(stream).root["/Pages"]["/Count"])
    except FileNotFoundError:  # the facts still help when the private store is being restored
        return None


def _letters():
    return Letter.objects.select_related("file", "batch", "line__case__city", "replaced_by__line")
