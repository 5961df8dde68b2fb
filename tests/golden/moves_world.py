"""The situations of ``moves.txt``: people by (who, whose), a case or batch in a state, what a line changes."""

from datetime import timedelta

from django.conf import settings

from applications.areas import Area
from applications.models import Section
from applications.models.records import Assessment, LeadingGroup, Summaries
from portal import clock
from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.models import AnnotationDecline, Case, Opinion, OpinionItem, Recusal, Response, Signature
from review.services import batches, cases
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import Walk, World, person, stored_file
from tests.past_guards import past_guards

NOT_YET = Signature.Decision.NOT_YET
ANONYMOUS = "anonymous"


class People:
    """Everybody a line can name, made once: ``of(line, case)`` finds them."""

    def __init__(self, world: World):
        office = Organisation.objects.create(kind=Kind.PORTAL, name="示例管理处", short_name="示例管理处")
        stranger = Organisation.objects.create(kind=Kind.AGENCY, name="示例其他部门", short_name="示例其他部门")
        w = world
        self.world = world
        self.own = {
            "city_lead": w.lead,
            "city_editor": w.editor,
            "channel_office": w.channel,
            "local_drc": w.drc,
            "group_office": w.group_office,
            "group_leader": w.leader,
            "expert": w.experts[0],
            "lead_handler": w.handlers[0],
            "lead_signer": w.signers[0],
            "agency_handler": w.handlers[1],
            "agency_signer": w.signers[1],
            "system_admin": person(Role.SYSTEM_ADMIN, office),
            "security_admin": person(Role.SECURITY_ADMIN, office),
            "audit_admin": person(Role.AUDIT_ADMIN, office),
        }
        editor = Organisation.objects.create(
            kind=Kind.CITY_DEPARTMENT,
            region_code=w.direct.code,
            name="宁波市商务局",
            short_name="宁波市商务局",
            parent=w.direct.government,
        )
        self.direct = self.own | {
            "city_lead": w.direct_lead,
            "city_editor": person(Role.CITY_EDITOR, editor),
            "local_drc": w.direct_drc,
        }
        self.other = {
            "city_lead": w.neighbour_lead,
            "city_editor": person(Role.CITY_EDITOR, w.neighbour.government),
            "channel_office": w.other_channel,
            "local_drc": person(Role.LOCAL_DRC, w.office(Kind.PROVINCE_DRC, "420000")),
            "expert": w.experts[1],
            "lead_handler": person(Role.AGENCY_HANDLER, stranger),
            "lead_signer": person(Role.AGENCY_SIGNER, stranger),
            "agency_handler": person(Role.AGENCY_HANDLER, stranger),
            "agency_signer": person(Role.AGENCY_SIGNER, stranger),
        }

    def of(self, who: str, whose: str, case: Case) -> Membership | None:
        if who == ANONYMOUS:
            return None
        if whose == "other":
            return self.other[who]
        post = (self.direct if case.files_directly else self.own)[who]
        if whose == "recused":
            Recusal.objects.get_or_create(
                case=case, user=post.user, defaults={"reason": "示例：曾在该市任职", "declared_by": post}
            )
        return post


class Situation:
    """A case standing in a line's state; ``arrange`` gives the move what it needs, but for the line's difference."""

    def __init__(self, world: World, state: str, needs: str = ""):
        self.world, self.state, self.needs = world, S(state), needs
        self.direct = "the city files directly" in needs
        self.city = world.direct if self.direct else world.city
        self.lead = world.direct_lead if self.direct else world.lead
        if needs == "the local DRC is the channel":
            change_channel(world)
        self.batch = None
        walked_to = {S.COSIGNING: S.PROPOSED, S.APPROVED: S.PROPOSED}.get(self.state, self.state)
        self.walk = Walk(world, world.draft(self.city, self.lead), self.lead)
        if self.direct and self.state == S.RETURNED:
            self.walk.submit()
            self.walk.fire("return_for_completion", world.group_office, reason="请补充指标来源")
        else:
            self.walk.to(walked_to)
        if self.state in {S.COSIGNING, S.APPROVED}:
            self.batch = BatchWalk(world, self.case)
            self.batch.to("cosigning" if self.state == S.COSIGNING else "issued")
            self.case.refresh_from_db()
        self.standing_batch = self.batch

    @property
    def case(self) -> Case:
        return self.walk.case

    def lacks(self, *needs: str) -> bool:
        return self.needs in needs

    def arrange(self, move: str) -> None:
        """Fulfil what ``move`` needs from here, then make the line's difference."""
        self.batch = self.standing_batch  # what an earlier line composed was undone with it
        prepare = getattr(self, f"for_{move}", None)
        if prepare:
            prepare()
        DIFFERENCES.get(self.needs, lambda s: None)(self)
        self.case.refresh_from_db()

    def reason(self) -> str:
        return "" if self.needs == "no reason is given" else "示例理由"

    def given(self, move: str) -> dict:
        given = {"change_note": "示例说明"}
        if move == "file_formally" and not self.lacks("no cover letter is attached"):
            given["cover"] = {
                "title": "关于正式申报的函",
                "number": "示例〔2026〕9号",
                "date": clock.today(),
                "file": stored_file(by=self.world.drc).pk,
            }
        return given

    def for_open_discussion(self):
        if self.state == S.AWAITING_DISCUSSION:
            self.walk.prepare_round()

    def for_next_round(self):
        if self.case.latest_version:
            self.walk.prepare_round()

    def for_close_discussion(self):
        if self.state == S.UNDER_DISCUSSION:
            self.walk.annotate()
            self.walk.publish()

    def for_send_opinion(self):
        if self.state == S.OPINION_DRAFTING:
            self.walk.compose()

    def for_resubmit(self):
        if self.state == S.UNDER_REVISION and not self.lacks("one item is unanswered"):
            self.walk.answer()

    def for_find_mature(self):
        if self.state == S.RECHECK:
            if not self.lacks("one answer has no verdict"):
                self.walk.judge("still" if self.lacks("one must-fix is judged still to change") else "solved")
        elif self.state == S.OPINION_DRAFTING:
            decline_notes(self)
            kind = "must" if self.lacks("the opinion contains a must-fix") else "suggestion"
            self.walk.compose(kind)
        else:
            return
        if not self.lacks("the maturity sheet is incomplete"):
            self.walk.assess()

    def for_file_formally(self):
        if self.state == S.READY and not self.lacks("the city lead has not released it"):
            cases.release(self.case, by=self.lead)

    def for_propose(self):
        if self.state == S.FORMAL_REVIEW and not self.lacks("the formal review opinion is not signed"):
            self.walk.sign_formal_opinion()

    def for_send_to_cosign(self):
        if self.state == S.PROPOSED:
            self.batch = BatchWalk(self.world, self.case)

    def for_approve(self):
        if self.state == S.COSIGNING:
            self.batch.sign_all()
            self.batch.close()

    def for_rescind(self):
        if self.state == S.APPROVED:
            self.batch = BatchWalk(self.world, self.case, kind="rescind")
            self.batch.to("signed")


def change_channel(world: World) -> None:
    """The city declares the province's DRC as its channel."""
    cases.declare_channel(
        world.city,
        kind="drc",
        document_title="示例：关于变更初步方案沟通渠道的函",
        document_number="示例〔2026〕3号",
        evidence=stored_file(by=world.lead),
        by=world.lead,
    )


def decline_notes(s: Situation) -> None:
    for note in s.case.current_round.annotations.filter(decline__isnull=True):
        AnnotationDecline.objects.create(annotation=note, reason="示例：方案中已写明", declined_by=s.world.group_office)


def leave_one_unpublished(s: Situation) -> None:
    s.case.current_round.assignments.filter(member=s.world.experts[1]).update(published_at=None)


def excuse_everybody(s: Situation) -> None:
    s.case.current_round.assignments.update(published_at=None, excused_at=clock.now(), excused_reason="示例原因")


def unassign(s: Situation) -> None:
    s.case.rounds.get(opened_at__isnull=True).assignments.all().delete()


def recuse_an_assigned_one(s: Situation) -> None:
    Recusal.objects.create(
        case=s.case, user=s.world.experts[1].user, reason="示例：本人任职于该市", declared_by=s.world.group_office
    )


def unsign_opinion(s: Situation) -> None:
    Opinion.objects.filter(round=s.case.current_round).update(signed_by=None, signed_at=None, digest="")


def decline_the_only_one(s: Situation) -> None:
    with past_guards():  # the signed opinion of the walk took the note up
        OpinionItem.objects.get(opinion__round=s.case.current_round).sources.clear()
        decline_notes(s)


def answer_not_adopted(s: Situation) -> None:
    Response.objects.update(handling="not_adopted", text="该项由省里统一规定，本市不另行制定，理由如上所述。")


def pass_the_deadline(s: Situation) -> None:
    clock.set_to(s.case.due + timedelta(hours=1))


def empty_area(s: Situation) -> None:
    Section.objects.filter(plan=s.case.plan, key=Area.POLICY.value).update(paragraphs=[], not_focus_reason="")


def no_contact(s: Situation) -> None:
    plan = s.case.plan
    plan.contact_name = plan.contact_phone = ""
    plan.save(update_fields=["contact_name", "contact_phone"])


def no_hard_requirements(s: Situation) -> None:
    for model in (Assessment, Summaries):
        model.objects.filter(plan=s.case.plan).delete()


def incomplete(model, **empty):
    return lambda s: model.objects.filter(plan=s.case.plan).update(**empty)


def open_at(desk: str):
    return lambda s: cases.open_handling(s.case, by=getattr(s.world, desk))


def forget_a_signature(s: Situation) -> None:
    s.batch.batch.signatures.filter(line__isnull=False, agency=s.world.agencies[1]).update(ended_at=clock.now())


def sign_an_earlier_digest(s: Situation) -> None:
    with past_guards():
        s.batch.batch.signatures.filter(line__isnull=False, agency=s.world.agencies[1]).update(digest="0" * 64)


def begin_another(s: Situation) -> None:
    s.world.draft(s.city, s.lead)


def take_the_key_away() -> None:
    for path in settings.SIGNING_KEY_DIR.glob("*"):
        path.unlink()


DIFFERENCES = {
    "one area is untouched and has no reason": empty_area,
    "no contact is entered": no_contact,
    "both hard requirements are empty": no_hard_requirements,
    "the channel has opened it": open_at("channel"),
    "the group office has opened it": open_at("group_office"),
    "the city files directly; the group office has opened it": open_at("group_office"),
    "the city has changed its channel to the local DRC": lambda s: change_channel(s.world),
    "no expert is assigned": unassign,
    "a recusal is not settled": recuse_an_assigned_one,
    "one expert has neither published nor been excused": leave_one_unpublished,
    "every expert is excused": excuse_everybody,
    "one published must-fix is neither placed nor declined": lambda s: s.walk.annotate(),
    "one must-fix is neither placed nor declined": lambda s: s.walk.annotate(),
    "the opinion is not signed": unsign_opinion,
    "the only must-fix is declined with a reason": decline_the_only_one,
    "one item is answered with not adopted and 20 characters of reason": answer_not_adopted,
    "the deadline has passed": pass_the_deadline,
    "the assessment mechanism is incomplete": incomplete(Assessment, method=""),
    "the periodic summaries are incomplete": incomplete(Summaries, recipients=""),
    "the leading group is incomplete": incomplete(LeadingGroup, leader_post=""),
    "one agency has not signed": forget_a_signature,
    "one agency signed an earlier digest": sign_an_earlier_digest,
    "the city has another open case in the call": begin_another,
}
# Differences that are made while the situation is built, by the words tested above.
ELSEWHERE = frozenset(
    {
        "",
        "the city files directly",
        "the city files directly; the actor is the city's own DRC",
        "the local DRC is the channel",
        "one expert published zero notes, the others notes",
        "no reason is given",
        "no cover letter is attached",
        "the city lead has not released it",
        "one item is unanswered",
        "one answer has no verdict",
        "one must-fix is judged still to change",
        "the maturity sheet is incomplete",
        "the opinion contains a must-fix",
        "the formal review opinion is not signed",
        "the batch is not frozen",
        "one remaining city lacks a signature",
        "no signing key is installed",
    }
)


class BatchSituation:
    """A batch of two cities standing in a line's state, with what its next step needs."""

    def __init__(self, world: World, state: str, needs: str = ""):
        self.world, self.needs = world, needs
        self.walk = BatchWalk.of_two(world)
        self.case = self.walk.line("嘉兴市").case
        if state == "cancelled":
            self.walk.step(batches.cancel, self.walk.handler, reason="示例原因")
        else:
            self.walk.to(state)

    def arrange(self, move: str) -> None:
        if move == "close_signing" and self.walk.batch.state == "cosigning":
            self.walk.sign_all()
            if self.needs == "one remaining city lacks a signature":
                line = self.walk.line("嘉兴市")
                self.walk.batch.signatures.filter(line=line, agency=self.world.agencies[1]).update(ended_at=clock.now())
        if self.needs == "no signing key is installed":
            take_the_key_away()
        self.walk.batch.refresh_from_db()

    def reason(self) -> str:
        return "" if self.needs == "no reason is given" else "示例理由"
