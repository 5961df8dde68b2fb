"""Batches through their pages: composing, signing, leaving out."""

import re

import pytest
from django.urls import reverse

from portal.models import AuditEntry
from review.models import Batch, BatchLine, Signature
from review.services import batches
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk, sample_key
from tests.builders import PASSWORD, key


def shared(world):
    sample_key()
    return BatchWalk.of_two(world)


def enter(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def move(client, walk, name, **data):
    walk.batch.refresh_from_db()
    data = {"seen": walk.batch.moves, "op_key": key()} | data
    return client.post(reverse("batch_move", args=[walk.batch.pk, name]), data, follow=True)


def test_handler_begins_a_batch(world, client):
    enter(client, world.handlers[0])
    page = client.post(
        reverse("batch_new"), {"title": "2026年第一批", "kind": "approve", "genre": "reply"}, follow=True
    )
    batch = Batch.objects.get()
    assert page.redirect_chain == [(reverse("batch", args=[batch.pk]), 302)]
    assert batch.title == "2026年第一批"
    answer = client.post(reverse("batch_new"), {"title": "", "kind": "approve", "genre": "reply"})
    assert answer.status_code == 422
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("who", ["second", "group_office", "lead"])
def test_others_begin_none(world, client, who):
    post = {"second": world.handlers[1], "group_office": world.group_office, "lead": world.lead}[who]
    enter(client, post)
    assert client.post(reverse("batch_new"), {"title": "x", "kind": "approve", "genre": "reply"}).status_code == 403
    assert not Batch.objects.exists()


def test_builder_adds_removes_and_leaves_out(world, client):
    case = world.case(S.PROPOSED)
    walk = BatchWalk(world)
    enter(client, walk.handler)
    home = reverse("batch", args=[walk.batch.pk])
    assert "嘉兴市" in words(client.get(home))
    ref = {"ref": case.plan.reference}
    client.post(reverse("batch_line_add", args=[walk.batch.pk]), ref)
    line = BatchLine.objects.get()
    assert line.case == case
    asked = words(client.get(reverse("batch_line_remove", args=[walk.batch.pk, line.pk])))
    assert "把嘉兴市移出名单" in asked
    assert BatchLine.objects.get() == line
    client.post(reverse("batch_line_remove", args=[walk.batch.pk, line.pk]))
    assert not BatchLine.objects.exists()
    empty = client.post(reverse("batch_leave_out", args=[walk.batch.pk]), {**ref, "reason": " "})
    assert empty.status_code == 422
    assert not BatchLine.objects.exists()
    client.post(reverse("batch_leave_out", args=[walk.batch.pk]), {**ref, "reason": "转入后续批次"})
    assert BatchLine.objects.get().left_out_reason == "转入后续批次"
    assert "转入后续批次" in words(client.get(home))


def test_strangers_do_not_see_a_batch_that_is_being_composed(world, walk, client):
    home = reverse("batch", args=[walk.batch.pk])
    assert enter(client, world.handlers[1]).get(home).status_code == 404
    assert "示例第一批" not in words(client.get(reverse("batches")))
    assert enter(client, world.lead).get(home).status_code == 404
    walk.freeze()
    assert enter(client, world.handlers[1]).get(home).status_code == 200
    assert "示例第一批" in words(client.get(reverse("batches")))


def test_freezing_by_its_page_and_a_second_press(world, walk, client):
    enter(client, walk.handler)
    data = {"seen": 0, "op_key": key()}
    url = reverse("batch_move", args=[walk.batch.pk, "freeze"])
    assert "宁波市、嘉兴市" in words(client.get(url))
    for _ in range(2):
        page = client.post(url, data, follow=True)
        assert page.redirect_chain[-1][0] == reverse("batch_cosign", args=[walk.batch.pk])
    walk.batch.refresh_from_db()
    assert (walk.batch.state, walk.batch.moves) == (B.COSIGNING, 1)
    assert move(client, walk, "freeze").status_code == 409


def test_freezing_page_of_an_empty_batch_says_what_is_missing_and_nothing_else(world, client):
    batch = batches.compose(world.call, title="示例空批", by=world.handlers[0])
    enter(client, world.handlers[0])
    page = words(client.get(reverse("batch_move", args=[batch.pk, "freeze"])))
    assert "名单为空：请至少列入一个城市。" in page
    assert "提交后会怎样" not in page


def test_unfreezing_asks_for_a_reason(walk, client):
    walk.freeze()
    enter(client, walk.handler)
    assert move(client, walk, "unfreeze", reason=" ").status_code == 422
    walk.batch.refresh_from_db()
    assert walk.batch.state == B.COSIGNING
    assert move(client, walk, "unfreeze", reason="补充城市").status_code == 200
    walk.batch.refresh_from_db()
    assert walk.batch.state == B.COMPOSING


def form_of(page) -> dict:
    """Return the digests that the page showed, as a browser would send them back."""
    return dict(re.findall(r'name="([^"]+-digest)" value="([^"]+)"', page.content.decode()))


def test_signer_signs_everything_with_the_password(world, walk, client):
    walk.freeze()
    enter(client, world.signers[2])
    url = reverse("batch_sign", args=[walk.batch.pk])
    hidden = form_of(client.get(url))
    assert len(hidden) == 3
    wrong = client.post(url, hidden | {"whole": "agree", "password": "no"})
    assert wrong.status_code == 422
    assert not Signature.objects.exists()
    page = client.post(url, hidden | {"whole": "agree", "password": PASSWORD}, follow=True)
    assert page.status_code == 200
    assert Signature.objects.filter(decision="agree", agency=world.agencies[2]).count() == 3
    entry = AuditEntry.objects.filter(action="batch:sign").get()
    assert entry.actor == world.signers[2].user


def test_objection_needs_grounds_and_is_seen_by_every_agency(world, walk, client):
    walk.freeze()
    enter(client, world.signers[1])
    url = reverse("batch_sign", args=[walk.batch.pk])
    hidden = form_of(client.get(url))
    first, second = walk.lines
    each = {
        "whole": "each", "password": PASSWORD, "joint-decision": "agree",
        f"line{first.pk}-decision": "agree", f"line{second.pk}-decision": "not_yet",
    }  # fmt: skip
    assert client.post(url, hidden | each).status_code == 422
    client.post(url, hidden | each | {f"line{second.pk}-text": "跨境电商部分与现行规定不符"})
    assert Signature.objects.get(decision="not_yet").line == second
    shown = words(enter(client, world.handlers[3]).get(reverse("batch_cosign", args=[walk.batch.pk])))
    assert "跨境电商部分与现行规定不符" in shown
    assert "暂不同意" in shown


def test_stale_text_is_refused(world, walk, client):
    walk.freeze()
    enter(client, world.signers[1])
    url = reverse("batch_sign", args=[walk.batch.pk])
    hidden = form_of(client.get(url))
    walk.step(batches.unfreeze, walk.handler, reason="改文种")
    batches.edit(walk.batch, title="示例第一批", genre="notice", by=walk.handler)
    walk.freeze()
    page = client.post(url, hidden | {"whole": "agree", "password": PASSWORD})
    assert page.status_code == 422
    assert "文本已经变更" in words(page)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("who", ["handler", "group_office", "lead"])
def test_only_signers_sign(world, walk, client, who):
    walk.freeze()
    post = {"handler": world.handlers[1], "group_office": world.group_office, "lead": world.lead}[who]
    url = reverse("batch_sign", args=[walk.batch.pk])
    answer = enter(client, post).post(url, {"whole": "agree", "password": PASSWORD})
    assert answer.status_code in {403, 404}
    assert not Signature.objects.exists()


def test_receive_advise_and_withdraw(world, walk, client):
    walk.freeze()
    enter(client, world.handlers[1])
    client.post(reverse("batch_receive", args=[walk.batch.pk]))
    assert client.post(reverse("batch_advise", args=[walk.batch.pk]), {"advice": ""}).status_code == 422
    client.post(reverse("batch_advise", args=[walk.batch.pk]), {"advice": "建议同意", "office_number": "办〔2026〕7号"})
    lane = walk.batch.agencies.get(position=2)
    assert (lane.advice, lane.office_number, lane.handled_by) == ("建议同意", "办〔2026〕7号", world.handlers[1])
    walk.sign(1)
    signature = walk.line("嘉兴市").signatures.get()
    url = reverse("batch_unsign", args=[walk.batch.pk, signature.pk])
    assert enter(client, world.signers[2]).post(url, {"reason": "x"}).status_code == 404
    enter(client, world.signers[1])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "发现数据有误"})
    signature.refresh_from_db()
    assert signature.ended_reason == "发现数据有误"
    assert "发现数据有误" in words(client.get(reverse("batch_cosign", args=[walk.batch.pk])))


def test_list_of_batches_asks_the_same_number_of_questions(world, client, django_assert_max_num_queries):
    BatchWalk(world)
    enter(client, world.handlers[0])
    client.get(reverse("batches"))
    with django_assert_max_num_queries(25) as one:
        client.get(reverse("batches"))
    for _ in range(2):
        BatchWalk(world)
    with django_assert_max_num_queries(len(one)):
        page = client.get(reverse("batches"))
    assert re.findall("示例第.批", words(page)) == ["示例第三批", "示例第二批", "示例第一批"]
