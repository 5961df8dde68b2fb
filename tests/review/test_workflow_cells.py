"""Every cell of state × move × person against the table, in the service and by raw SQL."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from portal.models import AuditEntry, Notice, Organisation, Outbox
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review import machine
from review.actors import actors_on
from review.models import Case, Move
from review.states import State as S
from review.workflow import NAMES, triples, way
from tests.builders import key, person

BEFORE_THE_BATCH = [s for s in S if s not in {S.COSIGNING, S.APPROVED}]


def everybody(world) -> dict[str, object]:
    """One person for each role and relation of requirement A3."""
    office = Organisation.objects.get_or_create(kind=Kind.PORTAL, name="示例管理处", defaults={"short_name": "管理处"})[
        0
    ]
    employer = Organisation.objects.get_or_create(kind=Kind.EXPERTS, name="另一示例机构", short_name="另一机构")[0]
    gone = person(Role.CITY_LEAD, world.city.government)
    gone.ends = gone.starts
    gone.save(update_fields=["ends"])
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


def counts() -> tuple:
    return Move.objects.count(), AuditEntry.objects.count(), Notice.objects.count(), Outbox.objects.count()


@pytest.mark.parametrize("state", BEFORE_THE_BATCH)
def test_service_answers_every_cell_as_the_table_says(world, state):
    case = world.case(state)
    people = everybody(world)
    before, seen_allowed = counts(), 0
    for name in NAMES:
        row = way(name, state)
        for who, post in people.items():
            entitled = row is not None and bool(row.by & actors_on(post, case))
            given = {"change_note": "示例"}
            call = {"by": post, "reason": "示例理由", "seen": case.moves, "op_key": key(), "given": given}
            obstacles = machine.obstacles(case, name, machine.Asked(post, "示例理由", given))
            if entitled and not obstacles:
                seen_allowed += 1
                with transaction.atomic():
                    assert machine.fire(case.pk, name, **call).target == row.target, (name, who)
                    transaction.set_rollback(True)
            else:
                with pytest.raises(machine.NotAllowed) as refusal, transaction.atomic():
                    machine.fire(case.pk, name, **call)
                assert refusal.value.reasons, (name, who)
                assert all(isinstance(r, str) and r for r in refusal.value.reasons)
            assert counts() == before, (name, who)
    case.refresh_from_db()
    assert case.state == state
    assert seen_allowed >= 1, "no move was possible at all: the walk does not fulfil the needs of its state"


@pytest.mark.parametrize("state", BEFORE_THE_BATCH)
def test_database_refuses_every_state_by_bare_update(world, state):
    case = world.case(state)
    for target in S:
        if target == state:
            continue
        for moves in (case.moves, case.moves + 1):
            with pytest.raises(DatabaseError), transaction.atomic():
                Case.objects.filter(pk=case.pk).update(state=target, moves=moves)


@pytest.mark.parametrize("state", BEFORE_THE_BATCH)
def test_database_accepts_only_moves_of_the_table(world, state):
    case = world.case(state)
    legal = set(triples())
    columns = "case_id, number, name, source, target, by_id, at, reason, given, op_key"
    sql = f"INSERT INTO review_move ({columns}) VALUES (%s, %s, %s, %s, %s, %s, now(), '', '{{}}', %s)"
    for name in NAMES:
        for target in S:
            if (name, state.value, target.value) in legal:
                continue
            args = [case.pk, case.moves + 1, name, state.value, target.value, world.lead.pk, key()]
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, args)


def test_transition_table_of_the_database_is_the_workflow_table(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, source, target FROM review_transition ORDER BY 1, 2, 3")
        assert cursor.fetchall() == triples()
