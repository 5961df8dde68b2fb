"""A wording proposed for a part that another department writes: it changes nothing until its writers take it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from applications.models import Section, SectionRevision, WordingProposal
from applications.services import editing, proposals, sections, team
from portal import audit
from portal.models import AuditEntry, Notice
from portal.roles import Role
from tests.builders import person

OLD = "示例：到2028年电子认证覆盖率达到60%。"
NEW = "示例：到2028年电子认证覆盖率达到65%（按企业数）。"


@pytest.fixture
def part(world, case):
    """The part “support”, written by the editor's department."""
    team.divide(case.plan, "support", {world.editor.organisation_id: "in_charge"}, by=world.lead)
    row = Section.objects.get(plan=case.plan, key="support")
    text = f"{OLD}\n示例：第二段。"
    sections.save(case.plan, "support", sections.Draft(text, sections.Base.of(row), None, None), by=world.lead)
    row.refresh_from_db()
    return row


@pytest.fixture
def reader(world, case, part):
    return person(Role.CITY_EDITOR, team.add_department(case.plan, "嘉兴市示例统计局", by=world.lead))


def at(case, tail="", key="support"):
    return f"/plans/{case.plan.reference}/sections/{key}/{tail}"


def signed_in(post):
    client = Client()
    client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def put(case, part, by, text=NEW, number=0, words=""):
    paragraph = part.paragraphs[number]
    seen = audit.seal(paragraph["text"])
    return proposals.propose(case.plan, part.key, paragraph["id"], text, words, seen=seen, by=by)


def texts(part):
    part.refresh_from_db()
    return [p["text"] for p in part.paragraphs]


def said(answer):
    return " ".join(str(m) for m in answer.context["messages"])


def test_a_reader_proposes_and_a_writer_takes_it(world, case, part, reader):
    theirs, ours = signed_in(reader), signed_in(world.editor)
    page = theirs.get(at(case)).content.decode()
    assert page.count("提建议改法") == 2
    link = re.search(rf'href="([^"]+/propose/{part.paragraphs[0]["id"]}/)"', page).group(1)
    form = theirs.get(link).context["form"]
    assert form.initial["text"] == OLD
    sent = {"seen": form.initial["seen"], "text": NEW, "words": "示例：注明口径。"}
    answer = theirs.post(link, sent, follow=True)
    assert answer.redirect_chain == [(at(case) + "#proposals", 302)]
    assert "你的改法已提交给" in said(answer)
    assert texts(part) == [OLD, "示例：第二段。"]
    assert {n.kind for n in Notice.objects.filter(recipient=world.editor.user)} == {"duty", "wording_proposed"}

    page = ours.get(at(case))
    [one] = page.context["proposals"]
    assert "这部分有1条改法建议待处理" in page.content.decode()
    assert "<ins>" in one["html"]
    assert one["number"] == 1
    assert not one["changed"]
    row = one["row"]
    answer = ours.post(at(case, f"proposals/{row.pk}/"), {"act": "take", "seen": one["seen"]}, follow=True)
    assert "改法已写入正文" in said(answer)
    assert texts(part) == [NEW, "示例：第二段。"]
    assert part.updated_by == world.editor
    assert part.revisions.first().cause == SectionRevision.Cause.PROPOSAL
    row.refresh_from_db()
    assert (row.outcome, row.decided_by) == ("taken", world.editor)
    assert Notice.objects.get(recipient=reader.user, kind="wording_taken").path == at(case) + "#proposals"
    acts = AuditEntry.objects.filter(action__startswith="wording:").order_by("seq").values_list("action", "post")
    assert list(acts) == [("wording:propose", reader.pk), ("wording:take", world.editor.pk)]
    assert "已采用" in theirs.get(at(case)).content.decode()


def test_the_paragraph_keeps_its_id_and_others_stay(world, case, part, reader):
    before = [p["id"] for p in part.paragraphs]
    row = put(case, part, reader, text=f"{NEW}\n示例：新增一段。")
    proposals.take(case.plan, "support", row.pk, seen=audit.seal(OLD), by=world.editor)
    assert texts(part) == [NEW, "示例：新增一段。", "示例：第二段。"]
    assert [p["id"] for p in part.paragraphs][::2] == before


def test_a_paragraph_at_the_end_and_one_taken_out(world, case, part, reader):
    added = proposals.propose(case.plan, "support", "", "示例：末段。", seen=audit.seal(""), by=reader)
    proposals.take(case.plan, "support", added.pk, seen=audit.seal(""), by=world.editor)
    assert texts(part) == [OLD, "示例：第二段。", "示例：末段。"]
    gone = put(case, part, reader, text="", number=1)
    proposals.take(case.plan, "support", gone.pk, seen=audit.seal("示例：第二段。"), by=world.editor)
    assert texts(part) == [OLD, "示例：末段。"]


def test_declining_needs_a_reason_which_is_told(world, case, part, reader):
    row, client = put(case, part, reader), signed_in(world.editor)
    address = at(case, f"proposals/{row.pk}/")
    assert "请用不超过500字说明不采用的理由" in said(client.post(address, {"act": "decline"}, follow=True))
    row.refresh_from_db()
    assert row.outcome == "waiting"
    answer = client.post(address, {"act": "decline", "answer": "示例：口径另行统一。"}, follow=True)
    assert "正文不变" in said(answer)
    assert texts(part)[0] == OLD
    notice = Notice.objects.get(recipient=reader.user, kind="wording_declined")
    assert notice.facts["answer"] == "示例：口径另行统一。"
    again = client.post(address, {"act": "take", "seen": audit.seal(OLD)}, follow=True)
    assert "这条建议已经处理：未采用" in said(again)
    assert texts(part)[0] == OLD


def test_a_changed_paragraph_is_looked_at_again_before_it_is_replaced(world, case, part, reader):
    row, client = put(case, part, reader), signed_in(world.editor)
    newer = sections.Draft(
        "示例：到2028年电子认证覆盖率达到62%，逐年公布。\n示例：第二段。", sections.Base.of(part), None, None
    )
    stale = client.get(at(case)).context["proposals"][0]["seen"]
    sections.save(case.plan, "support", newer, by=world.editor)
    answer = client.post(at(case, f"proposals/{row.pk}/"), {"act": "take", "seen": stale}, follow=True)
    assert "这一段刚刚有改动" in said(answer)
    assert texts(part)[0] == "示例：到2028年电子认证覆盖率达到62%，逐年公布。"
    [one] = answer.context["proposals"]
    assert one["changed"]
    client.post(at(case, f"proposals/{row.pk}/"), {"act": "take", "seen": one["seen"]})
    assert texts(part)[0] == NEW


def test_a_paragraph_that_is_gone_is_said(world, case, part, reader):
    row = put(case, part, reader)
    without = sections.Draft("示例：第二段。", sections.Base.of(part), None, None)
    sections.save(case.plan, "support", without, by=world.editor)
    with pytest.raises(proposals.Moved, match="这一段已经不在正文里"):
        proposals.take(case.plan, "support", row.pk, seen=audit.seal(OLD), by=world.editor)
    page = signed_in(world.editor).get(at(case))
    assert page.context["proposals"][0]["gone"]
    assert "已删去的段落" in page.content.decode()


def test_a_proposal_over_an_old_wording_is_shown_again_with_what_was_typed(world, case, part, reader):
    client = signed_in(reader)
    link = at(case, f"propose/{part.paragraphs[0]['id']}/")
    seen = client.get(link).context["form"].initial["seen"]
    newer = sections.Draft(f"{OLD}改。\n示例：第二段。", sections.Base.of(part), None, None)
    sections.save(case.plan, "support", newer, by=world.editor)
    answer = client.post(link, {"seen": seen, "text": NEW, "words": ""})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "这一段刚刚有改动，现在的文字见上方" in page
    assert NEW in page
    assert f"{OLD}改。" in page
    assert not WordingProposal.objects.exists()
    again = re.search(r'name="seen" value="(\w+)"', page).group(1)
    assert client.post(link, {"seen": again, "text": NEW, "words": ""}).status_code == 302


@pytest.mark.parametrize(
    ("text", "words", "refusal"),
    [
        (OLD, "", "内容与现有文字相同"),
        ("示" * 5001, "", "改法建议最多5000字，现有5001字"),
        (NEW, "示" * 501, "500"),
        ("示例\x00", "", "这里有看不见的控制字符"),
    ],
)
def test_what_cannot_be_proposed_is_said(case, part, reader, text, words, refusal):
    link = at(case, f"propose/{part.paragraphs[0]['id']}/")
    answer = signed_in(reader).post(link, {"seen": audit.seal(OLD), "text": text, "words": words})
    assert answer.status_code == 422
    assert refusal in answer.content.decode()
    assert not WordingProposal.objects.exists()


def test_an_empty_end_is_no_proposal(case, part, reader):
    answer = signed_in(reader).post(at(case, "propose/end/"), {"seen": audit.seal(""), "text": " \n "})
    assert answer.status_code == 422
    assert "请写出建议增加的段落" in answer.content.decode()


def test_writers_are_led_to_the_text_itself(world, case, part, reader):
    for post in (world.editor, world.lead):
        answer = signed_in(post).get(at(case, f"propose/{part.paragraphs[0]['id']}/"), follow=True)
        assert answer.redirect_chain == [(at(case), 302)]
        assert "这部分由你编写" in said(answer)
        with pytest.raises(ValidationError, match="这部分由你编写"):
            put(case, part, post)


def test_only_writers_decide_and_only_its_author_takes_it_back(world, case, part, reader):
    row, third = put(case, part, reader), person(Role.CITY_EDITOR, reader.organisation)
    for post in (reader, third):
        with pytest.raises(editing.NotYours):
            proposals.take(case.plan, "support", row.pk, seen=audit.seal(OLD), by=post)
        with pytest.raises(editing.NotYours):
            proposals.decline(case.plan, "support", row.pk, "示例理由", by=post)
    with pytest.raises(ValidationError, match="只能由提出的人收回"):
        proposals.withdraw(case.plan, "support", row.pk, by=third)
    answer = signed_in(reader).post(at(case, f"proposals/{row.pk}/"), {"act": "withdraw"}, follow=True)
    assert "你的改法建议已收回" in said(answer)
    row.refresh_from_db()
    assert row.outcome == "withdrawn"
    assert texts(part)[0] == OLD


def test_others_and_other_parts_find_nothing(world, case, part, reader):
    row = put(case, part, reader)
    act = {"act": "take", "seen": audit.seal(OLD)}
    assert signed_in(world.neighbour_lead).post(at(case, f"proposals/{row.pk}/"), act).status_code == 404
    assert signed_in(world.lead).post(at(case, f"proposals/{row.pk}/", "policy"), act).status_code == 404
    assert signed_in(world.lead).post(at(case, f"proposals/{row.pk}/"), {"act": "burn"}).status_code == 404
    assert texts(part)[0] == OLD


def test_sent_twice_it_is_one_and_there_is_an_upper_bound(monkeypatch, case, part, reader):
    assert put(case, part, reader) == put(case, part, reader)
    monkeypatch.setattr(proposals, "MOST_WAITING", 2)
    put(case, part, reader, text=NEW + "二")
    with pytest.raises(ValidationError, match="这部分已有2条改法建议待处理"):
        put(case, part, reader, text=NEW + "三")


def test_a_closed_part_takes_none(case, part, reader, world):
    row = put(case, part, reader)
    case.plan.open_parts = ["safeguards"]
    case.plan.save(update_fields=["open_parts"])
    with pytest.raises(editing.Closed):
        put(case, part, reader, text=NEW + "二")
    with pytest.raises(editing.Closed):
        proposals.take(case.plan, "support", row.pk, seen=audit.seal(OLD), by=world.editor)
    assert "提建议改法" not in signed_in(reader).get(at(case)).content.decode()


def test_markup_in_a_proposal_is_text(world, case, part, reader):
    put(case, part, reader, text="<script>alert(1)</script>", words="<b>示例</b>")
    page = signed_in(world.editor).get(at(case)).content.decode()
    assert "<script>alert" not in page
    assert "<b>示例</b>" not in page
    assert "&lt;b&gt;示例&lt;/b&gt;" in page


@pytest.mark.django_db(transaction=True)
def test_two_writers_decide_at_the_same_moment_and_one_does(live_world):
    world, case = live_world, live_world.draft()
    team.divide(case.plan, "support", {world.editor.organisation_id: "in_charge"}, by=world.lead)
    part = Section.objects.get(plan=case.plan, key="support")
    old = part.paragraphs[0]["text"]
    reader = person(Role.CITY_EDITOR, team.add_department(case.plan, "嘉兴市示例统计局", by=world.lead))
    row = put(case, part, reader)
    acts = [
        lambda: proposals.take(case.plan, "support", row.pk, seen=audit.seal(old), by=world.editor),
        lambda: proposals.decline(case.plan, "support", row.pk, "示例理由", by=world.lead),
    ]

    def decide(act):
        try:
            act()
        except ValidationError as error:
            return error.messages[0][:7]
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(decide, acts))
    assert found == ["done", "这条建议已经处"]
    row.refresh_from_db()
    assert texts(part)[0] == (NEW if row.outcome == "taken" else old)
