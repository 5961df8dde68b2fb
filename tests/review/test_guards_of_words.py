"""What was signed, published, sent or found is kept by the database itself, whoever writes the SQL."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from portal import clock
from review.models import Annotation, Case, Opinion, OpinionItem, Response, Verdict
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import World
from tests.stage import stage, undone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker, tmp_path_factory):
    """An issued batch: every kind of word has been given on the way."""
    with stage(django_db_blocker, tmp_path_factory.mktemp("words")):
        world = World()
        walk = BatchWalk(world, world.case(S.PROPOSED))
        walk.to(B.ISSUED)
        world.case(S.RECHECK, world.neighbour, world.neighbour_lead)
        yield walk


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


REFUSED = {
    "a signature's decision": "UPDATE review_signature SET decision = 'agree_note', text = '附注'",
    "a signature's text": "UPDATE review_signature SET text = '附注'",
    "a signature's digest": "UPDATE review_signature SET digest = repeat('0', 64)",
    "a signature's end once letters are out": "UPDATE review_signature SET ended_at = now(), ended_reason = '示例'",
    "a signature itself": "DELETE FROM review_signature",
    "a signature given late": "INSERT INTO review_signature (batch_id, line_id, agency_id, digest, decision, text,"
    " signed_by_id, signed_at, ended_reason) SELECT batch_id, line_id, agency_id, repeat('1', 64), decision, text,"
    " signed_by_id, now(), '' FROM review_signature LIMIT 1",
    "a published note's words": "UPDATE review_annotation SET body = '没有意见。'",
    "a published note's publication": "UPDATE review_annotation SET published_at = NULL",
    "a published note": "DELETE FROM review_annotation",
    "a signed opinion's strengths": "UPDATE review_opinion SET strengths = '很好'",
    "a sent opinion's signature": "UPDATE review_opinion SET signed_at = NULL, signed_by_id = NULL, digest = '',"
    " sent_at = NULL",
    "an opinion's number": "UPDATE review_opinion SET number = number || 'x'",
    "a signed opinion's item": "UPDATE review_opinionitem SET text = '可以不改。'",
    "a further item": "INSERT INTO review_opinionitem (opinion_id, position, kind, text, section)"
    " SELECT opinion_id, 99, kind, text, section FROM review_opinionitem LIMIT 1",
    "an item's notes": "DELETE FROM review_opinionitem_sources",
    "a note left out afterwards": "INSERT INTO review_annotationdecline (annotation_id, reason, declined_by_id,"
    " declined_at) SELECT id, '示例', author_id, now() FROM review_annotation LIMIT 1",
    "a sent answer": "UPDATE review_response SET text = '已改。'",
    "a sent answer's row": "DELETE FROM review_response",
    "a verdict": "UPDATE review_verdict SET verdict = 'still', text = '未改'",
    "a verdict's row": "DELETE FROM review_verdict",
    "a text that is signed": "UPDATE review_batchline SET letter_text = '{}'",
    "a version that is signed": "UPDATE review_batchline SET version_id = version_id - 1",
    "a line's digest": "UPDATE review_batchline SET digest = repeat('0', 64)",
    "a line": "DELETE FROM review_batchline",
    "a city taken out of an issued batch": "UPDATE review_batchline SET left_out_at = now(), left_out_reason = '示例'",
    "the joint text": "UPDATE review_batch SET joint_text = '{}'",
    "a batch's name": "UPDATE review_batch SET title = '示例'",
    "an agency's lane": "DELETE FROM review_batchagency",
    "another agency in a lane": "UPDATE review_batchagency SET position = position + 100",
    "a text that was sent round": "UPDATE review_frozentext SET text = '{}'",
    "a text that was sent round, altogether": "DELETE FROM review_frozentext",
    "a formal application's title": "UPDATE review_formalfiling SET cover_title = '示例'",
    "a formal application's date": "UPDATE review_formalfiling SET cover_date = cover_date - 1",
    "a formal application": "DELETE FROM review_formalfiling",
    "a letter's status": "UPDATE review_letter SET status = 'revoked'",
    "a letter's successor": "UPDATE review_letter SET status = 'revoked', replaced_by_id = id",
    "a letter's code": "UPDATE review_letter SET code = code || 'X'",
    "a letter's batch": "UPDATE review_letter SET line_id = NULL WHERE line_id IS NOT NULL",
    "a letter's anchor": "UPDATE review_letter SET audit_anchor = repeat('0', 16)",
    "a file's digest": "UPDATE portal_storedfile SET sha256 = repeat('0', 64)",
    "all answers at once": "TRUNCATE review_response",
    "all files at once": "TRUNCATE portal_storedfile CASCADE",
}


@pytest.mark.parametrize("what", REFUSED)
def test_word_once_given_never_changes(walk, what):
    with pytest.raises(DatabaseError):
        undone(lambda: run(REFUSED[what]))


def test_what_services_do_later_stays_open(walk):
    def settle():
        assert Annotation.objects.update(resolved_at=clock.now(), resolution="已说明") == 2
        assert run("UPDATE review_letter SET seen_at = now(), problem = ''") == 2

    undone(settle)


def test_answer_waits_for_its_step(walk):
    """While the revision is checked the group finds, and the city no longer answers."""
    item, by = OpinionItem.objects.get(opinion__case__state=S.RECHECK), walk.world.experts[0]
    with pytest.raises(DatabaseError):
        undone(lambda: Response.objects.filter(item=item).update(text="已改。"))
    assert undone(lambda: Verdict.objects.create(item=item, verdict="solved", given_by=by)).verdict == "solved"


def test_unsigned_opinion_is_not_sent(walk):
    case, by = Case.objects.get(state=S.RECHECK), walk.world.group_office
    facts = {"case": case, "kind": "formal", "version": case.latest_version, "drafted_by": by, "body": "示例"}

    def send():
        found = Opinion.objects.create(**facts)
        Opinion.objects.filter(pk=found.pk).update(sent_at=case.state_since)

    with pytest.raises(DatabaseError):
        undone(send)


def test_only_the_leader_signs(walk):
    case, by = Case.objects.get(state=S.RECHECK), walk.world.group_office
    facts = {"case": case, "kind": "formal", "version": case.latest_version, "drafted_by": by, "body": "示例"}

    def sign():
        found = Opinion.objects.create(**facts)
        Opinion.objects.filter(pk=found.pk).update(signed_at=case.state_since, signed_by=by, number="SL-2026-009")

    with pytest.raises(DatabaseError):
        undone(sign)
