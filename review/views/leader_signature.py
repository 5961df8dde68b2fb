"""The leader's act on an opinion's page: sign it, or take the signature back with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.http import Request

from ..forms.opinions import SignForm, UnsignForm
from ..machine import NotAllowed
from ..models import Opinion
from ..services import opinions


@dataclass(frozen=True, slots=True)
class Act:
    """``answer`` is where to go when something was done, ``None`` when the page is to be shown with ``words``."""

    answer: HttpResponse | None
    words: dict[str, Any]


def sign_or_take_back(
    request: Request, found: Opinion, *, sign: Callable[[], Any], signed: str, here: str, opinion_page: str
) -> Act:
    """Do what the page asks for; an answer to another state of the opinion than it showed does nothing."""
    taking_back = bool(found.signed_at)
    wanted = "unsign" if taking_back else "sign"
    form = (UnsignForm if taking_back else SignForm)(request.POST if request.method == "POST" else None)
    page = Act(None, {"form": form, "taking_back": taking_back, "act": wanted})
    if request.method != "POST":
        return page
    if request.POST.get("act") != wanted:
        messages.error(request, _("The opinion has changed meanwhile; read it again before you decide."))
        return Act(redirect(here), {})
    if not form.is_valid():
        return page
    try:
        if taking_back:
            opinions.unsign(found, reason=form.cleaned_data["reason"], by=request.post)
        else:
            sign()
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return page
    back = _("The signature is taken back; the office can change the opinion again.")
    messages.success(request, back if taking_back else signed)
    return Act(redirect(opinion_page), {})
