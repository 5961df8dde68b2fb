"""The worker's step that makes a plan's file: once, first writer wins, and a failure is told in words."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, clock, keeping

from .letters.render import RenderFailed
from .models import PlanExport
from .printing import docx, pdf
from .services.exports import content, file_name

MIME = {
    PlanExport.Format.PDF: "application/pdf",
    PlanExport.Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def deliver(key: str, *, export: int) -> None:
    """Outbox handler; safe to run twice. What cannot be printed is told to the reader, who may ask again."""
    row = PlanExport.objects.select_related("plan", "version__frozen_by__organisation", "asked_by__organisation").get(
        pk=export
    )
    if row.file_id is not None:
        return
    try:
        data = _made(row)
    except (RenderFailed, pdf.TooLarge) as failure:
        _fail(row, failure.reason if isinstance(failure, RenderFailed) else str(failure))
        return
    except Exception as error:
        _fail(row, _("the portal made a mistake (%s); the administrators see it") % type(error).__name__)
        raise
    _keep(row, data)


def _made(row: PlanExport) -> bytes:
    snapshot, facts = content(row)
    return pdf.render(snapshot, facts) if row.format == PlanExport.Format.PDF else docx.write(snapshot, facts)


def _fail(row: PlanExport, problem: str) -> None:
    PlanExport.objects.filter(pk=row.pk, file__isnull=True).update(problem=problem[:1000])


def _keep(row: PlanExport, data: bytes) -> None:
    with transaction.atomic():
        # A second worker may have been faster: its file may have been downloaded and stays.
        free = PlanExport.objects.select_for_update().filter(pk=row.pk, file__isnull=True).first()
        if free is None:
            return
        mime = MIME[PlanExport.Format(row.format)]
        stored = keeping.made(data, name=file_name(row), kind=row.format, mime=mime)
        made = {"file": stored, "made_at": clock.now(), "problem": "", "text": ""}
        PlanExport.objects.filter(pk=row.pk).update(**made)
        audit.record("export:made", row, reference=row.plan.reference, digest=row.digest, sha256=stored.sha256)
