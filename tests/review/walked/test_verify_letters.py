"""The proofs about batches, signatures and letters, on an issued batch with its files made."""

import pytest
from django.conf import settings

from portal import blobs
from portal.models import Outbox
from review import verify
from review.models import BatchLine, Letter
from review.states import BatchState as B
from tests.batch_walk import BatchWalk, letters_are_made
from tests.review.test_verify import run, tamper

pytestmark = pytest.mark.django_db


def test_issued_batch_is_in_order_before_and_after_its_letters_are_made(walk, capsys):
    assert verify.first_offenders() == {}
    letters_are_made()
    code, said = run(capsys)
    assert code == 0
    assert ", 1 batches, 3 letters, " in said
    assert Outbox.objects.filter(kind="letter", done_at__isnull=False).count() == 3


def test_rescinded_approval_is_in_order(walk, world):
    case = walk.line("嘉兴市").case
    case.refresh_from_db()
    BatchWalk(world, case, kind="rescind").to(B.ISSUED)
    case.refresh_from_db()
    assert case.state == "maturing"
    assert verify.first_offenders() == {}


TAMPERING = {
    "a batch's state": (
        "UPDATE review_batch SET state = 'signed'",
        "batches: batch 示例第一批 stands at signed after 3 moves; its history ends at issued after 3",
    ),
    "a batch's move": (
        "DELETE FROM review_batchmove WHERE number = 2",
        "batches: batch 示例第一批: move 2 is missing",
    ),
    "a signature taken back": (
        "UPDATE review_signature SET ended_at = now() WHERE id = "
        "(SELECT max(id) FROM review_signature WHERE line_id = {line})",
        "approvals: plan {ref}: issued without the agreement of {last}",
    ),
    "a signature for another text": (
        "UPDATE review_signature SET digest = repeat('0', 64) WHERE id = "
        "(SELECT max(id) FROM review_signature WHERE line_id = {line})",
        "approvals: plan {ref}: issued without the agreement of {last}",
    ),
    "a signature of the joint text taken out": (
        "DELETE FROM review_signature WHERE id = (SELECT max(id) FROM review_signature WHERE line_id IS NULL)",
        "approvals: batch 示例第一批: issued without the agreement of {last} to the joint text",
    ),
    "a signature's decision": (
        "UPDATE review_signature SET decision = 'agree_note', text = '同意，附注。' WHERE id = {signature}",
        "signatures: batch 示例第一批: signature {signature} of {last} has no audit entry that says the same",
    ),
    "a signature's signer": (
        "UPDATE review_signature SET signed_by_id = (SELECT min(signed_by_id) FROM review_signature) "
        "WHERE id = {signature}",
        "signatures: batch 示例第一批: signature {signature} of {last} has no audit entry that says the same",
    ),
    "a signature that was given taken out": (
        "DELETE FROM review_signature WHERE id = {signature}",
        "signatures: batch {batch}: the audit tells of a signature (agree) by post {signer}, which is not there",
    ),
    "a signature ended in silence": (
        "UPDATE review_signature SET ended_at = now(), ended_reason = '示例' WHERE id = {signature}",
        "ended signatures: batch 示例第一批: signature {signature} of {last} ended otherwise than the record says",
    ),
    "a text that was signed": (
        "UPDATE review_batchline SET letter_text = jsonb_set(letter_text, '{{title}}', '\"假标题\"') WHERE id = {line}",
        "signed texts: batch 示例第一批: 嘉兴市: the text is not the one its digest was made of",
    ),
    "the version that was signed": (
        "UPDATE review_batchline SET version_id = (SELECT min(id) FROM applications_planversion) WHERE id = {line}",
        "signed texts: batch 示例第一批: 嘉兴市: the version is not the one that was sent round",
    ),
    "the joint text": (
        "UPDATE review_batch SET joint_text = jsonb_set(joint_text, '{{title}}', '\"假标题\"')",
        "signed texts: batch 示例第一批: 联合文件: the text is not the one its digest was made of",
    ),
    "a text that was sent round": (
        "UPDATE review_frozentext SET text = jsonb_set(text, '{{title}}', '\"假标题\"') WHERE version_id IS NULL",
        "signed texts: batch 示例第一批: a text that was sent round",
    ),
    "an agency struck out": (
        "DELETE FROM review_batchagency WHERE position = 5",
        "agencies: batch 示例第一批: its agencies are not those it was begun with",
    ),
    "a letter's status": (
        "UPDATE review_letter SET status = 'revoked' WHERE line_id = {line}",
        "issued letters: letter {letter} is “revoked”; by the letters issued it is “valid”",
    ),
    "a letter's code": (
        "UPDATE review_letter SET code = 'AAAA-AAAA' WHERE line_id = {line}",
        "issued letters: letter {letter}: its code is not the one it prints",
    ),
    "a letter's text and digest": (
        "UPDATE review_letter SET content_digest = repeat('0', 64) WHERE line_id = {line}",
        "issued letters: letter {letter}: the audit does not tell of this number with this text",
    ),
    "an approved case": (
        "UPDATE review_case SET state = 'proposed' WHERE id = {case}",
        "approvals: plan {ref}: its batch is issued, but it stands at proposed",
    ),
    "a letter taken out": (
        "DELETE FROM review_letter WHERE line_id = {line}",
        "approvals: plan {ref}: its batch is issued, but it has no letter",
    ),
    "a gap in the numbers": (
        "DELETE FROM review_letter WHERE line_id = {line}",
        "numbers: number {number} of the series {series} 2026 is missing",
    ),
    "a letter's text": (
        "UPDATE review_letter SET content = jsonb_set(content, '{{title}}', '\"改过的标题\"') WHERE line_id = {line}",
        "letters: letter {letter}: its text does not match its digest",
    ),
    "a letter that nobody makes": (
        "UPDATE portal_outbox SET done_at = now() WHERE key = 'letter:{letter_id}'",
        "letters: letter {letter} has no file, and nobody is making it",
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_and_named(walk, world, capsys, what):
    line = BatchLine.objects.select_related("letter", "case__plan").get(case__city__name="嘉兴市")
    facts = {
        "line": line.pk,
        "case": line.case_id,
        "ref": line.case.reference,
        "letter": line.letter.document_number,
        "letter_id": line.letter.pk,
        "number": line.letter.number,
        "series": line.letter.series,
        "batch": line.batch_id,
        "signature": line.signatures.get(agency=world.agencies[-1]).pk,
        "signer": world.signers[-1].pk,
        "last": world.agencies[-1].short_name,
    }
    sql, words = TAMPERING[what]
    tamper(sql.format(**facts))
    code, said = run(capsys)
    assert code == 1
    assert words.format(**facts) in said


def test_bytes_of_a_letter_are_looked_at(walk, capsys):
    letters_are_made()
    letter = Letter.objects.get(line__case__city__name="嘉兴市")
    path = blobs.path_of(letter.file.sha256, settings.PRIVATE_ROOT)
    found = (
        f"letters: letter {letter.document_number}: its file is missing or changed\n"
        f"stored files: file {letter.file.pk} ({letter.file.name}): its bytes are missing or changed\n"
    )
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert run(capsys) == (1, found)
    path.unlink()
    assert run(capsys) == (1, found)
