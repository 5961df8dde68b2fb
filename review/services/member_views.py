"""The group's circulation of a plan filed formally: who was asked, who has said what, who was silent (decisions 10)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import PlanVersion
from portal import audit, clock, notices
from portal.models import Membership
from portal.roles import Role
from portal.saving import write

from ..actors import Actor, actors_on, members_asked
from ..machine import NotAllowed
from ..models import Case, MemberView, Opinion
from ..states import State
from .desk import hold, words

MOST = 2000
notices.register(
    {
        "all_replied": notices.Kind(
            gettext_lazy("%(city)s: every member has replied"),
            gettext_lazy(
                "Every member has given a view on the plan of %(city)s; the formal review opinion can be composed."
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One member's line; ``view`` is ``None`` while no reply has come, and has no words where silence was recorded."""

    member: Membership
    view: MemberView | None
    is_recused: bool = False

    @property
    def is_given(self) -> bool:
        return self.view is not None and self.view.given_at is not None

    @property
    def is_silent(self) -> bool:
        return self.view is not None and self.view.given_at is None


def give(case: Case, *, text: str, by: Membership) -> MemberView:
    """Write one's own view on the version filed, or write it anew until the formal review opinion is signed."""
    with transaction.atomic():
        case = hold(case.pk, by=by, actors={Actor.MEMBER}, states={State.FORMAL_REVIEW})
        version = case.latest_version
        assert version is not None  # what is under formal review was filed
        if is_closed(case, version):
            raise NotAllowed([_("The formal review opinion is signed; the members' views no longer change.")])
        text = words(text, _("Write your view."), most=MOST)
        view = MemberView.objects.filter(version=version, member=by).first()
        view = view or MemberView(case=case, version=version, member=by)
        view.text, view.given_at = text, clock.now()
        write(view, ["text", "given_at"])
        audit.record(
            "view:give", view, by=by, reference=case.plan.reference, version=version.pk, member=by.pk, text=text
        )
        _tell_when_all_replied(case, version)
        return view


def _tell_when_all_replied(case: Case, version: PlanVersion) -> None:
    """Tell the group office once a version that nobody is waited for any more."""
    if any(row.view is None for row in rows(case, version)):
        return
    office = [p for p in Membership.objects.holding(Role.GROUP_OFFICE) if actors_on(p, case)]
    path, facts = f"{case.plan.path}formal-opinion/", {"city": case.city.name}
    notices.send("all_replied", to=office, key=f"all_replied:{version.pk}", path=path, facts=facts)


def is_closed(case: Case, version: PlanVersion) -> bool:
    signed = Opinion.objects.filter(case=case, kind=Opinion.Kind.FORMAL, signed_at__isnull=False)
    return signed.filter(version=version).exists()


def own(case: Case, post: Membership) -> MemberView | None:
    """Return what this member has said of the latest version."""
    views = MemberView.objects.filter(version=case.latest_version, member=post, given_at__isnull=False)
    return views.first()


def rows(case: Case, version: PlanVersion) -> list[Row]:
    """Return a line for every member asked or heard; once the opinion is signed, nobody else is waited for."""
    views = MemberView.objects.filter(version=version).select_related("member__user", "member__organisation")
    found = {view.member_id: view for view in views}
    members = {view.member_id: view.member for view in found.values()}
    if not is_closed(case, version):
        members |= {member.pk: member for member in members_asked(case)}
    recused = set(case.recusals.values_list("user_id", flat=True))
    return [Row(m, found.get(pk), m.user_id in recused) for pk, m in sorted(members.items())]


def record_silence(opinion: Opinion, *, by: Membership) -> list[MemberView]:
    """Record 未回复 for every member asked who has not replied; the caller holds the case and signs next."""
    case, version = opinion.case, opinion.version
    heard = MemberView.objects.filter(version=version).values("member")
    silent = [
        MemberView(case=case, version=version, member=member) for member in members_asked(case).exclude(pk__in=heard)
    ]
    made = MemberView.objects.bulk_create(silent)
    if made:
        members = [view.member_id for view in made]
        audit.record("view:silence", opinion, by=by, reference=case.plan.reference, version=version.pk, members=members)
    return made


def forget_silence(opinion: Opinion, *, by: Membership) -> None:
    """Wait again for those whose silence was recorded: the signature it went with is taken back."""
    silent = MemberView.objects.filter(version=opinion.version_id, given_at__isnull=True)
    if members := sorted(silent.values_list("member_id", flat=True)):
        silent.delete()
        audit.record("view:reopen", opinion, by=by, version=opinion.version_id, members=members)
