"""Files of a plan: who gets which, and in what headers."""

from email import message_from_string

import pytest

from applications.models import Attachment
from applications.services import attachments
from portal.models import AuditEntry, StoredFile
from review.states import State as S
from tests.filled_plan import stored_file


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


def address(case, stored) -> str:
    return f"/plans/{case.plan.reference}/files/{stored.pk}/"


def twin(stored, *, name: str, by):
    return StoredFile.objects.create(
        sha256=stored.sha256, name=name, kind=stored.kind, mime=stored.mime, size=stored.size, uploaded_by=by
    )


def test_same_bytes_under_another_citys_name_are_not_this_plans_file(world, case, see):
    own = case.plan.attachments.get().file
    others = twin(own, name="别市内部用名.pdf", by=world.far_lead)
    for post in (world.lead, world.experts[0], world.group_office):
        assert see(post, address(case, own)).status_code == 200
        refused = see(post, address(case, others))
        assert refused.status_code == 404
        assert "别市内部用名" not in refused.content.decode()
    assert (
        f'href="{address(case, own)}"'
        in see(world.experts[0], f"/plans/{case.plan.reference}/v1/read/").content.decode()
    )


def test_a_file_of_the_working_text_alone_is_the_citys(world, case, see):
    later = stored_file("还没有提交.pdf", by=world.lead)
    Attachment.objects.create(plan=case.plan, file=later, title="还没有提交", kind="ordinary", unclassified=True)
    assert see(world.lead, address(case, later)).status_code == 200
    assert see(world.experts[0], address(case, later)).status_code == 404
    assert see(world.lead, address(case, stored_file(by=world.lead))).status_code == 404


def test_a_frozen_version_keeps_a_file_that_was_taken_off(world, see):
    case = world.case(S.UNDER_REVISION)
    kept = case.plan.attachments.get()
    file = kept.file
    attachments.remove(case.plan, kept.pk, by=world.lead)
    assert see(world.experts[0], address(case, file)).status_code == 200


@pytest.mark.parametrize("name", ['示例"引号".pdf', "a; filename=b.exe.pdf", "工作方案（示例）100%.pdf"])
def test_a_download_is_named_kept_out_of_the_page_and_recorded(world, case, see, name):
    file = stored_file(name, by=world.lead)
    Attachment.objects.create(plan=case.plan, file=file, title="示例", kind="ordinary", unclassified=True)
    answer = see(world.lead, address(case, file))
    header = answer["Content-Disposition"]
    assert header.startswith("attachment")
    # Read as a mail program reads it, so that our own writer is not its own judge.
    assert message_from_string(f"Content-Disposition: {header}\n\n").get_filename() == name
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.latest("seq")
    assert entry.action == "file:download"
    assert file.sha256 in entry.text
