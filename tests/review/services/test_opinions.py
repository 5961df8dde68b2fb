import json
from datetime import timedelta

import pytest

from portal import audit, clock
from portal.models import AuditEntry
from review.machine import NotAllowed
from review.models import Annotation, LetterCounter, Opinion, OpinionItem, Round
from review.services import formal_opinions, opinions, responses
from review.states import State as S
from tests.builders import Walk


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
def opinion(world, case):
    return opinions.draft(case, by=world.group_office)


def add(world, opinion, text="写明统计部门。", kind="must", **kw):
    return opinions.add_item(opinion, kind=kind, text=text, section="policy", by=world.group_office, **kw)


def order(opinion):
    return [(i.position, i.kind, i.text) for i in opinion.items.all()]


def test_draft_begins_with_the_strengths_noted_and_is_made_once(world, case):
    note(world, case, "strength", "考核安排具体。")
    note(world, case, "strength", "未发布的话。", published_at=None)
    first = opinions.draft(case, by=world.group_office)
    again = opinions.draft(case, by=world.group_office)
    assert again.pk == first.pk
    assert (first.strengths, first.version, first.answer_days) == (
        "考核安排具体。",
        case.latest_version,
        case.call.deadlines["under_revision"],
    )
    assert AuditEntry.objects.filter(action="opinion:draft").count() == 1


@pytest.mark.parametrize("who", ["leader", "lead", "channel"])
def test_only_the_office_drafts(world, case, who):
    with pytest.raises(NotAllowed):
        opinions.draft(case, by=getattr(world, who))
    assert not Opinion.objects.exists()


def test_nothing_is_drafted_while_the_discussion_is_open(world):
    case = world.case(S.UNDER_DISCUSSION)
    with pytest.raises(NotAllowed):
        opinions.draft(case, by=world.group_office)


def test_items_are_numbered_by_kind_and_move_within_it(world, opinion):
    add(world, opinion, "疑问一", "question")
    add(world, opinion, "必改一")
    second = add(world, opinion, "必改二")
    assert order(opinion) == [(1, "must", "必改一"), (2, "must", "必改二"), (3, "question", "疑问一")]
    opinions.move_item(second, direction="up", by=world.group_office)
    assert order(opinion) == [(1, "must", "必改二"), (2, "must", "必改一"), (3, "question", "疑问一")]
    question = opinion.items.get(kind="question")
    opinions.move_item(question, direction="up", by=world.group_office)
    assert question.position == 3
    changed = opinions.change_item(second, kind="suggestion", text=" 建议一 ", section="basis", by=world.group_office)
    assert (changed.position, changed.section) == (2, "basis")
    assert order(opinion) == [(1, "must", "必改一"), (2, "suggestion", "建议一"), (3, "question", "疑问一")]
    opinions.remove_item(opinion.items.get(position=1), by=world.group_office)
    assert order(opinion) == [(1, "suggestion", "建议一"), (2, "question", "疑问一")]


def test_a_note_stands_in_one_item_or_is_declined(world, case, opinion):
    mine = case.current_round.annotations.get()
    other, third = note(world, case), note(world, case, "suggestion")
    item = add(world, opinion, sources=[mine])
    opinions.merge(item, sources=[other], by=world.group_office)
    assert set(item.sources.all()) == {mine, other}
    with pytest.raises(NotAllowed):
        add(world, opinion, sources=[other])
    with pytest.raises(NotAllowed):
        opinions.decline(other, reason="与上一条相同", by=world.group_office)
    opinions.decline(third, reason="超出本轮范围", by=world.group_office)
    with pytest.raises(NotAllowed):
        opinions.merge(item, sources=[third], by=world.group_office)
    opinions.undo_decline(third, by=world.group_office)
    opinions.merge(item, sources=[third], by=world.group_office)
    assert item.sources.count() == 3


def test_declining_needs_a_reason_of_at_most_200_characters(world, case, opinion):
    mine = case.current_round.annotations.get()
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(NotAllowed):
            opinions.decline(mine, reason=reason, by=world.group_office)
    assert not hasattr(Annotation.objects.get(pk=mine.pk), "decline")


def test_private_notes_are_neither_offered_nor_accepted(world, case, opinion):
    private = note(world, case, body="只给自己看", published_at=None)
    assert private not in opinions.notes(case)
    for act in (
        lambda: add(world, opinion, sources=[private]),
        lambda: opinions.decline(private, reason="不采用", by=world.group_office),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not opinion.items.exists()


def test_an_item_needs_words_a_kind_and_a_known_part(world, opinion):
    for bad in ({"text": "  "}, {"kind": "strength"}, {"text": "长" * 5001}):
        with pytest.raises(NotAllowed):
            add(world, opinion, **bad)
    with pytest.raises(NotAllowed):
        opinions.add_item(opinion, kind="must", text="示例", section="no-such-part", by=world.group_office)
    assert not opinion.items.exists()


def test_answer_days_stay_between_3_and_90(world, opinion):
    for days in (2, 91):
        with pytest.raises(NotAllowed):
            opinions.set_frame(opinion, strengths="好", answer_days=days, by=world.group_office)
    opinions.set_frame(opinion, strengths=" 好 ", answer_days=15, by=world.group_office)
    opinion.refresh_from_db()
    assert (opinion.strengths, opinion.answer_days) == ("好", 15)


def test_signing_numbers_without_gaps_and_fixes_the_text(world, case, opinion):
    item = add(world, opinion, sources=case.current_round.annotations.all())
    signed = opinions.sign(opinion, by=world.leader)
    again = opinions.sign(opinion, by=world.leader)
    assert (signed.number, again.number, signed.signed_by) == ("YJ-2026-001", "YJ-2026-001", world.leader)
    assert signed.digest == audit.digest(opinions.canonical(Opinion.objects.get(pk=signed.pk)))
    assert LetterCounter.objects.get(series="YJ", year=2026).last == 1
    for act in (
        lambda: add(world, opinion),
        lambda: opinions.change_item(item, kind="must", text="改", by=world.group_office),
        lambda: opinions.remove_item(item, by=world.group_office),
        lambda: opinions.set_frame(opinion, strengths="", answer_days=10, by=world.group_office),
        lambda: opinions.decline(note(world, case), reason="不采用", by=world.group_office),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert order(opinion) == [(1, "must", "写明统计部门。")]
    entry = AuditEntry.objects.get(action="opinion:sign")
    assert json.loads(entry.text)["data"] == {"number": "YJ-2026-001", "digest": signed.digest}


def test_signature_taken_back_keeps_the_number(world, case, opinion):
    add(world, opinion, sources=case.current_round.annotations.all())
    first = opinions.sign(opinion, by=world.leader)
    with pytest.raises(NotAllowed):
        opinions.unsign(opinion, reason=" ", by=world.leader)
    with pytest.raises(NotAllowed):
        opinions.unsign(opinion, reason="改一句", by=world.group_office)
    free = opinions.unsign(opinion, reason="改一句", by=world.leader)
    assert (free.signed_at, free.digest, free.number) == (None, "", "YJ-2026-001")
    add(world, opinion, "补一条", "suggestion")
    second = opinions.sign(opinion, by=world.leader)
    assert second.number == first.number
    assert second.digest != first.digest
    assert LetterCounter.objects.get(series="YJ", year=2026).last == 1


def test_only_the_leader_signs_and_only_what_is_complete(world, case, opinion):
    with pytest.raises(NotAllowed):
        opinions.sign(opinion, by=world.group_office)
    with pytest.raises(NotAllowed):  # the must-change note is neither placed nor declined
        opinions.sign(opinion, by=world.leader)
    opinions.decline(case.current_round.annotations.get(), reason="已在附件说明", by=world.group_office)
    with pytest.raises(NotAllowed):  # nothing is said at all
        opinions.sign(opinion, by=world.leader)
    opinions.set_frame(opinion, strengths="安排具体。", answer_days=20, by=world.group_office)
    assert opinions.sign(opinion, by=world.leader).number == "YJ-2026-001"


def test_composed_opinion_is_sent_by_the_machine(world, case, opinion):
    add(world, opinion, sources=case.current_round.annotations.all())
    opinions.set_frame(opinion, strengths="", answer_days=10, by=world.group_office)
    opinions.sign(opinion, by=world.leader)
    Walk(world, case, world.lead).fire("send_opinion", world.leader)
    assert case.state == S.UNDER_REVISION
    with pytest.raises(NotAllowed):
        opinions.unsign(opinion, reason="改一句", by=world.leader)


def test_items_still_to_change_open_the_next_opinion(world):
    case = world.case(S.RECHECK)
    walk = Walk(world, case, world.lead)
    (old,) = OpinionItem.objects.filter(opinion__case=case)
    responses.judge(old, verdict="still", text="缺少统计口径。", by=world.experts[0])
    walk.prepare_round()
    walk.fire("next_round", world.leader)
    walk.publish()
    walk.fire("close_discussion", world.group_office)
    opinion = opinions.draft(case, by=world.group_office)
    (item,) = opinion.items.all()
    assert (item.reopens, item.kind, item.text, item.section) == (old, "must", old.text, "policy")
    assert list(opinions.reopenable(opinion)) == []
    opinions.remove_item(item, by=world.group_office)
    assert list(opinions.reopenable(opinion)) == [old]
    add(world, opinion, "仍缺统计口径。", reopens=old)
    with pytest.raises(NotAllowed):
        add(world, opinion, "再来一次。", reopens=old)


def test_earlier_rounds_opinion_no_longer_changes(world):
    case = world.case(S.OPINION_DRAFTING)
    opinion = opinions.draft(case, by=world.group_office)
    Round.objects.create(
        case=case, number=2, version=case.latest_version, due=clock.now() + timedelta(days=9), opened_at=clock.now()
    )
    with pytest.raises(NotAllowed):
        add(world, opinion)


def test_formal_opinion_is_composed_signed_and_numbered(world):
    case = world.case(S.FORMAL_REVIEW)
    with pytest.raises(NotAllowed):
        formal_opinions.draft_formal(case, body=" ", by=world.group_office)
    with pytest.raises(NotAllowed):
        formal_opinions.draft_formal(case, body="示例", by=world.leader)
    first = formal_opinions.draft_formal(case, body="示例审理意见", by=world.group_office)
    opinion = formal_opinions.draft_formal(case, body="示例审理意见二", by=world.group_office)
    assert (opinion.pk, opinion.body, opinion.version) == (first.pk, "示例审理意见二", case.latest_version)
    with pytest.raises(NotAllowed):
        formal_opinions.sign_formal(opinion, by=world.group_office)
    signed = formal_opinions.sign_formal(opinion, by=world.leader)
    assert signed.number == "SL-2026-001"
    with pytest.raises(NotAllowed):
        formal_opinions.draft_formal(case, body="示例审理意见三", by=world.group_office)
    Walk(world, case, world.lead).fire("propose", world.leader)
    assert case.state == S.PROPOSED
