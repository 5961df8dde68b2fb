import pytest
from django.urls import reverse

from review.models import Annotation, AnnotationReply
from review.services import annotations, rounds
from review.states import State as S
from tests.builders import Walk

BACKEND = "django.contrib.auth.backends.ModelBackend"
TEXT = "到2028年覆盖率达到60%。"


def shared(world):
    return world.case(S.UNDER_DISCUSSION)


@pytest.fixture
def member(world, client):
    client.force_login(world.experts[0].user, backend=BACKEND)
    return world.experts[0]


def url(case, name: str, *args) -> str:
    return reverse(name, args=[case.plan.reference, *args])


def given(**changed) -> dict:
    return {
        "section": "policy", "target": "paragraph", "id": "p1b", "kind": "must", "body": "请写明统计口径。",
        "proposed": "",
    } | changed  # fmt: skip


def private(case, by) -> Annotation:
    return annotations.add(
        case, by=by, kind="must", section="policy", target="paragraph", target_id="p1b", start=0, end=6, body="批注"
    )


def test_keyboard_page_offers_the_sentences_all_ticked(world, case, client, member):
    answer = client.get(url(case, "plan_note_add"), {"section": "policy", "target": "paragraph", "id": "p1b"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert TEXT in html
    assert 'name="sentences"' in html
    assert html.count("checked") == 1


def test_note_on_ticked_sentences(world, client):
    case = world.draft()
    section = case.plan.sections.get(key="policy")
    section.paragraphs = [{"id": "px", "text": "甲句一句。乙句两句！丙句三句？" + "围绕企业反映的问题" * 6 + "。"}]
    section.save()
    case = Walk(world, case, world.lead).to(S.UNDER_DISCUSSION)
    client.force_login(world.experts[0].user, backend=BACKEND)
    add = url(case, "plan_note_add")
    for wrong in ([], ["0", "2"], ["9"]):
        answer = client.post(add, given(id="px", sentences=wrong))
        assert answer.status_code == 422
        assert "请写明统计口径。" in answer.content.decode()  # what was typed is kept
    assert not Annotation.objects.exists()
    client.post(add, given(id="px", sentences=["1", "2"]))
    assert Annotation.objects.get().quote == "乙句两句！丙句三句？"


def test_note_on_selected_words_goes_back_to_its_place(world, case, client, member):
    answer = client.post(url(case, "plan_note_add"), given(start="7", end="14", proposed="65%"))
    found = Annotation.objects.get()
    assert (found.quote, found.proposed, found.author, found.published_at) == (TEXT[7:14], "65%", member, None)
    assert answer.url == f"{url(case, 'plan_read', 1)}?note={found.pk}#note-{found.pk}"


@pytest.mark.parametrize(
    "wrong", [{"kind": ""}, {"kind": "praise"}, {"body": " "}, {"body": "字" * 2001}, {"start": "9", "end": "3"}]
)
def test_wrong_note_is_answered_in_words_and_kept(world, case, client, member, wrong):
    answer = client.post(url(case, "plan_note_add"), given(start="0", end="3") | wrong)
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()
    assert not Annotation.objects.exists()


def test_unknown_place_leads_back_to_the_text(world, case, client, member):
    for wrong in ({}, {"section": "policy", "target": "paragraph", "id": "nope"}, {"section": "x", "target": "row"}):
        answer = client.get(url(case, "plan_note_add"), wrong)
        assert (answer.status_code, answer.url) == (302, url(case, "plan_read", 1))


def test_composer_is_brought_as_a_part_and_answers_as_one(world, case, client, member):
    add, part = url(case, "plan_note_add"), {"HX-Request": "true"}
    html = client.get(add, {"section": "policy", "target": "paragraph", "id": "p1b"}, headers=part).content.decode()
    assert "<html" not in html
    assert "data-composer-form" in html
    wrong = client.post(add, given(body="", sentences=["0"]), headers=part)
    assert wrong.status_code == 200
    assert "data-error-summary" in wrong.content.decode()
    done = client.post(add, given(sentences=["0"]), headers=part)
    assert done["HX-Redirect"].endswith(f"#note-{Annotation.objects.get().pk}")


def test_only_assigned_members_write(world, case, client):
    for post, status in ((world.group_office, 403), (world.lead, 403), (world.channel, 403), (world.far_lead, 404)):
        client.force_login(post.user, backend=BACKEND)
        assert client.post(url(case, "plan_note_add"), given(start="0", end="3")).status_code == status
    Walk(world, case, world.lead).close()
    client.force_login(world.experts[0].user, backend=BACKEND)
    assert client.post(url(case, "plan_note_add"), given(start="0", end="3")).status_code == 409
    assert Annotation.objects.count() == 1  # the walk's own


def test_excused_member_is_told_why_and_keeps_the_words(world, case, client, member):
    rounds.excuse(case.current_round.assignments.get(member=member), reason="出差", by=world.group_office)
    answer = client.post(url(case, "plan_note_add"), given(start="0", end="3"))
    assert answer.status_code == 403
    assert "请写明统计口径。" in answer.content.decode()


def test_own_note_is_changed_and_deleted(world, case, client, member):
    found = private(case, member)
    assert "批注" in client.get(url(case, "plan_note", found.pk)).content.decode()
    client.post(url(case, "plan_note", found.pk), {"kind": "question", "body": "为何是60%？", "proposed": ""})
    found.refresh_from_db()
    assert (found.kind, found.body) == ("question", "为何是60%？")
    assert client.post(url(case, "plan_note", found.pk), {"kind": "question", "body": ""}).status_code == 422
    asked = client.get(url(case, "plan_note_delete", found.pk))
    assert asked.status_code == 200
    assert "为何是60%？" in asked.content.decode()
    assert Annotation.objects.get() == found
    client.post(url(case, "plan_note_delete", found.pk))
    assert not Annotation.objects.exists()


def test_private_notes_of_others_do_not_exist(world, case, client, member):
    found = private(case, world.experts[1])
    assert client.get(url(case, "plan_note", found.pk)).status_code == 404
    for name in ("plan_note", "plan_note_delete", "plan_note_reply", "plan_note_resolve"):
        assert client.post(url(case, name, found.pk), {"body": "改", "kind": "must"}).status_code == 404
    found.refresh_from_db()
    assert found.body == "批注"


def test_publishing_names_the_number_and_confirms(world, case, client, member):
    for _ in range(3):
        private(case, member)
    private(case, world.experts[1])
    page = url(case, "plan_notes_publish")
    assert "3" in client.get(page).context["confirm"]["act"]
    assert not Annotation.objects.filter(published_at__isnull=False).exists()
    assert client.post(page).url == url(case, "plan_read", 1)
    assert Annotation.objects.filter(published_at__isnull=False).count() == 3
    assert client.post(page).status_code == 409


def test_reply_and_resolution(world, case, client, member):
    found = private(case, member)
    reply, settle = url(case, "plan_note_reply", found.pk), url(case, "plan_note_resolve", found.pk)
    assert client.post(reply, {"body": "尚未发布"}).status_code == 422
    annotations.publish(case, by=member)
    wrong = client.post(reply, {"body": "字" * 2001})
    assert wrong.status_code == 422
    assert "字" * 2001 in wrong.content.decode()
    client.post(reply, {"body": "补充依据"})
    assert AnnotationReply.objects.get().body == "补充依据"
    assert client.post(settle, {"resolution": ""}).status_code == 422
    client.post(settle, {"resolution": "不再坚持"})
    found.refresh_from_db()
    assert found.resolution == "不再坚持"
    client.post(settle, {"reopen": "1"})
    found.refresh_from_db()
    assert found.resolved_at is None
    client.force_login(world.lead.user, backend=BACKEND)
    for address in (reply, settle):
        assert client.post(address, {"body": "x", "resolution": "x"}).status_code == 403
