"""Letters and their verification through the pages."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import blobs, clock
from portal.models import AuditEntry
from review import letters_store
from review.models import Letter, VerificationTry
from review.services import verification
from review.states import BatchState as B
from tests.batch_walk import BatchWalk, letters_are_made

pytestmark = pytest.mark.django_db


def enter(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture(scope="module")
def _made(_begun):
    """The letter of 嘉兴 made once for all; that of 宁波 and the joint one still wait."""
    found = Letter.objects.get(line__case__city__name="嘉兴市")
    letters_store.deliver(f"letter:{found.pk}", letter=found.pk)
    return found.pk


@pytest.fixture
def letter(_made, walk):
    return Letter.objects.get(pk=_made)


def pdf_of(letter, settings) -> bytes:
    with blobs.open_blob(letter.file.sha256, settings.PRIVATE_ROOT) as stream:
        return stream.read()


def test_progress_says_how_far_each_letter_is(walk, letter, client):
    enter(client, walk.handler)
    url = reverse("batch_letters", args=[walk.batch.pk])
    page = words(client.get(url))
    assert "3 份文件中已发送 0 份" in page
    assert "hx-get" in page
    letters_are_made()
    page = words(client.get(url))
    assert "3 份文件中已发送 3 份" in page
    assert "hx-get" not in page


def test_failed_letter_shows_its_reason_and_a_retry(walk, letter, client):
    other = Letter.objects.get(line__case__city__name="宁波市")
    Letter.objects.filter(pk=other.pk).update(problem=letters_store.NO_KEY)
    enter(client, walk.handler)
    page = words(client.get(reverse("batch_letters", args=[walk.batch.pk])))
    assert "签名密钥不在" in page
    assert reverse("letter_retry", args=[other.code]) in page
    client.post(reverse("letter_retry", args=[other.code]))
    other.refresh_from_db()
    assert other.problem == ""
    assert enter(client, walk.world.lead).post(reverse("letter_retry", args=[letter.code])).status_code == 403


def test_city_opens_its_letter_and_that_is_the_receipt(walk, letter, client, settings):
    url = reverse("letter_file", args=[letter.code])
    enter(client, walk.handler).get(url)
    letter.refresh_from_db()
    assert letter.seen_at is None
    answer = enter(client, walk.world.lead).get(url)
    assert b"".join(answer.streaming_content) == pdf_of(letter, settings)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    letter.refresh_from_db()
    assert letter.seen_at == clock.now()
    assert AuditEntry.objects.filter(action="letter:download").count() == 2


def test_other_cities_do_not_open_it(walk, letter, client):
    url = reverse("letter_file", args=[letter.code])
    assert enter(client, walk.world.direct_lead).get(url).status_code == 404
    assert enter(client, walk.world.neighbour_lead).get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_letter_without_a_file_says_so(walk, client):
    letter = Letter.objects.get(line__case__city__name="宁波市")
    page = enter(client, walk.world.direct_lead).get(reverse("letter_file", args=[letter.code]))
    assert "正在生成" in words(page)
    letter.refresh_from_db()
    assert letter.seen_at is None


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: "".join(
    chr(ord(x) + 0xFEE0) if x.isalnum() else "　" for x in c)])  # fmt: skip
def test_code_is_read_as_people_type_it(letter, client, change):
    page = client.get(reverse("verify"), {"code": change(letter.code)}, follow=True)
    assert page.redirect_chain == [(reverse("verify_code", args=[letter.code]), 302)]
    shown = words(page)
    assert "有效" in shown
    assert letter.document_number in shown
    assert "嘉兴市" in shown
    assert letter.file.sha256[:4].upper() in shown
    assert "2 页" in shown or "1 页" in shown
    assert "不具效力" in shown


def test_impossible_code_is_answered_in_words(client, walk):
    page = client.get(reverse("verify"), {"code": "12"})
    assert page.status_code == 422
    assert "核验码有 20 位" in words(page)


def test_unknown_code_gives_likely_reasons(client, walk):
    page = client.get(reverse("verify_code", args=["0000-0000-0000-0000-0000"]))
    assert page.status_code == 404
    assert "未找到" in words(page)


def test_letter_being_made_is_valid_already(walk, client):
    letter = Letter.objects.get(line__isnull=True)
    shown = words(client.get(reverse("verify_code", args=[letter.code])))
    assert "文件正在生成" in shown
    assert "宁波市、嘉兴市" in shown


def test_revoked_letter_names_the_later_one(walk, letter, client):
    back = BatchWalk(walk.world, letter.line.case, kind="rescind")
    back.to(B.ISSUED)
    later = Letter.objects.get(batch=back.batch, line__isnull=False)
    shown = words(client.get(reverse("verify_code", args=[letter.code])))
    assert "已撤销" in shown
    assert later.document_number in shown
    joint = Letter.objects.get(batch=walk.batch, line__isnull=True)
    assert "更正" in words(client.get(reverse("verify_code", args=[joint.code])))


def send(client, data: bytes, name="函.pdf"):
    return client.post(reverse("verify_file"), {"file": SimpleUploadedFile(name, data, "application/pdf")})


def test_issued_file_is_known_by_its_bytes(letter, client, settings):
    shown = words(send(client, pdf_of(letter, settings)))
    assert "有效" in shown
    assert letter.document_number in shown


def test_tampered_file_is_not_authentic(letter, client, settings):
    pdf = pdf_of(letter, settings)
    middle = len(pdf) // 3
    for forged in (
        pdf + b"\n% more\n",
        pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :],
        b"%PDF-1.7 nothing",
    ):
        shown = words(send(client, forged))
        assert "不是本平台发出的原文件" in shown
        assert letter.document_number not in shown


def test_what_is_no_pdf_or_too_large_is_refused_in_words(client, walk, settings):
    assert "不是 PDF" in words(send(client, b"PK\x03\x04"))
    assert send(client, b"").status_code == 422
    settings.UPLOAD_LIMIT_BYTES = 10
    page = send(client, b"%PDF-" + b"x" * 10)
    assert page.status_code == 422
    assert "超过" in words(page)


def test_many_tries_wait_in_words_and_go_on_later(client, walk):
    url = reverse("verify_code", args=["0000-0000-0000-0000-0000"])
    for _ in range(verification.MOST):
        assert client.get(url).status_code == 404
    page = client.get(url)
    assert (page.status_code, "分钟后再试" in words(page)) == (429, True)
    assert int(page["Retry-After"]) % 60 == 0
    assert client.get(url, REMOTE_ADDR="10.1.1.1").status_code == 404
    assert send(client, b"%PDF-1.7").status_code == 429
    clock.advance(minutes=5)
    assert client.get(url).status_code == 404
    assert "127.0.0.1" not in str(list(VerificationTry.objects.values()))


def test_genuine_letters_downloaded_again_are_all_accepted(walk, client, settings):
    letters_are_made()
    for letter in Letter.objects.select_related("file"):
        answer = enter(client, walk.handler).get(reverse("letter_file", args=[letter.code]))
        again = io.BytesIO(b"".join(answer.streaming_content)).getvalue()
        assert "有效" in words(send(client, again))
