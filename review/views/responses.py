"""The response table: the city answers each item, the group judges each answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import clock
from portal.http import Request

from .. import answering, presenting
from ..answering import CITY
from ..exports_store import MIME
from ..forms.responses import AnswerForm, EntrustForm, VerdictForm
from ..machine import NotAllowed
from ..models import Opinion, OpinionItem, PlanExport, Round
from ..printing import responses_docx
from ..services import responses
from ..states import State


def table(request: Request, ref: str, number: int) -> HttpResponse:
    """The table of one round; the city may share items out to departments here."""
    current = _round(request, number)
    form = None
    if request.method == "POST":
        items = list(responses.items(request.case))
        form = EntrustForm(request.POST, items=items)
        if form.is_valid() and _entrust(request, form, items):
            return redirect("plan_responses", ref=ref, number=number)
    return _table(request, current, entrust=form)


def _round(request: Request, number: int) -> Round:
    """Return the round; outsiders learn of its answers once its opinion has been sent."""
    current = get_object_or_404(
        request.case.rounds.filter(opened_at__isnull=False).select_related("version", "case"), number=number
    )
    group = {"group_office", "group_leader", "expert"} & request.subject.actors
    if not group and not Opinion.objects.filter(round=current, sent_at__isnull=False).exists():
        raise PermissionDenied(_("The group is still preparing its opinion; you read it when it is sent."))
    return current


def _entrust(request: Request, form: EntrustForm, items: list[OpinionItem]) -> bool:
    chosen = {int(pk) for pk in form.cleaned_data["items"]}
    department = form.cleaned_data["department"]
    try:
        responses.entrust_all([i for i in items if i.pk in chosen], department=department, by=request.post)
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    messages.success(
        request,
        ngettext("%(count)d item goes to %(who)s.", "%(count)d items go to %(who)s.", len(chosen))
        % {"count": len(chosen), "who": department},
    )
    return True


def _table(request, current: Round, *, entrust=None, bound: dict[int, VerdictForm] | None = None) -> HttpResponse:
    case, bound = request.case, bound or {}
    rows = answering.rows(case, current, request.subject.actors, request.post)
    is_current = case.current_round.pk == current.pk
    is_city = bool(CITY & request.subject.actors)
    answers = is_city and is_current and case.state in responses.ANSWERING
    judges = (
        is_current
        and case.state == State.RECHECK
        and bool({"group_office", "expert"} & request.subject.actors)
        and responses.may_judge(case, request.post)
    )
    if judges:
        for row in rows:
            initial = {"verdict": row.verdict.verdict, "text": row.verdict.text} if row.verdict else None
            row.form = bound.get(row.item.pk) or VerdictForm(item=row.item, initial=initial)
    if answers and entrust is None and rows:
        entrust = EntrustForm(items=[row.item for row in rows])
    done = sum(1 for row in rows if row.answer and row.answer.answered_at)
    wrong = [f for f in [entrust, *bound.values()] if f is not None and f.is_bound]
    context = {
        "case": case,
        "round": current,
        "strip": presenting.strip(case),
        "rows": rows,
        "is_city": is_city,
        "answers": answers,
        "judges": judges,
        "kept_back": not is_city and is_current and case.state in responses.ANSWERING,
        "entrust": entrust if answers else None,
        "forms": wrong,
        "done": done,
        "progress": _progress(rows, done),
        "judged": sum(1 for row in rows if row.verdict),
        "show_verdicts": any(row.verdict for row in rows),
        "steps": [s for s in presenting.steps(case, by=request.post) if s.name in _STEPS] if is_current else [],
        "opinion_url": reverse("plan_opinion", args=[case.plan.reference, current.number]),
        "rounds": list(case.rounds.filter(opinion__sent_at__isnull=False).values_list("number", flat=True)),
    }
    return render(request, "review/responses.html", context, status=422 if wrong else 200)


def document(request: Request, ref: str, number: int) -> HttpResponse:
    """The same table as a Word document, with what this reader may see of it."""
    current = _round(request, number)
    with translation.override("zh-hans"):
        found = answering.rows(request.case, current, request.subject.actors, request.post)
        facts = _printed(request, current, found)
    answer = HttpResponse(responses_docx.write(facts), content_type=MIME[PlanExport.Format.DOCX])
    answer["Content-Disposition"] = f'attachment; filename="{ref}-{number}-answers.docx"'
    return answer


def _printed(request: Request, current: Round, found: list[answering.Row]) -> responses_docx.Facts:
    with_verdicts = any(row.verdict for row in found)
    opinion = Opinion.objects.filter(round=current).first()
    return responses_docx.Facts(
        city=request.case.city.name,
        plan_title=request.plan.title,
        reference=request.plan.reference,
        round=current.number,
        version=current.version.number,
        opinion=(opinion.number or "") if opinion else "",
        at=clock.now(),
        rows=tuple(_line(row, with_verdicts) for row in found),
        with_verdicts=with_verdicts,
    )


def _line(row: answering.Row, with_verdict: bool) -> tuple[str, ...]:
    answer = row.answer
    about = f"\n（{row.section}）" if row.section else ""
    cells = (
        str(row.item.position),
        str(row.item.get_kind_display()),
        row.item.text + about,
        answer.department if answer else "",
        str(answer.get_handling_display()) if answer and answer.handling else "",
        answer.text if answer else "",
        row.changed_in,
        row.tag["label"],
    )
    return (*cells, f"{row.judge}\n{row.verdict.text}" if row.verdict else "") if with_verdict else cells


_STEPS = {"resubmit", "next_round", "find_mature", "keep_maturing"}


def _progress(rows: list, done: int) -> str:
    return _("%(done)d of %(total)d items answered") % {"done": done, "total": len(rows)}


def answer(request: Request, ref: str, item: int) -> HttpResponse:
    """The city's answer to one item, with the way to the text, and on to the next."""
    case = request.case
    rows = answering.rows(case, case.current_round, request.subject.actors, request.post)
    here = next((n for n, row in enumerate(rows) if row.item.pk == item), None)
    if here is None:
        raise Http404
    row = rows[here]
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=_initial(row))
    following = rows[here + 1] if here + 1 < len(rows) else None
    if request.method == "POST" and form.is_valid():
        try:
            responses.answer(row.item, by=request.post, **form.cleaned_data)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The answer to item %d is saved.") % row.item.position)
            if "next" in request.POST and following:
                return redirect("plan_response", ref=ref, item=following.item.pk)
            url = reverse("plan_responses", args=[ref, case.current_round.number])
            return redirect(f"{url}#item-{row.item.pk}")
    context = {
        "case": case,
        "round": case.current_round,
        "strip": presenting.strip(case),
        "row": row,
        "form": form,
        "total": len(rows),
        "previous": rows[here - 1] if here else None,
        "following": following,
    }
    return render(request, "review/response.html", context, status=422 if form.errors else 200)


def _initial(row) -> dict[str, Any]:
    """Begin with what is there; what was changed since the opinion is named by itself and may be put right."""
    found = row.answer
    if found and found.answered_at:
        return {
            "handling": found.handling,
            "text": found.text,
            "section": found.section,
            "department": found.department,
        }
    before = getattr(row.item.reopens, "response", None)  # the same remark, answered in an earlier round
    changed = row.item.section if row.edits else ""
    entrusted = found.department if found else ""
    if before is None:
        return {"section": changed, "department": entrusted, "text": row.edits}
    return {
        "section": changed or before.section,
        "department": entrusted or before.department,
        "text": row.edits or before.text,
    }


@require_POST
def verdict(request: Request, ref: str, item: int) -> HttpResponse:
    """What the group finds of one answer."""
    case = request.case
    which = get_object_or_404(responses.items(case), pk=item)
    form = VerdictForm(request.POST, item=which)
    if form.is_valid():
        try:
            responses.judge(which, by=request.post, **form.cleaned_data)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The verdict on item %d is saved.") % which.position)
            url = reverse("plan_responses", args=[ref, case.current_round.number])
            return redirect(f"{url}#item-{which.pk}")
    return _table(request, case.current_round, bound={which.pk: form})
