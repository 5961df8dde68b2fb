"""The plan as a file: asked for, made once by the worker, and only for those who may read that text."""

import io

import pikepdf
import pytest
from django.conf import settings
from django.urls import reverse
from docx import Document

from applications.models import PlanVersion, Section
from portal import blobs, outbox
from portal.models import AuditEntry, Outbox, StoredFile
from review import exports_store
from review.models import PlanExport
from review.services import annotations, exports
from review.states import State as S
from tests.pages import Queries
from tests.review.printing.sample import text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
PRIVATE = "示例：只给自己看的批注。"


@pytest.fixture
def ask(client):
    """Return ``ask(post, name, *args, **data)``: GET, or POST when there is data."""

    def _ask(post, name, *args, **data):
        client.force_login(post.user, backend=BACKEND)
        url = reverse(name, args=args)
        return client.post(url, data) if data else client.get(url)

    return _ask


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


def deliver() -> int:
    return outbox.sweep(kind="export")


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_version_is_asked_for_made_once_and_downloaded_by_its_readers(world, case, ask):
    ref = case.plan.reference
    page = ask(world.lead, "plan_export", ref, 1).content.decode()
    assert "尚未生成" in page
    answer = ask(world.lead, "plan_export", ref, 1, format="pdf")
    assert answer.status_code == 302
    assert "正在生成" in ask(world.experts[0], "plan_export", ref, 1).content.decode()
    assert ask(world.lead, "plan_export_file", ref, 1, "pdf").status_code == 302
    ask(world.channel, "plan_export", ref, 1, format="pdf")
    assert Outbox.objects.filter(kind="export").count() == 1
    assert deliver() == 1
    files = {post: content_of(ask(post, "plan_export_file", ref, 1, "pdf")) for post in
             (world.lead, world.editor, world.channel, world.group_office, world.experts[0])}  # fmt: skip
    assert len(set(files.values())) == 1
    row = PlanExport.objects.get()
    assert row.file.sha256 == blobs.store(io.BytesIO(files[world.lead]), settings.PRIVATE_ROOT)
    assert row.digest == PlanVersion.objects.get(plan=case.plan).digest
    text = "".join(text_of(files[world.lead]))
    assert "到2028年覆盖率达到60%。" in text
    assert row.code in text
    assert f"{ref}-第1版.pdf" == row.file.name
    assert AuditEntry.objects.filter(action="export:made").count() == 1
    assert AuditEntry.objects.filter(action="export:download").count() == len(files)


def test_who_may_not_read_the_version_gets_no_file(world, case, ask):
    exports.ask(case.plan, case.latest_version, "docx", by=world.lead)
    deliver()
    for stranger in (world.far_lead, world.other_channel, world.handlers[0]):
        assert ask(stranger, "plan_export", case.plan.reference, 1).status_code == 404
        assert ask(stranger, "plan_export_file", case.plan.reference, 1, "docx").status_code == 404


def test_draft_is_for_the_city_alone_and_each_text_is_a_file_of_its_own(world, case, ask):
    ref = case.plan.reference
    for other in (world.channel, world.group_office, world.experts[0]):
        assert ask(other, "plan_draft_export", ref).status_code == 403
        assert ask(other, "plan_draft_export", ref, format="pdf").status_code == 403
    ask(world.editor, "plan_draft_export", ref, format="docx")
    section = Section.objects.get(plan=case.plan, key="steps")
    section.paragraphs = [{"id": "s1", "text": "示例：后来写的步骤。"}]
    section.save()
    ask(world.editor, "plan_draft_export", ref, format="docx")
    ask(world.lead, "plan_draft_export", ref, format="docx")
    assert deliver() == 2
    later, earlier = PlanExport.objects.all()
    texts = []
    for row in (earlier, later):
        assert row.text == ""
        answer = ask(world.editor, "plan_draft_file", ref, row.pk)
        texts.append("\n".join(p.text for p in Document(io.BytesIO(content_of(answer))).paragraphs))
        assert ask(world.channel, "plan_draft_file", ref, row.pk).status_code == 403
    assert ["后来写的步骤" in text for text in texts] == [False, True]
    assert "工作草稿，尚未提交" in texts[0]
    assert ask(world.neighbour_lead, "plan_draft_export", ref).status_code == 404


def test_draft_file_of_another_plan_is_not_found(world, case, ask):
    other = world.draft(world.far, world.far_lead)
    row = exports.ask(other.plan, None, "docx", by=world.far_lead)
    deliver()
    assert ask(world.lead, "plan_draft_file", case.plan.reference, row.pk).status_code == 404


def test_notes_and_names_of_members_are_in_no_file(world, case):
    given = {"kind": "must", "section": "policy", "target": "paragraph", "target_id": "p1b", "start": 0, "end": 6}
    annotations.add(case, by=world.experts[0], body=PRIVATE, **given)
    names = [post.user.full_name for post in (*world.experts, world.lead, world.group_office)]
    for format in PlanExport.Format.values:
        exports.ask(case.plan, case.latest_version, format, by=world.group_office)
    assert deliver() == 2
    for row in PlanExport.objects.select_related("file"):
        with blobs.open_blob(row.file.sha256, settings.PRIVATE_ROOT) as stream:
            data = stream.read()
        if row.format == "pdf":
            said = "".join(text_of(data)) + pdf_information(data)
        else:
            document = Document(io.BytesIO(data))
            core = document.core_properties
            said = " ".join([*(p.text for p in document.paragraphs), core.author, core.last_modified_by, core.comments])
            assert core.author == case.city.name
        assert PRIVATE not in said
        assert not [name for name in names if name in said]


def pdf_information(data: bytes) -> str:
    with pikepdf.open(io.BytesIO(data)) as opened:
        return str(opened.open_metadata()) + str(dict(opened.docinfo))


def test_failure_says_why_and_is_tried_again_when_asked(world, case, ask):
    ref = case.plan.reference
    Section.objects.filter(plan=case.plan, key="steps").update(paragraphs=[{"id": "s", "text": "示" * 100_001}])
    ask(world.lead, "plan_draft_export", ref, format="pdf")
    assert deliver() == 1
    page = ask(world.lead, "plan_draft_export", ref).content.decode()
    assert "未能生成：方案共" in page
    assert "再试一次" in page
    assert not StoredFile.objects.filter(kind="pdf", name__contains="草稿").exists()
    ask(world.lead, "plan_draft_export", ref, format="pdf")
    assert PlanExport.objects.get().problem == ""
    assert AuditEntry.objects.filter(action="export:retry").count() == 1
    assert deliver() == 1
    assert "未能生成" in ask(world.lead, "plan_draft_export", ref).content.decode()
    assert Outbox.objects.filter(kind="export").count() == 1


def test_second_worker_keeps_the_first_file(world, case):
    row = exports.ask(case.plan, case.latest_version, "docx", by=world.lead)
    deliver()
    first = PlanExport.objects.get(pk=row.pk).file_id
    stale = PlanExport.objects.select_related("plan", "version").get(pk=row.pk)
    exports_store._keep(stale, b"PK another file")
    exports_store.deliver(exports.key_of(row), export=row.pk)
    assert PlanExport.objects.get(pk=row.pk).file_id == first
    assert StoredFile.objects.filter(kind="docx").count() == 1


def test_unknown_format_is_refused_in_words(world, case, ask, client):
    ask(world.lead, "plan_export", case.plan.reference, 1, format="odt")
    assert "请选择 PDF 或 Word。" in client.get(reverse("plan_export", args=[case.plan.reference, 1])).content.decode()
    assert ask(world.lead, "plan_export_file", case.plan.reference, 1, "odt").status_code == 404
    assert not PlanExport.objects.exists()


def test_code_on_the_pages_says_to_anybody_what_it_belongs_to(world, case, client):
    row = exports.ask(case.plan, case.latest_version, "pdf", by=world.lead)
    draft = exports.ask(case.plan, None, "pdf", by=world.lead)
    page = client.get(reverse("verify_code", args=[row.code.lower()])).content.decode()
    assert "方案的固定版本" in page
    assert case.plan.reference in page
    assert row.digest[:4].upper() in page
    assert "到2028年" not in page
    assert "尚未提交，不具效力" in client.get(reverse("verify_code", args=[draft.code])).content.decode()


def test_page_asks_the_database_as_often_for_one_file_as_for_many(world, case, ask):
    counts = []
    ask(world.lead, "plan_draft_export", case.plan.reference)
    for number in range(4):
        Section.objects.filter(plan=case.plan, key="steps").update(paragraphs=[{"id": "s", "text": f"示例{number}。"}])
        exports.ask(case.plan, None, "docx", by=world.lead)
        deliver()
        with Queries() as asked:
            ask(world.lead, "plan_draft_export", case.plan.reference)
        counts.append(len(asked))
    assert len(set(counts)) == 1
