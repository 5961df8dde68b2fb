"""One page for every move: what happens, what is still missing, then the act."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, words
from portal.files import keep
from portal.http import Request
from portal.models import StoredFile
from portal.punctuation import colon
from portal.uploads import Refused

from .. import machine, presenting, receipts, terms
from ..forms.moves import FilingForm, MoveForm
from ..models import Case, Move
from ..states import FACTS, State
from ..workflow import BATCH_MOVES, TITLES, Way, way


def move(request: Request, ref: str, name: str) -> HttpResponse:
    """Confirm and fire one move of the plan; the workflow table decides who may and from where."""
    case: Case = request.case
    found = _replayed(request, case, name) or _way(request, case, name)
    if isinstance(found, HttpResponse):
        return found
    form = MoveForm(request.POST or None, case=case, way=found, by=request.post)
    if request.method == "POST" and form.is_valid():
        answer = _fire(request, case, name, form, form.given())
        if answer:
            return answer
    return _page(request, case, found, form)


def file_formally(request: Request, ref: str) -> HttpResponse:
    """The local DRC files one city's plan with its cover letter."""
    case: Case = request.case
    found = _replayed(request, case, "file_formally") or _way(request, case, "file_formally")
    if isinstance(found, HttpResponse):
        return found
    form = FilingForm(request.POST or None, request.FILES or None, case=case, way=found, by=request.post)
    if request.method == "POST" and form.is_valid():
        try:
            stored = _cover_file(request, form)
        except Refused as refusal:
            form.add_error("cover_file", str(refusal))
        else:
            cover = {
                "title": form.cleaned_data["cover_title"],
                "number": form.cleaned_data["cover_number"],
                "date": form.cleaned_data["cover_date"],
                "file": stored.pk,
            }
            answer = _fire(request, case, "file_formally", form, {**form.given(), "cover": cover})
            if answer:
                return answer
    return _page(request, case, found, form)


def _cover_file(request: Request, form: FilingForm) -> StoredFile:
    """Keep the letter that was sent along, or take the one of last time."""
    sent = form.cleaned_data["cover_file"]
    if sent is None and form.last:
        return form.last.cover_file
    return keep(sent, by=request.post)


def _replayed(request: Request, case: Case, name: str) -> HttpResponse | None:
    """Lead a form that was sent before, by a refresh or the Back button, to what it did the first time."""
    key = request.POST.get("op_key", "")
    done = case.history.filter(name=name, op_key=key, by__user=request.user).first() if key else None
    if done is None:
        return None
    at = words.full_moment(done.at, english=presenting.english(), seconds=True)
    told = _("This form was sent before: “%(move)s” was done on %(at)s. Nothing was done a second time.")
    messages.info(request, told % {"move": TITLES[name], "at": at})
    return _after(case, done)


def _way(request: Request, case: Case, name: str) -> Way | HttpResponse:
    """Return the table's row, or the page that says why this step is not to be had."""
    if name not in TITLES or name in BATCH_MOVES:
        raise Http404
    found = way(name, case.state)
    if found is None:
        if answer := _overtaken(request, case, name):
            return answer
        reason = _("The plan stands at “%s”; this step is not open from there.") % State(case.state).label
        return render(
            request, "409.html", {"reason": reason, "back_url": reverse("plan", args=[case.plan.reference])}, status=409
        )
    if not {a.value for a in found.by} & request.subject.actors:
        who = "、".join(sorted(str(a.label) for a in found.by))
        return render(request, "403.html", {"reason": _("This step is taken by: %s.") % who}, status=403)
    return found


def _overtaken(request: Request, case: Case, name: str) -> HttpResponse | None:
    """Tell the second of two people who was first and when, with the way to the receipt."""
    sent = request.POST.get("seen", "")
    seen = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 6 else None
    found = receipts.overtaken(case, name, seen, by=request.post)
    if found is None:
        return None
    reason, first = found
    written = (("change_note", _("What changed since the last version")), ("reason", _("Reason")))
    context = {
        "case": case,
        "strip": presenting.strip(case),
        "same": first.name == name,
        "reason": reason,
        "receipt_url": receipts.url(case, first),
        "typed": [(label, text) for name, label in written if (text := request.POST.get(name, "").strip())],
    }
    return render(request, "review/overtaken.html", context, status=409)


def _fire(request, case: Case, name: str, form: MoveForm, given: dict) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        done = machine.fire(
            case.pk,
            name,
            by=request.post,
            reason=data.get("reason", ""),
            seen=data["seen"],
            op_key=data["op_key"],
            given=given,
        )
    except machine.NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        case.refresh_from_db()
        return _overtaken(request, case, name) if data["seen"] != case.moves else None
    messages.success(
        request, _("Done: %(move)s. The plan now stands at “%(state)s”.")
        % {"move": TITLES[name], "state": State(done.target).label},
    )  # fmt: skip
    return _after(case, done)


def _after(case: Case, done: Move) -> HttpResponse:
    if done.name in receipts.WITH_RECEIPT:
        return redirect("plan_receipt", ref=case.plan.reference, number=done.number)
    return redirect("plan", ref=case.plan.reference)


def _page(request, case: Case, found: Way, form: MoveForm) -> HttpResponse:
    blocked = presenting.blocked(case, found.name, by=request.post)
    confirm = {
        "title": f"{case.city.name}{colon()}{TITLES[found.name]}",
        "strip": presenting.strip(case),
        "happens": _happens(case, found),
        "act": _act(case, found),
        "back": {"url": reverse("plan", args=[case.plan.reference]), "label": _("Back to the plan")},
    }
    status = 200 if request.method == "GET" else 422
    return render(
        request, "review/move.html", {"confirm": confirm, "form": form, "blocked": blocked, "case": case}, status=status
    )


def _act(case: Case, found: Way) -> str:
    if found.freezes:
        number = (case.latest_version.number if case.latest_version else 0) + 1
        return _("%(move)s (version %(number)d)") % {"move": TITLES[found.name], "number": number}
    return str(TITLES[found.name])


def _happens(case: Case, found: Way) -> list[str]:
    """Say what the move does, to whom, and what follows."""
    target = FACTS[found.target]
    sentences = [
        _("The plan moves from “%(source)s” to “%(target)s”.")
        % {"source": State(case.state).label, "target": target.state.label}
    ]
    if found.freezes:
        sentences.append(_("The text is frozen as a numbered version with its fingerprint; nobody can change it."))
    if found.target == State.READY:
        sentences.append(_("The city lead releases it, then the local DRC files it formally."))
    elif target.turn.value != "nobody":
        sentences.append(_("Then it is the turn of: %s.") % target.turn.label)
    if due := terms.due_after(case, found, clock.now()):
        sentences.append(_("It is due by %s.") % words.full_moment(due, english=presenting.english()))
    if found.name == "forward":
        sentences.append(_("Forwarding is not approval; it passes the plan on for discussion."))
    if found.name in {"submit", "submit_direct"}:
        sentences.append(_("You can recall the plan until the office begins to handle it."))
    return sentences


def receipt(request: Request, ref: str, number: int) -> HttpResponse:
    """What was handed in, when to the second, with the fingerprint, and what comes next."""
    case: Case = request.case
    done = get_object_or_404(receipts.moves(case), number=number, name__in=receipts.WITH_RECEIPT)
    shown = receipts.shown(case, done, by=request.post)
    return render(request, "review/receipt.html", {"receipt": shown, "strip": presenting.strip(case), "case": case})
