"""Who signs again reads what changed since the agency's last signature."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from review.models import FrozenText, Signature
from review.services import batches, signing
from review.since_signed import since_signed
from tests.batch_walk import BatchWalk, sample_key
from tests.builders import Walk

NOTHING = "没有变化：文字与贵机关签过的一字不差。"


def shared(world):
    sample_key()
    walk = BatchWalk.of_two(world)
    walk.freeze()
    walk.sign(1)
    return walk


def again(walk, genre: str = "") -> None:
    """Take the batch back, change the genre of its letters, send it round again."""
    walk.step(batches.unfreeze, walk.handler, reason="改用通知")
    if genre:
        batches.edit(walk.batch, title=walk.batch.title, genre=genre, by=walk.handler)
    walk.freeze()


def page(client, post, name: str, walk) -> str:
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse(name, args=[walk.batch.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_exact_difference_is_shown_to_the_agency_that_signed(world, walk, client):
    before = {line.pk: line.letter_text for line in walk.lines}
    again(walk, "notice")
    line = walk.lines[0]
    old, new = before[line.pk]["title"], line.letter_text["title"]
    assert old != new
    changed = since_signed(walk.batch, world.signers[1].organisation_id)
    assert set(changed) == {None, *before}
    assert changed[line.pk].rows[0]["kind"] == "changed"
    html = page(client, world.signers[1], "batch_sign", walk)
    assert html.count("签署后有哪些变化") == 3
    assert str(changed[line.pk].rows[0]["html"]) in html
    marked = str(changed[line.pk].rows[0]["html"])
    assert re.sub(r"<del>.*?</del>|<[^>]+>", "", marked) == new
    assert re.sub(r"<ins>.*?</ins>|<[^>]+>", "", marked) == old
    assert marked in page(client, world.signers[1], "batch_text", walk)
    assert f"#line-{line.pk}" in page(client, world.signers[1], "batch_cosign", walk)


def test_who_never_signed_or_has_signed_again_sees_no_difference(world, walk, client):
    again(walk, "notice")
    assert "签署后有哪些变化" not in page(client, world.signers[0], "batch_sign", walk)
    walk.sign(1)
    assert since_signed(walk.batch, world.signers[1].organisation_id) == {}
    assert "签署后有哪些变化" not in page(client, world.signers[1], "batch_text", walk)


def test_signatures_of_an_unchanged_text_stand_and_nothing_is_shown(world, walk):
    again(walk)
    assert Signature.objects.filter(ended_at__isnull=True).count() == 3
    assert since_signed(walk.batch, world.signers[1].organisation_id) == {}
    assert FrozenText.objects.count() == 3


def test_a_withdrawn_signature_says_that_nothing_changed(world, walk, client):
    line = walk.lines[0]
    signing.withdraw_signature(line.signatures.get(), reason="重新研究", by=world.signers[1])
    html = page(client, world.signers[1], "batch_sign", walk)
    assert html.count(NOTHING) == 1
    assert "重新研究" in html


def test_every_text_ever_sent_round_is_kept_for_ever(walk):
    again(walk, "notice")
    again(walk, "reply")
    assert FrozenText.objects.count() == 6
    assert {s.digest for s in Signature.objects.all()} <= set(FrozenText.objects.values_list("digest", flat=True))
    for wrong in (lambda: FrozenText.objects.all().delete(), lambda: FrozenText.objects.update(digest="0" * 64)):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_city_that_comes_back_with_another_version_is_compared_with_the_one_signed(world, walk, client):
    line = walk.line("嘉兴市")
    walk.step(batches.unfreeze, walk.handler, reason="嘉兴市修改方案")
    batches.leave_out(walk.batch, line.case, reason="修改方案", by=walk.handler)
    road = Walk(world, line.case, world.lead)
    road.mature_later()
    road.fire("resubmit", world.lead, given={"change_note": "调整目标"})
    road.fire("find_mature", world.leader)
    for step in (road.file, road.accept, road.propose):
        step()
    batches.add(walk.batch, line.case, by=walk.handler)
    walk.freeze()
    since = since_signed(walk.batch, world.signers[1].organisation_id)[walk.line("嘉兴市").pk]
    assert (since.old.number, since.line.version.number) == (line.version.number, line.case.latest_version.number)
    html = page(client, world.signers[1], "batch_sign", walk)
    place = reverse("plan_compare", args=[line.case.plan.reference, since.old.number, since.line.version.number])
    assert place in html
    assert client.get(place).status_code == 200
