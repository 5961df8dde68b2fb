"""A file shown in the page: to whom, in which state, in what headers."""

import pytest

from portal import outbox
from portal.models import AuditEntry, Outbox, Preview
from review.states import State as S
from review.views.previews import MOST_LOOKS
from tests.portal.test_uploads import word
from tests.some_files import attached, kept, pdf, picture


def shared(world):
    case = world.case(S.UNDER_REVISION)
    attached(case.plan, pdf(3), "支撑材料.pdf", by=world.lead)
    return case


@pytest.fixture
def file(case):
    return case.plan.attachments.get(title="示例附件").file


def address(case, stored, rest="preview/") -> str:
    return f"/plans/{case.plan.reference}/files/{stored.pk}/{rest}"


def test_a_preview_says_that_it_is_being_made_and_then_shows_the_pages(world, case, file, see, settings):
    settings.PREVIEW_PAGES = 2
    waiting = see(world.lead, address(case, file)).content.decode()
    assert "正在生成预览" in waiting
    assert f'hx-get="{address(case, file)}?look=1"' in waiting
    assert "页面会自动更新" in waiting
    assert outbox.sweep(kind="preview") == 1
    page = see(world.lead, address(case, file)).content.decode()
    assert "正在生成预览" not in page
    assert "hx-get" not in page
    assert "显示前 2 页，全文共 3 页" in page
    assert page.count("<img") == 2
    assert 'width="1600" height="800"' in page
    assert "“支撑材料.pdf”第 2 页，共 3 页" in page
    assert f'href="{address(case, file, "")}"' in page
    assert "the first 2 of 3 pages" in see(world.lead, "/en" + address(case, file)).content.decode()


def test_a_page_is_sent_like_a_private_file(world, case, file, see):
    outbox.sweep(kind="preview")
    answer = see(world.lead, address(case, file, "pages/3/"))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_looking_at_a_file_is_recorded_once_it_is_shown(world, case, file, see):
    see(world.lead, address(case, file))
    assert not AuditEntry.objects.filter(action="file:preview").exists()
    outbox.sweep(kind="preview")
    see(world.lead, address(case, file))
    entry = AuditEntry.objects.get(action="file:preview")
    assert file.sha256 in entry.text


def test_preview_and_pages_open_to_those_who_may_have_the_file(world, case, file, see):
    outbox.sweep(kind="preview")
    frozen = case.plan.attachments.get(kind="founding").file
    Preview.objects.create(sha256=frozen.sha256)
    foreign = kept(picture("PNG"), "别市.png", by=world.far_lead)
    for post in (world.lead, world.editor):
        assert [see(post, address(case, file, rest)).status_code for rest in ("preview/", "pages/1/")] == [200, 200]
    for post in (world.experts[0], world.group_office):
        assert [see(post, address(case, file, rest)).status_code for rest in ("preview/", "pages/1/")] == [404, 404]
        assert see(post, address(case, frozen)).status_code == 200
    for post in (world.lead, world.group_office):
        assert see(post, address(case, foreign)).status_code == 404
        assert see(post, f"/plans/{case.plan.reference}/files/999999/preview/").status_code == 404
    for post in (world.far_lead, world.neighbour_lead):
        assert [see(post, address(case, file, rest)).status_code for rest in ("preview/", "pages/1/")] == [404, 404]


def test_a_page_that_was_not_made_does_not_exist(world, case, file, see):
    assert see(world.lead, address(case, file, "pages/1/")).status_code == 404
    outbox.sweep(kind="preview")
    assert see(world.lead, address(case, file, "pages/0/")).status_code == 404
    assert see(world.lead, address(case, file, "pages/4/")).status_code == 404


def test_a_preview_that_failed_says_so_and_offers_the_file(world, case, file, see):
    Preview.objects.filter(sha256=file.sha256).update(problem="too_complex")
    page = see(world.lead, address(case, file)).content.decode()
    assert "文件过于复杂，无法在此预览。" in page
    assert "hx-get" not in page
    assert f'href="{address(case, file, "")}"' in page


def test_a_word_file_is_offered_for_download(world, case, see):
    file = attached(case.plan, word(), "文本.docx", by=world.lead, title="另一示例")
    page = see(world.lead, address(case, file)).content.decode()
    assert "DOCX 文件不提供预览" in page
    assert f'href="{address(case, file, "")}"' in page


def test_a_file_kept_before_there_were_previews_is_drawn_when_it_is_opened(world, case, file, see):
    Preview.objects.all().delete()
    Outbox.objects.filter(kind="preview").delete()
    assert "正在生成预览" in see(world.lead, address(case, file)).content.decode()
    see(world.lead, address(case, file))
    assert outbox.sweep(kind="preview") == 1


def test_the_list_of_attachments_leads_to_the_preview_and_to_the_file(world, case, file, see):
    page = see(world.lead, f"/plans/{case.plan.reference}/attachments/").content.decode()
    assert f'href="{address(case, file)}"' in page
    assert f'href="{address(case, file, "")}"' in page


def test_a_page_that_nobody_closes_stops_looking(world, case, file, see):
    """Each look keeps the session alive: a page left open must not do so for ever."""
    last = see(world.lead, address(case, file), look=MOST_LOOKS - 1).content.decode()
    assert f"?look={MOST_LOOKS}" in last
    for look in (MOST_LOOKS, "x", "-1"):
        page = see(world.lead, address(case, file), look=look).content.decode()
        assert "正在生成预览" in page
        assert ("hx-get" in page) == (look != MOST_LOOKS)
        assert ("页面会自动更新" in page) == (look != MOST_LOOKS)
