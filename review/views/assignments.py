"""The group office's page of a round: members, deadline, recusals."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.http import Request, whole
from portal.models import Membership, User
from portal.punctuation import colon
from portal.roles import GROUP, Role

from .. import presenting
from ..forms.rounds import AssignForm, DueForm, ReasonForm
from ..guards import prepared_round
from ..machine import NotAllowed
from ..models import Annotation, Assignment, Case, Round
from ..services import rounds

OPENING = {"awaiting_discussion": "open_discussion", "recheck": "next_round", "under_discussion": "close_discussion"}


def assignments(request: Request, ref: str) -> HttpResponse:
    """Assign members and set the deadline of the coming or the running round."""
    case: Case = request.case
    live = _live(case)
    assign = AssignForm(members=_members())
    due = DueForm(initial={"due": _day(live, case)})
    if request.method == "POST":
        if request.POST.get("act") == "due":
            due = DueForm(request.POST)
            answer = _set_due(request, due)
        else:
            assign = AssignForm(request.POST, members=_members())
            answer = _assign(request, assign)
        if answer:
            return answer
    context = {
        "case": case,
        "strip": presenting.strip(case),
        "round": live,
        "number": live.number if live else case.rounds.count() + 1,
        "rows": _rows(case, live, request.POST.getlist("members")),
        "recused": list(case.recusals.select_related("user", "declared_by__organisation")),
        "recused_notes": _recused_notes(case),
        "assign": assign,
        "due": due,
        "live_due": presenting.due_words(live.due) if live and live.due else None,
        "may_act": "group_office" in request.subject.actors and case.state in OPENING,
        "step": next((s for s in presenting.steps(case, by=request.post) if s.name == OPENING.get(case.state)), None),
        "may_recuse": "group_office" in request.subject.actors,
        "people": Membership.objects.holding(*GROUP),
    }
    status = 422 if assign.errors or due.errors else 200
    return render(request, "review/assignments.html", context, status=status)


def _members():
    return Membership.objects.holding(Role.EXPERT).order_by("organisation__name", "user__full_name", "pk")


def _live(case: Case) -> Round | None:
    """Return the round being prepared or discussed; otherwise the last one, to be looked at."""
    if case.state == "under_discussion":
        return case.current_round
    return prepared_round(case) or (None if case.state in OPENING else case.current_round)


def _day(live: Round | None, case: Case):
    if live and live.due:
        return clock.beijing(live.due).date()
    return None


def _rows(case: Case, live: Round | None, ticked: list[str]) -> list[dict]:
    """Return every current member with load, conflict and seat; the number of queries does not grow with them."""
    members = list(_members())
    load = rounds.load(members)
    conflicts = rounds.conflicts(case, [m.user for m in members])
    seats = {}
    if live:
        seats = {a.member_id: a for a in live.assignments.all()}
    found = [
        {
            "member": member,
            "load": load[member.pk],
            "conflict": conflicts.get(member.user_id, ""),
            "seat": seats.get(member.pk),
            "ticked": str(member.pk) in ticked,
        }
        for member in members
    ]
    return sorted(found, key=lambda r: (r["seat"] is None, bool(r["conflict"])))


def _recused_notes(case: Case) -> int:
    """Return how many published notes come from people recused since; the leader decides on their use."""
    recused = case.recusals.values("user_id")
    return Annotation.objects.filter(round__case=case, published_at__isnull=False, author__user__in=recused).count()


def _assign(request: Request, form: AssignForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    chosen = form.cleaned_data["members"]
    done = 0
    for member in chosen:
        try:
            rounds.assign(request.case, member, by=request.post)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error("members", reason)
        else:
            done += 1
    if done:
        words = ngettext("%d member has been assigned.", "%d members have been assigned.", done) % done
        messages.success(request, words)
    return None if form.errors else redirect("plan_assignments", ref=request.plan.reference)


def _set_due(request: Request, form: DueForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        live = _live(request.case) or rounds.prepare(request.case, by=request.post)
        rounds.set_due(live, due=form.cleaned_data["due"], by=request.post)
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error("due", reason)
        return None
    messages.success(request, _("The deadline is set."))
    return redirect("plan_assignments", ref=request.plan.reference)


def excuse(request: Request, ref: str, pk: int) -> HttpResponse:
    """Confirm and excuse one member from the round, with a reason."""
    seats = Assignment.objects.select_related("round", "member__user", "member__organisation")
    seat = get_object_or_404(seats, pk=pk, round__case=request.case)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.excuse(seat, reason=form.cleaned_data["reason"], by=request.post)
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("%s has been excused.") % seat.member.user.full_name)
            return redirect("plan_assignments", ref=ref)
    happens = [
        _("The round no longer waits for this member."),
        _("Notes this member has not published stay private."),
    ]
    title = _("Excuse %s") % seat.member.user.full_name
    return _confirm(request, form, title, happens, _("Excuse from this round"))


def recuse(request: Request, ref: str) -> HttpResponse:
    """Confirm and record a recusal: of oneself, or by the group office of anybody in the group (``user``)."""
    user = _person(request)
    own = user.pk == request.user.pk
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.recuse(request.case, user, reason=form.cleaned_data["reason"], by=request.post)
        except NotAllowed as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The recusal has been recorded."))
            return redirect("home") if own else redirect("plan_assignments", ref=ref)
    happens = [
        _("Access to this plan ends at once.") if not own else _("You lose access to this plan at once."),
        _("An assignment that is still open ends with this reason."),
        _("Published notes stay, marked; the group leader decides on their use."),
    ]
    title = _("Declare my own recusal") if own else _("Recuse %s") % user.full_name
    return _confirm(request, form, title, happens, _("Record the recusal"), own=own)


def _person(request: Request) -> User:
    asked = request.GET.get("user", "")
    if asked in ("", str(request.user.pk)):
        return request.user
    if "group_office" not in request.subject.actors or whole(asked) is None:
        raise Http404
    people = User.objects.filter(memberships__role__in=[*GROUP, Role.EXPERT]).distinct()
    return get_object_or_404(people, pk=whole(asked))


def _refuse(form, refusal: NotAllowed) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _confirm(request: Request, form, title: str, happens: list[str], act: str, *, own: bool = False) -> HttpResponse:
    inside = {"group_office", "group_leader"} & request.subject.actors
    back = "plan" if own or not inside else "plan_assignments"
    confirm = {
        "title": f"{request.case.city.name}{colon()}{title}",
        "strip": presenting.strip(request.case),
        "happens": happens,
        "act": act,
        "back": {"url": reverse(back, args=[request.plan.reference]), "label": _("Back")},
    }
    status = 422 if form.errors else 200
    return render(request, "components/_confirm.html", {"confirm": confirm, "form": form}, status=status)
