import pytest
from django.urls import reverse

from portal import clock
from portal.models import AuditEntry
from review.models import Annotation, Opinion, OpinionItem
from review.services import opinions
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries


def go(client, post):
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, case, *args):
    return reverse(name, args=[case.plan.reference, *args])


def note(world, case, kind="must", body="请写明由哪个部门统计。", **kw):
    current = case.current_round
    return Annotation.objects.create(
        round=current, version=current.version, author=world.experts[1], kind=kind, section="policy",
        target_id="p1a", start=0, end=4, quote="示例", body=body,
        **{"published_at": clock.now()} | kw,
    )  # fmt: skip


def shared(world):
    return world.case(S.OPINION_DRAFTING)


@pytest.fixture
def office(world, client):
    return go(client, world.group_office)


@pytest.fixture
def opinion(world, case):
    return opinions.draft(case, by=world.group_office)


def test_office_begins_the_opinion_and_sees_the_pool(world, case, office):
    note(world, case, body="只有作者能看", published_at=None)
    page = url("plan_opinion", case, 1)
    assert office.get(page).status_code == 200
    assert not Opinion.objects.exists()
    assert office.post(page).status_code == 302
    html = office.get(page).content.decode()
    assert "请写明由哪个部门统计。" in html
    assert world.experts[0].user.full_name in html
    assert "只有作者能看" not in html


def test_office_puts_a_note_in_rewords_moves_and_takes_it_out(world, case, office, opinion):
    mine = case.current_round.annotations.get()
    acts = url("plan_opinion_item", case, 1)
    office.post(acts, {"take": mine.pk})
    item = opinion.items.get()
    assert (item.kind, item.text, item.section, list(item.sources.all())) == ("must", mine.body, "policy", [mine])
    office.post(acts, {"change": item.pk, "kind": "suggestion", "section": "", "text": "建议写明统计部门。"})
    office.post(acts, {"new": 1, "kind": "suggestion", "section": "basis", "text": "补充现状数据。"})
    office.post(acts, {"down": item.pk})
    assert [(i.position, i.text) for i in opinion.items.all()] == [(1, "补充现状数据。"), (2, "建议写明统计部门。")]
    office.post(acts, {"up": item.pk})
    office.post(acts, {"remove": item.pk})
    assert [i.text for i in opinion.items.all()] == ["补充现状数据。"]


def test_two_notes_are_joined_and_a_third_merged(world, case, office, opinion):
    one, two = case.current_round.annotations.get(), note(world, case, "suggestion", "写明口径。")
    three = note(world, case, "question", "与省级平台是何关系？")
    acts = url("plan_opinion_item", case, 1)
    office.post(acts, {"join": 1, "notes": [one.pk]})
    assert not opinion.items.exists()
    office.post(acts, {"join": 1, "notes": [one.pk, two.pk]})
    item = opinion.items.get()
    assert (item.kind, item.text) == ("must", f"{one.body}\n{two.body}")
    office.post(acts, {"merge": three.pk, "item": item.pk})
    assert set(item.sources.all()) == {one, two, three}


def test_declining_without_a_reason_is_answered_in_words_and_keeps_what_was_typed(world, case, office, opinion):
    mine = case.current_round.annotations.get()
    page = url("plan_note_decline", case, mine.pk)
    answer = office.post(page, {"reason": ""})
    assert answer.status_code == 422
    answer = office.post(page, {"reason": "长" * 201})
    assert answer.status_code == 422
    assert "长" * 201 in answer.content.decode()
    assert office.post(page, {"reason": "与规划无关"}).status_code == 302
    assert Annotation.objects.get().decline.reason == "与规划无关"
    office.post(page, {"undo": 1})
    assert not hasattr(Annotation.objects.get(), "decline")


def test_empty_wording_changes_nothing(world, case, office, opinion):
    acts = url("plan_opinion_item", case, 1)
    answer = office.post(acts, {"new": 1, "kind": "must", "section": "", "text": " "})
    assert answer.status_code == 422
    assert office.post(acts, {"nonsense": 1}).status_code == 302
    assert office.post(acts, {"take": "999999"}).status_code == 404
    assert office.post(acts, {"remove": "x"}).status_code == 404
    assert not opinion.items.exists()


def test_private_notes_cannot_be_taken_by_number(world, case, office, opinion):
    private = note(world, case, published_at=None)
    assert office.post(url("plan_opinion_item", case, 1), {"take": private.pk}).status_code == 404
    assert office.post(url("plan_note_decline", case, private.pk), {"reason": "不采用"}).status_code == 404


def test_a_case_cannot_reach_into_another(world, case, office, opinion):
    other = world.case(S.OPINION_DRAFTING, city=world.neighbour, by=world.neighbour_lead)
    foreign = other.current_round.annotations.get()
    assert office.post(url("plan_opinion_item", case, 1), {"take": foreign.pk}).status_code == 404
    assert office.post(url("plan_note_decline", case, foreign.pk), {"reason": "不采用"}).status_code == 404


def test_praise_and_days_are_saved_and_bad_days_answered(world, case, office, opinion):
    page = url("plan_opinion", case, 1)
    assert office.post(page, {"strengths": "安排具体。", "answer_days": "两周"}).status_code == 422
    assert office.post(page, {"strengths": "安排具体。", "answer_days": "200"}).status_code == 422
    office.post(page, {"strengths": "安排具体。", "answer_days": "15"})
    opinion.refresh_from_db()
    assert (opinion.strengths, opinion.answer_days) == ("安排具体。", 15)


def test_tone_helper_flags_what_a_city_should_not_read(world, case, office, opinion):
    opinions.add_item(opinion, kind="must", text="此项驳回。", by=world.group_office)
    assert "需补充" in office.get(url("plan_opinion", case, 1)).content.decode()


def test_leader_reads_signs_and_takes_back(world, case, client, opinion):
    opinions.add_item(
        opinion, kind="must", text="写明统计部门。", section="policy",
        sources=case.current_round.annotations.all(), by=world.group_office,
    )  # fmt: skip
    leader = go(client, world.leader)
    page = url("plan_opinion_sign", case, 1)
    assert "写明统计部门。" in leader.get(page).content.decode()
    assert leader.post(page, {"act": "sign"}).status_code == 422
    leader.post(page, {"act": "sign", "checked": "on"})
    opinion.refresh_from_db()
    assert (opinion.number, opinion.signed_by) == ("YJ-2026-001", world.leader)
    assert "YJ-2026-001" in leader.get(url("plan_opinion", case, 1)).content.decode()
    assert leader.post(page, {"act": "sign", "checked": "on"}).status_code == 302  # a stale page does nothing
    assert leader.post(page, {"act": "unsign", "reason": ""}).status_code == 422
    leader.post(page, {"act": "unsign", "reason": "改一句"})
    opinion.refresh_from_db()
    assert opinion.signed_at is None
    assert [e.action for e in AuditEntry.objects.filter(action__startswith="opinion:").order_by("seq")][-2:] == [
        "opinion:sign",
        "opinion:unsign",
    ]


@pytest.mark.parametrize("who", ["leader", "lead", "editor", "channel"])
def test_nobody_else_composes(world, case, client, opinion, who):
    mine = case.current_round.annotations.get()
    asked = go(client, getattr(world, who))
    assert asked.post(url("plan_opinion_item", case, 1), {"take": mine.pk}).status_code == 403
    assert asked.post(url("plan_note_decline", case, mine.pk), {"reason": "不采用"}).status_code == 403
    assert not opinion.items.exists()


@pytest.mark.parametrize("who", ["lead", "editor", "channel"])
def test_outsiders_read_the_opinion_only_once_sent(world, case, client, opinion, who):
    asked = go(client, getattr(world, who))
    assert asked.get(url("plan_opinion", case, 1)).status_code == 403
    assert asked.get(url("plan_opinion_sign", case, 1)).status_code == 403
    opinions.add_item(
        opinion, kind="must", text="写明统计部门。", sources=case.current_round.annotations.all(), by=world.group_office
    )
    opinions.sign(opinion, by=world.leader)
    assert asked.get(url("plan_opinion", case, 1)).status_code == 403
    Walk(world, case, world.lead).fire("send_opinion", world.leader)
    html = asked.get(url("plan_opinion", case, 1)).content.decode()
    assert "写明统计部门。" in html
    assert world.experts[0].user.full_name not in html
    assert "甲" in html


def test_members_read_the_draft_and_what_became_of_their_notes(world, case, client, opinion):
    mine = case.current_round.annotations.get()
    opinions.decline(mine, reason="已在附件说明", by=world.group_office)
    html = go(client, world.experts[0]).get(url("plan_opinion", case, 1)).content.decode()
    assert "已在附件说明" in html
    assert "已在附件说明" not in go(client, world.experts[1]).get(url("plan_opinion", case, 1)).content.decode()


def test_unknown_round_is_not_found(world, case, office):
    assert office.get(url("plan_opinion", case, 2)).status_code == 404


def test_queries_do_not_grow_with_the_notes(world, case, office, opinion, django_assert_num_queries):

    page = url("plan_opinion", case, 1)
    for body in ("一", "二"):
        opinions.add_item(
            opinion, kind="must", text=body, sources=[note(world, case, body=body)], by=world.group_office
        )
    note(world, case, body="未处理一")
    office.get(page)
    with Queries() as few:
        office.get(page)
    for body in ("三", "四", "五"):
        opinions.add_item(
            opinion, kind="must", text=body, sources=[note(world, case, body=body)], by=world.group_office
        )
        note(world, case, body=f"未处理{body}")
    with Queries() as many:
        office.get(page)
    assert len(many) == len(few)


def test_formal_opinion_is_written_signed_and_read_by_agencies_once_proposed(world, client):
    case = world.case(S.FORMAL_REVIEW)
    page, sign = url("plan_formal_opinion", case), url("plan_formal_sign", case)
    office = go(client, world.group_office)
    assert office.post(page, {"body": " "}).status_code == 422
    office.post(page, {"body": "示例审理意见：材料齐全。"})
    assert go(client, world.leader).post(sign, {"act": "sign"}).status_code == 422
    go(client, world.leader).post(sign, {"act": "sign", "checked": "on"})
    opinion = Opinion.objects.get(kind="formal")
    assert (opinion.number, opinion.body) == ("SL-2026-001", "示例审理意见：材料齐全。")
    go(client, world.group_office).post(page, {"body": "改写"})
    opinion.refresh_from_db()
    assert opinion.body == "示例审理意见：材料齐全。"
    assert go(client, world.handlers[0]).get(page).status_code in {403, 404}
    assert go(client, world.lead).get(page).status_code == 403
    Walk(world, case, world.lead).fire("propose", world.leader)
    assert "材料齐全" in go(client, world.handlers[0]).get(page).content.decode()
    assert OpinionItem.objects.filter(opinion=opinion).count() == 0
