"""The history of a part: each state kept once, the losing text too, any paragraph put back."""

import json

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.models import Section, SectionRevision
from applications.services import versions
from applications.services.history import MOST_DROPPED
from applications.services.sections import Base, Draft, save
from portal import clock
from portal.models import AuditEntry
from review.states import State
from tests.applications.views.test_sections import NEW, address, autosave, opened, section
from tests.pages import Queries
from tests.stage import put_back


def history(case, key="policy"):
    rows = SectionRevision.objects.filter(section__plan=case.plan, section__key=key)
    return [(r.cause, r.number, r.by) for r in rows]


def texts(row):
    return "\n".join(p["text"] for p in row.paragraphs)


def kept(cause):
    return SectionRevision.objects.filter(cause=cause).first()


def restore(client, case, **sent):
    return client.post(address(case, tail="history/"), sent, follow=True)


def test_first_save_keeps_also_what_stood_before(client, world, case):
    client.force_login(world.lead.user)
    before = section(case).text
    sent = opened(client, case)
    client.post(address(case), {**sent, "text": sent["text"] + "\n" + NEW})
    assert history(case) == [("save", 1, world.lead), ("before", 0, None)]
    assert [texts(r) for r in SectionRevision.objects.all()] == [before + "\n" + NEW, before]


def test_saves_of_one_page_within_ten_minutes_are_one_row(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    for number, minutes in ((1, 0), (2, 5), (3, 4), (4, 2)):
        clock.advance(minutes=minutes)
        sent["base"] = autosave(client, case, {**sent, "text": f"{NEW}{number}"}).json()["base"]
    assert history(case) == [("save", 4, world.lead), ("save", 3, world.lead), ("before", 0, None)]
    assert [texts(r) for r in SectionRevision.objects.all()[:2]] == [f"{NEW}4", f"{NEW}3"]


def test_text_emptied_by_a_slip_and_saved_again_stays_in_the_history(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    long = NEW + "逐项明确责任部门和完成时限，每半年总结一次，按期公布结果，接受企业和群众监督。"
    for text in (NEW, long, "", "重新"):
        sent["base"] = autosave(client, case, {**sent, "text": text}).json()["base"]
    assert [texts(r) for r in SectionRevision.objects.all()[:2]] == ["重新", long]
    held = SectionRevision.objects.all()[1]
    restore(client, case, revision=held.pk, paragraph=held.paragraphs[0]["id"])
    assert long in section(case).text


def test_a_text_deleted_bit_by_bit_is_kept_before_more_than_some_characters_are_gone(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    long = "示例：" + "甲乙丙丁戊己庚辛壬癸" * 8
    for length in range(len(long), 0, -7):
        sent["base"] = autosave(client, case, {**sent, "text": long[:length]}).json()["base"]
    held = [len(texts(r)) for r in SectionRevision.objects.filter(cause="save").order_by("pk")]
    assert held[-1] < 8
    # The whole text went over as it was first saved, and no step between two rows is wider than the bound.
    kept_lengths = [len(long), *held]
    assert all(a - b <= MOST_DROPPED + 7 for a, b in zip(kept_lengths, kept_lengths[1:], strict=False))


@pytest.mark.parametrize("after", ["", "\n别的话。", "\n（二）另起一行"])
def test_a_heading_emptied_or_replaced_by_a_slip_stays_in_the_history_however_short(client, world, case, after):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    for text in (NEW, NEW + "\n（一）短标题", NEW + after):
        sent["base"] = autosave(client, case, {**sent, "text": text}).json()["base"]
    assert "（一）短标题" in [p["text"] for row in SectionRevision.objects.all() for p in row.paragraphs]


def test_a_part_whose_only_words_are_emptied_keeps_them(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    for text in ("短句。", "", "重新写"):
        sent["base"] = autosave(client, case, {**sent, "text": text}).json()["base"]
    assert "短句。" in [texts(row) for row in SectionRevision.objects.all()]


LINES = st.lists(st.text("甲乙丙丁，。", min_size=1, max_size=40), max_size=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(LINES, min_size=2, max_size=8))
def test_whatever_was_saved_is_held_but_for_some_characters(states, world, case):
    """Each paragraph of each saved state stands in some row, but for at most the characters a row may drop."""
    with put_back():
        part = Section.objects.get(plan=case.plan, key="policy")
        for lines in states:
            draft = Draft("\n".join(lines), Base.of(part), page="p1")
            part = save(case.plan, "policy", draft, by=world.lead, autosave=True).section
        held = [p["text"] for row in part.revisions.all() for p in row.paragraphs]
    for text in {line for lines in states for line in lines}:
        assert any(common(text, other) >= len(text) - MOST_DROPPED for other in held), text


def common(one: str, other: str) -> int:
    """Return the length of the longest text that can be had from both by leaving characters out."""
    row = [0] * (len(other) + 1)
    for a in one:
        last = 0
        for n, b in enumerate(other, 1):
            last, row[n] = row[n], last + 1 if a == b else max(row[n], row[n - 1])
    return row[-1]


def test_another_page_of_the_same_person_has_its_own_row(client, world, case):
    client.force_login(world.lead.user)
    for number in (1, 2):
        sent = opened(client, case)
        autosave(client, case, {**sent, "text": f"{NEW}{number}"})
    assert [texts(r) for r in SectionRevision.objects.all()[:2]] == [f"{NEW}2", f"{NEW}1"]


def test_save_after_somebody_else_is_no_continuation(client, world, case):
    client.force_login(world.editor.user)
    theirs = opened(client, case)
    client.force_login(world.lead.user)
    mine = opened(client, case)
    first = autosave(client, case, {**mine, "text": mine["text"] + "\n" + NEW}).json()
    client.force_login(world.editor.user)
    autosave(client, case, {**theirs, "text": theirs["text"].replace("60%", "65%")})
    client.force_login(world.lead.user)
    autosave(client, case, {**mine, "base": first["base"], "text": mine["text"] + "\n" + NEW + "续写。"})
    assert history(case) == [
        ("merge", 3, world.lead), ("merge", 2, world.editor), ("save", 1, world.lead), ("before", 0, None),
    ]  # fmt: skip


def test_losing_text_is_kept_once_whatever_is_chosen(client, world, case):
    client.force_login(world.lead.user)
    first, second = opened(client, case), opened(client, case)
    client.post(address(case), {**first, "text": first["text"].replace("60%", "65%")})
    client.force_login(world.editor.user)
    sent = {**second, "text": second["text"].replace("60%", "70%")}
    assert autosave(client, case, sent).status_code == 409
    assert client.post(address(case), sent).status_code == 409
    client.post(address(case), {**sent, "seen": 1, "choice-p1b": "theirs"})
    assert section(case).text.endswith("65%。")
    assert history(case) == [("conflict", 1, world.editor), ("save", 1, world.lead), ("before", 0, None)]
    assert texts(kept("conflict")).endswith("70%。")
    page = client.get(address(case, tail="history/")).content.decode()
    assert "没有保存：别人改了同一段" in page
    assert "放入这一段" in page
    restore(client, case, revision=kept("conflict").pk, paragraph="p1b")
    assert section(case).text.endswith("70%。")


def test_paragraph_put_back_touches_nothing_else(client, world, case):
    client.force_login(world.lead.user)
    before = section(case).paragraphs
    sent = opened(client, case)
    client.post(address(case), {**sent, "text": sent["text"].replace("60%", "65%") + "\n" + NEW})
    page = restore(client, case, revision=kept("before").pk, paragraph="p1b").content.decode()
    assert "原来的文字已放回" in page
    assert section(case).text.split("\n") == [*(p["text"] for p in before), NEW]
    assert [p["id"] for p in section(case).paragraphs[:2]] == ["p1a", "p1b"]
    assert history(case)[0] == ("restore", 2, world.lead)
    entry = AuditEntry.objects.filter(action="section:save").latest("pk")
    assert json.loads(entry.text)["data"]["cause"] == "restore"


def test_removed_paragraph_comes_back_in_its_place(client, world, case):
    client.force_login(world.lead.user)
    before = section(case).text.split("\n")
    client.post(address(case), {**opened(client, case), "text": before[1] + "\n" + NEW})
    restore(client, case, revision=kept("before").pk, paragraph="p1a")
    assert section(case).text.split("\n") == [*before, NEW]


def test_whole_text_put_back(client, world, case):
    client.force_login(world.lead.user)
    before = section(case).text
    client.post(address(case), {**opened(client, case), "text": NEW})
    restore(client, case, revision=kept("before").pk)
    assert section(case).text == before


@pytest.mark.parametrize(
    "sent", [{}, {"revision": "0"}, {"revision": "x", "paragraph": "p1a"}, {"paragraph": "nowhere"}]
)
def test_what_does_not_belong_here_is_refused_in_words(client, world, case, sent):
    client.force_login(world.lead.user)
    client.post(address(case), {**opened(client, case), "text": NEW})
    revision = {} if "revision" in sent or not sent else {"revision": kept("before").pk}
    page = restore(client, case, **revision, **sent).content.decode()
    assert "不属于这一部分" in page
    assert section(case).text == NEW


def test_text_of_another_part_is_refused(client, world, case):
    client.force_login(world.lead.user)
    client.post(address(case, "support"), {**opened(client, case, "support"), "text": NEW})
    assert "不属于这一部分" in restore(client, case, revision=kept("save").pk).content.decode()
    assert section(case).revision == 0


def test_closed_part_shows_its_history_but_takes_nothing_back(client, world, case):
    client.force_login(world.lead.user)
    client.post(address(case), {**opened(client, case), "text": NEW})
    versions.set_open(case.plan, ("support",))
    page = client.get(address(case, tail="history/")).content.decode()
    assert NEW in page
    assert 'name="revision"' not in page
    assert "不开放修改" in restore(client, case, revision=kept("before").pk).content.decode()
    assert section(case).text == NEW


def test_others_see_nothing_and_a_plan_that_is_away_takes_nothing(client, world):
    case = world.case(State.WITH_CHANNEL)
    client.force_login(world.channel.user)
    assert client.get(address(case, tail="history/")).status_code == 403
    client.force_login(world.neighbour_lead.user)
    assert client.get(address(case, tail="history/")).status_code == 404
    client.force_login(world.lead.user)
    assert "还没有保存过" in client.get(address(case, tail="history/")).content.decode()
    assert client.post(address(case, tail="history/"), {"revision": 1}).status_code == 409


def test_pages_of_ten_each_against_the_state_before(client, world, case):
    client.force_login(world.lead.user)
    for number in range(12):
        autosave(client, case, {**opened(client, case), "text": f"{NEW}{number:02}"})
    first = client.get(address(case, tail="history/"))
    assert [e["revision"].number for e in first.context["entries"]] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert "<del>02</del><ins>03</ins>" in first.content.decode()
    assert "1–10" in first.content.decode()
    second = client.get(address(case, tail="history/") + "?page=2")
    assert [e["revision"].number for e in second.context["entries"]] == [2, 1, 0]
    assert [len(e["changes"]) for e in second.context["entries"]] == [1, 3, 0]


def test_as_many_queries_for_many_saves_as_for_one(client, world, case, django_assert_num_queries):
    client.force_login(world.lead.user)
    autosave(client, case, {**opened(client, case), "text": NEW})
    with Queries() as one:
        client.get(address(case, tail="history/"))
    queries = len(one)
    for number in range(3):
        autosave(client, case, {**opened(client, case), "text": f"{NEW}{number}"})
    with django_assert_num_queries(queries):
        client.get(address(case, tail="history/"))


def test_rows_are_never_deleted(client, world, case):
    client.force_login(world.lead.user)
    client.post(address(case), {**opened(client, case), "text": NEW})
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        SectionRevision.objects.all().delete()
    assert SectionRevision.objects.count() == 2
    assert Section.objects.get(plan=case.plan, key="policy").revisions.count() == 2
