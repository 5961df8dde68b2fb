"""The plan's tables: lists, and one form for each row."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.http import Request

from .. import advice, hearing, library, pictures, snapshot
from ..finding import gauge
from ..forms.grid import GRIDS
from ..forms.rows import FORMS
from ..models import Plan
from ..parts import ROW_PARTS
from ..pasting.columns import COLUMNS
from ..services import editing, rows, tables
from .common import confirm_delete, part_page, status_of


def table(request: Request, ref: str, table: str) -> HttpResponse:
    """List a table's rows with what to look at in each."""
    _known(table)
    found = getattr(request.plan, table)
    context = {
        "table": table,
        "may_paste": table in COLUMNS,
        "has_cells": table in GRIDS,
        **_SHOWN[table](request.plan, found),
    }
    context["refusal"] = editing.refusal(request.plan, table, request.post)
    if table in COLUMNS and not context["refusal"]:
        context["last_paste"] = tables.last_change(request.plan, table)
    return part_page(request, f"applications/rows_{table}.html", table, **context)


def _known(table: str) -> None:
    if table not in ROW_PARTS:
        raise Http404


def _indicators(plan: Plan, found) -> dict:
    listed = list(found.all())
    for row in listed:
        row.growth, row.advice = advice.growth(row), advice.on_indicator(row)
        row.share_change = advice.share_change(row)
    return {"rows": listed, "suggested": library.missing(row.area for row in listed)}


def _measures(plan: Plan, found) -> dict:
    listed = list(found.prefetch_related("indicators"))
    ledger, taken = snapshot.consultations(plan), [snapshot.measure(m) for m in listed]
    for row, measure in zip(listed, taken, strict=True):
        row.advice = advice.on_measure(row, not hearing.is_missing(measure, ledger))
        row.heard = hearing.shown(measure, ledger)
    return {"rows": listed, "gauge": gauge.shown(taken)}


def _milestones(plan: Plan, found) -> dict:
    listed = list(found.select_related("indicator"))
    picture = pictures.milestones(snapshot.milestone(r) for r in listed)
    return {"rows": listed, "picture": picture, "warnings": advice.on_milestones(listed, plan.ends)}


def _consultations(plan: Plan, found) -> dict:
    return {"rows": list(found.prefetch_related("measures"))}


_SHOWN = {
    "indicators": _indicators,
    "measures": _measures,
    "milestones": _milestones,
    "consultations": _consultations,
}


def add(request: Request, ref: str, table: str) -> HttpResponse:
    """Add one row at the end of a table."""
    _known(table)
    return _edit(request, table, None)


def _suggested(request: Request, table: str) -> dict:
    """Return what a suggested indicator fills in."""
    number = request.GET.get("suggested", "")
    if request.method != "GET" or table != "indicators" or not number.isdecimal() or len(number) > 4:
        return {}
    found = library.suggestions()
    if int(number) >= len(found):
        return {}
    one = found[int(number)]
    return {"name": one.name, "area": one.area, "kind": one.kind, "unit": one.unit, "target_year": request.plan.ends}


def edit(request: Request, ref: str, table: str, pk: int) -> HttpResponse:
    """Change one row; the same page offers to delete it. What was typed into a row that is gone can be a new row."""
    _known(table)
    row = getattr(request.plan, table).filter(pk=pk).first()
    return _edit(request, table, row) if row else _gone(request, table)


def _gone(request: Request, table: str) -> HttpResponse:
    """Hand back what was typed, also a copy this computer kept: the page stands where the row's page stood."""
    values = request.POST if request.method == "POST" else None
    if values is None and editing.refusal(request.plan, table, request.post):
        raise Http404
    model = rows.TABLES[table]
    form = FORMS[table](values, instance=model(plan=request.plan), plan=request.plan)
    return _page(request, table, form, None, status=404, is_gone=True)


def _edit(request: Request, table: str, row) -> HttpResponse:
    model = rows.TABLES[table]
    form = FORMS[table](
        request.POST if request.method == "POST" else None,
        instance=row or model(plan=request.plan, **_suggested(request, table)),
        plan=request.plan,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = rows.save(
                    request.plan,
                    table,
                    row.pk if row else None,
                    form.values,
                    by=request.post,
                    seen=form.cleaned_data["seen"],
                )
            except ValidationError as error:
                form.refuse(error)
                request.plan.refresh_from_db(fields=["open_parts"])
                status = status_of(error)
            else:
                messages.success(request, _("“%s” is saved.") % saved)
                again = "another" in request.POST
                return redirect("plan_row_add" if again else "plan_rows", ref=request.plan.reference, table=table)
    return _page(request, table, form, row, status=status)


def _page(request: Request, table: str, form, row, **context) -> HttpResponse:
    name = str(row) if row and row.pk else ""
    beside = _beside(request.plan, table, row) if name else {}
    return part_page(
        request, "applications/row.html", table, form=form, table=table, row=row, name=name, **beside, **context
    )


def _beside(plan: Plan, table: str, row) -> dict:
    """Return the rows before and after one."""
    pks = list(getattr(plan, table).values_list("pk", flat=True))
    at = pks.index(row.pk)
    return {"previous": pks[at - 1] if at else None, "following": pks[at + 1] if at + 1 < len(pks) else None}


def delete(request: Request, ref: str, table: str, pk: int) -> HttpResponse:
    """Say what would be lost, then delete one row of this plan."""
    _known(table)
    row = get_object_or_404(getattr(request.plan, table), pk=pk)
    if request.method != "POST":
        return confirm_delete(
            request,
            table,
            title=_("Delete “%s”") % row,
            happens=[
                _("The row disappears from the working text. Versions handed in keep it."),
                *_loosened(table, row),
            ],
            facts=[
                {"label": _label(row, n), "value": editing.shown(row, n)}
                for n in FORMS[table].base_fields
                if n != "seen"
            ],
            back={"url": reverse("plan_row", args=[ref, table, pk]), "label": _("Keep the row")},
        )
    try:
        name = rows.delete(request.plan, table, pk, by=request.post)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%s” is deleted.") % name)
    return redirect("plan_rows", ref=request.plan.reference, table=table)


def _label(row, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _loosened(table: str, row) -> list[str]:
    """Return what would no longer point to the row."""
    found = []
    if table == "measures" and (n := row.consultations.count()):
        found.append(
            ngettext("%d consultation will no longer name it.", "%d consultations will no longer name it.", n) % n
        )
    if table != "indicators":
        return found
    if n := row.measures.count():
        found.append(ngettext("%d measure will no longer name it.", "%d measures will no longer name it.", n) % n)
    if n := row.plan.milestones.filter(indicator=row).count():
        found.append(ngettext("%d milestone will no longer name it.", "%d milestones will no longer name it.", n) % n)
    return found
