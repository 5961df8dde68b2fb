"""Signatures: one word for each agency, city and digest, given after the password."""

import pytest

from portal import audit
from portal.models import AuditEntry, Notice
from review.cosigning import missing_signatures
from review.machine import NotAllowed
from review.models import Signature
from review.services import batches, signing
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import AGREE
from tests.builders import PASSWORD

pytestmark = pytest.mark.django_db

STANDS = B.COSIGNING
NOT_YET = Signature.Decision.NOT_YET


def refused(call, *args, **kw) -> str:
    with pytest.raises(NotAllowed) as told:
        call(*args, **kw)
    return " ".join(told.value.reasons)


def sign(walk, decisions, number=1, **kw):
    kw = {"password": PASSWORD, "digests_seen": walk.digests(), "by": walk.world.signers[number]} | kw
    return signing.sign(walk.batch, decisions=decisions, **kw)


def test_signing_twice_the_same_way_is_harmless(walk):
    first = walk.sign(1)
    again = walk.sign(1)
    assert {s.pk for s in again} == {s.pk for s in first}
    assert Signature.objects.count() == 3
    assert AuditEntry.objects.filter(action="batch:sign").count() == 1


def test_another_word_needs_the_first_withdrawn(walk):
    walk.sign(1)
    line = walk.lines[0]
    assert line.case.city.name in refused(sign, walk, {line.pk: (NOT_YET, "理由")})
    signature = line.signatures.get()
    signing.withdraw_signature(signature, reason="重新研究", by=walk.world.signers[1])
    sign(walk, {line.pk: (NOT_YET, "理由")})
    assert line.signatures.filter(ended_at__isnull=True).get().decision == NOT_YET
    assert Notice.objects.filter(kind="batch_not_yet", recipient=walk.handler.user).exists()


def test_joint_text_is_part_of_the_first_signing(walk):
    line = walk.lines[0]
    refused(sign, walk, {line.pk: (AGREE, "")})
    sign(walk, {line.pk: (AGREE, ""), None: (AGREE, "")})
    sign(walk, {walk.lines[1].pk: (AGREE, "")})
    assert Signature.objects.count() == 3


@pytest.mark.parametrize(("decision", "text"), [(NOT_YET, " "), ("agree_note", ""), ("yes", ""), ("", "")])
def test_word_without_grounds_or_unknown_is_refused(walk, decision, text):
    refused(sign, walk, {walk.lines[0].pk: (decision, text), None: (AGREE, "")})
    assert not Signature.objects.exists()


def test_unseen_or_other_digest_is_refused(walk):
    decisions = {walk.lines[0].pk: (AGREE, ""), None: (AGREE, "")}
    refused(sign, walk, decisions, digests_seen={})
    refused(sign, walk, decisions, digests_seen=walk.digests() | {None: "0" * 64})
    assert not Signature.objects.exists()


def test_foreign_line_is_refused_whole(walk):
    refused(sign, walk, {walk.lines[0].pk: (AGREE, ""), 999999: (AGREE, ""), None: (AGREE, "")})
    assert not Signature.objects.exists()


def test_password_is_asked_and_five_wrong_ones_close_the_door(walk):
    decisions = {None: (AGREE, "")}
    for _ in range(5):
        refused(sign, walk, decisions, password="wrong")
    assert "五次" in refused(sign, walk, decisions)
    assert AuditEntry.objects.filter(action="batch:confirm", result="refused").count() == 5
    from portal import clock

    clock.advance(minutes=11)
    sign(walk, decisions)
    assert Signature.objects.count() == 1


def test_handlers_and_strangers_do_not_sign(walk):
    for by in (walk.world.handlers[1], walk.world.leader, walk.world.lead):
        refused(sign, walk, {None: (AGREE, "")}, by=by)
    assert not Signature.objects.exists()


def test_only_the_signing_agency_withdraws_and_only_while_signing(walk):
    (own, *_rest) = walk.sign(1)
    refused(signing.withdraw_signature, own, reason="x", by=walk.world.signers[2])
    refused(signing.withdraw_signature, own, reason=" ", by=walk.world.signers[1])
    for number in (0, 2, 3, 4):
        walk.sign(number)
    walk.close()
    refused(signing.withdraw_signature, own, reason="x", by=walk.world.signers[1])
    own.refresh_from_db()
    assert own.ended_at is None


def test_objection_takes_one_city_out_and_tells_it_the_grounds_without_names(walk):
    for number in range(5):
        if number in {1, 3}:
            walk.sign(number, 嘉兴市=(NOT_YET, f"理由{number}"))
        else:
            walk.sign(number)
    line = walk.line("嘉兴市")
    walk.close()
    line.refresh_from_db()
    assert (walk.batch.state, line.left_out_reason) == (B.SIGNED, "理由1；理由3")
    assert line.case.state == S.PROPOSED
    assert [x.case.city.name for x in walk.lines] == ["宁波市"]
    assert not line.signatures.filter(ended_at__isnull=True).exists()
    notice = Notice.objects.get(recipient=walk.world.lead.user, kind="city_left_out")
    assert not any(a.short_name in str(notice.facts) for a in walk.world.agencies)
    assert list(audit.offenders()) == []


def test_signing_is_not_closed_while_an_agency_is_silent(walk):
    for number in range(4):
        walk.sign(number)
    told = refused(walk.close)
    assert walk.world.agencies[4].short_name in told
    assert not Notice.objects.filter(kind="batch_decided").exists()
    walk.sign(4)
    assert Notice.objects.filter(kind="batch_decided", recipient=walk.signer.user).count() == 1
    walk.close()


def test_signing_is_not_closed_without_a_key(walk, settings, tmp_path):
    walk.sign_all()
    settings.SIGNING_KEY_DIR = tmp_path / "none"
    assert "密钥" in refused(walk.close)
    assert walk.batch.state == B.COSIGNING


def test_reopening_voids_everything(walk):
    walk.sign_all()
    walk.close()
    walk.step(batches.reopen, walk.signer, reason="文本有误")
    assert walk.batch.state == B.COMPOSING
    assert not Signature.objects.filter(ended_at__isnull=True).exists()
    assert {x.case.state for x in walk.lines} == {S.PROPOSED}
    walk.freeze()
    assert len(missing_signatures(walk.lines[0])) == 5


def test_advice_ends_when_the_agency_has_signed_everything(walk, see):
    handler = walk.world.handlers[1]
    page = f"/batches/{walk.batch.pk}/cosign/"
    assert "送签署人" in see(handler, page).content.decode()
    walk.sign(1)
    assert "送签署人" not in see(handler, page).content.decode()
    assert "已签署本批全部内容" in refused(signing.advise, walk.batch, advice="同意", by=handler)
