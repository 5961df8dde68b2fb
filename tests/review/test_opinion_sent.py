"""The formal review opinion goes to every agency: who may read it from when on, and who is told, once."""

import html

import pytest

from portal import outbox
from portal.models import Membership, Notice, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role
from review.models import BatchAgency
from review.states import BatchState as B
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import Walk, person
from tests.pages import text


def shared(world):
    assert all([world.handlers, world.signers])
    return world.case(S.FORMAL_REVIEW)


def page(case, name: str = "") -> str:
    return f"/plans/{case.plan.reference}/formal-opinion/{name}"


def propose(world, case) -> None:
    Walk(world, case, world.lead).propose()
    outbox.sweep(kind="opinion")
    case.refresh_from_db()


def told(kind: str = "formal_opinion") -> list[int]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def everybody(world) -> list[Membership]:
    return [*world.handlers, *world.signers]


def test_every_agency_of_the_call_reads_opinion_and_pdf_once_it_is_proposed(world, case, see):
    for post in everybody(world):
        assert [see(post, page(case, name)).status_code for name in ("", "pdf/")] == [404, 404]
    propose(world, case)
    for post in everybody(world):
        answer = see(post, page(case))
        assert answer.status_code == 200
        assert "示例审理意见" in text(answer)
        assert "SL-2026-001" in text(answer)
        assert see(post, page(case, "pdf/"))["Content-Type"] == "application/pdf"


def test_signed_but_not_sent_is_still_the_groups_alone(world, case, see):
    Walk(world, case, world.lead).sign_formal_opinion()
    outbox.sweep(kind="opinion")
    for post in everybody(world):
        assert [see(post, page(case, name)).status_code for name in ("", "pdf/")] == [404, 404]


def test_co_signer_reads_the_opinion_before_the_batch_and_nothing_else_of_the_plan(world, case, see, client):
    propose(world, case)
    ref, handler = case.plan.reference, world.handlers[1]
    shown = see(handler, page(case)).content.decode()
    assert f'"/plans/{ref}/"' not in shown
    assert f"/plans/{ref}/compare/" not in shown
    for path in (f"/plans/{ref}/", f"/plans/{ref}/v3/read/", f"/plans/{ref}/history/", page(case, "sign/")):
        assert see(handler, path).status_code == 404
    assert client.post(page(case), {"body": "改写"}).status_code == 404
    assert client.post(page(case, "view/"), {"text": "改写"}).status_code == 404


def test_stranger_agencies_cities_and_offices_read_nothing(world, case, see):
    propose(world, case)
    stranger = Organisation.objects.create(kind=Kind.AGENCY, name="示例其他部门", short_name="示例其他部门")
    others = [person(Role.AGENCY_HANDLER, stranger), person(Role.AGENCY_SIGNER, stranger), world.neighbour_lead]
    for post in others:
        assert [see(post, page(case, name)).status_code for name in ("", "pdf/")] == [404, 404]
    for post in (world.lead, world.drc, world.channel):
        assert [see(post, page(case, name)).status_code for name in ("", "pdf/")] == [403, 403]


def test_each_agencys_handler_is_told_once_and_led_to_the_opinion(world, case, see):
    propose(world, case)
    assert told() == sorted(h.user_id for h in world.handlers)
    BatchWalk(world, case).to(B.COSIGNING)
    assert told() == sorted(h.user_id for h in world.handlers)
    notice = Notice.objects.get(kind="formal_opinion", recipient=world.handlers[1].user)
    assert notice.path == page(case)
    assert "嘉兴市：正式审理意见SL-2026-001" in text(see(world.handlers[1], "/home/"))


def test_agency_of_the_batch_alone_is_told_and_reads_once_it_is_frozen(world, case, see):
    propose(world, case)
    other = Organisation.objects.create(kind=Kind.AGENCY, name="示例新增部门", short_name="示例新增部门")
    handler, signer = person(Role.AGENCY_HANDLER, other), person(Role.AGENCY_SIGNER, other)
    walk = BatchWalk(world, case)
    walk.to(B.COMPOSING)
    BatchAgency.objects.create(batch=walk.batch, organisation=other, position=99)
    assert see(handler, page(case)).status_code == 404
    walk.to(B.COSIGNING)
    assert handler.user_id in told()
    assert signer.user_id not in told()
    for post in (handler, signer):
        assert see(post, page(case)).status_code == 200
        assert see(post, page(case, "pdf/"))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("agency", [0, 1])
def test_batch_pages_lead_to_the_opinion(world, case, see, agency):
    propose(world, case)
    walk = BatchWalk(world, case)
    walk.to(B.COSIGNING)
    number = walk.batch.pk
    link = f'href="{page(case)}"'
    assert link in html.unescape(see(world.handlers[agency], f"/batches/{number}/").content.decode())
    assert link in see(world.handlers[agency], f"/batches/{number}/cosign/").content.decode()
    assert link in see(world.signers[agency], f"/batches/{number}/sign/").content.decode()


def test_agencies_read_members_views_with_their_names_in_the_portal(world, case, see):
    propose(world, case)
    said = text(see(world.signers[1], page(case)))
    assert f"{world.experts[0].user.full_name} 未回复" in said
