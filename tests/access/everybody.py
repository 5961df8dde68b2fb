"""One person for every role and relation, and what each is towards a case by construction of the world."""

from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.models import Assignment, Case, Recusal
from review.states import State as S
from tests.builders import World, person

# In the order in which people come to know the case; what is left early stands where its readers end.
ROAD = (
    S.DRAFT,
    S.WITHDRAWN,
    S.WITH_CHANNEL,
    S.RETURNED,
    S.AWAITING_DISCUSSION,
    S.UNDER_DISCUSSION,
    S.OPINION_DRAFTING,
    S.UNDER_REVISION,
    S.RECHECK,
    S.MATURING,
    S.READY,
    S.CHECKING,
    S.FORMAL_REVIEW,
    S.PROPOSED,
    S.COSIGNING,
    S.APPROVED,
)
BATCH_STATE = {S.PROPOSED: "composing", S.COSIGNING: "cosigning", S.APPROVED: "issued"}
ANONYMOUS, EXPIRED = "anonymous", "lead whose post has ended"


class Everybody:
    """``posts`` by name; ``None`` is anonymous."""

    def __init__(self, world: World):
        office = Organisation.objects.create(kind=Kind.PORTAL, name="示例管理处", short_name="示例管理处")
        stranger = Organisation.objects.create(kind=Kind.AGENCY, name="示例其他部门", short_name="示例其他部门")
        employer = Organisation.objects.create(kind=Kind.EXPERTS, name="另一示例机构", short_name="另一示例机构")
        self.world = world
        self.posts: dict[str, Membership | None] = {
            ANONYMOUS: None,
            "own lead": world.lead,
            "own editor": world.editor,
            EXPIRED: person(Role.CITY_LEAD, world.city.government),
            "lead of a neighbour city": world.neighbour_lead,
            "lead of a far city": world.far_lead,
            "own channel": world.channel,
            "other channel": world.other_channel,
            "own DRC": world.drc,
            "DRC of another city": world.direct_drc,
            "group office": world.group_office,
            "group leader": world.leader,
            "recused office": person(Role.GROUP_OFFICE, world.group),
            "recused leader": person(Role.GROUP_LEADER, world.group),
            "assigned member": world.experts[0],
            "recused member": world.experts[1],
            "member not assigned": person(Role.EXPERT, employer),
            "lead agency handler": world.handlers[0],
            "lead agency signer": world.signers[0],
            "co-signing handler": world.handlers[1],
            "co-signing signer": world.signers[1],
            "handler of a stranger agency": person(Role.AGENCY_HANDLER, stranger),
            "signer of a stranger agency": person(Role.AGENCY_SIGNER, stranger),
            "system administrator": person(Role.SYSTEM_ADMIN, office),
            "security administrator": person(Role.SECURITY_ADMIN, office),
            "audit administrator": person(Role.AUDIT_ADMIN, office),
        }
        gone = self.posts[EXPIRED]
        gone.ends = gone.starts
        gone.save(update_fields=["ends"])

    def recuse(self, case: Case) -> None:
        """Three people turn out to have an interest in this case."""
        for name in ("recused office", "recused leader", "recused member"):
            Recusal.objects.create(
                case=case,
                user=self.posts[name].user,
                reason="示例：曾在该市任职",
                declared_by=self.world.group_office,
            )
        Assignment.objects.filter(round__case=case, member=self.posts["recused member"]).update(
            excused_reason="示例：回避", excused_at=case.state_since
        )


NAMES = (
    ANONYMOUS, "own lead", "own editor", EXPIRED, "lead of a neighbour city", "lead of a far city", "own channel",
    "other channel", "own DRC", "DRC of another city", "group office", "group leader", "recused office",
    "recused leader", "assigned member", "recused member", "member not assigned", "lead agency handler",
    "lead agency signer", "co-signing handler", "co-signing signer", "handler of a stranger agency",
    "signer of a stranger agency", "system administrator", "security administrator", "audit administrator",
)  # fmt: skip


def on_case(who: str, state: S) -> set[str]:
    """Return what a person is towards the case: written down here from the programme, not asked of the portal."""
    since = {
        "own lead": (S.DRAFT, {"city_lead"}),
        "own editor": (S.DRAFT, {"city_editor"}),
        "own channel": (S.WITH_CHANNEL, {"channel_office"}),
        "own DRC": (S.READY, {"local_drc"}),
        "group office": (S.AWAITING_DISCUSSION, {"group_office"}),
        "group leader": (S.AWAITING_DISCUSSION, {"group_leader"}),
        "recused office": (S.AWAITING_DISCUSSION, {"recused"}),
        "recused leader": (S.AWAITING_DISCUSSION, {"recused"}),
        "assigned member": (S.UNDER_DISCUSSION, {"expert"}),
        "lead agency handler": (S.PROPOSED, {"lead_handler", "agency_handler"}),
        "lead agency signer": (S.PROPOSED, {"lead_signer", "agency_signer"}),
        "co-signing handler": (S.COSIGNING, {"agency_handler"}),
        "co-signing signer": (S.COSIGNING, {"agency_signer"}),
    }
    if who not in since:
        return set()
    first, actors = since[who]
    return actors if ROAD.index(state) >= ROAD.index(first) else set()


def on_batch(who: str, state: S) -> set[str]:
    """The same towards the batch in which the case stands (composing, co-signing or issued)."""
    frozen = state in {S.COSIGNING, S.APPROVED}
    group = {"group"}
    return {
        "group office": group,
        "group leader": group,
        "recused office": group,
        "recused leader": group,
        "lead agency handler": {"lead", "lead_handler"} | ({"agency", "agency_handler"} if frozen else set()),
        "lead agency signer": {"lead", "lead_signer"} | ({"agency", "agency_signer"} if frozen else set()),
        "co-signing handler": {"agency", "agency_handler"} if frozen else set(),
        "co-signing signer": {"agency", "agency_signer"} if frozen else set(),
    }.get(who, set())


def on_letter(who: str, state: S) -> set[str]:
    """The same towards the issued letter of the city."""
    more = {
        "own lead": {"city"},
        "own editor": {"city"},
        "own channel": {"offices"},
        "own DRC": {"offices"},
    }
    return on_batch(who, state) | more.get(who, set())


def on_opinion(who: str, state: S) -> set[str]:
    """The same towards the formal review opinion: it is sent to every agency of the call when the plan is proposed."""
    agencies = {"lead agency handler", "lead agency signer", "co-signing handler", "co-signing signer"}
    sent = who in agencies and ROAD.index(state) >= ROAD.index(S.PROPOSED)
    return on_case(who, state) | ({"informed"} if sent else set())


TOWARDS = {"plan": on_case, "formal_opinion": on_opinion, "batch": on_batch, "letter": on_letter}
