"""A table written in its cells, all rows on one page, saved together."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.http import Request

from .. import advice
from ..forms.grid import GRIDS, Grid
from ..pasting import columns
from ..services import editing, rows
from .common import part_page, status_of


def cells(request: Request, ref: str, table: str) -> HttpResponse:
    """Show the table as cells; saving writes every changed row or none."""
    if table not in GRIDS:
        raise Http404
    if editing.refusal(request.plan, table, request.post) and request.method != "POST":
        return redirect("plan_rows", ref=ref, table=table)
    grid = Grid(request.POST if request.method == "POST" else None, plan=request.plan, table=table)
    status = 200
    if request.method == "POST":
        status = 422
        if grid.is_valid():
            try:
                rows.save_all(request.plan, table, grid.lines, by=request.post)
            except rows.SomeRefused as refused:
                grid.refuse(refused)
                stale = any(isinstance(error, editing.Stale) for error in refused.errors.values())
                status = 409 if stale else 422
            except ValidationError as error:
                grid.refuse(error)
                request.plan.refresh_from_db(fields=["open_parts"])
                status = status_of(error)
            else:
                _say(request, len(grid.written))
                return redirect("plan_cells", ref=ref, table=table)
    return _page(request, table, grid, status)


def _say(request: Request, count: int) -> None:
    if count:
        messages.success(request, ngettext("%d row is saved.", "%d rows are saved.", count) % count)
    else:
        messages.info(request, _("Nothing was changed, so nothing was saved."))


def _page(request: Request, table: str, grid: Grid, status: int) -> HttpResponse:
    for line in grid.forms:
        line.growth = _growth(line.instance) if table == "indicators" and line.instance.pk else ""
    heads = [columns.label(table, column) for column in columns.COLUMNS[table]]
    return part_page(
        request,
        "applications/cells.html",
        table,
        table=table,
        formset=grid,
        heads=heads,
        has_growth=table == "indicators",
        status=status,
    )


def _growth(row) -> str:
    growth = advice.growth(row)
    return f"{growth}%" if growth is not None else advice.share_change(row) or "—"
