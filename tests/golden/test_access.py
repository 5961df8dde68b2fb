"""Every hand-written line about pages, asked of the running portal."""

import io
import re
from itertools import groupby

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from portal import blobs, clock
from review.models import Annotation, Letter, OpinionItem
from review.states import State as S
from tests.batch_walk import BatchWalk
from tests.builders import World, key
from tests.golden import AccessLine, load_access
from tests.golden.moves_world import People, Situation, change_channel
from tests.pages import leads_to_sign_in
from tests.past_guards import past_guards
from tests.stage import stage, undone

pytestmark = pytest.mark.django_db
LINES = load_access()
NOT_BUILT_YET = {"/calendar/", "/overview/", "/reminders/", "/search/",
                 "/manage/users/", "/manage/programme/"}  # fmt: skip
# The hand-written table speaks of pages; these are the addresses under which the portal shows or takes them.
ADDRESS = {
    "/": "front",
    "/verify/": "verify",
    "/verify/<code>/": "verify_code",
    "/login/": "login",
    "/help/": "help",
    "/home/": "home",
    "/notifications/": "notifications",
    "/plans/": "plans",
    "/channel/": "channel_desk",
    "/review/": "review_board",
    "/plans/<ref>/": "plan",
    "/plans/<ref>/sections/<key>/": "plan_section",
    "/plans/<ref>/v1/read/": "plan_read",
    "/plans/<ref>/versions/": "plan_versions",
    "/plans/<ref>/history/": "plan_history",
    "/plans/<ref>/team/": "plan_team",
    "/plans/<ref>/compare/1/2/": "plan_compare",
    "/plans/<ref>/checks/": "plan_checks",
    "/plans/<ref>/indicators/": "plan_rows",
    "/plans/<ref>/milestones/": "plan_rows",
    "/plans/<ref>/rounds/1/opinion/": "plan_opinion",
    "/plans/<ref>/rounds/1/responses/": "plan_responses",
    "/plans/<ref>/maturity/": "plan_maturity",
    "/plans/<ref>/formal-opinion/": "plan_formal_opinion",
    "/plans/<ref>/formal-opinion/pdf/": "plan_formal_print",
    "/plans/<ref>/formal-opinion/view/": "plan_member_view",
    "/files/<sha>/": "plan_file",
    "/files/<sha>/preview/": "plan_file_preview",
    "/batches/": "batches",
    "/batches/<id>/": "batch",
    "/batches/<id>/cosign/": "batch_cosign",
    "/batches/<id>/letters/": "batch_letters",
}
TAKES = {
    "/plans/<ref>/v1/read/": "plan_note_add",
    "/plans/<ref>/indicators/": "plan_row_add",
    "/batches/<id>/": "batch_line_add",
    "/batches/<id>/cosign/": "batch_sign",
}
OWN_NOTE, OTHERS_NOTE, PUBLISHED = "示例：只给自己看的批注。", "示例：另一成员未公开的批注。", "示例：已经公开的批注。"
EXPERT = "示例·协调小组成员（某研究机构）"


def group(line: AccessLine) -> tuple:
    on_batch = line.page.startswith("/batches/<id>/")
    return line.state, line.needs, line.batch if on_batch or line.batch != "cosigning" else ""


GROUPS = [(name, list(lines)) for name, lines in groupby(sorted(LINES, key=group), key=group)]


def name_of(value) -> str:
    state, needs, batch = value[0]
    return "-".join(part.replace(" ", "_") for part in (state, batch, needs) if part)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker, tmp_path_factory):
    with stage(django_db_blocker, tmp_path_factory.mktemp("golden")):
        everybody = People(World())
        expert = everybody.own["expert"].user
        expert.full_name = EXPERT
        expert.save(update_fields=["full_name"])
        yield everybody


class Page(Situation):
    """A situation of ``moves.txt`` with notes, a kept file and, where lines are about batches, a batch."""

    def __init__(self, world: World, state: str, needs: str, batch: str):
        super().__init__(world, state, needs)
        if needs == "the city has changed its channel to the local DRC":
            change_channel(world)
        if state == "returned" and "the section is" in needs:
            self.return_naming("policy" if needs == "the section is named in the return" else "support")
        self.list = self.batch.batch if self.batch else None
        if batch and self.list is None:
            self.list = self.compose(world, batch)
        self.case.refresh_from_db()
        self.keep_file()
        self.notes = self.case.current_round and self.write_notes()

    def compose(self, world: World, batch: str):
        """The line's batch: with this case where it is proposed, otherwise with another city's."""
        case = self.case
        if self.state != S.PROPOSED:
            case = world.case(S.PROPOSED, world.direct, world.direct_lead)
        return BatchWalk(world, case).to(batch)

    def return_naming(self, part: str) -> None:
        self.walk.submit()
        given = {"parts": [part]}
        self.walk.fire("return_for_completion", self.world.channel, reason="请补充", given=given)

    def keep_file(self) -> None:
        """The attachment's bytes lie in the private store under the digest that the version froze."""
        file = self.case.plan.attachments.get().file
        sha = blobs.store(io.BytesIO(b"%PDF-1.7 sample"), settings.PRIVATE_ROOT)
        place = blobs.path_of(file.sha256, settings.PRIVATE_ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(blobs.path_of(sha, settings.PRIVATE_ROOT).read_bytes())
        self.file = file

    def write_notes(self) -> None:
        """One published note and one private note of each of the two members, all in round 1."""
        first = self.case.rounds.get(number=1)
        for author, body, published in (
            (self.world.experts[0], OWN_NOTE, None),
            (self.world.experts[1], OTHERS_NOTE, None),
            (self.world.experts[0], PUBLISHED, clock.now()),
        ):
            note = Annotation.objects.create(
                round=first,
                version=first.version,
                author=author,
                kind="suggestion",
                section="policy",
                target_id="p1b",
                start=0,
                end=5,
                quote="到2028",
                body=body,
                published_at=published,
            )
        item = OpinionItem.objects.filter(opinion__round=first).first()
        if item:
            with past_guards():  # the opinion is signed already
                item.sources.add(note)  # the published one, as the office collects it
        if self.needs == "that member is excused":
            first.assignments.filter(member=self.world.experts[1]).update(
                excused_at=clock.now(), excused_reason="示例原因", published_at=None
            )

    def path(self, line: AccessLine) -> str:
        url = ADDRESS[line.page] if line.method == "GET" else TAKES.get(line.page, ADDRESS[line.page])
        item = OpinionItem.objects.filter(opinion__case=self.case).first()
        if line.method == "POST" and url == "plan_responses":
            url = "plan_verdict" if line.who == "expert" else "plan_response"
        if url == "verify_code":
            BatchWalk(self.world, self.world.case(S.PROPOSED, self.world.direct, self.world.direct_lead)).to("issued")
        section = "funds" if "safeguards" in line.needs else "policy"
        values = {
            "ref": self.case.plan.reference,
            "batch_id": self.list.pk if self.list else 0,
            "code": Letter.objects.values_list("code", flat=True).first() or "0000",
            "key": section,
            "table": "milestones" if "milestones" in line.page else "indicators",
            "file_id": self.file.pk,
            "number": 1,
            "item": item.pk if item else 0,
            "a": 1,
            "b": 2,
        }
        if url == "plan_section" and section == "funds":
            url = "plan_record"
        return reverse(url, kwargs={name: values[name] for name in KWARGS.get(url, ())})

    def data(self, line: AccessLine) -> dict:
        """Return a form filled well enough that only the right to send it is in question."""
        more = {
            "/plans/<ref>/sections/<key>/": {"text": "示例：改写后的段落。", "sources": "市级财政专项资金"},
            "/plans/<ref>/indicators/": {"name": "示例指标", "area": "policy", "kind": "hard", "unit": "家"},
            "/plans/<ref>/v1/read/": {
                "section": "policy", "target": "paragraph", "id": "p1b", "start": "0", "end": "5",
                "kind": "suggestion", "body": "示例批注",
            },
            "/plans/<ref>/rounds/1/responses/": {"handling": "adopted", "verdict": "solved", "text": "示例：已写明。"},
            "/batches/<id>/": {"ref": self.case.plan.reference},
        }.get(line.page, {})  # fmt: skip
        return {"seen": str(self.case.moves), "op_key": key(), "reason": "示例理由"} | more


KWARGS = {
    "verify_code": ("code",),
    "plan": ("ref",), "plan_section": ("ref", "key"), "plan_record": ("ref", "key"), "plan_read": ("ref", "number"),
    "plan_versions": ("ref",), "plan_history": ("ref",), "plan_compare": ("ref", "a", "b"), "plan_checks": ("ref",),
    "plan_rows": ("ref", "table"), "plan_row_add": ("ref", "table"), "plan_opinion": ("ref", "number"),
    "plan_responses": ("ref", "number"), "plan_response": ("ref", "item"), "plan_verdict": ("ref", "item"),
    "plan_maturity": ("ref",), "plan_team": ("ref",), "plan_file": ("ref", "file_id"),
    "plan_file_preview": ("ref", "file_id"), "plan_note_add": ("ref",),
    "plan_formal_opinion": ("ref",), "plan_formal_print": ("ref",), "plan_member_view": ("ref",),
    "batch": ("batch_id",), "batch_line_add": ("batch_id",), "batch_cosign": ("batch_id",),
    "batch_sign": ("batch_id",), "batch_letters": ("batch_id",),
}  # fmt: skip


def person_of(people: People, line: AccessLine, case):
    """``other`` for a channel whose city went elsewhere is the channel it had."""
    if line.needs == "the city has changed its channel to the local DRC":
        return people.own["channel_office"]
    if line.who in {"agency_handler", "agency_signer"} and line.whose == "other":
        return people.other[line.who]
    if line.who == "expert" and line.whose == "other":
        return people.unassigned
    return people.of(line.who, line.whose, case)


def ask(people: People, page: Page, line: AccessLine) -> str | None:
    """Return what is wrong with one line, ``None`` when the portal agrees with it."""
    told = f"line {line.number}: {line.who} {line.whose} {line.method} {line.page} [{line.state}] [{line.needs}]"
    if page.case.state != line.state:
        return f"{told}: the situation stands at {page.case.state}"
    by = person_of(people, line, page.case)
    client = Client(raise_request_exception=False)
    if by:
        client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
    path, data = page.path(line), page.data(line)
    if line.method == "POST" and "/sections/" in line.page and by:
        data |= hidden_fields(client.get(path))
    answer = client.get(path) if line.method == "GET" else client.post(path, data)
    if answer.status_code >= 500:
        return f"{told} broke: {answer.exc_info[1]!r}"
    if line.part:
        return part_of(page, line, answer, told)
    got = verdict_of(answer, anonymous=by is None)
    return None if got == line.verdict else f"{told} is {line.verdict}, but the portal answers {answer.status_code}"


def hidden_fields(page) -> dict[str, str]:
    """Return what the editor's own page carries along with a save."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return dict(fields)


def verdict_of(answer, *, anonymous: bool) -> str:
    if leads_to_sign_in(answer):
        return "refused" if anonymous else "sent to sign in"
    if answer.status_code in {403, 405, 409}:
        return "refused"
    return "hidden" if answer.status_code == 404 else "allowed"


def part_of(page: Page, line: AccessLine, answer, told: str) -> str | None:
    """The page itself is readable; the part stands on it or does not."""
    if answer.status_code != 200:
        return f"{told}: the page itself answers {answer.status_code}"
    text = {
        "own private note": OWN_NOTE,
        "another member's private note": OTHERS_NOTE,
        "a published note": PUBLISHED,
        "an expert's name": EXPERT,
    }[line.part]
    stands = text in answer.content.decode()
    if stands == (line.verdict == "allowed"):
        return None
    return f"{told}: {line.part} is {'shown' if stands else 'not shown'}"


@pytest.fixture(scope="module", autouse=True)
def _unassigned(people):
    from portal.models import Organisation
    from portal.models.organisations import OrganisationKind as Kind
    from portal.roles import Role
    from tests.builders import person

    employer = Organisation.objects.create(kind=Kind.EXPERTS, name="另一示例机构", short_name="另一示例机构")
    people.unassigned = person(Role.EXPERT, employer)


@pytest.mark.parametrize("lines", GROUPS, ids=name_of)
def test_lines(people, lines):
    (state, needs, batch), rows = lines
    rows = [row for row in rows if row.page not in NOT_BUILT_YET]
    wrong = []

    def play():
        page = Page(people.world, state, needs, batch)
        for line in rows:
            wrong.append(undone(lambda line=line: ask(people, page, line)))

    if rows:
        undone(play)
    assert [text for text in wrong if text] == []
    assert len(wrong) == len(rows)


def test_every_page_of_the_table_is_known_here():
    assert {line.page for line in LINES} == ADDRESS.keys() | NOT_BUILT_YET


@pytest.mark.parametrize("page", sorted(NOT_BUILT_YET))
def test_page_that_is_not_built_yet_is_still_missing(page):
    """When this fails the page has come: give it its address above, so that its lines are asked."""
    path = re.sub(r"<\w+>", "x", page)
    with pytest.raises(Resolver404):
        resolve(path)


def test_addresses_of_the_table_exist():
    for url in [*ADDRESS.values(), *TAKES.values(), "plan_response", "plan_verdict"]:
        given = {n: 1 if n in {"number", "a", "b", "item", "file_id", "batch_id"} else "x" for n in KWARGS.get(url, ())}
        try:
            assert reverse(url, kwargs=given)
        except NoReverseMatch:
            pytest.fail(f"no address is called {url}")
