import pytest

from applications.services import versions
from portal import clock
from portal.models import AuditEntry, Notice
from review import guards
from review.machine import NotAllowed
from review.models import Annotation
from review.services import annotations, rounds
from review.states import State as S
from tests.builders import Walk

TEXT = "到2028年覆盖率达到60%。"


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


def note(case, by, **changed) -> Annotation:
    given = {
        "kind": "must",
        "section": "policy",
        "target": "paragraph",
        "target_id": "p1b",
        "start": 7,
        "end": 14,
        "body": "请写明统计口径。",
        "proposed": "",
    }
    return annotations.add(case, by=by, **(given | changed))


def test_note_takes_quote_and_context_from_the_frozen_text(world, case):
    found = note(case, world.experts[0], body=" 请写明统计口径。 ", proposed="达到65%")
    assert (found.quote, found.prefix, found.suffix) == (TEXT[7:14], TEXT[:7], TEXT[14:])
    assert (found.start, found.end, found.body, found.proposed) == (7, 14, "请写明统计口径。", "达到65%")
    assert (found.author, found.version, found.round) == (
        world.experts[0],
        case.current_round.version,
        case.current_round,
    )
    assert (found.published_at, found.created_at) == (None, clock.now())


def test_record_does_not_hold_the_words_of_a_private_note(world, case):
    note(case, world.experts[0], body="只有我能看到的话")
    assert not AuditEntry.objects.filter(text__contains="只有我能看到的话").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": -1, "end": 3},
        {"start": 3, "end": 3},
        {"start": 5, "end": len(TEXT) + 1},
        {"target_id": "unknown"},
        {"section": "support"},  # the paragraph stands in another part
        {"section": "indicators"},
        {"section": "x" * 30, "target_id": "y" * 30},
        {"target": "record"},
        {"kind": "praise"},
        {"body": "   "},
        {"body": "字" * 2001},
        {"proposed": "字" * 2001},
    ],
)
def test_bad_place_or_words_are_refused_and_nothing_is_written(world, case, wrong):
    with pytest.raises(NotAllowed) as refusal:
        note(case, world.experts[0], **wrong)
    assert refusal.value.reasons[0]
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(("target", "table"), [("indicator", "indicators"), ("measure", "measures")])
def test_row_of_a_table_takes_a_note(world, case, target, table):
    row = versions.read(case.current_round.version)[table][0]
    found = note(case, world.experts[0], target=target, section=table, target_id=row["id"], start=4, end=9)
    assert (found.start, found.end, found.quote) == (0, 0, row.get("name") or row["title"])
    with pytest.raises(NotAllowed):
        note(case, world.experts[0], target=target, section=table, target_id="999999")


def test_offsets_count_code_points(world):
    case = world.draft()
    section = case.plan.sections.get(key="policy")
    section.paragraphs = [{"id": "px", "text": "𠮷祥街道🙂建设示范点，" + "围绕企业反映的问题安排工作" * 5}]
    section.save()
    case = Walk(world, case, world.lead).to(S.UNDER_DISCUSSION)
    found = note(case, world.experts[0], target_id="px", start=0, end=5)
    assert found.quote == "𠮷祥街道🙂"


def test_only_assigned_unexcused_members_note(world, case):
    for post in (world.group_office, world.leader, world.lead, world.channel):
        with pytest.raises(NotAllowed):
            note(case, post)
    seat = case.current_round.assignments.get(member=world.experts[0])
    rounds.excuse(seat, reason="出差", by=world.group_office)
    with pytest.raises(NotAllowed):
        note(case, world.experts[0])
    with pytest.raises(NotAllowed):
        annotations.publish(case, by=world.experts[0])


@pytest.mark.parametrize("state", [S.OPINION_DRAFTING, S.UNDER_REVISION, S.RECHECK])
def test_notes_are_written_only_while_the_plan_is_discussed(world, state):
    case = world.case(state)
    with pytest.raises(NotAllowed):
        note(case, world.experts[0])


def test_author_changes_and_deletes_until_published(world, case):
    author, other = world.experts
    found = note(case, author)
    with pytest.raises(NotAllowed):
        annotations.change(found, by=other, kind="question", body="改")
    with pytest.raises(NotAllowed):
        annotations.delete(found, by=other)
    changed = annotations.change(found, by=author, kind="question", body="为何是60%？", proposed="65%")
    assert (changed.kind, changed.body, changed.proposed, changed.quote) == (
        "question",
        "为何是60%？",
        "65%",
        TEXT[7:14],
    )
    annotations.publish(case, by=author)
    with pytest.raises(NotAllowed):
        annotations.change(found, by=author, kind="must", body="改")
    with pytest.raises(NotAllowed):
        annotations.delete(found, by=author)
    second = note(case, author)
    annotations.delete(second, by=author)
    assert list(Annotation.objects.all()) == [found]


def test_publishing_shows_all_own_notes_at_once_and_counts(world, case):
    author, other = world.experts
    mine = [note(case, author), note(case, author, kind="strength")]
    theirs = note(case, other)
    assert annotations.publish(case, by=author) == 2
    seat = case.current_round.assignments.get(member=author)
    assert seat.published_at == clock.now()
    assert {a.pk for a in Annotation.objects.filter(published_at=clock.now())} == {a.pk for a in mine}
    theirs.refresh_from_db()
    assert theirs.published_at is None
    assert "all_published" not in Notice.objects.values_list("kind", flat=True)
    with pytest.raises(NotAllowed):
        annotations.publish(case, by=author)


def test_publishing_nothing_counts_and_the_office_is_told_when_nobody_is_waited_for(world, case):
    office = world.group_office
    for member in world.experts:
        assert annotations.publish(case, by=member) == 0
    told = Notice.objects.filter(recipient=office.user, kind="all_published")
    assert [n.path for n in told] == [f"/plans/{case.plan.reference}/assignments/"]
    Walk(world, case, world.lead).fire("close_discussion", office)


def test_later_notes_of_a_reopened_discussion_are_published_too(world):
    case = world.case(S.OPINION_DRAFTING)
    Walk(world, case, world.lead).fire("reopen_discussion", world.group_office, reason="补充意见")
    late = note(case, world.experts[1])
    assert annotations.publish(case, by=world.experts[1]) == 1
    late.refresh_from_db()
    assert late.published_at == clock.now()


def test_private_notes_are_their_authors_alone(world, case):
    author, other = world.experts
    mine = note(case, author)
    current = case.current_round
    assert list(annotations.visible_to(author, case, current)) == [mine]
    for post in (other, world.group_office, world.leader, world.lead, world.channel):
        assert list(annotations.visible_to(post, case, current)) == []
    annotations.publish(case, by=author)
    for post in (author, other, world.group_office, world.leader):
        assert list(annotations.visible_to(post, case, current)) == [mine]
    for post in (world.lead, world.editor, world.channel):
        assert list(annotations.visible_to(post, case, current)) == []


def test_excused_members_private_notes_stay_private(world, case):
    mine = note(case, world.experts[0])
    seat = case.current_round.assignments.get(member=world.experts[0])
    rounds.excuse(seat, reason="出差", by=world.group_office)
    current = case.current_round
    assert list(annotations.visible_to(world.group_office, case, current)) == []
    assert list(annotations.visible_to(world.experts[0], case, current)) == []
    rounds.assign(case, world.experts[0], by=world.group_office)
    assert list(annotations.visible_to(world.experts[0], case, current)) == [mine]


def test_city_reads_only_what_a_sent_opinion_took_up(world):
    case = world.case(S.OPINION_DRAFTING)
    current = case.current_round
    taken = Annotation.objects.get()
    left = Annotation.objects.create(
        round=current, version=current.version, author=world.experts[1], kind="suggestion", section="policy",
        target_id="p1b", body="未采用", published_at=clock.now(),
    )  # fmt: skip
    assert list(annotations.visible_to(world.lead, case, current)) == []
    walk = Walk(world, case, world.lead)
    walk.compose(sources=[taken])
    assert list(annotations.visible_to(world.lead, case, current)) == []
    walk.fire("send_opinion", world.leader)
    assert list(annotations.visible_to(world.lead, case, current)) == [taken]
    assert set(annotations.visible_to(world.group_office, case, current)) == {taken, left}


def test_replies_reach_author_and_earlier_repliers(world, case):
    author, other = world.experts
    mine = note(case, author)
    with pytest.raises(NotAllowed):
        annotations.reply(mine, body="尚未发布", by=author)
    annotations.publish(case, by=author)
    annotations.reply(mine, body="同意", by=other)
    annotations.reply(mine, body="请补充依据", by=world.leader)
    assert [r.body for r in mine.replies.all()] == ["同意", "请补充依据"]

    def told(post):
        return Notice.objects.filter(recipient=post.user, kind="note_reply").count()

    assert (told(author), told(other), told(world.leader)) == (2, 1, 0)
    for post in (world.lead, world.channel):
        with pytest.raises(NotAllowed):
            annotations.reply(mine, body="不可", by=post)
    with pytest.raises(NotAllowed):
        annotations.reply(mine, body=" ", by=other)


def test_a_resolved_must_change_note_holds_no_opinion_back(world, case):
    author = world.experts[0]
    mine = note(case, author, kind="must")
    annotations.publish(case, by=author)
    held = guards.must_fixes_placed(case, guards.Asked(world.leader))
    assert held == "还有 1 条必改批注既没有写入意见，也没有说明不采用的理由。"
    annotations.resolve(mine, resolution="不再坚持", by=author)
    assert guards.must_fixes_placed(case, guards.Asked(world.leader)) is None
    annotations.reopen(mine, by=author)
    assert guards.must_fixes_placed(case, guards.Asked(world.leader)) == held


def test_author_or_office_resolves_with_a_reason_and_reopens(world, case):
    author, other = world.experts
    mine = note(case, author)
    annotations.publish(case, by=author)
    with pytest.raises(NotAllowed):
        annotations.resolve(mine, resolution="已解决", by=other)
    with pytest.raises(NotAllowed):
        annotations.resolve(mine, resolution=" ", by=author)
    done = annotations.resolve(mine, resolution="不再坚持", by=author)
    assert (done.resolved_at, done.resolution) == (clock.now(), "不再坚持")
    with pytest.raises(NotAllowed):
        annotations.resolve(mine, resolution="再一次", by=world.group_office)
    again = annotations.reopen(mine, by=world.group_office)
    assert (again.resolved_at, again.resolution) == (None, "")
    entry = AuditEntry.objects.get(action="annotation:reopen")
    assert "不再坚持" in entry.text
