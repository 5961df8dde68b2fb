"""The maturity sheet of the current round: filled by the members, read by the group; never added up."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import charts
from portal.http import Request

from .. import presenting
from ..forms.maturity import MaturityForm
from ..machine import NotAllowed
from ..maturity_levels import sentence
from ..models.opinions import Dimension
from ..names import naming
from ..services import maturity

_STEPS = {"next_round", "find_mature", "keep_maturing"}


def sheet(request: Request, ref: str) -> HttpResponse:
    case = request.case
    found = maturity.sheet(case, request.post)
    fills = found.mine is not None and case.state in maturity.ASSESSING
    form = MaturityForm(request.POST if request.method == "POST" else None, lines=found.lines) if fills else None
    if request.method == "POST" and form and form.is_valid() and _save(request, form):
        return redirect("plan_maturity", ref=ref)
    context = {
        "case": case,
        "strip": presenting.strip(case),
        "sheet": found,
        "form": form,
        "rows": _rows(case, found, request.post),
        "radar": _radar(found),
        "progress": _progress(found),
        "steps": [s for s in presenting.steps(case, by=request.post) if s.name in _STEPS],
    }
    return render(request, "review/maturity.html", context, status=422 if form and form.errors else 200)


def _save(request: Request, form: MaturityForm) -> bool:
    findings = form.findings()
    if not findings:
        form.add_error(None, _("Choose at least one level."))
        return False
    try:
        with transaction.atomic():
            for finding in findings:
                maturity.assess(request.case, finding.pop("dimension"), by=request.post, **finding)
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    left = len(Dimension) - len(findings)
    said = _("Your sheet is complete: you now see what the others found.")
    if left:
        said = ngettext(
            "Saved. %d line is still empty; you see the others' findings when it is filled.",
            "Saved. %d lines are still empty; you see the others' findings when they are filled.",
            left,
        ) % (left)
    messages.success(request, said)
    return True


def _rows(case, found: maturity.Sheet, viewer) -> list[dict]:
    """Return the table beside the picture: each finding with its name and sentence."""
    name = naming(case, viewer)
    return [
        {
            "label": line.dimension.label,
            "before": " · ".join(map(str, line.before)) or "—",
            "own": line.own,
            "own_words": sentence(line.dimension, line.own.level) if line.own else "",
            "others": [
                {"who": name(level.assignment.member), "level": level, "words": sentence(line.dimension, level.level)}
                for level in line.others
            ],
            "spread": line.spread,
            "talk": line.talk,
        }
        for line in found.lines
    ]


def _radar(found: maturity.Sheet):
    """Draw the lower of several findings: a picture must not say more than everyone agrees to."""
    axes = [
        charts.Axis(
            str(line.dimension.label),
            min(line.before) if line.before else None,
            min(line.levels) if line.levels else None,
        )
        for line in found.lines
    ]
    if not any(axis.now is not None or axis.before is not None for axis in axes):
        return ""
    said = "；".join(f"{a.label} {'—' if a.now is None else a.now}" for a in axes)
    return charts.radar(axes, _("Levels found by dimension: %s") % said)


def _progress(found: maturity.Sheet) -> dict:
    done, total = len(found.finished), len(found.members)
    words = _("%(done)d of %(total)d members have filled all eight lines") % {"done": done, "total": total}
    return {"done": done, "total": total, "words": words}
