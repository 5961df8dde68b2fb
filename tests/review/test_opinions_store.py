"""The signed formal review opinion as a file, asked of the PDF itself; who may take it, and when it is made."""

import io
import re
from importlib import import_module

import pikepdf
import pytest
from django.apps import apps
from django.db.utils import DatabaseError

from portal import blobs, outbox
from portal.models import AuditEntry, Outbox
from review import opinions_store, verify
from review.letters.render import RenderFailed
from review.models import OpinionPrint, Recusal
from review.printing import opinion as printing
from review.services import formal_opinions, member_views, opinions
from review.states import State as S
from tests.builders import Walk
from tests.conftest import raw
from tests.pages import text
from tests.past_guards import past_guards
from tests.review.printing.sample import text_of

SAID = "示例：任务具体，<b>同意</b>提请会签。"


def shared(world):
    return world.case(S.FORMAL_REVIEW)


def sign(world, case, body: str = "示例审理意见：材料齐全。\n建议提请会签。"):
    opinion = formal_opinions.draft_formal(case, body=body, by=world.group_office)
    return formal_opinions.sign_formal(opinion, by=world.leader)


def make() -> OpinionPrint:
    outbox.sweep(kind="opinion")
    return OpinionPrint.objects.last()


def page(case, name: str = "") -> str:
    return f"/plans/{case.plan.reference}/formal-opinion/{name}"


def test_print_says_what_was_signed_and_what_members_said_without_a_name(world, case, settings):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    opinion = sign(world, case)
    stored = make().file
    data = blobs.open_blob(stored.sha256, settings.PRIVATE_ROOT).read()
    pages = text_of(data, "-layout")
    said = re.sub(r"\s", "", "".join(pages))
    for words in (
        "SL-2026-001", "正式审理意见", "示例审理意见：材料齐全。", "建议提请会签。", "2026年3月2日", "CJ-330400-2026-1",
        "第3版", "关于正式申报的函（示例〔2026〕9号）", opinion.digest.upper()[:64], "示例·不具效力",
        "征求意见的成员共2名，其中1名未回复；未回复不视为同意。", f"专家甲{SAID}2026年3月2日", "专家乙未回复—",
        case.latest_version.digest.upper(),
    ):  # fmt: skip
        assert re.sub(r"\s", "", words) in said, words
    for number, shown in enumerate(pages, start=1):
        assert re.search(rf"第\s*{number}\s*页，共\s*{len(pages)}\s*页", shown)
        assert "SL-2026-001" in shown
    with pikepdf.open(io.BytesIO(data)) as opened:
        everything = said + str(opened.open_metadata()) + str(opened.docinfo)
    people = [*world.experts, world.leader, world.group_office]
    names = [post.user.full_name for post in people] + [first.organisation.name]
    assert [name for name in names if re.sub(r"\s", "", name) in everything] == []
    assert (stored.name, stored.mime) == ("SL-2026-001.pdf", "application/pdf")
    assert verify.first_offenders() == {}


def test_recusal_before_the_signature_is_marked_and_one_after_it_is_not(world, case):
    first, second = world.experts
    member_views.give(case, text=SAID, by=first)
    member_views.give(case, text=SAID, by=second)
    facts = {"case": case, "reason": "示例：任职", "declared_by": world.group_office}
    Recusal.objects.create(user=first.user, **facts)
    opinion = sign(world, case)
    Recusal.objects.create(user=second.user, declared_at=opinion.signed_at.replace(year=2027), **facts)
    told = [(one.member, one.is_recused) for one in opinions_store.facts(opinion).said]
    assert told == [("专家甲", True), ("专家乙", False)]


def test_print_is_made_once_and_downloaded_by_its_readers_alone(world, case, see):
    file = page(case, "pdf/")
    assert see(world.group_office, file).status_code == 302
    sign(world, case)
    assert "PDF正在生成" in text(see(world.group_office, page(case)))
    assert see(world.leader, file)["Location"] == page(case)
    row = make()
    opinions_store.deliver("again", print_id=row.pk)
    assert AuditEntry.objects.filter(action="opinion:made").count() == 1
    for post in (world.group_office, world.leader, world.experts[0]):
        answer = see(post, file)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
        assert f'href="{file}"' in see(post, page(case)).content.decode()
    assert AuditEntry.objects.filter(action="opinion:download").count() == 3
    assert see(world.lead, file).status_code == 403
    assert see(world.drc, file).status_code == 403
    assert see(world.handlers[0], file).status_code == 404
    Walk(world, case, world.lead).fire("propose", world.leader)
    assert see(world.handlers[0], file).status_code == 200
    assert see(world.lead, file).status_code == 403


def test_signature_taken_back_takes_its_print_along_and_a_new_one_is_printed_anew(world, case, see):
    opinion = sign(world, case)
    first = make()
    opinions.unsign(opinion, reason="示例：补充一句", by=world.leader)
    assert see(world.group_office, page(case, "pdf/")).status_code == 302
    again = sign(world, case, "示例审理意见二。")
    second = make()
    assert OpinionPrint.objects.count() == 2
    assert formal_opinions.print_of(again) == second != first
    assert verify.first_offenders() == {}


def test_print_of_a_signature_taken_back_before_it_was_made_is_not_made(world, case):
    opinion = sign(world, case)
    opinions.unsign(opinion, reason="示例：补充一句", by=world.leader)
    row = make()
    assert row.file is None
    assert Outbox.objects.get(kind="opinion").last_error == "the signature was taken back"
    assert verify.first_offenders() == {}


def test_failed_print_says_why_and_is_tried_again(world, case, see, monkeypatch):
    def broken(*_args):
        raise RenderFailed("示例原因")

    with monkeypatch.context() as patch:
        patch.setattr(printing, "print_limited", lambda *a, **k: broken())
        sign(world, case)
        row = make()
    assert (row.problem, row.file) == ("示例原因", None)
    assert "PDF未能生成：示例原因。系统会自动重试。" in text(see(world.leader, page(case)))
    Outbox.objects.filter(kind="opinion").update(claimed_until=None)
    row = make()
    assert row.problem == ""
    assert row.file is not None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE review_opinionprint SET digest = repeat('0', 64)",
        "UPDATE review_opinionprint SET file_id = NULL",
        "DELETE FROM review_opinionprint",
    ],
)
def test_database_keeps_what_was_printed(world, case, sql):
    sign(world, case)
    make()
    with pytest.raises(DatabaseError):
        raw(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE review_opinionprint SET digest = repeat('0', 64)", "a print belongs to a signature that was never"),
        ("UPDATE portal_storedfile SET sha256 = repeat('0', 64) WHERE kind = 'pdf' AND uploaded_by_id IS NULL",
         "its file is missing or not the one that was made"),
    ],
)  # fmt: skip
def test_tampering_with_a_print_is_found(world, case, sql, said):
    sign(world, case)
    make()
    with past_guards():
        raw(sql)
    assert verify.first_offenders()["printed opinions"].startswith(f"opinion SL-2026-001: {said}")


def test_print_without_a_file_that_nobody_makes_is_found(world, case):
    sign(world, case)
    Outbox.objects.filter(kind="opinion").delete()
    assert verify.first_offenders() == {
        "printed opinions": "opinion SL-2026-001 has no file, and nobody is making it",
    }


def test_opinion_signed_before_there_were_prints_is_asked_for(world, case):
    opinion = sign(world, case)
    with past_guards():
        raw("DELETE FROM review_opinionprint")
        raw("DELETE FROM portal_outbox WHERE kind = 'opinion'")
    migration = import_module("review.migrations.0014_prints_asked")
    for _twice in range(2):
        migration.ask(apps, None)
    assert formal_opinions.print_of(opinion) == make()
    assert OpinionPrint.objects.get().file is not None
