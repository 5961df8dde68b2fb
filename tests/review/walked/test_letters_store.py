"""The worker's step: a real file, once, and only its own people told."""

import io

import pytest
from pypdf import PdfReader

from portal import audit, blobs, outbox
from portal.models import AuditEntry, Notice, Outbox, StoredFile
from portal.roles import Role
from review import letters_store
from review.letters.checking import check_file
from review.machine import NotAllowed
from review.models import Case, Letter
from review.states import State as S
from tests.batch_walk import letters_are_made
from tests.builders import person

pytestmark = pytest.mark.django_db


def letter_of(city: str) -> Letter:
    return Letter.objects.get(line__case__city__name=city)


def make(letter: Letter) -> None:
    letters_store.deliver(f"letter:{letter.pk}", letter=letter.pk)


def told_of(letter: Letter) -> set[int]:
    return set(Notice.objects.filter(key=f"letter:{letter.pk}").values_list("recipient", flat=True))


def test_every_letter_becomes_a_signed_file_and_joint_one_is_told_last(walk, settings):
    letters_are_made()
    assert Outbox.objects.filter(kind="letter", done_at__isnull=True).count() == 0
    for letter in Letter.objects.select_related("file"):
        with blobs.open_blob(letter.file.sha256, settings.PRIVATE_ROOT) as stream:
            pdf = stream.read()
        assert check_file(pdf, settings.SIGNING_KEY_DIR).authentic
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
        assert letter.document_number in text
        assert letter.code in text
        assert "示例" in text
    world, city = walk.world, letter_of("嘉兴市")
    assert {world.lead.user_id, world.channel.user_id} <= told_of(city)
    assert world.direct_lead.user_id not in told_of(city)
    joint = Letter.objects.get(line__isnull=True)
    assert {p.user_id for p in world.signers} <= told_of(joint)
    assert world.lead.user_id not in told_of(joint)
    assert Notice.objects.filter(key=f"letter:{joint.pk}").earliest("pk").pk > max(
        Notice.objects.filter(key=f"letter:{city.pk}").values_list("pk", flat=True)
    )
    assert list(audit.offenders()) == []


def test_second_run_changes_nothing(walk):
    letter = letter_of("宁波市")
    make(letter)
    letter.refresh_from_db()
    first, notices = letter.file_id, Notice.objects.count()
    make(letter)
    letter.refresh_from_db()
    assert letter.file_id == first
    assert Notice.objects.count() == notices
    assert StoredFile.objects.filter(name__contains="号.pdf").count() == 1
    assert AuditEntry.objects.filter(action="letter:made").count() == 1


def test_joint_letter_waits_for_the_others(walk):
    joint = Letter.objects.get(line__isnull=True)
    with pytest.raises(outbox.NotNow):
        make(joint)
    joint.refresh_from_db()
    assert joint.file_id is not None
    assert told_of(joint) == set()


def test_missing_key_lets_letters_wait_and_tells_once(walk, settings, tmp_path):
    there = settings.SIGNING_KEY_DIR
    settings.SIGNING_KEY_DIR = tmp_path / "gone"
    admin = person(Role.SYSTEM_ADMIN, walk.world.group)
    for _ in range(2):
        with pytest.raises(outbox.NotNow):
            make(letter_of("嘉兴市"))
    letter = letter_of("嘉兴市")
    assert letter.problem == letters_store.NO_KEY
    assert Notice.objects.filter(recipient=admin.user, kind="letter_key_missing").count() == 1
    assert Case.objects.get(pk=letter.line.case_id).state == S.APPROVED
    settings.SIGNING_KEY_DIR = there
    make(letter)
    letter.refresh_from_db()
    assert (letter.file_id is None, letter.problem) == (False, "")


def test_a_failed_letter_holds_back_its_own_mail_and_the_joint_one_alone(walk, settings):
    failed, other = letter_of("嘉兴市"), letter_of("宁波市")
    joint = Letter.objects.get(line__isnull=True)
    row = outbox.claim("letter")
    while row.key != f"letter:{failed.pk}":
        row = outbox.claim("letter")
    row.tries = 8  # failed often already, so it waits long before the next try
    settings.LETTER_SECONDS = 0.01
    assert not outbox.deliver(row)
    settings.LETTER_SECONDS = 36
    Outbox.objects.filter(kind="letter").exclude(pk=row.pk).update(claimed_until=None)
    letters_are_made()
    assert {c.state for c in Case.objects.all()} == {S.APPROVED}
    assert told_of(other)
    assert told_of(failed) == told_of(joint) == set()
    letters_store.retry(failed, by=walk.handler)
    Outbox.objects.filter(key=f"letter:{joint.pk}").update(claimed_until=None)
    letters_are_made()
    Outbox.objects.filter(key=f"letter:{joint.pk}").update(claimed_until=None)
    letters_are_made()
    assert told_of(failed)
    first = Notice.objects.filter(key=f"letter:{joint.pk}").earliest("pk").pk
    assert first > Notice.objects.filter(key=f"letter:{failed.pk}").latest("pk").pk


def test_failed_letter_says_why_others_go_on_and_a_retry_makes_it(walk, settings):
    letter, other = letter_of("嘉兴市"), letter_of("宁波市")
    settings.LETTER_SECONDS = 0.01
    assert not outbox.deliver(Outbox.objects.get(key=f"letter:{letter.pk}"))
    settings.LETTER_SECONDS = 36
    letter.refresh_from_db()
    assert letter.file_id is None
    assert letter.problem
    make(other)
    other.refresh_from_db()
    assert other.file_id
    with pytest.raises(NotAllowed):
        letters_store.retry(other, by=walk.handler)
    with pytest.raises(NotAllowed):
        letters_store.retry(letter, by=walk.world.handlers[1])
    letters_store.retry(letter, by=walk.handler)
    row = Outbox.objects.get(key=f"letter:{letter.pk}")
    assert (row.tries, row.claimed_until, row.parked_at) == (0, None, None)
    assert AuditEntry.objects.filter(action="letter:retry").count() == 1
    letters_are_made()
    letter.refresh_from_db()
    assert letter.file_id
    assert letter.problem == ""
