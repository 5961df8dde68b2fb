"""Every cell of state × move × person against the table, in the service and by raw SQL.

One case walks the long road once; at each state every cell is tried and undone.
"""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from portal import audit
from portal.models import AuditEntry, Notice, Organisation, Outbox
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review import machine, triggers_moves
from review.actors import Actor as A
from review.models import Case, Move
from review.states import BatchState as B
from review.states import State as S
from review.workflow import NAMES, triples, way
from tests.batch_walk import BatchWalk
from tests.builders import Walk, World, key, person
from tests.stage import stage, undone

pytestmark = pytest.mark.django_db

ROAD = [
    (S.DRAFT, None),
    (S.WITH_CHANNEL, "submit"),
    (S.AWAITING_DISCUSSION, "forward"),
    (S.UNDER_DISCUSSION, "open_"),
    (S.OPINION_DRAFTING, "close"),
    (S.UNDER_REVISION, "opinion"),
    (S.RECHECK, "resubmit"),
    (S.READY, "ready"),
    (S.CHECKING, "file"),
    (S.FORMAL_REVIEW, "accept"),
    (S.PROPOSED, "propose"),
    (S.COSIGNING, "freeze"),
    (S.APPROVED, "issue"),
]
ASIDE = {S.WITHDRAWN: (S.DRAFT, "withdraw"), S.RETURNED: (S.WITH_CHANNEL, "return_"),
         S.MATURING: (S.RECHECK, "mature_later")}  # fmt: skip
STATES = [found for state, _step in ROAD for found in (state, *(s for s, (at, _) in ASIDE.items() if at == state))]
# What each person is towards the case, by the programme's rules; others are nothing to it.
ALWAYS = {"own lead": A.CITY_LEAD, "own editor": A.CITY_EDITOR}
SENT = {"own channel": A.CHANNEL}
FORWARDED = {"group office": A.GROUP_OFFICE, "group leader": A.GROUP_LEADER}
READY = {"own DRC": A.LOCAL_DRC}
PROPOSED = {"lead agency handler": A.LEAD_HANDLER, "lead agency signer": A.LEAD_SIGNER}
SINCE = {S.DRAFT: ALWAYS, S.WITH_CHANNEL: SENT, S.AWAITING_DISCUSSION: FORWARDED, S.READY: READY, S.PROPOSED: PROPOSED}
# The moves whose needs are met in the state as the walk leaves it; what others need has tests of its own.
LEAD_LEAVES = {("withdraw", "own lead")}
OPEN_CELLS = {
    S.DRAFT: {("submit", "own lead")} | LEAD_LEAVES,
    S.WITHDRAWN: {("resume", "own lead")},
    S.WITH_CHANNEL: {("recall", "own lead"), ("return_for_completion", "own channel"), ("forward", "own channel")}
    | LEAD_LEAVES,
    S.RETURNED: {("submit", "own lead")} | LEAD_LEAVES,
    S.AWAITING_DISCUSSION: {("return_for_completion", "group office")} | LEAD_LEAVES,
    S.UNDER_DISCUSSION: LEAD_LEAVES,
    S.OPINION_DRAFTING: {("reopen_discussion", "group office")} | LEAD_LEAVES,
    S.UNDER_REVISION: LEAD_LEAVES,
    S.RECHECK: {("keep_maturing", "group leader")} | LEAD_LEAVES,
    S.MATURING: {("resubmit", "own lead")} | LEAD_LEAVES,
    S.READY: {("keep_maturing", "group leader")} | LEAD_LEAVES,
    S.CHECKING: {
        ("recall", "own DRC"),
        ("return_formal", "group office"),
        ("recheck_filing", "group office"),
        ("accept", "group office"),
    }
    | LEAD_LEAVES,
    S.FORMAL_REVIEW: {("keep_maturing", "group leader")} | LEAD_LEAVES,
    S.PROPOSED: {("keep_maturing", "group leader")} | LEAD_LEAVES,
    S.COSIGNING: set(),
    S.APPROVED: set(),
}


class Road:
    """The world with everybody in it, and the case on its way."""

    def __init__(self):
        self.world = world = World()
        self.people = everybody(world)
        self.walk = Walk(world, world.draft(), world.lead)
        self.done = 0
        self.batch = None

    def go(self, state: S) -> Case:
        """Walk on to ``state``; the road has no way back."""
        steps = [found for found, _step in ROAD]
        while self.done < steps.index(state):
            self.done += 1
            self.walk.case.refresh_from_db()  # what lay aside is undone in the database alone
            self.step(ROAD[self.done][1])
        self.walk.case.refresh_from_db()
        return self.walk.case

    def step(self, name: str) -> None:
        if name == "freeze":
            self.batch = BatchWalk(self.world, self.walk.case)
            self.batch.to(B.COSIGNING)
        elif name == "issue":
            for go in (self.batch.sign_all, self.batch.close, self.batch.issue):
                go()
        elif name == "withdraw":
            self.walk.to(S.WITHDRAWN)
        else:
            getattr(self.walk, name)()


def everybody(world) -> dict[str, object]:
    """One person for each role and relation of requirement A3."""
    offices = Organisation.objects
    office = offices.get_or_create(kind=Kind.PORTAL, name="示例管理处", defaults={"short_name": "管理处"})[0]
    employer = offices.get_or_create(kind=Kind.EXPERTS, name="另一示例机构", short_name="另一机构")[0]
    return {
        "own lead": world.lead,
        "own editor": world.editor,
        "lead of another city of the province": world.neighbour_lead,
        "lead of a city of another province": world.far_lead,
        "own channel": world.channel,
        "another channel": world.other_channel,
        "own DRC": world.drc,
        "another DRC": world.direct_drc,
        "group office": world.group_office,
        "group leader": world.leader,
        "assigned member": world.experts[0],
        "member not assigned": person(Role.EXPERT, employer),
        "lead agency handler": world.handlers[0],
        "lead agency signer": world.signers[0],
        "agency handler": world.handlers[1],
        "agency signer": world.signers[1],
        "system administrator": person(Role.SYSTEM_ADMIN, office),
        "security administrator": person(Role.SECURITY_ADMIN, office),
        "audit administrator": person(Role.AUDIT_ADMIN, office),
    }


@pytest.fixture(scope="module")
def road(django_db_setup, django_db_blocker, tmp_path_factory):
    with stage(django_db_blocker, tmp_path_factory.mktemp("cells")):
        yield Road()


@pytest.fixture(scope="module", params=STATES)
def case(request, road):
    """The case in each state in the order of the road; what lies aside is walked to and undone."""
    state = request.param
    at, step = ASIDE.get(state, (state, None))
    road.go(at)
    point = transaction.savepoint()
    if step:
        road.step(step)
        road.walk.case.refresh_from_db()
    assert road.walk.case.state == state
    yield road.walk.case
    transaction.savepoint_rollback(point)


def actors(state: S) -> dict[str, A]:
    """Return who is what in ``state``: offices join the case on its way and stay."""
    state = ASIDE.get(state, (state, None))[0]
    order = [found for found, _step in ROAD]
    joined = [some for since, some in SINCE.items() if order.index(since) <= order.index(state)]
    return {who: actor for some in joined for who, actor in some.items()}


def counts() -> tuple:
    return Move.objects.count(), AuditEntry.objects.count(), Notice.objects.count(), Outbox.objects.count()


@pytest.mark.parametrize("name", NAMES)
def test_service_answers_every_cell_as_the_table_says(road, case, name):
    row, before = way(name, case.state), counts()
    label, taken_by = str(S(case.state).label), sorted(str(actor.label) for actor in row.by) if row else []
    for who, post in road.people.items():
        call = {"by": post, "reason": "示例理由", "seen": case.moves, "given": {"change_note": "示例"}}

        def fire(call=call):
            return machine.fire(case.pk, name, op_key=key(), **call)

        if (name, who) in OPEN_CELLS[S(case.state)]:
            assert undone(fire).target == row.target, who
            continue
        with pytest.raises(machine.NotAllowed) as refusal:
            fire()
        (reason, *more) = refusal.value.reasons
        if row is None:
            assert (label in reason, more) == (True, []), who
        elif actors(S(case.state)).get(who) not in row.by:
            assert (all(actor in reason for actor in taken_by), more) == (True, []), who
        else:
            assert not any(actor in reason for actor in taken_by), (who, reason)
    assert counts() == before
    assert Case.objects.get(pk=case.pk).state == case.state


def test_database_refuses_every_state_by_bare_update(case):
    for target in set(S) - {case.state}:
        for moves in (case.moves, case.moves + 1):
            with pytest.raises(DatabaseError):
                undone(lambda to=target, moves=moves: Case.objects.filter(pk=case.pk).update(state=to, moves=moves))


def write(case, name: str, target: str, post) -> None:
    """Write the row of a move as hand-typed SQL would."""
    columns = "case_id, number, name, source, target, by_id, at, reason, given, op_key"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO review_move ({columns}) VALUES (%s, %s, %s, %s, %s, %s, now(), '', '{{}}', %s) RETURNING id",
            [case.pk, case.moves + 1, name, case.state, target, post.pk, key()],
        )
        cursor.execute("SELECT set_config('review.move', %s, true)", [str(cursor.fetchone()[0])])


def test_database_accepts_only_moves_of_the_table_by_those_it_names(road, case):
    """Every name × target × person: what the table lacks is refused to all, the rest to whom it does not name."""
    legal, mine = set(triples()), actors(S(case.state))
    for name in NAMES:
        for target in S:
            if (name, case.state, target) not in legal:
                with pytest.raises(DatabaseError):
                    undone(lambda name=name, to=target: write(case, name, to, road.world.lead))
                continue
            for who, post in road.people.items():
                unlisted = name == "send_to_cosign"  # no batch lists the case yet, so nobody leads it
                if mine.get(who) in way(name, case.state).by and not unlisted:
                    undone(lambda name=name, to=target, post=post: write(case, name, to, post))
                else:
                    with pytest.raises(DatabaseError, match="does not take the step"):
                        undone(lambda name=name, to=target, post=post: write(case, name, to, post))


def test_database_asks_for_the_audit_entry_of_a_legal_move(road, case):
    """By the right person, with row and state in step, a move still needs its entry at commit."""
    found = sorted(cell for cell in OPEN_CELLS[S(case.state)])
    for name, who in found:
        target, post = way(name, case.state).target, road.people[who]
        facts = {"number": case.moves + 1, "source": case.state, "target": target}

        def move(told, name=name, target=target, post=post):
            write(case, name, target, post)
            Case.objects.filter(pk=case.pk).update(state=target, moves=case.moves + 1)
            if told:
                audit.record(f"move:{name}", case, by=post, **told)
            connection.check_constraints()

        for told in ({}, facts | {"number": case.moves}, facts | {"target": case.state}):
            with pytest.raises(DatabaseError, match="has no audit entry"):
                undone(lambda told=told: move(told))
        undone(lambda facts=facts: move(facts))


def test_transition_tables_of_the_database_are_the_workflow_tables(db):
    for table, legal in triggers_moves.rows().items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, source, target, {triggers_moves.COLUMN[table]} FROM {table}")
            assert {tuple(step): who for *step, who in cursor.fetchall()} == legal
