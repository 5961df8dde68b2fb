"""The whole road once, in real browsers: an imported plan becomes a signed letter that the public page verifies."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from applications.models import Plan
from portal import audit
from review.letters.checking import check_file
from review.letters.signing import make_sample_key
from review.models import Case, Letter
from review.samples import load_plan
from review.states import State as S
from tests.journey.people import ARGS, Person, celery_worker, chromium, wait_for

# After the tests that roll back, since this module's world is committed.
pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = {
    "basis": "一、创建基础和需求",
    "positioning": "二、总体要求",
    "policy": "（一）完善电子商务政策环境",
    "support": "（二）健全电子商务支撑体系",
    "infrastructure": "（三）加强电子商务基础设施建设",
    "services": "（四）培育电子商务服务",
    "applications": "（五）深化电子商务应用",
    "steps": "五、实施步骤",
}


def word_draft(folder: Path) -> str:
    """Write the sample plan as the Word document a city would bring."""
    plan, document = load_plan(), docx.Document()
    document.add_heading("示例市创建国家电子商务示范城市工作方案", 0)
    for key, heading in HEADINGS.items():
        if key == "policy":
            document.add_heading("三、主要任务", 1)
        document.add_heading(heading, 2 if heading.startswith("（") else 1)
        for paragraph in plan["sections"][key][:4]:
            document.add_paragraph(paragraph)
    path = folder / "示例方案.docx"
    document.save(path)
    return str(path)


def a_pdf(folder: Path, name: str) -> str:
    from pypdf import PdfWriter

    writer, path = PdfWriter(), folder / name
    writer.add_blank_page(300, 400)
    out = io.BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return str(path)


@pytest.fixture(scope="module")
def road(a_server, tmp_path_factory):
    """Everybody signed in, a worker running, a key in place; the legs follow each other."""
    world, address, folder = a_server
    make_sample_key(folder / "keys")
    posts = {
        "lead": world.lead,
        "editor": world.editor,
        "channel": world.channel,
        "office": world.group_office,
        "leader": world.leader,
        "member1": world.experts[0],
        "member2": world.experts[1],
        "drc": world.drc,
        "handler": world.handlers[0],
        **{f"signer{n}": post for n, post in enumerate(world.signers)},
    }
    with celery_worker(str(folder)), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        people = {name: Person(browser, address, post) for name, post in posts.items()}
        stranger = browser.new_context(locale="zh-CN").new_page()
        yield Road(world, people, stranger, address, folder)
        browser.close()


class Road:
    """The steps in order; each is done by its own person at their own page."""

    def __init__(self, world, people, stranger, address, folder):
        self.world, self.people, self.stranger = world, people, stranger
        self.address, self.folder = address, folder

    def __getattr__(self, name) -> Person:
        return self.people[name]

    @property
    def case(self) -> Case:
        return Case.objects.select_related("plan").get()

    @property
    def plan(self) -> str:
        return f"/plans/{self.case.plan.reference}"

    def stands_at(self, state: S) -> None:
        assert self.case.state == state

    def write(self) -> None:
        letter = a_pdf(self.folder, "渠道.pdf")
        self.lead.go("/city/channel/").fill(
            kind="commerce",
            document_title="示例：关于渠道单位的函",
            document_number="示例〔2026〕1号",
            evidence=letter,
            unclassified=True,
        ).press("main form button.btn")
        self.lead.go("/plans/new/").press("main form button.btn")
        assert Plan.objects.count() == 1
        self.editor.go(f"{self.plan}/import/").fill(file=word_draft(self.folder), unclassified=True)
        self.editor.press("main form button.btn")
        assert "网络交易秩序" in self.case.plan.sections.get(key="policy").text
        self.lead.go(f"{self.plan}/basics/").fill(contact_name="示例·联系人", contact_phone="0573-0000000")
        self.lead.press("main form button.btn")
        self._tables()
        self._records()
        self.lead.go(f"{self.plan}/attachments/").fill(
            file=a_pdf(self.folder, "成立文件.pdf"), title="领导小组成立文件", kind="founding", unclassified=True
        ).press("main form button.btn:not(.sec)")

    def _tables(self) -> None:
        add = f"{self.plan}/tables"
        self.editor.go(f"{add}/indicators/add/").fill(
            name="网络零售额", area="applications", kind="hard", unit="亿元", baseline_year="2025",
            baseline_value="３２０", target_year="2028", target_value="480", source="示例数据",
        ).press("main form button.btn:not(.sec)")  # fmt: skip
        self.editor.go(f"{add}/measures/add/").fill(
            title="制定网络交易管理办法", area="policy", kind="soft", deliverable="印发办法", instrument="normative",
            drafting_department="市司法局", lead_department="市市场监管局", post="网络监管处处长", due="2027-06-30",
        ).press("main form button.btn:not(.sec)")  # fmt: skip
        self.editor.go(f"{add}/milestones/add/").fill(
            title="完成办法起草", area="policy", kind="soft", starts="2026-10-01", ends="2027-03-31"
        ).press("main form button.btn:not(.sec)")
        self.editor.go(f"{add}/consultations/add/").fill(
            held_on="2026-02-03", form="座谈会", who="电子商务企业", participants="12", from_firms=True,
            opinions="希望统一投诉入口", outcome="adopted", adopted="已写入第三部分",
        ).press("main form button.btn:not(.sec)")  # fmt: skip

    def _records(self) -> None:
        records = {
            "leading_group": {
                "leader_post": "分管副市长", "lead_department": "市发展改革委", "members": "市商务局\n市税务局",
                "founding_title": "关于成立领导小组的通知", "founding_date": "2026-01-15",
            },
            "coordination": {"departments": "市商务局", "frequency": "quarterly", "arrangement": "联席会议"},
            "assessment": {
                "assessing_department": "市政府办公室", "assessed_departments": "各成员单位", "frequency": "yearly",
                "in_annual_evaluation": True, "method": "对照任务分解表", "accountability": "责任到人",
            },
            "summaries": {
                "frequency": "half_yearly", "lead_department": "市发展改革委", "form": "书面总结",
                "recipients": "协调小组", "first_due": "2026-12-31",
            },
            "funds": {"sources": "市级财政专项资金"},
        }  # fmt: skip
        for key, values in records.items():
            self.lead.go(f"{self.plan}/records/{key}/").fill(**values).press("main form button.btn:not(.sec)")

    def propose(self) -> None:
        self.lead.go(f"{self.plan}/checks/")
        self.lead.go(f"{self.plan}/moves/submit/").fill(declared=True).press("main form button.btn")
        self.lead.sees(self.case.plan.reference, "第 1 版")
        self.stands_at(S.WITH_CHANNEL)
        self.channel.go(f"{self.plan}/").press("form[action$='/open/'] button")
        self.channel.go(f"{self.plan}/moves/forward/").fill(reason="材料齐全，同意转报。").press("main form button.btn")
        self.stands_at(S.AWAITING_DISCUSSION)

    def discuss(self) -> None:
        self.office.go(f"{self.plan}/assignments/")
        for member in self.world.experts:
            self.office.fill(members=str(member.pk))
        self.office.press("form:has([name=members]) button.btn")
        self.office.fill(due="2026-03-27").press("form:has([name=due]) button.btn")
        self.office.go(f"{self.plan}/moves/open_discussion/").press("main form button.btn")
        self.stands_at(S.UNDER_DISCUSSION)
        paragraph = self.case.plan.sections.get(key="policy").paragraphs[1]
        self.member1.go(f"{self.plan}/v1/read/").select(paragraph["id"], 0, 12)
        self.member1.page.locator("[data-selection-button]").click()
        self.member1.page.locator("[data-composer-form] textarea").first.wait_for()
        self.member1.fill(kind="must", body="请写明责任部门和考核办法。").press(
            "[data-composer-form] button[type=submit]"
        )
        self.member1.sees("请写明责任部门和考核办法。")
        self.member2.go(f"{self.plan}/v1/read/")
        assert "请写明责任部门" not in self.member2.page.content(), "a private note reached somebody else"
        self.member2.go(f"{self.plan}/notes/new/?section=policy&target=paragraph&id={paragraph['id']}")
        self.member2.fill(kind="suggestion", body="建议注明统计口径。").press("main form button.btn:not(.sec)")
        for member in (self.member1, self.member2):
            member.go(f"{self.plan}/notes/publish/").press("main form button.btn")
        self.office.go(f"{self.plan}/moves/close_discussion/").press("main form button.btn")
        self.stands_at(S.OPINION_DRAFTING)

    def advise(self) -> None:
        opinion = f"{self.plan}/rounds/1/opinion/"
        self.office.go(opinion).press("main form button.btn")
        while self.office.page.locator("button[name=take]").count():
            self.office.press("button[name=take]")
        self.leader.go(f"{opinion}sign/").fill(checked=True).press("main form button.btn")
        self.leader.go(f"{self.plan}/moves/send_opinion/").press("main form button.btn")
        self.stands_at(S.UNDER_REVISION)

    def revise(self) -> None:
        self.lead.go(f"{self.plan}/rounds/1/responses/")
        for item in self.case.opinions.get(kind="revision").items.all():
            self.lead.go(f"{self.plan}/responses/{item.pk}/").fill(
                handling="adopted", text="已在政策环境部分补充责任部门和统计口径。"
            ).press("main form button.btn")
        section = self.editor.go(f"{self.plan}/sections/policy/")
        area = section.page.locator("main textarea").first
        area.fill(area.input_value() + "\n由市统计局按企业数统计，覆盖率2028年达到65%。")
        section.press("main form button[value=save]")
        self.lead.go(f"{self.plan}/moves/resubmit/").fill(change_note="补充统计口径", declared=True)
        self.lead.press("main form button.btn")
        self.stands_at(S.RECHECK)
        self.member1.go(f"{self.plan}/compare/1/2/").sees("65%")

    def decide(self) -> None:
        for item in self.case.opinions.get(kind="revision").items.all():
            self.member1.go(f"{self.plan}/rounds/1/responses/")
            form = f"form[action$='/verdicts/{item.pk}/']"
            self.member1.page.locator(f"{form} [value=solved]").check()
            self.member1.press(f"{form} button")
        for member in (self.member1, self.member2):
            member.go(f"{self.plan}/maturity/")
            for radio in member.page.locator("main input[type=radio][value='2']").all():
                radio.check()
            for area in member.page.locator("main textarea[name$=reason]").all():
                area.fill("示例理由：任务、责任和时限已经写明。")
            member.press("main form button.btn")
        self.leader.go(f"{self.plan}/moves/find_mature/").press("main form button.btn")
        self.stands_at(S.READY)

    def file(self) -> None:
        self.lead.go(f"{self.plan}/").press("form[action$='/release/'] button")
        self.drc.go(f"{self.plan}/file/").fill(
            change_note="正式申报", cover_title="关于申请创建国家电子商务示范城市的函",
            cover_number="示例发改〔2026〕9号",
            cover_date="2026-03-02", cover_file=a_pdf(self.folder, "申报函.pdf"), unclassified=True,
        ).press("main form button.btn")  # fmt: skip
        self.stands_at(S.CHECKING)
        self.office.go(f"{self.plan}/moves/accept/").press("main form button.btn")
        self.office.go(f"{self.plan}/formal-opinion/").fill(body="方案成熟，建议原则同意。").press(
            "main form button.btn"
        )
        self.leader.go(f"{self.plan}/formal-opinion/sign/").fill(checked=True).press("main form button.btn")
        self.leader.go(f"{self.plan}/moves/propose/").press("main form button.btn")
        self.stands_at(S.PROPOSED)

    def cosign(self) -> str:
        self.handler.go("/batches/new/").fill(title="2026年第一批", kind="approve", genre="reply")
        self.handler.press("main form button.btn")
        batch = self.handler.page.url.removeprefix(self.address).rstrip("/")
        self.handler.press("form[action$='/lines/'] button")
        self.handler.go(f"{batch}/moves/freeze/").press("main form button.btn")
        self.stands_at(S.COSIGNING)
        for number in range(5):
            signer = self.people[f"signer{number}"]
            signer.go(f"{batch}/sign/").fill(whole="agree", password="示例Password-1").press("main form button.btn")
        return batch

    def issue(self, batch: str) -> None:
        self.signer0.go(f"{batch}/moves/close_signing/").press("main form button.btn")
        self.signer0.go(f"{batch}/moves/issue/").fill(count="2").press("main form button.btn")
        self.stands_at(S.APPROVED)
        wait_for(lambda: not Letter.objects.filter(file__isnull=True).exists())

    def read_letter(self) -> None:
        letter = Letter.objects.get(line__isnull=False)
        with self.lead.page.expect_download() as download:
            self.lead.page.evaluate(f"location.href = '/letters/{letter.code}/'")
        pdf = Path(download.value.path()).read_bytes()
        said = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        flat = "".join(said.split())
        for words in ("嘉兴市", letter.document_number, "特此函复。", "2026年3月2日", letter.code):
            assert words in flat
        with ThreadPoolExecutor(1) as aside:  # the browser's driver keeps this thread's event loop
            verdict = aside.submit(check_file, pdf, self.folder / "keys").result()
        assert verdict.authentic, verdict.reason
        fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        rows = [line.split() for line in fonts.splitlines()[2:]]
        assert rows
        assert all(row[-5] == "yes" for row in rows), fonts
        self.stranger.goto(f"{self.address}/verify/{letter.code}/")
        shown = self.stranger.locator("main").inner_text()
        for words in ("有效", letter.document_number, "嘉兴市", "国家发展和改革委员会"):
            assert words in shown
        copy = self.folder / "letter.pdf"
        copy.write_bytes(pdf)
        self.stranger.goto(f"{self.address}/verify/")
        self.stranger.locator("input[type=file]").set_input_files(str(copy))
        with self.stranger.expect_navigation():
            self.stranger.locator("form[action$='/verify/file/'] button[type=submit]").click()
        assert letter.document_number in self.stranger.locator("main").inner_text()


def quiet(road) -> None:
    """Nobody's browser complained and the chain of the audit holds."""
    assert [p.complaints for p in road.people.values() if p.complaints] == []
    assert list(audit.offenders()) == []


def test_leg_a_people_sign_in_find_their_home_and_nothing_that_is_not_theirs(road):
    assert len(road.people) >= 12
    for person in road.people.values():
        person.go("/home/")
        assert person.page.goto(f"{road.address}/audit/").status == 403
    road.stranger.goto(f"{road.address}/plans/")
    assert "/login/?next=" in road.stranger.url
    road.stranger.goto(f"{road.address}/help/")
    assert road.stranger.locator("main svg").count() >= 1
    quiet(road)


def test_leg_b_a_word_draft_becomes_a_plan_that_awaits_discussion(road):
    road.write()
    road.propose()
    road.stands_at(S.AWAITING_DISCUSSION)
    quiet(road)


def test_leg_c_the_group_and_the_city_take_it_through_a_round_to_maturity(road):
    road.discuss()
    road.advise()
    road.revise()
    road.decide()
    road.stands_at(S.READY)
    quiet(road)


def test_leg_d_it_is_filed_co_signed_and_becomes_a_letter_the_public_verifies(road):
    road.file()
    batch = road.cosign()
    road.issue(batch)
    road.read_letter()
    road.stands_at(S.APPROVED)
    quiet(road)
    call_command("verify_all")
