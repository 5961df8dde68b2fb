"""Lists of cases, composed by what they add."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value

from applications.models import PlanVersion
from portal.models import Membership
from portal.roles import AGENCY, CITY, GROUP, Role

from .actors import city_of, seats_in_force
from .models import Assignment, Case, MemberView, Opinion, OpinionItem, Round
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
        return found.filter(pk__in=seats_in_force().filter(member=post).values("round__case"))
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


def with_turn_facts(cases: QuerySet[Case], post: Membership) -> QuerySet[Case]:
    """Add what says whose turn it is within the newest opened round, without a query per case.

    ``round_number``, ``round_version``, ``unpublished`` (members still to publish), ``my_turn_to_publish``,
    ``is_mine`` (assigned, not excused), ``unanswered`` (items), ``unjudged`` (items without verdict),
    ``my_view_wanted`` (on the newest version, while its formal review opinion is not signed).
    """
    newest = Round.objects.filter(case=OuterRef("pk"), opened_at__isnull=False).order_by("-number")
    members = Assignment.objects.filter(round=OuterRef("round_pk"), excused_at__isnull=True)
    mine = members.filter(member=post)
    items = OpinionItem.objects.filter(opinion__round=OuterRef("round_pk"), opinion__sent_at__isnull=False)
    filed = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-number")
    views = MemberView.objects.filter(version=OuterRef("filed_pk"), member=post)
    signed = Opinion.objects.filter(version=OuterRef("filed_pk"), kind=Opinion.Kind.FORMAL, signed_at__isnull=False)
    return cases.annotate(
        round_pk=Subquery(newest.values("pk")[:1]),
        round_number=Subquery(newest.values("number")[:1]),
        round_version=Subquery(newest.values("version__number")[:1]),
        unpublished=_count(members.filter(published_at__isnull=True)),
        my_turn_to_publish=Exists(mine.filter(published_at__isnull=True)),
        is_mine=Exists(mine),
        unanswered=_count(items.filter(response__answered_at__isnull=True)),
        unjudged=_count(items.filter(verdict__isnull=True)),
        filed_pk=Subquery(filed.values("pk")[:1]),
        my_view_wanted=~Exists(views) & ~Exists(signed),
    )


def _count(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")[:1])
