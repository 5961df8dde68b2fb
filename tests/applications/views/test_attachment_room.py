"""How many and how large files a plan takes: exact, also when several people upload at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from applications.models import Attachment
from applications.services import attachments
from portal.models import AuditEntry, StoredFile
from tests.portal.test_uploads import picture


def stored(number, size):
    digest = f"{number:064x}"
    return StoredFile.objects.create(sha256=digest, name=f"{number}.pdf", kind="pdf", mime="application/pdf", size=size)


def add(case, file, by):
    kind = Attachment.Kind.ORDINARY
    return attachments.add(case.plan, file, title=file.name, kind=kind, unclassified=True, by=by)


def test_the_last_file_and_the_last_byte_fit_and_no_more(world, case, settings):
    settings.PLAN_FILES, settings.PLAN_BYTES = 3, 100
    held = Attachment.objects.filter(plan=case.plan)
    held.delete()
    add(case, stored(1, 60), world.editor)
    with pytest.raises(ValidationError, match="合计不得超过"):
        add(case, stored(2, 41), world.editor)
    add(case, stored(3, 40), world.editor)
    add(case, stored(4, 0), world.editor)
    with pytest.raises(ValidationError, match="最多"):
        add(case, stored(5, 0), world.editor)
    assert [row.file.size for row in held.order_by("position")] == [60, 40, 0]


def test_a_full_plan_stores_nothing_and_says_so(client, world, case, settings):
    settings.PLAN_BYTES = 10
    client.force_login(world.editor.user)
    kept = sorted(settings.PRIVATE_ROOT.rglob("*"))
    before = StoredFile.objects.count(), AuditEntry.objects.count()
    sent = {"file": SimpleUploadedFile("a.png", picture("PNG")), "kind": "ordinary", "unclassified": "on"}
    answer = client.post(f"/plans/{case.plan.reference}/attachments/", sent)
    assert answer.status_code == 422
    assert "合计不得超过" in answer.content.decode()
    assert (StoredFile.objects.count(), AuditEntry.objects.count()) == before
    assert sorted(settings.PRIVATE_ROOT.rglob("*")) == kept


@pytest.mark.django_db(transaction=True)
def test_uploads_at_the_same_moment_do_not_exceed_the_quota(live_world, settings):
    world, case = live_world, live_world.draft()
    settings.PLAN_BYTES = 100
    Attachment.objects.filter(plan=case.plan).delete()
    files = [stored(number, 40) for number in range(4)]

    def one(file):
        try:
            add(case, file, world.editor)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, files)) == [False, False, True, True]
    assert Attachment.objects.filter(plan=case.plan).count() == 2
