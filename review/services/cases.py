"""Opening a case: the plan and its case begin together as a draft."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications.checks import formal_obstacles
from applications.models import Call, City, CityChannel, Plan, Section
from applications.parts import ALL_PARTS, TEXT_PARTS
from portal import audit, clock
from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind as Kind

from .. import announce
from ..actors import Actor, actors_on, city_of
from ..machine import NotAllowed
from ..models import Case
from ..states import OPEN, State


def create(city: City, call: Call, *, by: Membership, title: str = "") -> Case:
    """Create plan and case of one city in one call; refused in words when it has an open one or the call is closed."""
    if city.government_id != city_of(by):
        raise NotAllowed([_("Only the city's own people begin its plan.")])
    if not open_calls().filter(pk=call.pk).exists():
        raise NotAllowed([_("The call “%s” takes no new plans today.") % call.title])
    if Case.objects.filter(city=city, call=call, state__in=OPEN).exists():
        raise NotAllowed([_("The city has an open plan in this call already.")])
    direct = call.files_directly(city)
    channel = None if direct else latest_channel(city)
    try:
        with transaction.atomic():
            number = Plan.objects.filter(city=city, call=call).count() + 1
            plan = Plan.objects.create(
                reference=f"CJ-{city.code}-{call.number}-{number}",
                city=city,
                call=call,
                title=title or _default_title(city),
                starts=call.number,
                ends=call.number + 3,
                **_last_contact(city),
                open_parts=list(ALL_PARTS),
                created_at=clock.now(),
                created_by=by,
            )
            Section.objects.bulk_create(Section(plan=plan, key=key) for key in TEXT_PARTS)
            case = Case.objects.create(
                plan=plan,
                city=city,
                call=call,
                state_since=clock.now(),
                files_directly=direct,
                channel=channel.office if channel else None,
                local_drc=local_drc(city, direct=direct),
            )
            audit.record("case:create", case, by=by, reference=plan.reference)
    except IntegrityError as error:
        raise NotAllowed([_("The city has an open plan in this call already.")]) from error
    return case


def open_calls() -> QuerySet[Call]:
    """Return the calls that take new plans today."""
    today = clock.today()
    return Call.objects.filter(opens_on__lte=today).filter(Q(closes_on=None) | Q(closes_on__gte=today))


def calls_to_begin(city: City) -> QuerySet[Call]:
    """Return the calls open today in which the city has no open plan."""
    return open_calls().exclude(pk__in=Case.objects.filter(city=city, state__in=OPEN).values("call"))


def _last_contact(city: City) -> dict[str, str]:
    """Who answered questions about the city's last plan is not asked for again; the city may change it."""
    names = ("contact_name", "contact_phone", "contact_email")
    last = Plan.objects.filter(city=city).order_by("-id").values(*names).first()
    return dict(last or {})


def _default_title(city: City) -> str:
    return f"{city.name}创建国家电子商务示范城市工作方案"


def latest_channel(city: City) -> CityChannel | None:
    return CityChannel.objects.filter(city=city).order_by("-id").select_related("office").first()


def local_drc(city: City, *, direct: bool) -> Organisation:
    """Return the DRC that files formally: the city's own for a city that files directly, else the province's."""
    kind, code = (Kind.CITY_DRC, city.code) if direct else (Kind.PROVINCE_DRC, city.province_id)
    office = Organisation.objects.filter(kind=kind, region_code=code).first()
    if office is None:
        raise NotAllowed([_("No development and reform commission is on record for %s.") % city.name])
    return office


def direct_call(city: City) -> Call | None:
    """Return the newest call when the city files directly in it, ``None`` when it goes through a channel office."""
    newest = Call.objects.order_by("-number").first()
    return newest if newest and newest.files_directly(city) else None


def declare_channel(
    city: City, *, kind: str, document_title: str, document_number: str, evidence, by: Membership
) -> CityChannel:
    """Record the city's channel office; a plan that waits there moves to the new desk with its case."""
    if city.government_id != city_of(by):
        raise NotAllowed([_("Only the city's own people declare its channel.")])
    if direct_call(city):
        told = _("%s sends its plans straight to the coordination group; no channel office is needed.")
        raise NotAllowed([told % city])
    office_kind = {"drc": Kind.PROVINCE_DRC, "commerce": Kind.PROVINCE_COMMERCE}[kind]
    office = Organisation.objects.filter(kind=office_kind, region_code=city.province_id).first()
    if office is None:
        raise NotAllowed([_("No such office is on record for %s.") % city.province.name])
    with transaction.atomic():
        cases = list(
            Case.objects.select_for_update()
            .filter(city=city, state__in=[State.DRAFT, State.WITH_CHANNEL, State.RETURNED], files_directly=False)
            .order_by("pk")
        )
        channel = CityChannel.objects.create(
            city=city,
            kind=kind,
            office=office,
            document_title=document_title,
            document_number=document_number,
            evidence=evidence,
            declared_by=by,
            declared_at=clock.now(),
        )
        for case in cases:
            case.channel, case.opened_at, case.opened_by = office, None, None
            case.save(update_fields=["channel", "opened_at", "opened_by"])
        audit.record(
            "channel:declare", city, by=by, kind=kind, office=office.name, document=document_number, cases=len(cases)
        )
    return channel


def open_handling(case: Case, *, by: Membership) -> None:
    """Press 开始办理: from here on the sender can no longer recall. Pressing twice changes nothing."""
    desk = {
        State.WITH_CHANNEL: Actor.CHANNEL,
        State.AWAITING_DISCUSSION: Actor.GROUP_OFFICE,
        State.CHECKING: Actor.GROUP_OFFICE,
    }
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if desk.get(State(case.state)) not in actors_on(by, case):
            raise NotAllowed([_("The plan is not on your desk now.")])
        if case.opened_at is None:
            case.opened_at, case.opened_by = clock.now(), by
            case.save(update_fields=["opened_at", "opened_by"])
            audit.record("case:open", case, by=by, state=case.state)


def release(case: Case, *, by: Membership) -> None:
    """The city lead releases the plan for formal filing; a later change by the city needs a new release."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self", "plan")).select_related("plan").get(pk=case.pk)
        if Actor.CITY_LEAD not in actors_on(by, case) or case.state != State.READY:
            raise NotAllowed([_("Only the city lead releases the plan, once it is ready for formal application.")])
        if missing := release_obstacles(case):
            raise NotAllowed(missing)
        if not case.release_stands:
            case.released_at, case.released_by = clock.now(), by
            case.save(update_fields=["released_at", "released_by"])
            audit.record("case:release", case, by=by)
            announce.released(case)


def release_obstacles(case: Case) -> list[str]:
    """Return what the formal application still lacks: to fill it after the release would void the release."""
    return formal_obstacles(case.plan)
