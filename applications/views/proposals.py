"""Wordings proposed for a part: put forward by its readers, decided by its writers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.http import Request

from .. import team
from ..comparison import compare_text
from ..forms.proposals import AnswerForm, ProposalForm
from ..marking import marked
from ..models import Section, WordingProposal
from ..services import editing
from ..services import proposals as service
from ..services.sections import Conflict
from ..tasks_list import place
from .common import part_page, require_text, status_of

END = "end"  # in an address: no paragraph, but what would follow the last one


def propose(request: Request, ref: str, key: str, paragraph: str) -> HttpResponse:
    """Write another wording of one paragraph, or a new one at the end."""
    section = _section(request, key)
    paragraph = "" if paragraph == END else paragraph
    now = service.present(section, paragraph)
    if now is None or team.may_write(request.plan, key, request.post):
        said = _("You write this part yourself: change it in the text.")
        messages.info(request, said if now is not None else _("This paragraph no longer stands in the part."))
        return redirect("plan_section", ref, key)
    if request.method != "POST":
        return _page(request, section, now, _form(now))
    form = _form(now, request.POST)
    if not form.is_valid():
        return _page(request, section, now, form, status=422)
    sent = form.cleaned_data
    try:
        text, words = sent["text"], sent["words"]
        service.propose(request.plan, key, paragraph, text, words, seen=sent["seen"], by=request.post)
    except ValidationError as error:
        section.refresh_from_db()
        again = service.present(section, paragraph) or ""
        data = request.POST.copy()
        data["seen"] = audit.seal(again)
        form = _form(again, data)
        form.add_error(None, error)
        return _page(request, section, again, form, status=status_of(error))
    owners = team.owners(request.plan, key)
    messages.success(request, _("Your wording has been put to %s; the text stays as it is until they decide.") % owners)
    return redirect(f"{place(request.plan, key)}#proposals")


def _form(now: str, data: QueryDict | None = None) -> ProposalForm:
    return ProposalForm(data, replaces=bool(now), initial={"text": now, "seen": audit.seal(now)})


def _page(request: Request, section: Section, now: str, form: ProposalForm, status: int = 200) -> HttpResponse:
    closed = not editing.may_be_written(request.plan, section.key)
    return part_page(
        request,
        "applications/proposal.html",
        section.key,
        section=section,
        now=now,
        form=form,
        closed_words=editing.closed_words(request.plan, section.key) if closed else "",
        is_open=not closed,
        status=status,
    )


@require_POST
def decide(request: Request, ref: str, key: str, pk: int) -> HttpResponse:
    """Take a wording, decline it with a reason, or take one's own back; the page of the part says what became of it."""
    section = _section(request, key)
    acts = {"take": _take, "decline": _decline, "withdraw": _withdraw}
    act = acts.get(request.POST.get("act", ""))
    if act is None or not section.proposals.filter(pk=pk).exists():
        raise Http404
    try:
        messages.success(request, act(request, key, pk))
    except Conflict:
        messages.error(request, _("Somebody changed this part at the same moment. Look again, then decide."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{place(request.plan, key)}#proposals")


def _take(request: Request, key: str, pk: int) -> str:
    service.take(request.plan, key, pk, seen=request.POST.get("seen", ""), by=request.post)
    return _("The wording is in the text now; the one it replaced stands in the history.")


def _decline(request: Request, key: str, pk: int) -> str:
    service.decline(request.plan, key, pk, request.POST.get("answer", ""), by=request.post)
    return _("The text stays as it is; whoever proposed the wording is told why.")


def _withdraw(request: Request, key: str, pk: int) -> str:
    service.withdraw(request.plan, key, pk, by=request.post)
    return _("Your proposed wording is taken back.")


def shown(section: Section) -> dict[str, Any]:
    """Return what the page of a part shows of its proposals: those waiting beside the text as it reads now."""
    order = {p["id"]: number for number, p in enumerate(section.paragraphs, start=1)}
    return {
        "proposals": [_waiting(section, row, order) for row in service.of(section)],
        "decided": [{"row": row, "html": marked(compare_text(row.was, row.text))} for row in service.of(section, None)],
    }


def _waiting(section: Section, row: WordingProposal, order: dict[str, int]) -> dict[str, Any]:
    now = service.present(section, row.paragraph)
    return {
        "row": row,
        "number": order.get(row.paragraph),
        "gone": now is None,
        "changed": now is not None and now != row.was,
        "seen": audit.seal(now or ""),
        "html": marked(compare_text(row.was if now is None else now, row.text)),
        "answer": AnswerForm(row.pk),
    }


def _section(request: Request, key: str) -> Section:
    require_text(key)
    return request.plan.sections.get(key=key)
