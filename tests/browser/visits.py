"""Who visits which pages of the road, and what each page must show before it is judged."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from portal.roles import Role
from review.states import BatchState as B

FORM = "main form"
ROWS = "main table tbody tr"
WORK = "main ul.todo li"


@dataclass(frozen=True)
class Visit:
    """An address by name and what the page must show before it is judged."""

    name: str
    args: tuple = ()
    shows: str = "main h1"
    least: int = 1
    query: str = ""
    status: int = 200
    empty: bool = False  # send its form with nothing in it and judge what comes back

    def path(self, language: str) -> str:
        with translation.override(language):
            return reverse(self.name, args=self.args) + self.query


def public(road):
    yield (
        None,
        [
            Visit("front"),
            Visit("help", shows=ROWS, least=16),
            Visit("login", shows=FORM),
            Visit("verify", shows=FORM),
            Visit("verify_code", (road.codes[0],), "main dl, main table"),
            Visit("verify_code", ("AAAA-AAAA-AAAA-AAAA-AAAA-A",), status=404),
            Visit("login", shows=FORM, empty=True),
            Visit("verify", shows=FORM, empty=True),
            Visit("join", (road.invited,), FORM),
            Visit("join", (road.invited,), FORM, empty=True),
            Visit("join", ("nonsense",), "main .notice", status=404),
        ],
    )


def drafting(road):
    ref = road.ref("330400")
    rows = road.cases["330400"].plan
    pages = [
        Visit("home", shows=WORK),
        Visit("plans", shows=ROWS),
        Visit("plan_new", shows="main .notice"),
        Visit("outbox", status=403),
        Visit("plan", ("CJ-330500-2026",), status=404),
        Visit("city_channel", shows=FORM),
        Visit("city_people", shows="main td form button", least=2),
        Visit("city_invite", shows=FORM),
        Visit("city_invite", shows=FORM, empty=True),
        Visit("city_post_end", (road.world.editor.pk,), FORM),
        Visit("city_post_hand_over", (road.world.editor.pk,), FORM),
        Visit("plan", (ref,), "main a[href*='/sections/']", 5),
        Visit("plan_basics", (ref,), FORM),
        Visit("plan_import", (ref,), FORM),
        Visit("plan_section", (ref, "policy"), "main .dissent"),
        Visit("plan_section", (ref, "support"), "main .proposals article"),
        Visit("plan_row_add", (ref, "consultations"), FORM, empty=True),
        Visit("plan_section_history", (ref, "policy"), "main article", 2),
        *(
            Visit("plan_rows", (ref, table), ROWS)
            for table in ("indicators", "measures", "milestones", "consultations")
        ),
        *(Visit("plan_cells", (ref, table), FORM) for table in ("indicators", "milestones")),
        *(Visit("plan_rows_paste", (ref, table), FORM) for table in ("indicators", "measures")),
        *(Visit("plan_row_add", (ref, table), FORM) for table in ("indicators", "measures")),
        Visit("plan_row", (ref, "measures", rows.measures.get().pk), FORM),
        *(Visit("plan_record", (ref, key), FORM) for key in ("leading_group", "assessment", "summaries")),
        Visit("plan_row_add", (ref, "measures"), FORM, empty=True),
        Visit("plan_row_delete", (ref, "measures", rows.measures.get().pk), FORM),
        Visit("plan_rows_paste", (ref, "measures"), FORM),
        Visit("plan_team", (ref,), "main table.division tbody tr", 20),
        Visit("plan_team", (ref,), FORM, empty=True),
        Visit("plan_part_return", (ref, "policy"), FORM),
        Visit("plan_part_return", (ref, "policy"), FORM, empty=True),
        Visit("plan_department", (ref, road.world.editor.organisation_id), FORM),
        Visit("plan_department", (ref, road.world.editor.organisation_id), FORM, empty=True),
        Visit("plan_division", (ref, "policy"), "main select"),
        Visit("plan_attachments", (ref,), "main tbody tr, main li a"),
        Visit("plan_file_preview", (ref, rows.attachments.get().file_id), "main #preview p"),
        Visit("plan_attachment_delete", (ref, rows.attachments.get().pk), FORM),
        Visit("plan_checks", (ref,), "main li", 5),
        Visit("plan_status", (ref,), ROWS, 22),
        Visit("plan_move", (ref, "submit"), FORM),
        Visit("plan_history", (ref,)),
        Visit("plan_versions", (ref,)),
    ]
    yield road.world.lead, pages
    paragraph = rows.sections.get(key="support").paragraphs[0]["id"]
    yield (
        road.reader,
        [
            Visit("plan_section", (ref, "support"), "main .propose"),
            Visit("plan_wording_propose", (ref, "support", paragraph), FORM),
            Visit("plan_wording_propose", (ref, "support", "end"), FORM, empty=True),
        ],
    )


def revising(road):
    ref = road.ref("330800")
    item = road.cases["330800"].current_round.opinion.items.get()
    yield (
        road.leads["330800"],
        [
            Visit("home", shows=WORK),
            Visit("plan", (ref,), "main a[href*='/sections/']", 5),
            Visit("plan_opinion", (ref, 1), "main .letter"),
            Visit("plan_section", (ref, "policy"), "#opinions .note"),
            Visit("plan_responses", (ref, 1), "main", 1),
            Visit("plan_responses_import", (ref,), FORM),
            Visit("plan_response", (ref, item.pk), FORM),
            Visit("plan_response", (ref, item.pk), FORM, empty=True),
            Visit("plan_history", (ref,), "main .timeline li", 4),
            Visit("plan_versions", (ref,), ROWS),
            Visit("plan_export", (ref, 1), ROWS, 2),
            Visit("plan_draft_export", (ref,), FORM),
            Visit("plan_receipt", (ref, 1), "main .fingerprint"),
            Visit("plan_read", (ref, 1), "main .para", 5),
            Visit("notifications", shows=WORK),
            Visit("posts", shows=FORM),
            Visit("password", shows=FORM),
        ],
    )
    ref = road.ref("330900")
    yield (
        road.leads["330900"],
        [
            Visit("plan_versions", (ref,), ROWS, 2),
            Visit("plan_compare", (ref, 1, 2)),
            Visit("plan_responses", (ref, 1)),
        ],
    )
    yield road.leads["420500"], [Visit("plan_new", shows=FORM)]  # its plan is approved: it may begin another


def offices(road):
    waiting, ready = road.ref("330300"), road.ref("331000")
    yield (
        road.world.channel,
        [
            Visit("home", shows=WORK),
            Visit("channel_desk", shows=ROWS, least=5),
            Visit("plans", shows=ROWS, least=5),
            Visit("plan", (waiting,), ROWS),
            Visit("plan_move", (waiting, "forward"), FORM),
            Visit("plan_move", (waiting, "return_for_completion"), "main input[type=checkbox]", 10),
        ],
    )
    yield (
        road.world.drc,
        [
            Visit("home", shows=WORK),
            Visit("channel_desk", shows=ROWS),
            Visit("plan", (ready,), ROWS),
            Visit("plan_file_formally", (ready,), "main input[type=file]"),
        ],
    )


def discussing(road):
    world, under = road.world, road.ref("330600")
    current = road.cases["330600"].current_round
    note, seat = current.annotations.get(author=world.experts[1]), current.assignments.first()
    yield (
        world.experts[1],
        [
            Visit("home", shows=WORK),
            Visit("review_board", shows=ROWS),
            Visit("plan", (under,), ROWS),
            Visit("plan_read", (under, 1), "main .para, main .dissent", 6),
            Visit(
                "plan_note_add", (under,), FORM, query="?section=policy&target=paragraph&target_id=p1a&start=0&end=4"
            ),
            Visit("plan_note", (under, note.pk), FORM),
            Visit("plan_note", (under, note.pk), FORM, empty=True),
            Visit("plan_note_delete", (under, note.pk), FORM),
            Visit("plan_notes_publish", (under,), FORM),
            Visit("plan_recuse", (under,), FORM),
            Visit("plan_responses", (road.ref("330900"), 1)),
            Visit("plan_member_view", (road.ref("331100"),), FORM),
            Visit("plan_member_view", (road.ref("331100"),), FORM, empty=True),
        ],
    )
    yield (
        world.group_office,
        [
            Visit("home", shows=WORK, least=3),
            Visit("review_board", shows=ROWS, least=3),
            Visit("plans", shows=ROWS, least=8),
            Visit("plan", (road.ref("330500"),), ROWS),
            Visit("plan_assignments", (road.ref("330500"),), FORM),
            Visit("plan_assignments", (under,), FORM),
            Visit("plan_excuse", (under, seat.pk), FORM),
            Visit("plan_excuse", (under, seat.pk), FORM, empty=True),
            Visit("batches", shows=ROWS),
            Visit("plan_move", (under, "close_discussion"), FORM),
            Visit("plan_opinion", (road.ref("330700"), 1), FORM),
            Visit("plan_responses", (road.ref("330900"), 1)),
            Visit("plan_maturity", (road.ref("330900"),), ROWS),
            Visit("plan_formal_opinion", (road.ref("331100"),), FORM),
            Visit("plan_formal_opinion", (road.ref("331100"),), ROWS, 2),
            Visit("plan", (road.ref("330200"),), "main #filing"),
            Visit("plan_move", (road.ref("330200"), "accept"), FORM),
        ],
    )
    yield (
        world.leader,
        [
            Visit("home", shows=WORK),
            Visit("plan_opinion", (road.ref("330700"), 1)),
            Visit("plan_move", (road.ref("330900"), "keep_maturing"), FORM),
            Visit("plan_formal_opinion", (road.ref("331100"),)),
            Visit("plan_opinion_sign", (road.ref("330700"), 1), FORM),
            Visit("plan_formal_sign", (road.ref("331100"),), FORM),
        ],
    )


def agencies(road):
    world = road.world
    issued, signing, composing = (road.batches[s].batch for s in (B.ISSUED, B.COSIGNING, B.COMPOSING))
    line = composing.lines.get()
    desk = [Visit("home"), Visit("batches", shows=ROWS)]
    yield (
        world.handlers[0],
        [
            *desk,
            Visit("batch_new", shows=FORM),
            Visit("batch_new", shows=FORM, empty=True),
            Visit("batch", (composing.pk,), FORM),
            Visit("batch_line_remove", (composing.pk, line.pk), FORM),
            Visit("batch_move", (composing.pk, "freeze"), FORM),
            Visit("batch", (issued.pk,)),
            Visit("batch_letters", (issued.pk,), ROWS),
        ],
    )
    yield (
        world.signers[0],
        [
            *desk,
            Visit("batch_cosign", (signing.pk,), ROWS),
            Visit("batch_move", (signing.pk, "close_signing")),
            Visit("batch_text", (signing.pk,)),
            Visit("plan_formal_opinion", (road.ref("330782"),)),
            Visit("plan_read", (road.ref("330782"), road.cases["330782"].latest_version.number), "main .para", 5),
        ],
    )
    yield world.handlers[2], [*desk, Visit("batch_cosign", (signing.pk,), FORM), Visit("batch_text", (signing.pk,))]
    yield (
        world.signers[2],
        [
            *desk,
            Visit("batch_cosign", (signing.pk,), ROWS),
            Visit("batch_sign", (signing.pk,), FORM),
            Visit("batch_sign", (signing.pk,), FORM, empty=True),
        ],
    )


def administrators(road):
    own = [Visit("home"), Visit("posts", shows=FORM), Visit("password", shows=FORM)]
    yield road.admins[Role.SYSTEM_ADMIN], [*own, Visit("outbox")]
    lead, away = road.world.lead, road.world.experts[0].user
    people = [
        Visit("people", shows=ROWS, least=5),
        Visit("person", (lead.user_id,)),
        Visit("person_suspend", (lead.user_id,), FORM),
        Visit("person_suspend", (lead.user_id,), FORM, empty=True),
        Visit("person_reinstate", (away.pk,), FORM),
        Visit("post_end", (lead.pk,), FORM),
        Visit("post_hand_over", (lead.pk,)),
    ]
    yield (
        road.admins[Role.SECURITY_ADMIN],
        [Visit("home"), Visit("access_table", shows=ROWS, least=50), *people],
    )
    yield road.admins[Role.AUDIT_ADMIN], [Visit("home"), Visit("audit", shows=ROWS), Visit("access_table", shows=ROWS)]


GROUPS = [public, drafting, revising, offices, discussing, agencies, administrators]
NOT_PAGES = {
    "health": "plain words for a monitor",
    "notice": "a redirect to what the message is about",
    "plan_file": "a file",
    "plan_file_page": "a picture",
    "plan_export_file": "a file",
    "plan_draft_file": "a file",
    "letter_file": "a file",
    "plan_formal_print": "a file",
    "plan_rows_sheet": "a file",
    "plan_section_findings": "data for the page that asks",
    "plan_responses_sheet": "a file",
    "plan_responses_docx": "a file",
}
