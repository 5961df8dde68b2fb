"""What the three administrators look after; none of them reads plans."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from .. import access, acts, audit
from .. import outbox as waiting_work
from ..http import Request, whole
from ..models import AuditEntry, Outbox
from ..roles import Role


def audit_trail(request: Request) -> HttpResponse:
    """All audited acts, newest first; ``action`` (its word or its code) and ``person`` filter."""
    entries = AuditEntry.objects.select_related("actor", "post__organisation").order_by("-seq")
    action, person = (request.GET.get(k, "").strip() for k in ("action", "person"))
    if action:
        entries = entries.filter(Q(action__icontains=action) | Q(action__in=acts.named(action)))
    if person:
        entries = entries.filter(actor__username=person)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/audit.html",
        {"page": page, "filters": {"action": action, "person": person}, "head": audit.anchor()},
    )


def outbox(request: Request) -> HttpResponse:
    """Work that waits or was parked; a parked piece can be sent again."""
    if request.method == "POST":
        row = get_object_or_404(Outbox, pk=whole(request.POST.get("row")), parked_at__isnull=False)
        waiting_work.again(Outbox.objects.filter(pk=row.pk))
        audit.record("outbox:again", row, by=request.post, key=row.key)
        messages.success(request, _("It will be tried again within seconds."))
        return redirect("outbox")
    waiting = Outbox.objects.filter(done_at__isnull=True).order_by("-parked_at", "id")
    return render(
        request,
        "portal/outbox.html",
        {
            "page": Paginator(waiting, 50).get_page(request.GET.get("page")),
            "done": Outbox.objects.filter(done_at__isnull=False).count(),
        },
    )


def access_table(request: Request) -> HttpResponse:
    """The one rule table as a page: who may open what."""
    rules = sorted(set(access.table().values()), key=lambda r: (r.subject, r.url, r.methods))
    return render(request, "portal/access.html", {"rows": [(rule, _who(rule), _states(rule)) for rule in rules]})


def _who(rule: access.Rule) -> list[str]:
    if rule.public:
        return [_("Everybody")]
    if rule.subject:
        return sorted(acts.word(f"actor:{actor}") or actor for actor in rule.actors)
    return [str(role.label) for role in Role if role in rule.roles]


def _states(rule: access.Rule) -> list[str]:
    return sorted(acts.word(f"state:{state}") or state for state in rule.states) or [_("Any")]
