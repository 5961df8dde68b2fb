"""Composing, freezing and taking back; letters are not made here."""

import pytest
from django.db import IntegrityError, transaction

from portal import audit
from portal.models import AuditEntry, Notice
from review.machine import NotAllowed
from review.models import Batch, BatchLine, Signature
from review.services import batches, signing
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import AGREE, BatchWalk
from tests.builders import PASSWORD, key


def shared(world):
    return BatchWalk.of_two(world)


def refused(call, *args, **kw) -> str:
    with pytest.raises(NotAllowed) as told:
        call(*args, **kw)
    return " ".join(told.value.reasons)


def test_agencies_come_from_the_call_in_its_order(world):
    batch = batches.compose(world.call, title=" 第一批 ", by=world.handlers[0])
    assert [a.organisation for a in batch.agencies.all()] == world.agencies
    assert (batch.title, batch.number, batch.genre, batch.state) == ("第一批", 1, "reply", B.COMPOSING)
    assert batches.compose(world.call, title="第二批", by=world.handlers[0]).number == 2
    entry = AuditEntry.objects.filter(action="batch:compose").last()
    assert (entry.object_id, entry.actor) == (str(batch.pk), world.handlers[0].user)


@pytest.mark.parametrize("who", ["signers", "other", "group_office"])
def test_only_the_lead_agencys_handler_composes(world, who):
    by = {"signers": world.signers[0], "other": world.handlers[1], "group_office": world.group_office}[who]
    refused(batches.compose, world.call, title="第一批", by=by)
    assert not Batch.objects.exists()


def test_two_batches_of_a_call_bear_two_names(world, walk):
    other = batches.compose(world.call, title="另一批", by=walk.handler)
    told = refused(batches.compose, world.call, title=" 示例第一批", by=walk.handler)
    assert told == "本次通知下已有名为“示例第一批”的批次，请换一个名称。"
    refused(batches.edit, other, title="示例第一批", genre="reply", by=walk.handler)
    assert set(Batch.objects.values_list("title", flat=True)) == {"示例第一批", "另一批"}
    batches.edit(other, title="另一批", genre="notice", by=walk.handler)
    walk.step(batches.cancel, walk.handler, reason="示例原因")
    assert batches.edit(other, title="示例第一批", genre="reply", by=walk.handler).title == "示例第一批"


def test_the_database_too_takes_a_name_once(world, walk):
    other = batches.compose(world.call, title="另一批", by=walk.handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=other.pk).update(title="示例第一批")


def test_list_follows_the_administrative_divisions_whatever_the_order_of_adding(world, walk):
    assert [(x.position, x.case.city.name) for x in walk.lines] == [(1, "宁波市"), (2, "嘉兴市")]
    assert walk.line("嘉兴市").version.purpose == "file_formally"


def test_case_joins_one_open_batch_only(world, walk):
    other = batches.compose(world.call, title="另一批", by=walk.handler)
    case = walk.lines[0].case
    assert "示例第一批" in refused(batches.add, other, case, by=walk.handler)
    walk.step(batches.cancel, walk.handler, reason="示例原因")
    assert batches.add(other, case, by=walk.handler).position == 1


def test_only_proposed_cities_join(world, walk):
    case = world.case(S.FORMAL_REVIEW, world.neighbour, world.neighbour_lead)
    refused(batches.add, walk.batch, case, by=walk.handler)
    assert walk.batch.lines.count() == 2


def test_removed_city_is_free_again(world, walk):
    line = walk.line("宁波市")
    batches.remove(walk.batch, line, by=walk.handler)
    assert [x.case.city.name for x in walk.lines] == ["嘉兴市"]
    assert list(batches.eligible(walk.batch)) == [line.case]
    refused(batches.remove, walk.batch, line, by=walk.handler)


def test_city_left_out_stays_proposed_and_is_told_the_reason(world, walk):
    line = batches.leave_out(walk.batch, walk.line("嘉兴市").case, reason="材料待补正", by=walk.handler)
    line.case.refresh_from_db()
    assert (line.case.state, line.left_out_reason, line.is_current) == (S.PROPOSED, "材料待补正", False)
    notice = Notice.objects.get(recipient=world.lead.user, kind="city_left_out")
    assert notice.facts["reason"] == "材料待补正"
    assert line.case in batches.eligible(walk.batch)
    refused(batches.leave_out, walk.batch, line.case, reason="再说一遍", by=walk.handler)
    refused(batches.leave_out, walk.batch, walk.line("宁波市").case, reason=" ", by=walk.handler)


def test_city_never_listed_is_told_too(world):
    case = world.case(S.PROPOSED)
    walk = BatchWalk(world)
    batches.leave_out(walk.batch, case, reason="转入后续批次", by=walk.handler)
    assert Notice.objects.filter(recipient=world.lead.user, kind="city_left_out").count() == 1
    assert walk.lines == []


def test_freezing_fixes_texts_and_sends_every_city(world, walk):
    _ = world.handlers, world.signers
    walk.freeze()
    for line in walk.lines:
        assert line.case.state == S.COSIGNING
        assert line.case.city.name in line.letter_text["title"]
        wanted = {"version": line.version.digest, "letter": line.letter_text}
        assert line.digest == audit.digest(audit.canonical(wanted))
    assert walk.batch.joint_digest == audit.digest(audit.canonical({"joint": walk.batch.joint_text}))
    assert "{cities}" in walk.batch.joint_text["title"]
    assert walk.batch.due.isoformat() == "2026-03-11T10:00:00+00:00"
    told = Notice.objects.filter(kind="batch_cosign").values_list("recipient", flat=True)
    wanted = {p.user_id for p in [*world.handlers, *world.signers]} - {walk.handler.user_id}
    assert set(told) == wanted


def test_empty_list_is_not_frozen(world):
    walk = BatchWalk(world)
    assert refused(walk.freeze)
    assert walk.batch.state == B.COMPOSING


def test_frozen_list_is_not_changed(world, walk):
    walk.freeze()
    line = walk.lines[0]
    for act in (
        lambda: batches.remove(walk.batch, line, by=walk.handler),
        lambda: batches.leave_out(walk.batch, line.case, reason="原因", by=walk.handler),
        lambda: batches.edit(walk.batch, title="改名", genre="notice", by=walk.handler),
        lambda: batches.add(walk.batch, line.case, by=walk.handler),
    ):
        refused(act)
    assert len(walk.lines) == 2


def test_stale_page_and_replay(world, walk):
    op = key()
    walk.step(batches.freeze, walk.handler, op_key=op)
    again = batches.freeze(walk.batch.pk, by=walk.handler, seen=0, op_key=op)
    assert (again.moves, again.history.count()) == (1, 1)
    refused(batches.unfreeze, walk.batch.pk, reason="原因", by=walk.handler, seen=0, op_key=key())


def test_unfreeze_keeps_list_and_signatures_of_unchanged_texts(world, walk):
    walk.freeze()
    walk.sign(1)
    walk.step(batches.unfreeze, walk.handler, reason="补一个城市")
    assert [x.case.state for x in walk.lines] == [S.PROPOSED, S.PROPOSED]
    walk.freeze()
    assert Signature.objects.filter(ended_at__isnull=True).count() == 3


def test_changed_text_voids_its_signatures_only(world, walk):
    walk.freeze()
    walk.sign(1)
    walk.step(batches.unfreeze, walk.handler, reason="更名")
    plan = walk.line("嘉兴市").case.plan
    plan.title = "嘉兴市创建国家电子商务示范城市工作方案（2026—2029年）"
    plan.save(update_fields=["title"])
    walk.freeze()
    ended = Signature.objects.filter(ended_at__isnull=False)
    assert [(s.line.case.city.name, s.ended_reason) for s in ended] == [("嘉兴市", batches.TEXT_CHANGED)]
    assert Signature.objects.filter(ended_at__isnull=True).count() == 2
    walk.batch.refresh_from_db()
    signing.sign(
        walk.batch,
        decisions={walk.line("嘉兴市").pk: (AGREE, "")},
        password=PASSWORD,
        digests_seen=walk.digests(),
        by=world.signers[1],
    )
    assert Signature.objects.filter(ended_at__isnull=True).count() == 3


def test_taking_a_city_out_voids_only_its_own_signatures(world, walk):
    walk.freeze()
    walk.sign(1)
    walk.step(batches.unfreeze, walk.handler, reason="嘉兴市材料待补正")
    line = walk.line("嘉兴市")
    assert "嘉兴市" in refused(batches.remove, walk.batch, line, by=walk.handler)
    batches.leave_out(walk.batch, line.case, reason="材料待补正", by=walk.handler)
    walk.freeze()
    standing = Signature.objects.filter(ended_at__isnull=True)
    assert sorted(s.line.case.city.name if s.line else "" for s in standing) == ["", "宁波市"]


def test_cancelled_batch_keeps_its_list_and_frees_its_cities(world, walk):
    walk.freeze()
    walk.sign(1)
    walk.step(batches.unfreeze, walk.handler, reason="原因")
    walk.step(batches.cancel, walk.handler, reason="改在下一批")
    assert walk.batch.state == B.CANCELLED
    assert len(walk.lines) == 2
    assert not BatchLine.objects.filter(is_current=True).exists()
    assert not Signature.objects.filter(ended_at__isnull=True).exists()
    assert len(batches.eligible(BatchWalk(world).batch)) == 2
