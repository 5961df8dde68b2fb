"""One page for every move: what happens, what is still missing, then the act."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, words
from portal.files import keep
from portal.http import Request
from portal.punctuation import colon
from portal.uploads import Refused

from .. import machine, presenting, terms
from ..forms.moves import FilingForm, MoveForm
from ..models import Case, Move
from ..states import FACTS, State
from ..workflow import BATCH_MOVES, TITLES, Way, way

WITH_RECEIPT = {"submit", "submit_direct", "resubmit", "file_formally", "forward"}


def move(request: Request, ref: str, name: str) -> HttpResponse:
    """Confirm and fire one move of the plan; the workflow table decides who may and from where."""
    case: Case = request.case
    found = _way(request, case, name)
    if isinstance(found, HttpResponse):
        return found
    form = MoveForm(request.POST or None, case=case, way=found)
    if request.method == "POST" and form.is_valid():
        answer = _fire(request, case, name, form, form.given())
        if answer:
            return answer
    return _page(request, case, found, form)


def file_formally(request: Request, ref: str) -> HttpResponse:
    """The local DRC files one city's plan with its cover letter."""
    case: Case = request.case
    found = _way(request, case, "file_formally")
    if isinstance(found, HttpResponse):
        return found
    form = FilingForm(request.POST or None, request.FILES or None, case=case, way=found)
    if request.method == "POST" and form.is_valid():
        try:
            stored = keep(form.cleaned_data["cover_file"], by=request.post)
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


def _way(request: Request, case: Case, name: str) -> Way | HttpResponse:
    """Return the table's row, or the page that says why this step is not to be had."""
    if name not in TITLES or name in BATCH_MOVES:
        raise Http404
    found = way(name, case.state)
    if found is None:
        done = Move.objects.filter(case=case, op_key=request.POST.get("op_key", ""), by__user=request.user).first()
        if done and done.name == name:
            return _after(case, done)
        reason = _("The plan stands at “%s”; this step is not open from there.") % State(case.state).label
        return render(
            request, "409.html", {"reason": reason, "back_url": reverse("plan", args=[case.plan.reference])}, status=409
        )
    if not {a.value for a in found.by} & request.subject.actors:
        who = "、".join(sorted(str(a.label) for a in found.by))
        return render(request, "403.html", {"reason": _("This step is taken by: %s.") % who}, status=403)
    return found


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
        return None
    messages.success(
        request, _("Done: %(move)s. The plan now stands at “%(state)s”.")
        % {"move": TITLES[name], "state": State(done.target).label},
    )  # fmt: skip
    return _after(case, done)


def _after(case: Case, done: Move) -> HttpResponse:
    if done.name in WITH_RECEIPT:
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
    if target.turn.value != "nobody":
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
    done = get_object_or_404(
        case.history.select_related("version", "by__user", "by__organisation"), number=number, name__in=WITH_RECEIPT
    )
    english = presenting.english()
    current = case.moves == done.number
    following = []
    if current and case.is_open:
        following.append(_("Now with: %s.") % presenting.turn(case))
        if case.due:
            following.append(_("Expected by %s.") % words.full_moment(case.due, english=english))
    links = [{"url": reverse("plan", args=[ref]), "label": _("Back to the plan")}]
    if current and way("recall", case.state) and not case.opened_at and "city_lead" in request.subject.actors:
        links.append({"url": reverse("plan_move", args=[ref, "recall"]), "label": _("Recall")})
    shown = {
        "title": _("Received: %s") % TITLES[done.name],
        "reference": case.plan.reference,
        "version": _("Version %d") % done.version.number if done.version else "",
        "at": words.full_moment(done.at, english=english, seconds=True),
        "by": f"{done.by.user.full_name}（{done.by.organisation.short_name}）",
        "fingerprint": words.grouped(done.version.digest.upper()) if done.version else "",
        "next": following,
        "links": links,
    }
    return render(request, "review/receipt.html", {"receipt": shown, "strip": presenting.strip(case), "case": case})
