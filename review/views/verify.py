"""Verification of a letter by anybody: no sign-in, no script, phone first."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock, words
from portal.http import Request

from ..forms.letters import CodeForm, FileForm
from ..letters.codes import normalise
from ..models import Letter, PlanExport
from ..presenting import english
from ..services import exports, verification

STATUS_LOOK = {
    Letter.Status.VALID: ("✔", "success"),
    Letter.Status.CORRECTED: ("↻", "warning"),
    Letter.Status.REVOKED: ("✖", "error"),
}


def verify(request: Request) -> HttpResponse:
    """Ask for the code; a code in the query leads to its result."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify_code", code=form.cleaned_data["code"])
    context = {"form": form, "file_form": FileForm()}
    return render(request, "review/verify.html", context, status=422 if form.errors else 200)


def verify_code(request: Request, code: str) -> HttpResponse:
    """Say what became of the letter with this code, and what to compare with the paper."""
    waits = _slowed(request)
    if waits:
        return waits
    found = normalise(code)
    letter = verification.by_code(found) if found else None
    plan_file = exports.by_code(found) if found and letter is None else None
    if plan_file is not None:
        return _plan_result(request, plan_file)
    return _result(request, letter, code=found or code[:40])


def verify_file(request: Request) -> HttpResponse:
    """Compare a PDF with what was issued; the file is not kept."""
    waits = _slowed(request)
    if waits:
        return waits
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": CodeForm(), "file_form": form, "has_errors": True}
        return render(request, "review/verify.html", context, status=422)
    pdf = form.cleaned_data["file"].read()
    sha = hashlib.sha256(pdf).hexdigest()
    letter = verification.by_file(sha)
    verdict = None if letter else verification.check(pdf)
    return _result(request, letter, sha=sha, verdict=verdict)


def _result(request, letter: Letter | None, *, code: str = "", sha: str = "", verdict=None) -> HttpResponse:
    context = {
        "code": code,
        "sha": words.grouped(sha.upper()),
        "by_file": bool(sha),
        "verdict": verdict,
        "checked": words.full_moment(clock.now(), english=english()),
        "form": None,
    }
    if letter is None:
        return render(request, "review/verify_unknown.html", context, status=404 if code else 200)
    sign, look = STATUS_LOOK[Letter.Status(letter.status)]
    facts = verification.facts(letter)
    context |= {
        "letter": letter,
        "facts": facts,
        "sign": sign,
        "look": look,
        "says": _says(letter),
        "rows": _rows(facts),
        "fingerprint": words.grouped(facts.fingerprint.upper()),
    }
    return render(request, "review/verify_result.html", context)


def _plan_result(request: Request, row: PlanExport) -> HttpResponse:
    """What anybody who holds a page of a plan may compare it with; the plan itself stays where it is."""
    version = row.version
    at = version.frozen_at if version else row.asked_at
    facts = [
        {"label": _("Reference"), "value": row.plan.reference},
        {"label": _("City"), "value": row.plan.city.name},
        {"label": _("Version"), "value": _("Version %d") % version.number if version else _("Working draft")},
        {
            "label": _("Frozen") if version else _("Exported"),
            "value": words.full_moment(at, english=english(), seconds=True),
        },
        {"label": _("Fingerprint of the text"), "value": words.grouped(row.digest.upper())},
    ]
    checked = words.full_moment(clock.now(), english=english())
    context = {"row": row, "facts": facts, "checked": checked, "is_draft": version is None}
    return render(request, "review/verify_plan.html", context)


def _says(letter: Letter) -> str:
    later = letter.replaced_by.document_number if letter.replaced_by else ""
    if letter.status == Letter.Status.VALID:
        return _("This letter was issued by this portal and is still valid.")
    if letter.status == Letter.Status.CORRECTED:
        return _("This letter was issued by this portal; the later letter %s corrects it.") % later
    return _("This letter was issued by this portal; the later letter %s revokes it.") % later


def _rows(facts: verification.Facts) -> list[dict[str, str]]:
    pages = _("the file is being made")
    if facts.pages is not None:
        pages = ngettext("%d page", "%d pages", facts.pages) % facts.pages
    return [
        {"label": _("Title of the letter"), "value": facts.title},
        {"label": _("Document number"), "value": facts.number},
        {"label": _("Document date"), "value": words.official_day(facts.letter.issued_on)},
        {"label": _("Issued by"), "value": "、".join(facts.agencies)},
        {"label": _("Cities"), "value": "、".join(facts.cities)},
        {"label": _("Number of pages"), "value": pages},
        {"label": _("Begins with"), "value": facts.first},
        {"label": _("Ends with"), "value": facts.last},
    ]


def _slowed(request) -> HttpResponse | None:
    minutes = verification.minutes_to_wait(request.META.get("REMOTE_ADDR", ""))
    if not minutes:
        return None
    reason = ngettext(
        "Many letters were looked up from your network just now. Wait %d minute and try again.",
        "Many letters were looked up from your network just now. Wait %d minutes and try again.",
        minutes,
    ) % (minutes)
    response = render(request, "review/verify_wait.html", {"reason": reason}, status=429)
    response["Retry-After"] = str(60 * minutes)
    return response
