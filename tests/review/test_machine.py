import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from portal import audit
from portal.models import AuditEntry, Notice, Outbox
from review import machine
from review.models import Case, Move
from review.states import State as S
from tests.builders import Walk, key

WALKED = [s for s in S if s not in {S.COSIGNING, S.APPROVED}]


@pytest.mark.parametrize("state", WALKED)
def test_every_state_before_the_batch_is_reached_by_walking(world, state):
    case = world.case(state)
    assert case.state == state
    assert case.moves == case.history.count()
    assert list(audit.offenders()) == []


def test_move_writes_state_move_audit_and_notices_together(world):
    case = world.draft()
    before = AuditEntry.objects.count()
    _ = world.channel
    move = machine.fire(case.pk, "submit", by=world.lead, seen=0, op_key=key(), given={})
    case.refresh_from_db()
    assert (case.state, case.moves, move.number, move.version.number) == (S.WITH_CHANNEL, 1, 1, 1)
    assert AuditEntry.objects.count() == before + 1
    assert Notice.objects.get(recipient=world.channel.user).kind == "turn"
    assert Outbox.objects.filter(kind="mail").count() == Notice.objects.count()
    case.plan.refresh_from_db()
    assert case.plan.open_parts == []


def test_replay_with_the_same_key_gives_the_same_move(world):
    case, op = world.draft(), key()
    first = machine.fire(case.pk, "submit", by=world.lead, seen=0, op_key=op)
    again = machine.fire(case.pk, "submit", by=world.lead, seen=0, op_key=op)
    assert again.pk == first.pk
    assert Move.objects.count() == 1
    assert case.plan.versions.count() == 1


def test_stale_page_is_refused_in_words(world):
    case = world.case(S.WITH_CHANNEL)
    with pytest.raises(machine.NotAllowed, match="moved on|已有变化"):
        machine.fire(case.pk, "forward", by=world.channel, seen=0, op_key=key())
    assert Move.objects.filter(case=case).count() == 1


def test_missing_reason_changes_nothing(world):
    case = world.case(S.WITH_CHANNEL)
    entries = AuditEntry.objects.count()
    with pytest.raises(machine.NotAllowed):
        Walk(world, case, world.lead).fire("return_for_completion", world.channel, reason="  ")
    case.refresh_from_db()
    assert case.state == S.WITH_CHANNEL
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    "write",
    [
        lambda c: Case.objects.filter(pk=c.pk).update(state=S.APPROVED),
        lambda c: Case.objects.filter(pk=c.pk).update(state=S.RETURNED, moves=c.moves + 1),
        lambda c: Case.objects.filter(pk=c.pk).delete(),
        lambda c: Move.objects.filter(case=c).update(reason="changed"),
        lambda c: Move.objects.filter(case=c).delete(),
        lambda c: connection.cursor().execute("TRUNCATE review_case CASCADE"),
        lambda c: connection.cursor().execute("TRUNCATE review_move"),
        lambda c: c.plan.versions.update(text="{}"),
        lambda c: c.plan.versions.all().delete(),
        lambda c: AuditEntry.objects.update(action="changed"),
        lambda c: AuditEntry.objects.all().delete(),
    ],
)
def test_database_refuses_every_other_way(world, write):
    case = world.case(S.WITH_CHANNEL)
    with pytest.raises(DatabaseError), transaction.atomic():
        write(case)
    case.refresh_from_db()
    assert case.state == S.WITH_CHANNEL


def test_move_outside_the_table_is_refused_by_the_database(world):
    case = world.case(S.WITH_CHANNEL)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    jump = Move(
        case=case, number=2, name="forward", source=S.WITH_CHANNEL, target=S.APPROVED, by=world.channel, op_key=key()
    )
    with pytest.raises(IntegrityError, match="does not take the step forward"), transaction.atomic():
        jump.save()


def test_phantom_move_is_refused_at_commit(live_world):
    case = live_world.case(S.WITH_CHANNEL)
    with pytest.raises(DatabaseError, match="does not stand where its last move left it"), transaction.atomic():
        Move.objects.create(
            case=case,
            number=2,
            name="forward",
            source=S.WITH_CHANNEL,
            target=S.AWAITING_DISCUSSION,
            by=live_world.channel,
            op_key=key(),
        )


def test_a_city_is_offered_its_own_way_of_handing_in_alone(world):
    through, straight = world.draft(), world.draft(world.direct, world.direct_lead)

    def offered(case, by):
        return {way.name for way in machine.available(case, by=by)} & {"submit", "submit_direct"}

    assert offered(through, world.lead) == {"submit"}
    assert offered(straight, world.direct_lead) == {"submit_direct"}
