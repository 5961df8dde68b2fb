"""What the check before submitting says of attachments and of the round's opinions."""

import pytest

from portal.models import CleanCopy, Scan
from review.models import OpinionItem
from review.services import responses
from review.states import State as S
from tests import stand_in_clamd
from tests.pages import counted, text
from tests.past_guards import past_guards
from tests.some_files import attached, pdf, picture

IN_ORDER = "所有附件别人都能打开。"


def page(case):
    return f"/plans/{case.plan.reference}/checks/"


def file(case, world, content, name):
    stored = attached(case.plan, content, name, by=world.lead)
    return case.plan.attachments.get(file=stored)


def test_files_that_readers_cannot_open_are_advised_with_their_place(world, see, settings):
    case = world.draft()
    with stand_in_clamd.clamd() as server:
        settings.CLAMD = server.where
        rows = [
            file(case, world, pdf(), "说明.pdf"),
            file(case, world, picture("PNG"), "照片.png"),
            file(case, world, picture("JPEG"), "版面.jpg"),
        ]
        Scan.objects.filter(sha256=rows[1].file.sha256).update(verdict=Scan.Verdict.INFECTED)
        Scan.objects.filter(sha256=rows[2].file.sha256).update(verdict=Scan.Verdict.CLEAN)
        CleanCopy.objects.update_or_create(sha256=rows[2].file.sha256, defaults={"problem": "unknown"})
        html = see(world.lead, page(case)).content.decode()
        listed = see(world.lead, f"/plans/{case.plan.reference}/attachments/").content.decode()
    for row, said in zip(
        rows,
        ("还没有查毒，查完之前别人打不开", "含有恶意程序，任何人都收不到", "无法去除个人信息，不会提供给别人"),
        strict=True,
    ):
        assert f"“{row.title}”{said}" in html
        assert f"/attachments/#row-{row.pk}" in html
        assert f'id="row-{row.pk}"' in listed
    assert IN_ORDER not in html


def test_files_that_everybody_can_open_are_in_order(world, see):
    case = world.draft()
    case.plan.attachments.all().delete()
    assert IN_ORDER not in text(see(world.lead, page(case)))
    file(case, world, pdf(), "说明.pdf")
    assert IN_ORDER in text(see(world.lead, page(case)))


def test_a_file_kept_back_never_stands_in_the_way(world, see):
    case = world.draft()
    row = file(case, world, picture("JPEG"), "版面.jpg")
    Scan.objects.create(sha256=row.file.sha256, verdict=Scan.Verdict.INFECTED)
    found = see(world.lead, page(case))
    assert found.context["blocking"] == []
    assert found.context["move"]


def test_many_files_ask_no_more_than_one(world, see):
    case = world.draft()
    file(case, world, pdf(), "说明.pdf")
    few = counted(see, world.lead, page(case))
    for n in range(3):
        file(case, world, pdf(n + 2), f"说明{n}.pdf")
    assert counted(see, world.lead, page(case)) == few


@pytest.mark.parametrize(("handled", "said"), [("", "未答复 1"), ("adopted", "采纳 1"), ("explained", "已说明 1")])
def test_the_rounds_opinions_are_counted_by_handling(world, see, handled, said):
    case = world.case(S.UNDER_REVISION)
    item = OpinionItem.objects.get()
    if handled:
        responses.answer(item, handling=handled, text="已写明统计部门。", by=world.lead)
    with past_guards():
        OpinionItem.objects.create(opinion=item.opinion, position=2, kind="question", text="示例疑问")
    expected = f"本轮意见 2 条：{said}、未答复 1" if handled else "本轮意见 2 条：未答复 2"
    html = text(see(world.lead, page(case)))
    assert expected in html
    assert "通读将要提交的全文" in html


def test_a_first_plan_has_no_opinions_to_count(world, see):
    assert "本轮意见" not in text(see(world.lead, page(world.draft())))
