"""Asking for a plan as a file: the same version or draft is made once, whoever asks first."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from applications import snapshot
from applications.models import Plan, PlanVersion
from portal import audit, clock, outbox
from portal.models import Membership, Outbox

from ..letters.codes import new_code
from ..machine import NotAllowed
from ..models import PlanExport
from ..printing.content import Facts


def ask(plan: Plan, version: PlanVersion | None, format: str, *, by: Membership) -> PlanExport:
    """Have the version, or without one the working text as it stands now, made into a file.

    A file that exists is not made again; one that failed is tried again.
    """
    if format not in PlanExport.Format.values:
        raise NotAllowed([_("Choose PDF or Word.")])
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        if version is not None:
            found = {"version": version, "digest": version.digest}
            text = ""
        else:
            text = audit.canonical(snapshot.take(plan))
            found = {"version": None, "digest": audit.digest(text)}
        row, is_new = PlanExport.objects.select_for_update(of=("self",)).get_or_create(
            plan=plan,
            format=format,
            **found,
            defaults={"text": text, "code": new_code(), "asked_by": by, "asked_at": clock.now()},
        )
        if is_new:
            audit.record("export:ask", row, by=by, reference=plan.reference, format=format, digest=row.digest)
            outbox.put(key_of(row), "export", export=row.pk)
        elif row.file_id is None and row.problem:
            _again(row, by)
    return row


def _again(row: PlanExport, by: Membership) -> None:
    PlanExport.objects.filter(pk=row.pk).update(problem="")
    work = Outbox.objects.filter(key=key_of(row))
    work.update(done_at=None, last_error="")
    outbox.again(work)
    audit.record("export:retry", row, by=by, reference=row.plan.reference, format=row.format, digest=row.digest)
    transaction.on_commit(outbox.ring)


def key_of(row: PlanExport) -> str:
    return f"export:{row.pk}"


def content(row: PlanExport) -> tuple[dict[str, Any], Facts]:
    """Return what is printed and what the cover says of it."""
    version = row.version
    facts = Facts(
        reference=row.plan.reference,
        number=version.number if version else None,
        digest=row.digest,
        at=version.frozen_at if version else row.asked_at,
        by=(version.frozen_by if version else row.asked_by).organisation.name,
        code=row.code,
        verify_url=f"{settings.SITE_URL}{settings.FORCE_SCRIPT_NAME or ''}/verify/{row.code}/",
        change_note=version.change_note if version else "",
    )
    return json.loads(version.text if version else row.text), facts


def file_name(row: PlanExport) -> str:
    """Return the name under which a reader saves the file."""
    stand = f"第{row.version.number}版" if row.version else f"草稿-{row.digest[:8].upper()}"
    return f"{row.plan.reference}-{stand}.{row.format}"


def by_code(code: str) -> PlanExport | None:
    """Return what carries this code on its pages."""
    found = PlanExport.objects.select_related("plan__city", "version__frozen_by__organisation", "file")
    return found.filter(code=code).first()
