"""Files that go with a plan and are frozen with its versions."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from portal.models import Membership, StoredFile

from ..models import Attachment, Plan
from . import editing

_MEBIBYTE = 1024 * 1024


def room(plan: Plan, size: int) -> None:
    """Raise ValidationError unless the plan can take one more file of ``size`` bytes."""
    rows = Attachment.objects.filter(plan=plan)
    if rows.count() >= settings.PLAN_FILES:
        raise ValidationError(
            _("A plan takes at most %d attachments. Join files that belong together.") % settings.PLAN_FILES
        )
    held = rows.aggregate(sum=Sum("file__size"))["sum"] or 0
    if held + size > settings.PLAN_BYTES:
        raise ValidationError(
            _("The attachments of a plan may hold %(most)s MB together. Remove one or make this file smaller.")
            % {"most": f"{settings.PLAN_BYTES / _MEBIBYTE:g}"}
        )


def add(plan: Plan, stored: StoredFile, *, title: str, kind: str, unclassified: bool, by: Membership) -> Attachment:
    """Attach a stored file; refused without the declaration that it holds no classified material."""
    if not unclassified:
        raise ValidationError(_("Confirm that the file holds no classified material; otherwise it must not be sent."))
    with editing.opened(plan, "attachments", by=by) as locked:
        rows = Attachment.objects.filter(plan=locked)
        twin = rows.filter(file__sha256=stored.sha256, kind=kind).first()
        if twin:
            raise ValidationError(_("The same file is attached already, as “%s”.") % twin.title)
        room(locked, stored.size)
        row = Attachment.objects.create(
            plan=locked,
            file=stored,
            title=title,
            kind=kind,
            unclassified=True,
            position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1,
        )
        editing.touch(locked, "attachments", by=by)
        editing.record(
            "attachment:add", row, locked, by=by, title=title, kind=kind, file=stored.name, sha256=stored.sha256
        )
        return row


def remove(plan: Plan, pk: int, *, by: Membership) -> str:
    """Take an attachment off the working text; frozen versions keep theirs."""
    with editing.opened(plan, "attachments", by=by) as locked:
        row = Attachment.objects.filter(plan=locked, pk=pk).select_related("file").first()
        if row is None:
            raise ValidationError(_("This attachment has been removed already."))
        editing.touch(locked, "attachments", by=by)
        editing.record("attachment:remove", row, locked, by=by, title=row.title, sha256=row.file.sha256)
        row.delete()
        return row.title
