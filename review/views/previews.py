"""A plan's file shown in the page: its pages as pictures that the portal drew, never the file itself."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.filework import previews
from portal.http import Request
from portal.models import Preview, StoredFile
from portal.uploads import Kind

from .. import presenting
from . import files


def plan_file_preview(request: Request, ref: str, file_id: int) -> HttpResponse:
    """Show the first pages; while they are drawn, or where there are none, say so and offer the download."""
    stored = files.of_plan(request, file_id)
    row = previews.want(stored)
    if row and row.made_at:
        files.record(request, "file:preview", stored)
    context = {
        "strip": presenting.strip(request.case),
        "case": request.case,
        "plan": request.plan,
        "file": stored,
        "kind": stored.kind.upper(),
        "is_picture": stored.kind != Kind.PDF,
        "preview": row,
        "pages": _pages(ref, stored, row),
        "rest": row.pages - len(row.sizes) if row else 0,
        "problem": previews.PROBLEMS[row.problem] if row and row.problem else "",
        "under_way": row is not None and row.made_at is None and not row.problem,
    }
    return render(request, "review/file_preview.html", context)


def _pages(ref: str, stored: StoredFile, row: Preview | None) -> list[dict]:
    sizes = row.sizes if row and row.made_at else []
    return [
        {
            "number": number,
            "url": reverse("plan_file_page", args=[ref, stored.pk, number]),
            "width": width,
            "height": height,
        }
        for number, (width, height) in enumerate(sizes, start=1)
    ]


def plan_file_page(request: Request, ref: str, file_id: int, number: int) -> FileResponse:
    """Serve the picture of one page to whoever may have the file."""
    stored = files.of_plan(request, file_id)
    row = Preview.objects.filter(sha256=stored.sha256).first()
    path = previews.page_path(row, number) if row else None
    if path is None:
        raise Http404
    return files.guarded(path, name=f"{number:03d}.jpg", mime="image/jpeg", as_attachment=False)
