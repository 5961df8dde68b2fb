"""Who receives the original of a file and who a copy without personal data; what is said while there is none."""

import io

import pypdf
import pytest
from django.conf import settings

from applications.services import attachments, versions
from portal import blobs, outbox
from portal.filework import copies, limited
from portal.models import AuditEntry, CleanCopy, Notice, Outbox, StoredFile
from portal.roles import Role
from review.file_owners import is_sender
from review.states import State as S
from tests.builders import person
from tests.some_files import attached, kept, pdf

NAME = "示例·起草人"


def signed(pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(pages)))
    writer.add_metadata({"/Author": NAME})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def shared(world):
    """A plan under discussion whose second version froze a file that names its author."""
    case, _colleague = world.case(S.UNDER_REVISION), world.editor
    attached(case.plan, signed(), "说明.pdf", by=world.lead)
    versions.freeze(case.plan, by=world.lead, purpose="resubmission", change_note="示例")
    return case


@pytest.fixture
def file(case) -> StoredFile:
    return case.plan.attachments.get(title="示例附件").file


def address(case, stored, rest="") -> str:
    return f"/plans/{case.plan.reference}/files/{stored.pk}/{rest}"


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def author(data: bytes) -> str | None:
    metadata = pypdf.PdfReader(io.BytesIO(data)).metadata
    return metadata.author if metadata else None


def test_the_city_receives_the_original_and_others_a_copy(world, case, file, see):
    assert outbox.sweep(kind="copy") == 1
    for post in (world.lead, world.editor):
        assert author(content(see(post, address(case, file)))) == NAME
    for post in (world.experts[0], world.group_office, world.channel):
        answer = see(post, address(case, file))
        data = content(answer)
        assert author(data) is None
        assert NAME.encode("utf-16-be") not in data
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.filter(action="file:download").latest("seq")
    assert file.sha256 in entry.text
    assert CleanCopy.objects.get(sha256=file.sha256).copy_sha256 in entry.text


def test_the_page_says_what_is_received_and_shows_the_fingerprint_of_the_original(world, case, file, see):
    outbox.sweep()
    own = see(world.lead, address(case, file, "preview/")).content.decode()
    assert "你下载的是原件" in own
    others = see(world.experts[0], address(case, file, "preview/")).content.decode()
    assert "你下载的是去除个人信息的副本" in others
    for page in (own, others):
        assert f'title="{file.sha256}"' in page
        assert f'href="{address(case, file)}"' in page
    number = case.plan.versions.latest("number").number
    assert (
        "下载的是去除个人信息的副本"
        in see(world.experts[0], f"/plans/{case.plan.reference}/v{number}/read/").content.decode()
    )


def test_until_the_copy_is_made_others_are_led_to_the_page_that_says_so(world, case, file, see):
    answer = see(world.experts[0], address(case, file))
    assert (answer.status_code, answer["Location"]) == (302, address(case, file, "preview/"))
    page = see(world.experts[0], address(case, file, "preview/")).content.decode()
    assert "正在为你生成去除个人信息的副本" in page
    assert "hx-get" in page
    assert f'href="{address(case, file)}"' not in page
    assert author(content(see(world.lead, address(case, file)))) == NAME


def test_what_cannot_be_cleaned_is_kept_back_and_the_city_is_told(world, case, file, see, monkeypatch):
    monkeypatch.setattr(limited, "python", lambda *_a, **_k: (_ for _ in ()).throw(limited.Ended("unknown", 3)))
    assert outbox.sweep(kind="copy") == 1
    assert see(world.experts[0], address(case, file)).status_code == 302
    page = see(world.experts[0], address(case, file, "preview/")).content.decode()
    assert "此文件暂不提供，已告知上传单位。" in page
    assert f'href="{address(case, file)}"' not in page
    assert "请将其打印为新的 PDF" in see(world.lead, address(case, file, "preview/")).content.decode()
    listed = see(world.lead, f"/plans/{case.plan.reference}/attachments/").content.decode()
    assert listed.count("其他人收不到此文件") == 1
    told = Notice.objects.filter(kind="file_kept_back")
    assert {notice.recipient for notice in told} == {world.lead.user, world.editor.user}
    assert {notice.path for notice in told} == {f"/plans/{case.plan.reference}/attachments/"}


@pytest.mark.parametrize("error", [limited.Ended("it took too long"), limited.Ended("it ended with -9", -9), OSError()])
def test_a_copy_that_a_busy_machine_did_not_make_is_tried_again(world, case, file, monkeypatch, error):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited, "python", lambda *_a, **_k: (_ for _ in ()).throw(error))
        assert outbox.sweep(kind="copy") == 0
    row = CleanCopy.objects.get(sha256=file.sha256)
    assert (row.made_at, row.problem) == (None, "portal")
    assert not Notice.objects.filter(kind="file_kept_back").exists()
    outbox.again(Outbox.objects.filter(kind="copy"))
    assert outbox.sweep(kind="copy") == 1
    row.refresh_from_db()
    assert row.made_at
    assert row.problem == ""


def test_the_same_bytes_are_cleaned_once_and_again_without_harm(world, case, file):
    kept(signed(), "另一名称.pdf", by=world.far_lead)
    assert outbox.sweep(kind="copy") == 1
    row = CleanCopy.objects.get(sha256=file.sha256)
    assert copies.make(file.sha256).made_at == row.made_at
    assert blobs.is_intact(row.copy_sha256, settings.PRIVATE_ROOT)
    assert row.copy_sha256 != file.sha256


def test_a_copy_follows_the_rule_of_its_file(world, case, file, see):
    outbox.sweep()
    assert see(world.far_lead, address(case, file)).status_code == 404
    attachments.remove(case.plan, case.plan.attachments.get(file=file).pk, by=world.lead)
    assert see(world.experts[0], address(case, file)).status_code == 200
    working = attached(case.plan, signed(2), "未提交.pdf", by=world.lead)
    outbox.sweep()
    assert see(world.experts[0], address(case, working)).status_code == 404


def test_an_offices_file_is_its_own_and_nobody_elses(world):
    cover = kept(signed(), "申报函.pdf", by=world.drc)
    colleague = person(Role.LOCAL_DRC, world.drc.organisation)
    assert is_sender(world.drc, cover)
    assert is_sender(colleague, cover)
    for post in (world.lead, world.direct_drc, world.group_office, world.channel):
        assert not is_sender(post, cover)
