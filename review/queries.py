"""Lists of cases, composed by what they add."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from applications.models import PlanVersion
from portal.models import Membership
from portal.roles import AGENCY, CITY, GROUP, Role

from .actors import city_of
from .models import Case
from .states import BatchState, State


def cases_for(post: Membership) -> QuerySet[Case]:
    """Return the cases this post may know of; the same lines as ``actors.actors_on``, as one query."""
    role = Role(post.role)
    found = Case.objects.all()
    if role in CITY:
        return found.filter(city__government_id=city_of(post))
    if role in {Role.CHANNEL_OFFICE, Role.LOCAL_DRC}:
        sent = Q(plan__in=PlanVersion.objects.values("plan")) & ~Q(state=State.DRAFT)
        forwarding = Q(channel_id=post.organisation_id) & sent
        filing = Q(local_drc_id=post.organisation_id, was_ready=True)
        return found.filter(forwarding | filing if role == Role.LOCAL_DRC else forwarding)
    found = found.exclude(recusals__user_id=post.user_id)
    if role in GROUP:
        return found.filter(forwarded_at__isnull=False)
    if role == Role.EXPERT:
        return found.filter(
            pk__in=Case.objects.filter(rounds__opened_at__isnull=False, rounds__assignments__member=post).values("pk")
        )
    if role in AGENCY:
        frozen = [BatchState.COSIGNING, BatchState.SIGNED, BatchState.ISSUED]
        in_batch = Case.objects.filter(
            lines__left_out_at__isnull=True,
            lines__batch__state__in=frozen,
            lines__batch__agencies__organisation_id=post.organisation_id,
        )
        leads = Q(was_proposed=True, call__agencies__position=1, call__agencies__organisation_id=post.organisation_id)
        return found.filter(Q(pk__in=in_batch.values("pk")) | Q(pk__in=Case.objects.filter(leads).values("pk")))
    return found.none()


def for_lists(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add what a list row shows, in one query."""
    newest = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-number")
    return cases.select_related("plan", "city__province", "call", "channel", "local_drc").annotate(
        version_number=Subquery(newest.values("number")[:1])
    )
