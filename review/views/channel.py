"""The city declares through which office its preliminary plan goes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from applications.models import City
from portal.files import keep
from portal.http import Request
from portal.uploads import Refused

from ..actors import city_with_people_of
from ..forms.channel import ChannelForm
from ..machine import NotAllowed
from ..services import cases


def city_channel(request: Request) -> HttpResponse:
    """Show the channel that holds and declare another with the city government's document."""
    city = city_with_people_of(request.post)
    direct = cases.direct_call(city) if city else None
    is_post = request.method == "POST"
    form = ChannelForm(request.POST if is_post else None, request.FILES or None)
    if is_post and city and form.is_valid():
        answer = _declare(request, city, form)
        if answer:
            return answer
    history = list(city.channels.select_related("office", "declared_by__organisation")) if city else []
    context = {"form": form, "city": city, "channels": history, "direct": direct}
    return render(request, "review/city_channel.html", context, status=422 if is_post else 200)


def _declare(request: Request, city: City, form: ChannelForm) -> HttpResponse | None:
    data = form.cleaned_data
    try:
        evidence = keep(data["evidence"], by=request.post)
        channel = cases.declare_channel(
            city,
            kind=data["kind"],
            document_title=data["document_title"],
            document_number=data["document_number"],
            evidence=evidence,
            by=request.post,
        )
    except Refused as refusal:
        form.add_error("evidence", refusal.message)
    except NotAllowed as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
    else:
        messages.success(request, _("The channel office is now: %s.") % channel.office)
        return redirect("city_channel")
    return None
