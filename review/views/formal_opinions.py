"""The formal review opinion: composed by the office, signed by the leader, read by the agencies once proposed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import access, audit, words
from portal.http import Request

from .. import filing, presenting, tone
from ..forms.opinions import FormalForm
from ..machine import NotAllowed
from ..models import Opinion
from ..names import naming
from ..rules import DISCUSSING, GROUP_ACTORS
from ..services import formal_opinions, member_views
from ..states import State
from .files import serve
from .leader_signature import sign_or_take_back


def formal_opinion(request: Request, ref: str) -> HttpResponse:
    """The office writes; the group reads the draft; the agencies read what was sent."""
    case = request.case
    found = _shown(request)
    writes = "group_office" in request.subject.actors and case.state == State.FORMAL_REVIEW
    writes = writes and not (found and found.signed_at)
    form = (
        FormalForm(request.POST if request.method == "POST" else None, initial={"body": found.body if found else ""})
        if writes
        else None
    )
    if request.method == "POST" and not writes:
        messages.error(request, _("The opinion is signed and no longer changes."))
        return redirect("plan_formal_opinion", ref=ref)
    if request.method == "POST" and form.is_valid():
        try:
            formal_opinions.draft_formal(case, body=form.cleaned_data["body"], by=request.post)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Saved. The group leader can now sign the opinion."))
            return redirect("plan_formal_opinion", ref=ref)
    reads_plan = access.may("plan", "GET", request.post, request.subject)
    leads = "group_leader" in request.subject.actors and case.state == State.FORMAL_REVIEW and found is not None
    context = {
        "case": case,
        "strip": presenting.strip(case) | ({} if reads_plan else {"url": ""}),
        "letter": letter(found) if found else None,
        "form": form,
        "filed": filing.filed(case) if reads_plan else None,
        "reads_plan": reads_plan,
        "own_view": _own_view(request),
        "print": formal_opinions.print_of(found) if found else None,
        **_views(request, found),
        "may_sign": leads and not found.signed_at,
        "may_unsign": leads and bool(found.signed_at) and not found.sent_at,
        "steps": [s for s in presenting.steps(case, by=request.post) if s.name == "propose"] if leads else [],
    }
    return render(request, "review/formal_opinion.html", context, status=422 if form and form.errors else 200)


def _shown(request: Request) -> Opinion | None:
    """Return the newest formal opinion this post may read."""
    found = Opinion.objects.filter(case=request.case, kind=Opinion.Kind.FORMAL).select_related("version")
    if DISCUSSING & request.subject.actors:
        return formal_opinions.current(request.case) or found.order_by("-id").first()
    sent = found.filter(sent_at__isnull=False).order_by("-id").first()
    if sent is None:
        raise PermissionDenied(_("The group is still preparing its opinion; you read it when it is sent."))
    return sent


def opinion_print(request: Request, ref: str) -> HttpResponse | FileResponse:
    """Serve the signed opinion as PDF; while there is no file, lead to the page that says why."""
    found = _shown(request)
    row = formal_opinions.print_of(found) if found else None
    if row is None or row.file is None:
        messages.info(request, _("The opinion has no PDF yet."))
        return redirect("plan_formal_opinion", ref=ref)
    audit.record("opinion:download", found, by=request.post, reference=request.plan.reference, digest=row.digest)
    return serve(row.file)


def _own_view(request: Request) -> dict | None:
    """Return what a member is offered: to give a view, or to change the one given."""
    case = request.case
    if "expert" not in request.subject.actors or case.state != State.FORMAL_REVIEW:
        return None
    if member_views.is_closed(case, case.latest_version):
        return None
    return {
        "given": member_views.own(case, request.post),
        "url": reverse("plan_member_view", args=[request.plan.reference]),
    }


def _views(request: Request, found: Opinion | None) -> dict:
    """The office and the leader read the members' views as they come; everybody else once the opinion is signed."""
    case = request.case
    closed = bool(found and found.signed_at)
    if not (closed or GROUP_ACTORS & request.subject.actors):
        return {"views": None}
    version = found.version if found else case.latest_version
    name = naming(case, request.post)
    rows = member_views.rows(case, version)
    shown = [{"row": row, "name": name(row.member)} for row in rows]
    return {"views": shown, "waiting": sum(not row.is_given for row in rows), "closed": closed}


def letter(found: Opinion) -> dict:
    return {
        "opinion": found,
        "paragraphs": [line for line in found.body.splitlines() if line.strip()],
        "flags": tone.flags(found.body),
        "sent_on": words.official_day(found.sent_at) if found.sent_at else "",
    }


def sign(request: Request, ref: str) -> HttpResponse:
    """The leader signs the opinion on the version filed, or takes the signature back."""
    case = request.case
    found = formal_opinions.current(case)
    if found is None:
        messages.error(request, _("There is no formal review opinion on the version filed yet."))
        return redirect("plan_formal_opinion", ref=ref)
    act = sign_or_take_back(
        request,
        found,
        sign=lambda: formal_opinions.sign_formal(found, by=request.post),
        signed=_("Signed. The plan can now be proposed for approval."),
        here=reverse("plan_formal_sign", args=[ref]),
        opinion_page=reverse("plan_formal_opinion", args=[ref]),
    )
    if act.answer:
        return act.answer
    context = {
        "case": case,
        "strip": presenting.strip(case),
        "letter": letter(found),
        **_views(request, found),
        **act.words,
    }
    return render(request, "review/formal_sign.html", context, status=422 if act.words["form"].errors else 200)
