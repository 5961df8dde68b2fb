"""People, their posts and what rests on them; the security administrator reads no plan here."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.http import Request
from portal.lines import line
from portal.models import Membership, User

from ..duties import duties, work
from ..forms.people import EndForm, SuccessorForm
from ..forms.rounds import ReasonForm
from ..machine import NotAllowed
from ..services import people as service

POSTS = Membership.objects.select_related("organisation").order_by("pk")


def people(request: Request) -> HttpResponse:
    """Everybody with an account; ``q`` finds a name, an account or an organisation."""
    found = User.objects.order_by("full_name", "pk").prefetch_related(Prefetch("memberships", POSTS))
    q = line(request.GET.get("q", ""))
    if q:
        posted = Membership.objects.filter(organisation__name__icontains=q).values("user")
        found = found.filter(Q(full_name__icontains=q) | Q(username__icontains=q) | Q(pk__in=posted))
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    return render(request, "review/people.html", {"page": page, "q": q, "today": clock.today()})


def person(request: Request, pk: int) -> HttpResponse:
    """One person: each post with its open duties and what can be done about it."""
    user = get_object_or_404(User, pk=pk)
    rows = [
        {"post": post, "over": bool(post.ends and post.ends < clock.today()), "duties": duties(post)}
        for post in POSTS.filter(user=user).select_related("user")
    ]
    context = {"person": user, "rows": rows, "own": user.pk == request.user.pk}
    return render(request, "review/person.html", context)


def suspend(request: Request, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    confirm = {
        "title": _("Suspend %s") % user.full_name,
        "happens": [
            _("The person is signed out at once and cannot sign in any more."),
            _("It is refused while open duties rest on one of their posts."),
        ],
        "act": _("Suspend this person"),
    }

    def act(form):
        service.suspend(user, reason=form.cleaned_data["reason"], by=request.post)
        return _("%s has been suspended.") % user.full_name

    return _confirm(request, confirm, ReasonForm(request.POST or None), act, _back(user))


def reinstate(request: Request, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    confirm = {
        "title": _("Reinstate %s") % user.full_name,
        "happens": [_("The person can sign in again and act in the posts that are still valid.")],
        "act": _("Reinstate this person"),
    }

    def act(form):
        service.reinstate(user, reason=form.cleaned_data["reason"], by=request.post)
        return _("%s has been reinstated.") % user.full_name

    return _confirm(request, confirm, ReasonForm(request.POST or None), act, _back(user))


def _post(pk: int) -> Membership:
    return get_object_or_404(POSTS.select_related("user"), pk=pk)


def _words(post: Membership) -> str:
    return f"{post.user.full_name} · {post.get_role_display()} · {post.organisation.name}"


def end_post(request: Request, pk: int) -> HttpResponse:
    post = _post(pk)
    return end_step(request, post, back=_back(post.user))


def end_step(request: Request, post: Membership, *, back: dict[str, str]) -> HttpResponse:
    """Set a post's last day; ``back`` is the page one came from."""
    confirm = {
        "title": _("End a post"),
        "whom": _words(post),
        "happens": [
            _("After its last day the post opens nothing any more; what was done in it stays on record."),
            _("It is refused while open duties rest on the post."),
        ],
        "act": _("End the post"),
    }

    def act(form):
        service.end_post(post, on=form.cleaned_data["on"], by=request.post)
        return _("The last day of the post has been set.")

    form = EndForm(request.POST or None, initial={"on": clock.today()})
    return _confirm(request, confirm, form, act, back)


def hand_over(request: Request, pk: int) -> HttpResponse:
    post = _post(pk)
    return hand_over_step(request, post, back=_back(post.user))


def hand_over_step(request: Request, post: Membership, *, back: dict[str, str]) -> HttpResponse:
    """All open work of a post goes to one successor, or nothing does."""
    chosen = service.successors(post)
    confirm = {
        "title": _("Hand over the open work"),
        "whom": _words(post),
        "happens": [
            _("All of it passes to the successor in one step, and both are told:"),
            *[duty.text for duty in work(post)],
            _("Notes not yet published stay private to who wrote them."),
        ],
        "act": _("Hand over"),
        "note": "" if chosen else _("Nobody else holds this role in this organisation: give somebody the post first."),
    }

    def act(form):
        service.hand_over(post, form.cleaned_data["successor"], by=request.post)
        return _("The work has been handed over to %s.") % form.cleaned_data["successor"].user.full_name

    return _confirm(request, confirm, SuccessorForm(request.POST or None, successors=chosen), act, back)


def _back(user: User) -> dict[str, str]:
    return {"url": reverse("person", args=[user.pk]), "label": _("Back to the person")}


def _confirm(request: Request, confirm: dict, form, act: Callable[..., str], back: dict[str, str]) -> HttpResponse:
    """Show the page of the step or take it; refusals stand at the form."""
    if request.method == "POST" and form.is_valid():
        try:
            told = act(form)
        except NotAllowed as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, told)
            return redirect(back["url"])
    confirm["back"] = back
    status = 422 if form.errors else 200
    return render(request, "components/_confirm.html", {"confirm": confirm, "form": form}, status=status)
