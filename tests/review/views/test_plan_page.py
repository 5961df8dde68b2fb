"""The page of a plan: letters once approved, links that open, deadlines that hold, refusals that say who."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import clock, words
from portal.models import Notice, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from portal.workdays_store import deadline
from review.models import Case, Letter
from review.samples.files import founding_pdf
from review.services import cases
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk, letters_are_made
from tests.builders import Walk, person
from tests.pages import text


def test_approved_city_and_its_offices_find_the_letter(world, see):
    walk = BatchWalk(world, world.case(S.PROPOSED))
    walk.to(B.ISSUED)
    case, letter = walk.lines[0].case, Letter.objects.get(line__isnull=False)
    plan, file, check = f"/plans/{case.plan.reference}/", f"/letters/{letter.code}/", f"/verify/{letter.code}/"
    for page in (plan, "/home/"):
        said = text(see(world.lead, page))
        assert letter.document_number in said
        assert "文件正在生成" in said
        assert file not in see(world.lead, page).content.decode()
    letters_are_made()
    for post, page in ((world.lead, plan), (world.lead, "/home/"), (world.channel, plan), (world.drc, plan)):
        shown = see(post, page).content.decode()
        assert f'href="{file}"' in shown
        assert f'href="{check}"' in shown
        assert see(post, file).status_code == 200
    assert "还没有方案" not in text(see(world.lead, "/home/"))
    assert letter.document_number not in text(see(world.neighbour_lead, "/home/"))


def test_home_of_a_city_without_a_plan_says_so(world, see):
    assert "还没有方案" in text(see(world.lead, "/home/"))


READERS = ("lead", "channel", "drc", "group_office", "leader", "member", "handler", "signer", "other handler")


@pytest.mark.parametrize(
    "state", [S.DRAFT, S.UNDER_DISCUSSION, S.OPINION_DRAFTING, S.RECHECK, S.FORMAL_REVIEW, S.COSIGNING]
)
def test_every_link_of_the_plan_page_opens_for_whom_it_is_shown(world, see, state):
    case = world.case(S.PROPOSED if state == S.COSIGNING else state)
    if state == S.COSIGNING:
        BatchWalk(world, case).to(B.COSIGNING)
    posts = (
        world.lead, world.channel, world.drc, world.group_office, world.leader, world.experts[0],
        world.handlers[0], world.signers[0], world.handlers[1],
    )  # fmt: skip
    opened = 0
    for who, post in zip(READERS, posts, strict=True):
        answer = see(post, f"/plans/{case.plan.reference}/")
        if answer.status_code == 404:
            continue
        main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        for url in set(re.findall(r'href="(/[^"#]+)', main)):
            assert see(post, html.unescape(url)).status_code == 200, (who, url)
            opened += 1
    assert opened > 5


def test_confirmation_names_the_deadline_that_the_move_then_sets(world, see):
    walk = Walk(world, world.draft(), world.lead)
    walk.to(S.AWAITING_DISCUSSION)
    current = walk.prepare_round()
    current.due = clock.now() + timedelta(days=9)
    current.save(update_fields=["due"])
    said = text(see(world.group_office, f"/plans/{walk.case.plan.reference}/moves/open_discussion/"))
    walk.fire("open_discussion", world.group_office)
    assert f"办理期限到 {words.full_moment(walk.case.due)}" in said
    assert walk.case.due == current.due
    walk.close()
    opinion = walk.compose()
    call = walk.case.call
    call.deadlines |= {"under_revision": 2 * opinion.answer_days}
    call.save(update_fields=["deadlines"])
    said = text(see(world.leader, f"/plans/{walk.case.plan.reference}/moves/send_opinion/"))
    walk.fire("send_opinion", world.leader)
    assert f"办理期限到 {words.full_moment(walk.case.due)}" in said
    assert walk.case.due == deadline(opinion.answer_days, start=clock.now())


def test_commerce_office_is_told_who_files_formally(world, see):
    case = world.case(S.READY)
    answer = see(world.channel, f"/plans/{case.plan.reference}/file/")
    assert answer.status_code == 403
    for said in ("地方发展改革委", "正式申报由地方发展改革委组织，商务主管部门不办理。"):
        assert said in text(answer)


def test_cover_letter_is_declared_unclassified(world, see, client):
    case = world.case(S.READY)
    cases.release(case, by=world.lead)
    path = f"/plans/{case.plan.reference}/file/"
    assert "标有密级的文件和不得外传的内部资料一律不得上传。" in text(see(world.drc, path))
    sent = {
        "seen": case.moves, "op_key": "cover-1", "change_note": "正式申报", "cover_title": "申报函（示例）",
        "cover_number": "示例发改〔2026〕9号", "cover_date": "2026-03-02",
    }  # fmt: skip
    refused = client.post(
        path,
        sent | {"cover_file": SimpleUploadedFile("申报函.pdf", founding_pdf()), "cover_date": "2026-03-03"},
    )
    assert refused.status_code == 422
    assert "这一天还没有到" in refused.content.decode()
    refused = client.post(path, sent | {"cover_file": SimpleUploadedFile("申报函.pdf", founding_pdf())})
    assert refused.status_code == 422
    assert "请确认文件不含涉密内容" in refused.content.decode()
    case.refresh_from_db()
    assert case.state == S.READY
    assert (
        client.post(
            path, sent | {"cover_file": SimpleUploadedFile("申报函.pdf", founding_pdf()), "unclassified": "on"}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.state == S.CHECKING


def test_step_of_another_state_leads_back_to_the_plan(world, see, client):
    case = world.case(S.UNDER_DISCUSSION)
    see(world.lead, "/home/")
    answer = client.post(f"/plans/{case.plan.reference}/release/")
    assert answer.status_code == 409
    assert f'href="/plans/{case.plan.reference}/"' in answer.content.decode()


def test_city_that_files_directly_needs_no_channel(world, see, client):
    page = see(world.direct_lead, "/city/channel/")
    assert "直接向协调小组提交方案，不需要确定渠道单位" in text(page)
    assert "<form" not in page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert "/city/channel/" not in see(world.direct_lead, "/plans/").content.decode().split("<main", 1)[1]
    assert "/city/channel/" in see(world.lead, "/plans/").content.decode().split("<main", 1)[1]


def test_nobody_is_on_turn_in_a_withdrawn_plan_and_agencies_are_asked_once_a_batch(world):
    editor = world.editor
    walk = Walk(world, world.draft(), world.lead)
    walk.fire("withdraw", world.lead, reason="示例原因")
    kinds = set(Notice.objects.filter(recipient=editor.user).values_list("kind", flat=True))
    assert kinds == {"moved"}


def test_agencies_get_one_notice_for_a_batch_of_two(world):
    signer = world.signers[2]
    BatchWalk.of_two(world).to(B.COSIGNING)
    told = list(Notice.objects.filter(recipient=signer.user).values_list("kind", "path"))
    assert len(told) == 1
    kind, path = told[0]
    assert kind == "batch_cosign"
    assert path.startswith("/batches/")


def test_city_post_without_a_city_is_told_so_and_opens_nothing(world, see, client):
    nowhere = Organisation.objects.create(kind=Kind.CITY, region_code="999999", name="示例政府", short_name="示例政府")
    page = see(person(Role.CITY_LEAD, nowhere), "/plans/new/")
    assert "没有登记为城市单位" in text(page)
    answer = client.post("/plans/new/", {"call": world.call.pk, "title": "示例方案"})
    assert answer.status_code == 200
    assert not Case.objects.exists()
