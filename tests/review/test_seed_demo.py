"""The sample programme, walked once whole: what it holds, that it is sound, and that its people can use it."""

import io
import itertools
import time
from collections import Counter
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings

from applications import snapshot, tasks_list
from applications.models import Call, City, Plan
from applications.services import versions
from portal import audit, blobs, clock, notices, outbox
from portal.models import AuditEntry, Membership, Notice, Organisation, Outbox, Reminder, User
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review import filing, samples, verify
from review.demo import documents, people, stories
from review.demo.discussion import Discussion
from review.demo.roads import CityRoad, Story
from review.demo.signings import BatchRoad
from review.demo.stage import Stage
from review.letters.checking import check_file
from review.models import (
    Annotation,
    AnnotationDecline,
    Batch,
    Case,
    Letter,
    MaturityLevel,
    Opinion,
    OpinionItem,
    Signature,
)
from review.services import cases, formal_opinions, member_views
from review.states import State as S
from review.states import Turn
from tests.test_architecture import banned_in

pytestmark = pytest.mark.django_db  # each test in a savepoint of its own, inside the transaction of ``seeded``
ENDS = clock.at(date(2026, 11, 23), 10)
BACKEND = "django.contrib.auth.backends.ModelBackend"
SECONDS = 90  # of processor time: what a quiet machine needs by the clock, with slack


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Walk the whole sample programme once; rolled back when the module is done."""
    folder = tmp_path_factory.mktemp("seeded")
    private = {"PRIVATE_ROOT": folder / "private", "SIGNING_KEY_DIR": folder / "keys"}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(**private, PASSWORD_HASHERS=hashers), transaction.atomic():
        clock.set_to(ENDS)
        said, used, began = io.StringIO(), time.process_time(), time.monotonic()
        call_command("seed_demo", stdout=said)
        used, took = time.process_time() - used, time.monotonic() - began
        yield SimpleNamespace(said=said.getvalue(), used=used, took=took, **private)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _there(seeded, settings, _private_folder, held_clock):
    settings.PRIVATE_ROOT, settings.SIGNING_KEY_DIR = seeded.PRIVATE_ROOT, seeded.SIGNING_KEY_DIR
    clock.set_to(ENDS)


@pytest.fixture
def hangzhou():
    return Case.objects.select_related("plan").get(city="330100")


def test_it_is_quick_enough_and_leaves_the_clock_as_it_was(seeded, capsys):
    with capsys.disabled():
        print(f"\nseed_demo: {seeded.took:.0f} s by the clock, {seeded.used:.0f} s of processor time")
    assert seeded.said.startswith("24 cities, 4 letters, in ")
    assert seeded.used < SECONDS
    assert clock.held() == ENDS


def test_every_state_occurs_among_24_cities():
    states = Counter(Case.objects.values_list("state", flat=True))
    assert states.keys() == {s.value for s in S}
    assert sum(states.values()) == 24 == Case.objects.values("city").distinct().count()
    assert (states[S.APPROVED], states[S.COSIGNING]) == (3, 3)


def test_everything_is_sound():
    assert verify.first_offenders() == {}
    assert list(audit.offenders()) == []
    for case in Case.objects.all():
        last = case.history.last()
        assert (case.state, case.moves) == ((last.target, last.number) if last else (S.DRAFT, 0))


def test_the_story_takes_eight_months_and_ends_now():
    first, last = AuditEntry.objects.order_by("seq")[0], AuditEntry.objects.order_by("-seq")[0]
    assert 240 <= (ENDS - first.at).days <= 265
    assert last.at <= ENDS
    times = list(AuditEntry.objects.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)


def test_every_provincial_unit_and_direct_city_has_its_two_offices_with_people():
    kinds = [Kind.PROVINCE_DRC, Kind.PROVINCE_COMMERCE, Kind.CITY_DRC, Kind.CITY_COMMERCE]
    offices = Organisation.objects.filter(kind__in=kinds)
    assert Counter(offices.values_list("kind", flat=True)) == dict(zip(kinds, (32, 32, 15, 15), strict=True))
    assert not offices.filter(memberships__isnull=True).exists()


def test_people_are_named_by_post():
    assert all(name.startswith("示例·") for name in User.objects.values_list("full_name", flat=True))


def test_the_full_plan_of_hangzhou(hangzhou):
    plan = hangzhou.plan
    assert (plan.measures.count(), plan.indicators.count()) == (20, 12)
    frozen = {v.purpose: versions.read(v) for v in plan.versions.all()}
    assert [v.purpose for v in plan.versions.all()] == ["submit_direct", "resubmit", "resubmit"]
    assert snapshot.characters(frozen["submit_direct"]) > 12_000
    assert sorted(a.file.kind for a in plan.attachments.all()) == ["docx", "pdf", "xlsx"]
    assert hangzhou.rounds.count() == 2
    assert Annotation.objects.filter(round__case=hangzhou, published_at__isnull=False).count() == 30
    items = OpinionItem.objects.filter(opinion__round__case=hangzhou)
    assert items.count() == 11
    assert items.filter(response__answered_at__isnull=False, verdict__isnull=False).count() == 11
    assert items.filter(reopens__isnull=False).count() == 1
    assert AnnotationDecline.objects.filter(annotation__round__case=hangzhou).count() == 3
    assert MaturityLevel.objects.filter(assignment__round__case=hangzhou).count() == 4 * 8


def test_nothing_of_a_plan_that_was_sent_waits_for_the_lead():
    sent = Plan.objects.exclude(case__state__in=[S.DRAFT, S.UNDER_REVISION, S.RETURNED])
    for plan in sent:
        rows = [row for group in tasks_list.rows(plan) for row in group.rows]
        assert [row.key for row in rows if row.status == tasks_list.FOR_SIGN_OFF] == [], plan.reference


def test_the_three_texts_of_hangzhou_are_those_of_the_sample(hangzhou):
    for number, version in zip((1, 2, 3), hangzhou.plan.versions.all(), strict=True):
        wanted = samples.plan_version(number)["sections"]
        taken = {s["key"]: [p["text"] for p in s["paragraphs"]] for s in versions.read(version)["sections"]}
        assert {key: taken[key] for key in wanted} == wanted


def test_files_lie_in_the_private_store(seeded):
    for attachment in Plan.objects.get(city="330100").attachments.all():
        assert blobs.is_intact(attachment.file.sha256, seeded.PRIVATE_ROOT)


def test_one_batch_is_being_signed_with_one_objection():
    batch = Batch.objects.get(state="cosigning")
    said = Counter(batch.signatures.values_list("decision", flat=True))
    assert said == {"agree": 14, "agree_note": 1, "not_yet": 1}
    objection = Signature.objects.get(decision="not_yet")
    assert (objection.agency.short_name, objection.line.case.city_id) == ("税务总局", "650100")
    assert sorted(line.case.city_id for line in batch.standing_lines()) == stories.SECOND_BATCH


def test_one_batch_is_issued_and_its_letters_are_signed(seeded):
    batch = Batch.objects.get(state="issued")
    letters = list(batch.letters.order_by("number"))
    assert [letter.document_number for letter in letters] == [f"发改办高技〔2026〕{n}号" for n in (1, 2, 3, 4)]
    assert [letter.line and letter.line.case.city_id for letter in letters] == [None, *stories.FIRST_BATCH]
    for letter in letters:
        content = blobs.open_blob(letter.file.sha256, seeded.PRIVATE_ROOT).read()
        assert content.startswith(b"%PDF")
        assert check_file(content, seeded.SIGNING_KEY_DIR).authentic


def test_members_said_what_they_think_of_filed_plans_and_silence_is_recorded():
    reviewed = Case.objects.get(state=S.FORMAL_REVIEW)
    said = [row.is_given for row in member_views.rows(reviewed, reviewed.latest_version)]
    assert sorted(said) == [False, False, True]
    assert not reviewed.member_views.filter(given_at__isnull=True).exists()
    sent = Opinion.objects.filter(kind="formal", sent_at__isnull=False)
    assert sent.count() == 7
    for opinion in sent:
        views = opinion.case.member_views.filter(version=opinion.version)
        assert [views.filter(text="").count(), views.exclude(text="").count()] == [1, 2]
        assert formal_opinions.print_of(opinion).file.name == f"{opinion.number}.pdf"


def test_filed_plan_differs_from_the_mature_one_in_a_part_completed_for_the_application():
    found = filing.filed(Case.objects.get(state=S.CHECKING))
    assert [(part.label, part.is_formal) for part in found.parts] == [("资金和人才", True)]


def test_some_work_is_overdue_and_was_chased():
    late = Case.objects.filter(due__lt=ENDS).values_list("state", flat=True)
    assert {S.UNDER_REVISION, S.WITH_CHANNEL} <= set(late)
    assert {r.rule for r in Reminder.objects.all()} == {"remind_30", "remind_15", "overdue"}
    assert not Reminder.objects.filter(notice__isnull=True).exists()


def test_letters_are_done_and_mails_wait():
    assert not Outbox.objects.filter(kind="letter", done_at__isnull=True).exists()
    assert Outbox.objects.filter(kind="mail", done_at__isnull=True).count() == Notice.objects.count()


def test_nothing_says_a_banned_word():
    texts = [v.text for case in Case.objects.all() for v in case.plan.versions.all()]
    texts += Annotation.objects.values_list("body", flat=True)
    texts += OpinionItem.objects.values_list("text", flat=True)
    texts += [entry.text for entry in AuditEntry.objects.all()]
    texts += [" ".join(notices.words(n)) for n in Notice.objects.all()]
    assert [found for text in texts if (found := banned_in(text))] == []


def test_each_role_has_a_printed_account_that_signs_in():
    printed = people.sign_ins()
    assert len(printed) == len(people.PRINTED)
    roles = set(Membership.objects.filter(user__username__in=people.PRINTED).values_list("role", flat=True))
    assert roles == {r.value for r in Role}
    for account in people.PRINTED:
        assert User.objects.get(username=account).check_password(people.PASSWORD)
    assert not User.objects.get(username="guangdong-drc").has_usable_password()


class Newcomer(CityRoad):
    """The city that was invited, walked by whoever has a printed account."""

    def begin(self):
        self.lead, self.editor = self.stage.cast["wuxi"], self.stage.cast["wuxi-editor"]
        self.declare()
        self.case = cases.create(self.city, self.stage.call, by=self.lead, title=self.sample["title"])

    def discuss(self):
        members = [self.stage.cast[f"expert{number}"] for number in (1, 2, 3)]
        self.talk = Discussion(self.stage, self.case, members, self.lead, self.editor, self.number)
        self.talk.open()


def test_printed_accounts_walk_from_a_first_draft_to_a_signed_letter(seeded):
    posts = Membership.objects.current().filter(user__username__in=people.PRINTED)
    cast = people.Cast({p.user.username: p for p in posts.select_related("user", "organisation")})
    stage = Stage(Call.objects.get(), cast, ENDS.date(), itertools.count(90_000))
    city = City.objects.get(code=stories.INVITED)
    assert not city.cases.exists()
    with outbox.silence():
        road = Newcomer(stage, Story(city.code, S.PROPOSED, 0, 0), samples.load_cities()[0]["plan"], 25)
        batch = BatchRoad(stage, "2026年第三批（示例）", [city.code])
        steps = [do for _gap, do in road.steps()] + [batch.compose, batch.freeze]
        for agency in people.AGENCIES.values():
            steps += [partial(do, agency) for do in (batch.receive, batch.advise, batch.sign)]
        for do in [*steps, batch.close, batch.issue, batch.make_letters]:
            clock.set_to(clock.now() + timedelta(minutes=30))
            do()
    documents.put_away()
    road.case.refresh_from_db()
    assert (road.case.state, road.case.channel.short_name) == (S.APPROVED, "江苏省商务厅")
    assert road.case.local_drc == cast["jiangsu-drc"].organisation
    letter = Letter.objects.get(line__case=road.case)
    content = blobs.open_blob(letter.file.sha256, seeded.PRIVATE_ROOT).read()
    assert check_file(content, seeded.SIGNING_KEY_DIR).authentic
    assert {m.by.user.username for m in road.case.history.all()} <= set(people.PRINTED)


@pytest.mark.parametrize("state", [S.WITH_CHANNEL, S.READY])
def test_whoever_holds_a_waiting_plan_has_a_printed_account(state):
    for case in Case.objects.filter(state=state):
        office = case.channel if state == S.WITH_CHANNEL else case.local_drc
        assert office.memberships.filter(user__username__in=people.PRINTED).exists(), case.city.name


@pytest.mark.parametrize(
    ("city", "channel", "files"),
    [
        ("唐山市", "hebei-drc", "hebei-drc"),
        ("昆明市", "yunnan-drc", None),
        ("延安市", "shaanxi-commerce", None),
        ("南通市", "jiangsu-drc", None),
        ("赣州市", None, "jiangxi-drc"),
        ("厦门市", None, "xiamen-drc"),
        ("杭州市", None, "hangzhou-drc"),
    ],
)
def test_printed_accounts_are_to_each_other_what_their_words_say(city, channel, files):
    case = Case.objects.filter(city__name=city).latest("pk")
    for office, account in ((case.channel, channel), (case.local_drc, files)):
        if account:
            assert office.memberships.filter(user__username=account).exists()


def test_of_the_two_ready_plans_one_waits_for_its_city_and_one_for_its_drc():
    turns = {c.city.name: c.turn for c in Case.objects.filter(city__name__in=["赣州市", "厦门市"])}
    assert turns == {"赣州市": Turn.CITY, "厦门市": Turn.LOCAL_DRC}


def test_the_password_satisfies_the_rules():
    from django.contrib.auth.password_validation import validate_password

    for account in people.PRINTED:
        validate_password(people.PASSWORD, User.objects.get(username=account))


def test_sign_ins_are_printed_as_a_table(capsys):
    call_command("sample_sign_ins")
    lines = capsys.readouterr().out.splitlines()
    assert people.PASSWORD in lines[0]
    assert [line.split()[0] for line in lines[1:]] == list(people.PRINTED)


@pytest.mark.parametrize("account", people.PRINTED)
def test_the_home_page_and_every_unread_notice_open(account):
    user = User.objects.get(username=account)
    client = Client()
    client.force_login(user, backend=BACKEND)
    paths = ["/home/", *user.notices.filter(read_at__isnull=True).values_list("path", flat=True).distinct()]
    answers = {path: client.get(path).status_code for path in dict.fromkeys(paths)}
    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_a_second_load_is_refused_and_changes_nothing():
    before = AuditEntry.objects.count()
    with pytest.raises(CommandError, match="示例数据|sample programme"):
        call_command("seed_demo")
    assert AuditEntry.objects.count() == before


def test_start_that_was_killed_after_the_load_goes_on(capsys):
    before = AuditEntry.objects.count()
    call_command("seed_demo", "--if-empty")
    assert "nothing is loaded" in capsys.readouterr().out
    assert AuditEntry.objects.count() == before


def test_production_refuses_it(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_all_applicants_are_marked_as_samples():
    assert all("示例" in title for title in Case.objects.values_list("plan__title", flat=True))
    assert City.objects.filter(cases__isnull=False).count() == 24
