"""Which city stands where when the sample programme ends, and the walk that brings them there."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call, City
from applications.services import programme
from portal import clock, outbox

from .. import samples
from ..letters.signing import make_sample_key
from ..letters_store import signer
from ..models import Case
from ..services import invitations
from ..states import State as S
from . import documents, hangzhou, people, signings
from .roads import CityRoad, Story
from .stage import Road, Stage, play

HANGZHOU = Story("330100", S.READY, begins=168, age=6)
FIRST_BATCH = ["210200", "370200", "440300"]
SECOND_BATCH = ["320600", "450300", "650100"]
FIRST_COMPOSED, SECOND_COMPOSED = 54, 7
STORIES = (
    Story("210200", S.PROPOSED, begins=170, age=58),
    Story("370200", S.PROPOSED, begins=168, age=57),
    Story("440300", S.PROPOSED, begins=165, age=56),
    Story("320600", S.PROPOSED, begins=125, age=10),
    Story("650100", S.PROPOSED, begins=130, age=9),
    Story("450300", S.PROPOSED, begins=128, age=9),
    Story("330200", S.PROPOSED, begins=120, age=3),
    Story("411000", S.FORMAL_REVIEW, begins=112, age=4),
    Story("420500", S.CHECKING, begins=100, age=2, partly=True),
    Story("350200", S.READY, begins=104, age=3, partly=True),
    Story("360700", S.READY, begins=98, age=15),
    Story("430200", S.RECHECK, begins=90, age=3),
    Story("140200", S.MATURING, begins=120, age=18),
    Story("130200", S.UNDER_REVISION, begins=95, age=23),
    Story("150100", S.UNDER_REVISION, begins=78, age=5, partly=True),
    Story("220500", S.OPINION_DRAFTING, begins=60, age=5),
    Story("231000", S.UNDER_DISCUSSION, begins=50, age=12, partly=True),
    Story("460100", S.AWAITING_DISCUSSION, begins=28, age=3),
    Story("520300", S.RETURNED, begins=34, age=4),
    Story("530100", S.WITH_CHANNEL, begins=36, age=12),
    Story("610600", S.WITH_CHANNEL, begins=22, age=2, partly=True),
    Story("621200", S.DRAFT, begins=12, age=3),
    Story("640100", S.WITHDRAWN, begins=55, age=20),
)
INVITED = "320200"  # takes part, has no plan yet: a newcomer begins here


class Refused(Exception):
    """The sample programme is not loaded here; the text says why."""


def run() -> Call:
    """Load the sample programme into an empty database and leave the clock as it was."""
    if settings.PRODUCTION:
        raise Refused(_("The sample programme is never loaded in production."))
    if Case.objects.exists():
        raise Refused(_("The database holds plans already; the sample programme needs an empty one."))
    held = clock.held()
    try:
        with outbox.silence(), transaction.atomic():  # whole or not at all: a killed start leaves an empty database
            return _walk(clock.now())
    finally:
        clock.set_to(held)
        documents.put_away()


def _walk(now: datetime) -> Call:
    call = programme.load()
    if signer() is None:
        make_sample_key(settings.SIGNING_KEY_DIR)
    ends = clock.beijing(now).date()
    stage = Stage(call, people.Cast({}), ends)
    clock.set_to(clock.at(stage.day(HANGZHOU.begins + 5), 9))
    stage.cast = people.appoint(call)
    people.join_city(stage.cast, City.objects.get(code=INVITED))
    play(_roads(stage), now)
    return call


def _asked(stage: Stage) -> Road:
    """The lead of the invited city asks two departments to write along: one link has run out, the other waits."""
    city = City.objects.get(code=INVITED)
    for days, office in ((12, "市场监督管理局"), (2, "邮政管理局")):
        yield clock.at(stage.day(days), 10, 20)
        invitations.invite(
            full_name=f"示例·{city.name}{office}经办人",
            post_title="经办人",
            email=f"{city.slug}-{days}@{people.MAIL}",
            department=f"{city.name}{office}",
            by=stage.cast[city.slug],
        )


def _roads(stage: Stage):
    short, reviews = {c["code"]: c["plan"] for c in samples.load_cities()}, samples.load_reviews()
    for line in reviews["forwarding_opinions"]:
        if line["city"] in short:
            short[line["city"]]["forwarding"] = line["text"]
    yield hangzhou.HangzhouRoad(stage, HANGZHOU, 0).run()
    for number, story in enumerate(STORIES, start=1):
        yield CityRoad(stage, story, short[story.code], number).run()
    yield signings.issued(stage, FIRST_BATCH, composed=FIRST_COMPOSED)
    yield _asked(stage)
    said = {line["agency"]: {line["city"]: (line["decision"], line["text"])} for line in reviews["cosigning"]}
    yield signings.in_cosignature(stage, SECOND_BATCH, composed=SECOND_COMPOSED, said=said, waiting="samr")
