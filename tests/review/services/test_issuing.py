"""Issuing: all or nothing, numbers without a gap, and races on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from portal import audit, clock, outbox
from portal.models import Outbox
from review import letters_store
from review.machine import NotAllowed
from review.models import Case, Letter, LetterCounter, Move, Signature
from review.services import batches, issuing, signing
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk, sample_key
from tests.builders import key
from tests.past_guards import past_guards


def shared(world):
    walk = BatchWalk.of_two(world)
    walk.to(B.SIGNED)
    return walk


def refused(call, *args, **kw) -> str:
    with pytest.raises(NotAllowed) as told:
        call(*args, **kw)
    return " ".join(told.value.reasons)


def test_issue_approves_numbers_and_queues_every_letter_together(walk):
    walk.issue()
    assert walk.batch.state == B.ISSUED
    letters = list(Letter.objects.order_by("number"))
    assert [x.document_number for x in letters] == [f"发改办高技〔2026〕{n}号" for n in (1, 2, 3)]
    assert [x.line.case.city.name if x.line else "" for x in letters] == ["", "宁波市", "嘉兴市"]
    assert {c.state for c in Case.objects.all()} == {S.APPROVED}
    keys = Outbox.objects.filter(kind="letter").order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"letter:{x.pk}" for x in (letters[1], letters[2], letters[0])]
    assert len({x.code for x in letters}) == 3
    for letter in letters:
        assert letter.content_digest == audit.digest(audit.canonical(letter.content))
        assert (letter.content["number"], letter.content["issued_on"]) == (letter.document_number, "2026-03-02")
    assert "宁波市等2个城市" in letters[0].content["title"]
    assert [row[2] for row in letters[0].content["attachments"][0]["table_rows"]] == ["宁波市", "嘉兴市"]
    assert list(audit.offenders()) == []


def test_wrong_count_issues_nothing(walk):
    for count in (2, 4, 0):
        assert "3" in refused(walk.issue, count=count)
    assert not Letter.objects.exists()
    assert not LetterCounter.objects.filter(series="发改办高技").exists()
    walk.batch.refresh_from_db()
    assert walk.batch.state == B.SIGNED


def test_one_failing_line_fails_the_whole_issue_and_is_named(walk):
    Signature.objects.filter(line=walk.line("嘉兴市"), agency=walk.world.agencies[3]).update(
        ended_at=clock.now(), ended_reason="示例"
    )
    told = refused(walk.issue)
    assert "嘉兴市" in told
    assert "宁波市" not in told
    assert {c.state for c in Case.objects.all()} == {S.COSIGNING}
    assert not Letter.objects.exists()
    assert not Move.objects.filter(name="approve").exists()


def test_replay_issues_once(walk):
    op = key()
    walk.issue(op_key=op)
    again = issuing.issue(walk.batch.pk, by=walk.signer, seen=0, op_key=op, count=3)
    assert again.state == B.ISSUED
    assert Letter.objects.count() == 3
    assert Outbox.objects.filter(kind="letter").count() == 3


def test_handler_and_other_signers_do_not_issue(walk):
    for by in (walk.handler, walk.world.signers[1], walk.world.leader):
        refused(issuing.issue, walk.batch.pk, by=by, seen=walk.batch.moves, op_key=key(), count=3)
    assert not Letter.objects.exists()


def test_nothing_is_issued_without_a_key(walk, settings, tmp_path):
    settings.SIGNING_KEY_DIR = tmp_path / "none"
    assert "密钥" in refused(walk.issue)
    assert not Letter.objects.exists()


def test_year_of_the_number_is_beijings(walk):
    clock.set_to(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    walk.issue()
    assert [x.document_number for x in Letter.objects.order_by("number")][0] == "发改办高技〔2027〕1号"
    assert Letter.objects.first().issued_on.isoformat() == "2027-01-01"


def test_issued_letter_never_changes(walk):
    walk.issue()
    letter = Letter.objects.first()
    for change in ({"number": 9}, {"code": "X"}, {"content": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        letter.delete()


def test_rescinding_batch_keeps_cities_approved_until_it_is_issued(walk):
    walk.issue()
    world, case = walk.world, walk.batch.lines.get(case__city__name="嘉兴市").case
    back = BatchWalk(world, case, kind="rescind")
    back.to(B.SIGNED)
    case.refresh_from_db()
    assert case.state == S.APPROVED
    back.issue()
    case.refresh_from_db()
    assert case.state == S.MATURING
    old = Letter.objects.get(batch=walk.batch, line__case=case)
    new = Letter.objects.get(batch=back.batch, line__case=case)
    assert (old.status, old.replaced_by) == ("revoked", new)
    joint = Letter.objects.get(batch=walk.batch, line__isnull=True)
    assert (joint.status, joint.replaced_by.batch) == ("corrected", back.batch)
    assert Letter.objects.get(batch=walk.batch, line__case__city__name="宁波市").status == "valid"
    assert old.document_number in str(new.content["body"])


def test_rescission_is_refused_while_the_city_has_another_open_case(walk):
    walk.issue()
    world, case = walk.world, walk.batch.lines.get(case__city__name="嘉兴市").case
    back = BatchWalk(world, case, kind="rescind")
    back.to(B.SIGNED)
    world.draft()
    refused(back.issue)
    case.refresh_from_db()
    assert case.state == S.APPROVED
    assert Letter.objects.filter(batch=back.batch).count() == 0


def together(*calls):
    """Run every call on a connection of its own; return what each answered or raised."""

    def run(call):
        try:
            return call()
        except NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_five_signers_at_once(live_world):
    sample_key()
    walk = BatchWalk.of_two(live_world)
    walk.freeze()
    seen = walk.digests()
    decisions = dict.fromkeys(seen, ("agree", ""))
    together(
        *(
            lambda by=by: signing.sign(
                walk.batch, decisions=decisions, password="示例Password-1", digests_seen=seen, by=by
            )
            for by in live_world.signers
            for _twice in range(2)
        )
    )
    assert Signature.objects.count() == 15
    walk.close()
    moves, op = walk.batch.moves, key()
    answers = together(
        *(
            lambda op=op: issuing.issue(walk.batch.pk, by=walk.signer, seen=moves, op_key=op, count=3)
            for op in (op, op, key(), key())
        )
    )
    assert sum(isinstance(a, NotAllowed) for a in answers) in {2, 3}
    assert Letter.objects.count() == 3
    assert Move.objects.filter(name="approve").count() == 2
    assert list(audit.offenders()) == []


def test_withdrawing_while_closing_leaves_one_consistent_answer(live_world):
    sample_key()
    walk = BatchWalk.of_two(live_world)
    walk.freeze()
    walk.sign_all()
    signature = Signature.objects.filter(line=walk.lines[0], agency=live_world.agencies[4]).get()
    moves = walk.batch.moves
    together(
        lambda: signing.withdraw_signature(signature, reason="示例", by=live_world.signers[4]),
        lambda: issuing.close_signing(walk.batch.pk, by=walk.signer, seen=moves, op_key=key()),
    )
    walk.batch.refresh_from_db()
    signature.refresh_from_db()
    assert (walk.batch.state == B.SIGNED) == (signature.ended_at is None)


def test_numbers_have_no_gap_under_eight_threads_with_aborts(live_world):
    class Abort(Exception):
        pass

    def take(number: int) -> int | None:
        try:
            with transaction.atomic():
                given = issuing.next_number("发改办高技", 2026)
                if number % 5 == 0:
                    raise Abort
                return given
        except Abort:
            return None

    def many(start: int) -> list[int | None]:
        try:
            return [take(n) for n in range(start, start + 50)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        given = [n for part in pool.map(many, range(0, 400, 50)) for n in part if n]
    assert sorted(given) == list(range(1, 321))
    assert LetterCounter.objects.get(series="发改办高技").last == 320


def test_series_count_by_themselves(world):
    with transaction.atomic():
        numbers = [issuing.next_number(s, y) for s, y in [("甲", 2026), ("乙", 2026), ("甲", 2026), ("甲", 2027)]]
    assert numbers == [1, 1, 2, 1]


def test_two_batches_issued_at_once_share_one_gapless_series(live_world):
    first = BatchWalk(live_world, live_world.case(S.PROPOSED))
    first.to(B.SIGNED)
    second = BatchWalk(live_world, live_world.case(S.PROPOSED, live_world.direct, live_world.direct_lead))
    second.to(B.SIGNED)
    together(
        *(
            lambda w=w: issuing.issue(w.batch.pk, by=w.signer, seen=w.batch.moves, op_key=key(), count=2)
            for w in (first, second)
        )
    )
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    batches_of = [x.batch_id for x in Letter.objects.order_by("number")]
    assert batches_of in ([first.batch.pk] * 2 + [second.batch.pk] * 2, [second.batch.pk] * 2 + [first.batch.pk] * 2)


def test_cancelling_gives_no_number(world):
    walk = BatchWalk.of_two(world)
    walk.step(batches.cancel, walk.handler, reason="示例")
    assert not LetterCounter.objects.filter(series="发改办高技").exists()


def test_sample_key_never_signs_what_was_issued_for_the_production_key(world, settings):
    settings.SIGNING_KEY_IS_PRODUCTION = True
    BatchWalk.of_two(world).to(B.ISSUED)
    settings.SIGNING_KEY_IS_PRODUCTION = False
    letter = Letter.objects.get(line__case__city__name="嘉兴市")
    with pytest.raises(outbox.NotNow):
        letters_store.deliver(f"letter:{letter.pk}", letter=letter.pk)
    letter.refresh_from_db()
    assert letter.problem == letters_store.NOT_THE_KEY


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE review_batchline SET letter_text = jsonb_set(letter_text, '{title}', '\"假标题\"')",
        "UPDATE review_batch SET joint_text = jsonb_set(joint_text, '{title}', '\"假标题\"')",
    ],
)
def test_a_text_changed_behind_the_signatures_is_never_issued(world, sql):
    walk = BatchWalk(world, world.case(S.PROPOSED))
    walk.to(B.SIGNED)
    with past_guards(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert "不是各部门签署的文本" in refused(walk.step, issuing.issue, walk.signer, count=2)
    assert not Letter.objects.exists()
