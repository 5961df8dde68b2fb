"""Every address × method × person × relation against the one table of rules; a refused call writes nothing.

By default a third of the cells, chosen by the hash of the cell and ``PORTAL_MATRIX_SEED``; the other two thirds
with ``PORTAL_MATRIX=rest``, as ``.ci/run`` does after the tests; all of them with ``PORTAL_MATRIX=full``.
"""

import hashlib
import os
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from portal import access
from portal.models import AuditEntry
from review.models import Annotation, Assignment, Letter, OpinionItem
from review.states import State as S
from tests.access.everybody import ANONYMOUS, BATCH_STATE, EXPIRED, NAMES, ROAD, TOWARDS, Everybody
from tests.batch_walk import BatchWalk
from tests.builders import Walk, World, key
from tests.pages import leads_to_sign_in
from tests.stage import stage, undone

pytestmark = pytest.mark.django_db
SEED = os.environ.get("PORTAL_MATRIX_SEED", "2026")
PARTS = 3
CHOICE = {"full": range(PARTS), "rest": range(1, PARTS)}.get(os.environ.get("PORTAL_MATRIX", ""), range(1))
METHODS = ("GET", "POST", "PUT")
# Pages that look further than the table: at an object that is not there in every situation asked here, or at the step.
WITHOUT_OBJECT = {
    "join", "notice", "verify_code", "city_post_end", "city_post_hand_over", "plan_draft_file", "plan_excuse",
    "plan_file_page", "plan_note", "plan_note_delete", "plan_opinion_sign", "plan_receipt", "plan_responses",
    "batch_new",  # the lead agency's alone, and which that is the call says
    "batch_move", "plan_move",  # one named step, asked in every state
}  # fmt: skip
# What an open act may answer: done, the step was taken meanwhile, or what is missing; and who may answer otherwise.
ACT = {302, 409, 422}
ACTS = {
    **dict.fromkeys(("password", "plan_new", "posts", "stay"), {200}),
    **dict.fromkeys(("batch_new", "plan_move"), ACT | {403}),  # whose step it is the call or the step says
    **dict.fromkeys((
        "batch_leave_out", "batch_line_add", "batch_unsign", "city_post_end", "city_post_hand_over",
        "invitation_resend", "invitation_revoke", "join", "outbox", "plan_excuse", "plan_note", "plan_note_delete",
        "plan_opinion_item", "plan_opinion_sign", "plan_wording",
    ), ACT | {404}),  # the object named is not there in every situation asked here
}  # fmt: skip
ANYWHERE = (S.DRAFT, S.WITH_CHANNEL, S.UNDER_DISCUSSION, S.UNDER_REVISION, S.READY, S.COSIGNING)


def patterns(resolver: URLResolver | None = None) -> dict[str, URLPattern]:
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found |= patterns(pattern)
        else:
            found[pattern.name] = pattern
    return found


PATTERNS = patterns()


def test_every_address_has_a_rule_and_every_rule_an_address():
    ruled = {url for url, _method in access.table()}
    assert PATTERNS.keys() - ruled == set(), "an address that no rule opens to anybody"
    assert ruled - PATTERNS.keys() == set(), "a rule without an address"


def test_every_rule_names_what_its_subject_is_found_by():
    wanted = {"plan": "ref", "formal_opinion": "ref", "batch": "batch_id", "letter": "code"}
    for url, pattern in PATTERNS.items():
        for method in ("GET", "POST"):
            row = access.find(url, method)
            if row and row.subject:
                assert wanted[row.subject] in pattern.pattern.converters, url
    for url, pattern in PATTERNS.items():
        named = set(wanted.values()) & set(pattern.pattern.converters)
        rows = [row for method in ("GET", "POST") if (row := access.find(url, method))]
        assert not named or all(row.subject or row.public for row in rows), f"{url} names an object nobody checks"


def digest_of(*cell) -> int:
    return int(hashlib.sha256("|".join(map(str, (SEED, *cell))).encode()).hexdigest()[:12], 16)


def situations(url: str, method: str) -> list[S]:
    """Return a state that the rule allows and one that it does not, or any one state where it names none."""
    row = access.find(url, method) or access.find(url, "POST") or access.find(url, "GET")
    if not row.subject:
        return [S.DRAFT]
    if row.subject == "letter":
        return [S.APPROVED]
    if row.subject == "batch":
        choice, stands = list(BATCH_STATE), BATCH_STATE
    else:
        choice, stands = list(ROAD), {s: s.value for s in ROAD}
    number = digest_of(url, method)
    if not row.states:
        free = choice if row.subject == "batch" else ANYWHERE
        return [free[number % len(free)]]
    inside = [s for s in choice if stands[s] in row.states]
    outside = [s for s in choice if stands[s] not in row.states]
    return [some[number % len(some)] for some in (inside, outside) if some]


def cells() -> dict[S, list[tuple[str, str, str, str]]]:
    """Return the chosen cells by the state in which they are asked."""
    found: dict[S, list] = {}
    for url in sorted(PATTERNS):
        for method in METHODS:
            for state in situations(url, method):
                for who in NAMES:
                    number = digest_of(url, method, state, who)
                    if number % PARTS in CHOICE:
                        language = "en" if number // PARTS % 4 == 0 else settings.LANGUAGE_CODE
                        found.setdefault(state, []).append((url, method, who, language))
    return found


CELLS = cells()


def expected(url: str, method: str, who: str, state: S) -> int | None:
    """Return the status with which the table refuses, ``None`` where it lets the person through."""
    row = access.find(url, method)
    if row is None:
        return 405
    if row.public:
        return None
    if who == ANONYMOUS:
        return 302
    if who == EXPIRED:
        return None if url in {"posts", "logout"} else 403
    if not row.subject:
        return None if ROLE[who] in row.roles else 403
    actors = TOWARDS[row.subject](who, state)
    if not actors:
        return 404
    if not actors & row.actors:
        return 403
    stands = {"plan": state.value, "formal_opinion": state.value, "batch": BATCH_STATE.get(state), "letter": "valid"}[
        row.subject
    ]
    return 409 if row.states and stands not in row.states else None


ROLE = {
    "own lead": "city_lead", "own editor": "city_editor", "lead of a neighbour city": "city_lead",
    "lead of a far city": "city_lead", "own channel": "channel_office", "other channel": "channel_office",
    "own DRC": "local_drc", "DRC of another city": "local_drc", "group office": "group_office",
    "group leader": "group_leader", "recused office": "group_office", "recused leader": "group_leader",
    "assigned member": "expert", "recused member": "expert", "member not assigned": "expert",
    "lead agency handler": "agency_handler", "lead agency signer": "agency_signer",
    "co-signing handler": "agency_handler", "co-signing signer": "agency_signer",
    "handler of a stranger agency": "agency_handler", "signer of a stranger agency": "agency_signer",
    "system administrator": "system_admin", "security administrator": "security_admin",
    "audit administrator": "audit_admin",
}  # fmt: skip


class Scene:
    """Everybody of one world, signed in; ``call`` asks as one of them."""

    def __init__(self):
        self.world = World()
        self.everybody = Everybody(self.world)
        self.client = Client(raise_request_exception=False)
        self.sessions: dict[str, str] = {}
        for name, post in self.everybody.posts.items():
            if post is not None:
                client = Client()
                client.force_login(post.user, backend="django.contrib.auth.backends.ModelBackend")
                self.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def call(self, who: str, method: str, path: str, data: dict):
        cookies = {settings.SESSION_COOKIE_NAME: self.sessions[who]} if who in self.sessions else {}
        self.client.cookies = SimpleCookie(cookies)
        if method == "PUT":
            return self.client.put(path, data="{}", content_type="application/json")
        return getattr(self.client, method.lower())(path, data if method == "POST" else None)


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    with stage(django_db_blocker, tmp_path_factory.mktemp("matrix")):
        yield Scene()


class Situation:
    """A case (and its batch) in one state, and the ids that addresses name."""

    def __init__(self, world: World, everybody: Everybody, state: S):
        self.state = state
        walk = Walk(world, world.draft(), world.lead)
        case = walk.to(S.PROPOSED if state in BATCH_STATE else state)
        self.batch = None
        if state in BATCH_STATE:
            self.batch = BatchWalk(world, case).to(BATCH_STATE[state])
        case.refresh_from_db()
        everybody.recuse(case)
        self.case, plan = case, case.plan
        line = self.batch.lines.first() if self.batch else None
        signature = self.batch.signatures.first() if self.batch else None
        letter = Letter.objects.filter(line__case=case).first()
        assignment = Assignment.objects.filter(round__case=case).first()
        item, note = OpinionItem.objects.first(), Annotation.objects.first()
        self.ids = {
            "ref": plan.reference,
            "batch_id": self.batch.pk if self.batch else 0,
            "code": letter.code if letter else "0000",
            "line_id": line.pk if line else 0,
            "signature_id": signature.pk if signature else 0,
            "number": 1,
            "a": 1,
            "b": 2,
            "file_id": plan.attachments.get().file_id,
            "item": item.pk if item else 0,
            "note": note.pk if note else 0,
            "name": "withdraw",
            "key": "policy",
            "table": "indicators",
            "format": "pdf",
            "export_id": 0,
            "paragraph": "end",
            "token": "nonsense",
            "pk": plan.indicators.get().pk,
        }
        self.of_url = {
            "plan_record": {"key": "assessment"},
            "plan_part_done": {"key": "indicators"},
            "plan_attachment_delete": {"pk": plan.attachments.get().pk},
            "batch_move": {"name": "freeze"},
            "plan_department": {"pk": world.editor.organisation_id},
            "post_end": {"pk": world.editor.pk},
            "post_hand_over": {"pk": world.editor.pk},
            "city_post_end": {"pk": world.editor.pk},
            "city_post_hand_over": {"pk": world.editor.pk},
            "plan_excuse": {"pk": assignment.pk if assignment else 0},
        } | {f"plan_note{act}": {"pk": self.ids["note"]} for act in ("", "_delete", "_reply", "_resolve")}

    def path(self, url: str, language: str) -> str:
        names = PATTERNS[url].pattern.converters
        values = self.ids | self.of_url.get(url, {})
        with translation.override(language):
            return reverse(url, kwargs={name: values[name] for name in names})

    def data(self, url: str) -> dict:
        moves = self.batch.moves if url.startswith("batch") and self.batch else self.case.moves
        return {"seen": str(moves), "op_key": key(), "reason": "示例理由"}


WRITES = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND (relname LIKE 'portal_%' OR relname LIKE 'applications_%' OR relname LIKE 'review_%')
AND relname NOT IN ('portal_auditentry', 'portal_audithead') ORDER BY relname
"""


def writes() -> list[tuple]:
    """Return how many rows each business table has had written in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return cursor.fetchall()


def audited() -> tuple[int, int]:
    entries = AuditEntry.objects.order_by("-seq")
    refusals = entries.filter(action="access:refused").count()
    return refusals, entries.count()


def ask(scene: Scene, situation: Situation, cell: tuple) -> str | None:
    """Return what is wrong with one cell, ``None`` when the portal answers as the table says."""
    url, method, who, language = cell
    wanted = expected(url, method, who, situation.state)
    path, data = situation.path(url, language), situation.data(url)
    before, (refusals, entries) = writes(), audited()
    answer = scene.call(who, method, path, data)
    told = f"{who}: {method} {path} ({url}, {situation.state})"
    if answer.status_code >= 500:
        return f"{told} broke: {answer.exc_info[1]!r}"
    to_login = leads_to_sign_in(answer)
    refusals_after, entries_after = audited()
    if wanted is None:
        if to_login or refusals_after != refusals or answer.status_code == 405:
            return f"{told} is open by the table, but was refused with {answer.status_code}"
        if method == "GET" and answer.status_code >= 400 and url not in WITHOUT_OBJECT:
            return f"{told} is open by the table, but its page answers {answer.status_code}"
        if method == "POST" and answer.status_code not in ACTS.get(url, ACT):
            return f"{told} is open by the table, but the act answers {answer.status_code}"
        return None
    if not to_login if wanted == 302 else answer.status_code != wanted:
        return f"{told} should be refused with {wanted}, got {answer.status_code}"
    if writes() != before:
        changed = [row[0] for row, old in zip(writes(), before, strict=False) if row != old]
        return f"{told} was refused, but wrote to {changed}"
    noted = 0 if wanted in {302, 405} else 1
    if (refusals_after - refusals, entries_after - entries) != (noted, noted):
        return f"{told} was refused, but the audit has {entries_after - entries} entries more"
    return None


@pytest.mark.parametrize("state", [s for s in ROAD if s in CELLS])
def test_cells(scene, state):
    chosen, wrong = CELLS[state], []
    print(f"seed {SEED}, {len(CHOICE)} of {PARTS} parts: {len(chosen)} cells in {state}")

    def play():
        situation = Situation(scene.world, scene.everybody, state)
        for cell in chosen:
            wrong.append(undone(lambda cell=cell: ask(scene, situation, cell)))

    undone(play)
    found = [text for text in wrong if text]
    assert not found, "\n".join(found)
    assert len(wrong) == len(chosen) > 0


def test_answers_are_listed_for_addresses_that_are_there():
    assert ACTS.keys() | WITHOUT_OBJECT <= PATTERNS.keys()


def test_choice_holds_its_share_of_the_cells():
    number = sum(map(len, CELLS.values()))
    everything = sum(len(situations(url, m)) * len(NAMES) for url in PATTERNS for m in METHODS)
    share = len(CHOICE) / PARTS
    assert abs(number / everything - share) < 0.04, f"{number} of {everything} cells"


def test_names_and_people_agree(scene):
    assert tuple(scene.everybody.posts) == NAMES
    held = {name: post.role for name, post in scene.everybody.posts.items() if post and name != EXPIRED}
    assert held == ROLE
    assert set(held.values()) == set(access.EVERYONE)
