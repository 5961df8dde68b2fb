"""Who is told what of a batch: the agencies of their turn, the lead agency of answers, a city of what concerns it."""

from django.utils.translation import gettext_lazy as _

from portal import notices
from portal.models import Membership
from portal.roles import GROUP, Role

from ..announce import city_people, opinion_sent
from ..models import Batch, BatchLine, Case, Letter, Signature

notices.register(
    {
        "batch_cosign": notices.Kind(
            _("%(batch)s: please co-sign by %(due)s"),
            _("The batch “%(batch)s” was sent for co-signature. It asks for your agency's word by %(due)s."),
        ),
        "batch_back": notices.Kind(
            _("%(batch)s: taken back for changes"),
            _("The lead agency is composing the batch “%(batch)s” again. Reason: %(reason)s"),
        ),
        "batch_not_yet": notices.Kind(
            _("%(batch)s: %(agency)s does not agree yet"),
            _("%(agency)s has answered “not yet agreed” on the batch “%(batch)s”: %(grounds)s"),
        ),
        "batch_unsigned": notices.Kind(
            _("%(batch)s: %(agency)s has withdrawn a signature"),
            _("%(agency)s has withdrawn a signature on the batch “%(batch)s”. Reason: %(reason)s"),
        ),
        "batch_decided": notices.Kind(
            _("%(batch)s: every agency has answered"),
            _("Every agency has answered on every city of the batch “%(batch)s”: the signing can be closed."),
        ),
        "batch_signed": notices.Kind(
            _("%(batch)s: the signing is closed"),
            _("The signing of the batch “%(batch)s” is closed; its letters can be issued."),
        ),
        "city_left_out": notices.Kind(
            _("%(city)s: not in “%(batch)s”; the plan stays proposed for approval"),
            _("%(city)s is not in the batch “%(batch)s”. Its plan stays proposed for approval. Reason: %(reason)s"),
        ),
        "letter_ready": notices.Kind(
            _("%(city)s: the letter %(number)s has been issued"),
            _("The letter %(number)s on the plan of %(city)s has been issued and can be opened and downloaded."),
        ),
        "joint_letter_ready": notices.Kind(
            _("%(batch)s: the joint letter %(number)s has been issued"),
            _("The joint letter %(number)s of the batch “%(batch)s” has been issued, and every city's letter is made."),
        ),
        "letter_key_missing": notices.Kind(
            _("The signing key is missing: letters of “%(batch)s” wait"),
            _("Letters of the batch “%(batch)s” were issued but cannot be made into files: the signing key is missing."
              " Put it back; they are made by themselves."),
        ),
    }
)  # fmt: skip


def agencies(batch: Batch, *roles: Role):
    """Return the posts of every agency of the batch."""
    return Membership.objects.holding(*(roles or (Role.AGENCY_HANDLER, Role.AGENCY_SIGNER))).filter(
        organisation__in=batch.agencies.values("organisation")
    )


def lead(batch: Batch, *roles: Role):
    """Return the posts of the lead agency."""
    return Membership.objects.holding(*roles).filter(
        organisation__in=batch.agencies.filter(position=1).values("organisation")
    )


def page(batch: Batch, name: str = "") -> str:
    return f"/batches/{batch.pk}/{name}/" if name else f"/batches/{batch.pk}/"


def sent_to_cosign(batch: Batch, *, by: Membership) -> None:
    facts = {"batch": batch.title, "due": _day(batch.due)}
    _send(batch, "batch_cosign", f"cosign:{batch.moves}", agencies(batch), facts, by=by, path=page(batch, "cosign"))
    for line in batch.standing_lines():  # agencies that were not of the call read it from here on
        opinion_sent(line.case, to=agencies(batch, Role.AGENCY_HANDLER))


def taken_back(batch: Batch, *, reason: str, by: Membership) -> None:
    facts = {"batch": batch.title, "reason": reason}
    _send(batch, "batch_back", f"back:{batch.moves}", agencies(batch), facts, by=by, path=page(batch))


def not_yet(batch: Batch, given: list[Signature], *, by: Membership) -> None:
    grounds = "；".join(f"{s.line.case.city.name}：{s.text}" if s.line else s.text for s in given)
    facts = {"batch": batch.title, "agency": by.organisation.short_name, "grounds": grounds}
    to = lead(batch, Role.AGENCY_HANDLER, Role.AGENCY_SIGNER)
    _send(batch, "batch_not_yet", f"notyet:{given[0].pk}", to, facts, by=by, path=page(batch, "cosign"))


def unsigned(batch: Batch, signature: Signature, *, reason: str, by: Membership) -> None:
    facts = {"batch": batch.title, "agency": by.organisation.short_name, "reason": reason}
    to = lead(batch, Role.AGENCY_HANDLER, Role.AGENCY_SIGNER)
    _send(batch, "batch_unsigned", f"unsigned:{signature.pk}", to, facts, by=by, path=page(batch, "cosign"))


def decided(batch: Batch, *, last: int, by: Membership) -> None:
    to = lead(batch, Role.AGENCY_SIGNER)
    _send(batch, "batch_decided", f"decided:{last}", to, {"batch": batch.title}, path=page(batch, "cosign"))


def closed(batch: Batch, *, by: Membership) -> None:
    facts = {"batch": batch.title}
    _send(batch, "batch_signed", f"signed:{batch.moves}", agencies(batch), facts, by=by, path=page(batch))


def left_out(line: BatchLine, *, reason: str) -> None:
    """Tell the city; of a rescission it was never told that it stood in one."""
    case, batch = line.case, line.batch
    if batch.kind != Batch.Kind.APPROVE:
        return
    facts = {"city": case.city.name, "batch": batch.title, "reason": reason}
    notices.send("city_left_out", to=city_people(case), key=f"left_out:{line.pk}", path=case.plan.path, facts=facts)


def letter_ready(letter: Letter) -> None:
    """Tell the city and its two offices of their own letter, the agencies and the group of the joint one."""
    path = f"/letters/{letter.code}/"
    if letter.line is None:
        facts = {"batch": letter.batch.title, "number": letter.document_number}
        to = [*agencies(letter.batch), *Membership.objects.holding(*GROUP)]
        notices.send("joint_letter_ready", to=to, key=f"letter:{letter.pk}", path=path, facts=facts)
        return
    case = letter.line.case
    facts = {"city": case.city.name, "number": letter.document_number}
    to = [*city_people(case), *_offices(case)]
    notices.send("letter_ready", to=to, key=f"letter:{letter.pk}", path=path, facts=facts)


def key_missing(batch: Batch) -> None:
    to = [*Membership.objects.holding(Role.SYSTEM_ADMIN), *lead(batch, Role.AGENCY_HANDLER, Role.AGENCY_SIGNER)]
    _send(batch, "letter_key_missing", "nokey", to, {"batch": batch.title}, path="/home/")


def _offices(case: Case):
    channel = Membership.objects.holding(Role.CHANNEL_OFFICE).filter(organisation=case.channel_id)
    local = Membership.objects.holding(Role.LOCAL_DRC).filter(organisation=case.local_drc_id)
    return [*channel, *local]


def _send(batch: Batch, kind: str, key: str, to, facts: dict, *, path: str, by: Membership | None = None) -> None:
    told = [post for post in to if by is None or post.user_id != by.user_id]
    notices.send(kind, to=told, key=f"batch:{batch.pk}:{key}", path=path, facts=facts)


def _day(moment) -> str:
    from portal.clock import beijing

    return f"{beijing(moment):%Y-%m-%d %H:%M}"
