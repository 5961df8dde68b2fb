"""What a scanner's verdict opens and closes, for the senders of a file and for everybody else."""

import pytest
from django.utils import timezone

from applications.services import versions
from portal import outbox, tasks
from portal.models import AuditEntry, CleanCopy, Notice, Outbox, Preview, Scan, StoredFile
from review.states import State as S
from tests import stand_in_clamd
from tests.some_files import attached, pdf, picture
from tests.stand_in_clamd import EICAR

Verdict = Scan.Verdict


def shared(world):
    """A plan under revision in which nothing new has been attached yet."""
    case, _colleague = world.case(S.UNDER_REVISION), world.editor
    return case


@pytest.fixture
def scanner(settings):
    with stand_in_clamd.clamd() as server:
        settings.CLAMD = server.where
        yield server


def bad() -> bytes:
    """Return an honest picture that a scanner will not like."""
    return picture("JPEG", comment=EICAR)


def frozen(world, case, content: bytes, name: str) -> StoredFile:
    stored = attached(case.plan, content, name, by=world.lead)
    versions.freeze(case.plan, by=world.lead, purpose="resubmission", change_note="示例")
    return stored


def address(case, stored, rest="") -> str:
    return f"/plans/{case.plan.reference}/files/{stored.pk}/{rest}"


def statuses(see, post, case, stored) -> list[int]:
    return [see(post, address(case, stored, rest)).status_code for rest in ("", "preview/", "pages/1/")]


def newest(case) -> str:
    return f"/plans/{case.plan.reference}/v{case.plan.versions.latest('number').number}/read/"


def again() -> int:
    outbox.again(Outbox.objects.filter(done_at=None))
    return outbox.sweep(kind="scan")


def test_an_unscanned_file_is_there_for_its_senders_alone(world, case, see, scanner):
    file = frozen(world, case, pdf(), "说明.pdf")
    assert Scan.objects.get().verdict == Verdict.UNSCANNED
    assert statuses(see, world.lead, case, file) == [200, 200, 404]
    page = see(world.editor, address(case, file, "preview/")).content.decode()
    assert "正在对此文件查毒" in page
    assert "hx-get" in page
    for post in (world.experts[0], world.group_office, world.channel):
        assert statuses(see, post, case, file) == [404, 404, 404]
    read = see(world.experts[0], newest(case)).content.decode()
    assert address(case, file) not in read
    assert "暂时不能打开" in read
    assert "尚未确认不含恶意程序" in see(world.lead, f"/plans/{case.plan.reference}/attachments/").content.decode()
    assert not CleanCopy.objects.filter(sha256=file.sha256).exists()
    assert not Preview.objects.exists()


def test_a_clean_file_opens_to_its_readers(world, case, see, scanner):
    file = frozen(world, case, pdf(), "说明.pdf")
    outbox.sweep()
    assert Scan.objects.get().verdict == Verdict.CLEAN
    assert len(scanner.heard) == 1
    assert statuses(see, world.lead, case, file) == [200, 200, 200]
    assert statuses(see, world.experts[0], case, file) == [200, 200, 200]
    assert address(case, file) in see(world.experts[0], newest(case)).content.decode()
    listed = see(world.lead, f"/plans/{case.plan.reference}/attachments/").content.decode()
    assert listed.count("尚未确认不含恶意程序") == 1  # the file from before the scanner, which nobody has opened
    assert file.sha256 in AuditEntry.objects.get(action="file:scan").text


def test_an_infected_file_is_given_to_nobody_and_its_senders_are_told(world, case, see, scanner, settings):
    file = frozen(world, case, bad(), "照片.jpg")
    outbox.sweep()
    row = Scan.objects.get()
    assert (row.verdict, row.found) == (Verdict.INFECTED, "Eicar-Test-Signature")
    for _scanner in (settings.CLAMD, ""):  # taking the scanner away does not make the file clean
        settings.CLAMD = _scanner
        answer = see(world.lead, address(case, file))
        assert (answer.status_code, answer["Location"]) == (302, address(case, file, "preview/"))
        assert see(world.lead, address(case, file, "pages/1/")).status_code == 404
        page = see(world.lead, address(case, file, "preview/")).content.decode()
        assert "Eicar-Test-Signature" in page
        assert f'href="{address(case, file)}"' not in page
        assert statuses(see, world.experts[0], case, file) == [404, 404, 404]
        assert address(case, file) not in see(world.experts[0], newest(case)).content.decode()
    told = Notice.objects.filter(kind="file_infected")
    assert {notice.recipient for notice in told} == {world.lead.user, world.editor.user}
    assert not CleanCopy.objects.filter(sha256=file.sha256).exists()


def test_a_scanner_that_fails_is_asked_again_ever_more_seldom(world, case, see, settings):
    settings.CLAMD, settings.SCAN_SECONDS = "127.0.0.1:1", 1
    file = frozen(world, case, pdf(), "说明.pdf")
    waits = []
    for number in range(1, 4):
        assert again() == 0
        row = Scan.objects.get()
        assert (row.verdict, row.tries) == (Verdict.FAILED, number)
        work = Outbox.objects.get(kind="scan")
        assert (work.parked_at, work.done_at) == (None, None)
        waits.append(round((work.claimed_until - timezone.now()).total_seconds(), -1))
    assert waits == [30, 60, 120]
    assert "查毒服务没有应答" in see(world.lead, address(case, file, "preview/")).content.decode()
    assert statuses(see, world.experts[0], case, file) == [404, 404, 404]
    Scan.objects.update(tries=50)
    again()
    work = Outbox.objects.get(kind="scan")
    assert round((work.claimed_until - timezone.now()).total_seconds(), -1) == 3600
    with stand_in_clamd.clamd() as server:
        settings.CLAMD = server.where
        assert again() == 1
    assert Scan.objects.get().verdict == Verdict.CLEAN
    outbox.sweep()
    assert statuses(see, world.experts[0], case, file) == [200, 200, 200]


def test_a_file_from_before_the_scanner_is_brought_to_it_when_somebody_opens_it(world, case, see, settings):
    file = frozen(world, case, pdf(), "说明.pdf")
    outbox.sweep()
    assert not Scan.objects.exists()
    assert statuses(see, world.experts[0], case, file) == [200, 200, 200]
    with stand_in_clamd.clamd() as server:
        settings.CLAMD = server.where
        assert statuses(see, world.experts[0], case, file) == [404, 404, 404]
        assert outbox.sweep(kind="scan") == 1
        assert statuses(see, world.experts[0], case, file) == [200, 200, 200]


def test_all_files_from_before_the_scanner_are_brought_to_it_in_the_background(world, case, settings):
    assert tasks.scan_the_rest() == 0
    sent = StoredFile.objects.filter(uploaded_by__isnull=False).values("sha256").distinct().count()
    StoredFile.objects.create(sha256="0" * 64, name="made.pdf", kind="pdf", mime="application/pdf", size=1)
    with stand_in_clamd.clamd() as server:
        settings.CLAMD = server.where
        assert tasks.scan_the_rest() == sent > 0
        assert tasks.scan_the_rest() == 0
        assert outbox.sweep(kind="scan") == sent


def test_without_a_scanner_nothing_is_said_of_one(world, case, see):
    file = frozen(world, case, pdf(), "说明.pdf")
    outbox.sweep()
    pages = [
        see(world.lead, f"/plans/{case.plan.reference}/attachments/"),
        see(world.lead, address(case, file, "preview/")),
        see(world.experts[0], address(case, file, "preview/")),
        see(world.experts[0], newest(case)),
    ]
    assert not any("查毒" in page.content.decode() for page in pages)


def test_a_scanner_taken_away_lets_waiting_files_go_on(world, case, see, settings):
    settings.CLAMD = "127.0.0.1:1"
    file = frozen(world, case, pdf(), "说明.pdf")
    settings.CLAMD = ""
    outbox.sweep()
    assert statuses(see, world.experts[0], case, file) == [200, 200, 200]
    assert Scan.objects.get().verdict == Verdict.UNSCANNED
