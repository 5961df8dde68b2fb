import re
from html import unescape

import pytest
from django.urls import reverse

from portal import clock
from review import comparing
from review.models import Annotation, Assignment, Recusal
from review.services import annotations
from review.states import State as S
from tests.builders import Walk
from tests.pages import Queries
from tests.past_guards import past_guards

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def see(client):
    """Return ``see(post, url)``: the answer to a page asked for by this post."""

    def _see(post, url, **data):
        client.force_login(post.user, backend=BACKEND)
        return client.get(url, data)

    return _see


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


def page(case, number: int = 1) -> str:
    return reverse("plan_read", args=[case.plan.reference, number])


def note(case, by, body: str, **changed) -> Annotation:
    given = {
        "kind": "must", "section": "policy", "target": "paragraph", "target_id": "p1b", "start": 0, "end": 6,
        "body": body,
    }  # fmt: skip
    return annotations.add(case, by=by, **(given | changed))


def text_of(html: str, anchor: str) -> str:
    """Return what a reader reads in one paragraph, without the numbers of the notes."""
    inner = re.search(rf'id="{anchor}".*?<span class="para-text">(.*?)</span></?(?:a|div)', html, re.S)
    inner = inner or re.search(rf'id="{anchor}".*?<span class="para-text">(.*?)</span>', html, re.S)
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<sup>.*?</sup>", "", inner.group(1))))


def test_everybody_with_access_reads_the_frozen_text(world, case, see):
    for post in (world.lead, world.editor, world.channel, world.group_office, world.leader, world.experts[0]):
        answer = see(post, page(case))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "到2028年覆盖率达到60%。" in html
        assert "网络零售额" in html
        assert "制定网络交易管理办法" in html
        assert "市市场监管局网络监管处处长" in html
        assert "分管副市长" in html
        assert case.latest_version.digest in html


def test_strangers_and_unknown_versions_are_not_found(world, case, see):
    for post in (world.neighbour_lead, world.other_channel, world.handlers[0]):
        assert see(post, page(case)).status_code == 404
    assert see(world.lead, page(case, 9)).status_code == 404


def test_private_notes_of_others_never_reach_the_page(world, case, see):
    author, other = world.experts
    note(case, author, "只有作者能看到的批注", proposed="只有作者能看到的改法")
    html = see(author, page(case)).content.decode()
    assert "只有作者能看到的批注" in html
    assert "只有作者能看到的改法" in html
    assert "<mark" in html
    for post in (other, world.group_office, world.leader, world.lead, world.channel):
        for query in ({}, {"show": "mine"}, {"show": "must"}, {"earlier": "1"}):
            html = see(post, page(case), **query).content.decode()
            assert "只有作者能看到" not in html
            assert "<mark" not in html
            assert "note-" not in re.sub(r"note-(here|tools|add|step|count)", "", html)


def test_published_notes_are_read_by_the_group_alone(world, case, see):
    note(case, world.experts[0], "请写明统计部门")
    annotations.publish(case, by=world.experts[0])
    for post in (world.experts[1], world.group_office, world.leader):
        html = see(post, page(case)).content.decode()
        assert "请写明统计部门" in html
        assert world.experts[0].user.full_name in html
    for post in (world.lead, world.channel):
        assert "请写明统计部门" not in see(post, page(case)).content.decode()


def test_city_reads_what_the_opinion_took_up_without_names_or_replies(world, case, see):
    walk = Walk(world, case, world.lead)
    walk.close()
    found = Annotation.objects.get()
    annotations.reply(found, body="组内讨论的话", by=world.experts[1])
    assert found.body not in see(world.lead, page(case)).content.decode()
    walk.opinion()
    html = see(world.lead, page(case)).content.decode()
    assert found.body in html
    assert "组内讨论的话" not in html
    assert world.experts[0].user.full_name not in html
    assert reverse("plan_note_reply", args=[case.plan.reference, found.pk]) not in html


def test_overlapping_notes_leave_the_text_whole(world, case, see):
    author = world.experts[0]
    text = "到2028年覆盖率达到60%。"
    note(case, author, "一", start=0, end=9)
    note(case, author, "二", start=4, end=len(text), kind="question")
    note(case, author, "三", start=4, end=6, kind="strength")
    html = see(author, page(case)).content.decode()
    assert text_of(html, "p-policy-p1b") == text
    numbers = re.findall(r'<a href="#note-\d+" data-note="\d+" aria-label="[^"]+">(\d)</a>', html)
    assert numbers == ["2", "1", "3"]


def test_marked_text_is_escaped(world, see):
    case = world.draft()
    section = case.plan.sections.get(key="policy")
    text = "<script>alert(1)</script> & “引号” " + "围绕企业反映的问题安排工作" * 5
    section.paragraphs = [{"id": "px", "text": text}]
    section.save()
    case = Walk(world, case, world.lead).to(S.UNDER_DISCUSSION)
    note(case, world.experts[0], "<b>粗</b>", target_id="px", start=2, end=12)
    html = see(world.experts[0], page(case)).content.decode()
    assert "<script>alert" not in html
    assert "<b>粗" not in html
    assert text_of(html, "p-policy-px") == text


def test_notes_on_rows_stand_at_their_row(world, case, see):
    row = case.plan.measures.get()
    note(
        case, world.experts[0], "请写明印发时间", section="measures", target="measure", target_id=str(row.pk), end=0
    )  # fmt: skip
    html = see(world.experts[0], page(case)).content.decode()
    assert f'id="row-measures-{row.pk}"' in html
    assert "请写明印发时间" in html


def test_filters_never_hide_the_text(world, case, see):
    author = world.experts[0]
    note(case, author, "必须写明")
    note(case, author, "值得肯定", kind="strength", target_id="p1a")
    html = see(author, page(case), show="strength").content.decode()
    assert "值得肯定" in html
    assert "必须写明" not in html
    assert "到2028年覆盖率达到60%。" in html
    assert "必须写明" in see(author, page(case), show="nonsense").content.decode()


def test_reading_is_kept_for_what_changed_since(world, case, see):
    see(world.experts[0], page(case))
    seats = Assignment.objects.filter(round__case=case)
    assert [s.last_read_at for s in seats] == [clock.now(), None]


def test_notes_are_carried_to_the_next_version_with_evidence(world, see):
    case = world.case(S.UNDER_DISCUSSION)
    author = world.experts[0]
    for body, place in (
        ("原文仍在", {"target_id": "p1a", "start": 4, "end": 10}),
        ("原文改了", {"target_id": "p1b", "start": 11, "end": 14}),
        ("原文删了", {"section": "support", "target_id": "p2b", "start": 0, "end": 13}),
    ):
        note(case, author, body, **place)
    annotations.publish(case, by=author)
    walk = Walk(world, case, world.lead)
    walk.close()
    with past_guards():
        Annotation.objects.filter(body__startswith="请写明").delete()
    walk.opinion()
    policy, support = (case.plan.sections.get(key=k) for k in ("policy", "support"))
    policy.paragraphs[1]["text"] = "到2028年覆盖率达到65%以上。"
    policy.save()
    support.paragraphs = support.paragraphs[:1]
    support.save()
    walk.resubmit()
    html = see(author, page(case, 2)).content.decode()
    status = dict(re.findall(r'class="note \w+" id="note-(\d+)".*?<span class="tag \w+">(.*?)</span>', html, re.S))
    by_body = {a.body: status[str(a.pk)] for a in Annotation.objects.all()}
    assert len(set(by_body.values())) == 3
    assert html.index("原文删了") < html.index('id="part-basis"')
    assert text_of(html, "p-policy-p1b") == "到2028年覆盖率达到65%以上。"
    card = html[html.index(f'id="note-{Annotation.objects.get(body="原文改了").pk}"') :]
    assert "<del>60%</del><ins>65%以上</ins>" in card[: card.index("</blockquote>")]
    kept = html[html.index(f'id="note-{Annotation.objects.get(body="原文仍在").pk}"') :]
    assert "<del>" not in kept[: kept.index("</blockquote>")]


def test_a_note_on_a_row_shows_which_of_its_fields_changed(world, see):
    case = world.case(S.UNDER_DISCUSSION)
    author, row = world.experts[0], case.plan.indicators.get()
    annotations.add(
        case, section="indicators", target="indicator", target_id=str(row.pk), kind="must", body="目标偏低", by=author
    )
    annotations.publish(case, by=author)
    walk = Walk(world, case, world.lead)
    walk.close()
    walk.opinion()
    row.target_value = 520
    row.save(update_fields=["target_value"])
    walk.resubmit()
    html = see(author, page(case, 2)).content.decode()
    card = html[html.index(f'id="note-{Annotation.objects.get(body="目标偏低").pk}"') :]
    assert "目标值 <del>480</del> <ins>520</ins>" in card[: card.index("</blockquote>")]


def test_notes_of_a_recused_person_stay_marked(world, case, see):
    note(case, world.experts[0], "已发布的意见")
    annotations.publish(case, by=world.experts[0])
    before = see(world.leader, page(case)).content.decode()
    Recusal.objects.create(case=case, user=world.experts[0].user, reason="曾任顾问", declared_by=world.group_office)
    after = see(world.leader, page(case)).content.decode()
    assert "已发布的意见" in after
    assert len(after) > len(before)
    assert see(world.experts[0], page(case)).status_code == 404


def test_many_notes_take_no_more_queries(world, case, see):
    counts = []
    for author in world.experts:
        for target in ("p1a", "p1b"):
            note(case, author, "批注", target_id=target)
        annotations.publish(case, by=author)
        see(world.leader, page(case))
        with Queries() as queries:
            see(world.leader, page(case))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.fixture
def revised(world):
    """A case whose second version changed one paragraph, one indicator, one milestone and one record."""
    case = world.case(S.UNDER_REVISION)
    section = case.plan.sections.get(key="policy")
    section.paragraphs[1]["text"] = "到2028年覆盖率达到65%以上。"
    section.save()
    case.plan.indicators.update(target_value=520)
    group = case.plan.leading_group
    group.leader_post = "市长"
    group.save()
    Walk(world, case, world.lead).resubmit()
    case.refresh_from_db()
    return case


def compare(case, a: int, b: int) -> str:
    return reverse("plan_compare", args=[case.plan.reference, a, b])


def test_comparison_shows_each_change_in_every_view(world, revised, see):
    url = compare(revised, 1, 2)
    inline = see(world.lead, url).content.decode()
    assert "<del>60%</del><ins>65%以上</ins>" in inline
    assert 'id="change-1"' in inline
    side = see(world.lead, url, view="side").content.decode()
    assert "<del>60%</del>" in side
    assert "<ins>65%以上</ins>" in side
    changes = see(world.lead, url, view="changes").content.decode()
    assert "围绕企业反映的问题" not in changes.split("<main")[1]
    final = see(world.lead, url, view="final").content.decode()
    assert "到2028年覆盖率达到65%以上。" in final
    original = see(world.lead, url, view="original").content.decode()
    assert original.count("到2028年覆盖率达到60%。") == inline.count("到2028年覆盖率达到60%。") + 1


def test_comparison_of_tables_and_records(world, revised, see):
    url = compare(revised, 1, 2)
    indicators = see(world.experts[0], url, tab="indicators").content.decode()
    assert "<del>480</del>" in indicators
    assert "<ins>520</ins>" in indicators
    assert "8.3%" in indicators
    records = see(world.experts[0], url, tab="records").content.decode()
    assert "<ins>市长</ins>" in records
    assert see(world.experts[0], url, tab="milestones").status_code == 200
    assert see(world.experts[0], url, tab="nonsense", view="nonsense").status_code == 200


def test_comparison_is_old_to_new_and_says_when_nothing_differs(world, revised, see):
    answer = see(world.lead, compare(revised, 2, 1), tab="indicators")
    assert (answer.status_code, answer.url) == (302, compare(revised, 1, 2) + "?tab=indicators")
    same = see(world.lead, compare(revised, 2, 2)).content.decode()
    assert "<ins>" not in same
    assert 'class="empty"' in same
    assert see(world.lead, compare(revised, 1, 9)).status_code == 404
    assert see(world.neighbour_lead, compare(revised, 1, 2)).status_code == 404


def test_comparison_is_worked_out_once_and_in_each_readers_language(world, revised, see):
    comparing._differing.cache_clear()
    url = compare(revised, 1, 2)
    for _time in range(2):
        assert "目标值" in see(world.lead, url, tab="indicators").content.decode()
    assert "<del>60%</del>" in see(world.experts[0], url).content.decode()
    assert "Target value" in see(world.lead, f"/en{url}", tab="indicators").content.decode()
    kept = comparing._differing.cache_info()
    assert (kept.misses, kept.hits) == (2, 6)  # each page asks for its tab and for the opinions
