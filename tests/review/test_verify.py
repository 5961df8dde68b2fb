"""One row changed behind the portal's back is found and named; nothing is found where nothing was changed."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from portal import blobs, clock
from portal.models import AuditEntry, CleanCopy, Outbox, Preview
from review import verify
from review.models import Annotation, Opinion, Response
from review.states import State as S
from tests.filled_plan import stored_file
from tests.past_guards import past_guards


def shared(world):
    return world.case(S.PROPOSED)


def tamper(sql: str, *args) -> None:
    """Change rows past every trigger, as someone with the database's superuser could."""
    with past_guards(), connection.cursor() as cursor:
        cursor.execute(sql, args or None)
        assert cursor.rowcount == 1, "the tampering must touch one row"


def run(capsys) -> tuple[int, str]:
    code = 0
    try:
        call_command("verify_all")
    except SystemExit as end:
        code = end.code
    out = capsys.readouterr()
    return code, out.out + out.err


def test_untouched_programme_is_in_order(case, capsys):
    assert verify.first_offenders() == {}
    code, said = run(capsys)
    assert code == 0
    assert said.startswith("all in order: 1 plans, 10 moves, 3 versions, 0 batches, 0 letters, 2 opinions, ")
    assert len(said.strip().splitlines()) == 1


def test_empty_portal_is_in_order(world, capsys):
    assert run(capsys)[0] == 0


CASES = {
    "a case's state": (
        "UPDATE review_case SET state = 'approved' WHERE id = %(case)s",
        {"states": "plan {ref} stands at approved after 10 moves; its history ends at proposed after 10"},
    ),
    "a case's count of moves": (
        "UPDATE review_case SET moves = 11 WHERE id = %(case)s",
        {"states": "plan {ref} stands at proposed after 11 moves; its history ends at proposed after 10"},
    ),
    "a move's target": (
        "UPDATE review_move SET target = 'maturing' WHERE case_id = %(case)s AND number = 7",
        {
            "states": "plan {ref}: move 7 (find_mature: recheck to maturing) is not a way from recheck",
            "moves": "case {case}: move 7 (find_mature) has no audit entry that says the same",
        },
    ),
    "a move taken out": (
        "DELETE FROM review_move WHERE case_id = %(case)s AND number = 3",
        {
            "states": "plan {ref}: move 3 is missing",
            "moves": "case {case}: the audit tells of move 3 (open_discussion)",
        },
    ),
    "a move without its version": (
        "UPDATE review_move SET version_id = NULL WHERE case_id = %(case)s AND number = 1",
        {"freezing": "plan {ref}: move 1 (submit) has the wrong version"},
    ),
    "a frozen text": (
        "UPDATE applications_planversion SET text = replace(text, '60%', '90%') "
        "WHERE plan_id = %(plan)s AND number = 2",
        {"versions": "plan {ref}: version 2 does not match its digest"},
    ),
    "a frozen version taken out": (
        "DELETE FROM applications_planversion WHERE plan_id = %(plan)s AND number = 2",
        {"versions": "plan {ref}: version 2 is missing"},
    ),
    "an audit entry's text": (
        "UPDATE portal_auditentry SET text = replace(text, '请写', '不写') || ' ' WHERE seq = 4",
        {"audit": "audit entry 4 does not match its hash"},
    ),
    "an audit entry's column": (
        "UPDATE portal_auditentry SET result = 'refused' WHERE seq = 4",
        {"audit": "audit entry 4 shows other facts than it was hashed with"},
    ),
    "an audit entry taken out": (
        "DELETE FROM portal_auditentry WHERE seq = 4",
        {"audit": "audit entry 4 is missing"},
    ),
    "the last audit entry taken out": (
        "DELETE FROM portal_auditentry WHERE seq = (SELECT max(seq) FROM portal_auditentry)",
        {"audit": "the audit head stands at"},
    ),
    "a signed opinion's item": (
        "UPDATE review_opinionitem SET text = '可以不改。' WHERE text = '写明统计部门。'",
        {"opinions": "opinion YJ-2026-001: its text is not the one that was signed"},
    ),
    "a signed opinion's body": (
        "UPDATE review_opinion SET body = '同意' WHERE kind = 'formal'",
        {"opinions": "opinion SL-2026-001: its text is not the one that was signed"},
    ),
    "an opinion's number": (
        "UPDATE review_opinion SET number = 'YJ-2026-007' WHERE kind = 'revision'",
        {"numbers": "number 1 of the series YJ 2026 is missing"},
    ),
    "a published note's words": (
        "UPDATE review_annotation SET body = '没有意见。'",
        {"notes": "plan {ref}: note {note} is not the one that was published"},
    ),
    "a published note taken out": (
        "UPDATE review_annotation SET published_at = NULL",
        {"notes": "note {note} was published, but is not there"},
    ),
    "a sent answer": (
        "UPDATE review_response SET handling = 'not_adopted'",
        {"answers": "opinion YJ-2026-001: the answer to item 1 is not the one that was given"},
    ),
    "a sent answer taken out": (
        "DELETE FROM review_response",
        {"answers": "answer {answer} was given, but is not there"},
    ),
    "a verdict": (
        "UPDATE review_verdict SET verdict = 'withdrawn'",
        {"verdicts": "opinion YJ-2026-001: the verdict on item 1 is not the one that was given"},
    ),
    "a verdict's author": (
        "UPDATE review_verdict SET given_by_id = (SELECT by_id FROM review_move WHERE name = 'submit')",
        {"verdicts": "opinion YJ-2026-001: the verdict on item 1 is not the one that was given"},
    ),
    "a cover letter's number": (
        "UPDATE review_formalfiling SET cover_number = '示例〔2026〕99号'",
        {"formal applications": "plan {ref}: its formal application is not the one that was filed"},
    ),
    "a cover letter's file": (
        "UPDATE review_formalfiling SET cover_file_id = (SELECT max(file_id) FROM applications_attachment)",
        {"formal applications": "plan {ref}: its formal application is not the one that was filed"},
    ),
    "a formal application taken out": (
        "DELETE FROM review_formalfiling",
        {"formal applications": "formal application {filing} was filed, but is not there"},
    ),
    "a signed opinion and its digest": (
        "UPDATE review_opinion SET digest = repeat('0', 64) WHERE kind = 'formal'",
        {"signed opinions": "opinion SL-2026-001: its signature is not the one in the audit"},
    ),
    "a frozen attachment's digest": (
        "UPDATE portal_storedfile SET sha256 = repeat('0', 64) WHERE name = '成立领导小组的通知.pdf'",
        {"files": "plan {ref}: version 1 froze 成立领导小组的通知.pdf, and no file has that digest and size"},
    ),
    "a counter": (
        "UPDATE review_lettercounter SET last = 0 WHERE series = 'SL'",
        {"numbers": "the counter of the series SL 2026 stands at 0, behind its last number 1"},
    ),
    "an outbox row done and parked": (
        "UPDATE portal_outbox SET done_at = now(), parked_at = now(), last_error = 'x' WHERE id = %(outbox)s",
        {"outbox": "outbox {key} is done and parked at once"},
    ),
    "an outbox row parked in silence": (
        "UPDATE portal_outbox SET parked_at = now() WHERE id = %(outbox)s",
        {"outbox": "outbox {key} is parked without a reason"},
    ),
    "an outbox row nobody does": (
        "UPDATE portal_outbox SET kind = 'telegram' WHERE id = %(outbox)s",
        {"outbox": "outbox {key}: nobody does “telegram”"},
    ),
    "a way added to the database's table": (
        "INSERT INTO review_transition VALUES ('approve', 'draft', 'approved')",
        {"transitions": "transition approve, draft to approved, stands only in review_transition"},
    ),
    "others let through by the database's table": (
        "UPDATE review_transition SET actors = '{city_lead}' WHERE name = 'approve'",
        {
            "transitions": "transition approve, cosigning to approved, "
            "names others than the workflow in review_transition"
        },
    ),
    "a way taken from the database's table": (
        "DELETE FROM review_batchtransition WHERE name = 'issue'",
        {"transitions": "transition issue, signed to issued, is missing from review_batchtransition"},
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_tampering_is_found_and_named(case, capsys, what):
    sql, expected = CASES[what]
    row, note, answer = Outbox.objects.first(), Annotation.objects.get().pk, Response.objects.get().pk
    filing = case.filings.get().pk
    facts = {"case": case.pk, "plan": case.plan_id, "outbox": row.pk}
    for name, value in facts.items():
        sql = sql.replace(f"%({name})s", str(value))
    tamper(sql)
    code, said = run(capsys)
    assert code == 1
    for kind, words in expected.items():
        words = words.format(ref=case.reference, case=case.pk, key=row.key, note=note, answer=answer, filing=filing)
        assert f"{kind}: {words}" in said


def test_approval_written_by_hand_is_found(case, capsys):
    """A case, its move and its history forged together still lack batch, signatures and letter."""
    tamper(
        "INSERT INTO review_move (case_id, number, name, source, target, by_id, at, reason, given, op_key) "
        "SELECT id, 11, 'send_to_cosign', 'proposed', 'cosigning', %s, now(), '', '{}', 'f1' FROM review_case",
        AuditEntry.objects.exclude(post=None).first().post_id,
    )
    tamper(
        "INSERT INTO review_move (case_id, number, name, source, target, by_id, at, reason, given, op_key) "
        "SELECT id, 12, 'approve', 'cosigning', 'approved', %s, now(), '', '{}', 'f2' FROM review_case",
        AuditEntry.objects.exclude(post=None).first().post_id,
    )
    tamper("UPDATE review_case SET state = 'approved', moves = 12")
    code, said = run(capsys)
    assert code == 1
    assert f"approvals: plan {case.reference} is approved, but no issued batch says so" in said
    assert f"moves: case {case.pk}: move 11 (send_to_cosign) has no audit entry that says the same" in said
    assert "states:" not in said


def test_bytes_of_a_frozen_file_are_looked_at(case, capsys):
    file = case.plan.attachments.get().file
    place = blobs.path_of(file.sha256, settings.PRIVATE_ROOT)
    kept = place.read_bytes()
    place.write_bytes(b"%PDF another")
    found = (
        f"files: plan {case.reference}: version 1 froze {file.name}; the file is missing or changed\n"
        f"stored files: file {file.pk} ({file.name}): its bytes are missing or changed\n"
        f"copies: the copy of file {file.sha256[:16]} is missing or changed\n"
    )
    assert run(capsys) == (1, found)
    place.write_bytes(kept)  # no transaction undoes it


def test_bytes_of_a_file_that_no_version_froze_are_looked_at(world, case, capsys):
    file = stored_file("还没有提交.pdf", by=world.lead)
    CleanCopy.objects.filter(sha256=file.sha256).delete()
    Preview.objects.create(sha256=file.sha256, made_at=clock.now(), pages=1, sizes=[[10, 10]])
    blobs.path_of(file.sha256, settings.PRIVATE_ROOT).unlink()
    found = (
        f"stored files: file {file.pk} (还没有提交.pdf): its bytes are missing or changed\n"
        f"previews: pages of the preview of file {file.sha256[:16]} are missing\n"
    )
    assert run(capsys) == (1, found)


def test_only_the_first_of_each_kind_is_named(world, capsys):
    for city, lead in ((world.city, world.lead), (world.neighbour, world.neighbour_lead)):
        case = world.draft(city, lead)
        tamper(f"UPDATE review_case SET state = 'ready' WHERE id = {case.pk}")
    code, said = run(capsys)
    assert (code, said.count("\n")) == (1, 1)
    assert "CJ-330400-2026-1" in said


def test_unknown_arguments_are_refused():
    with pytest.raises((CommandError, TypeError)):
        call_command("verify_all", "--quickly")


def test_signed_opinion_of_the_real_service_is_in_order(case):
    assert set(Opinion.objects.values_list("number", flat=True)) == {"YJ-2026-001", "SL-2026-001"}
    assert list(verify.opinions_equal_their_digests()) == []
