"""Who may open the pages of the three-stage workflow; actors are what a post is towards the case or batch named."""

from django.utils.translation import gettext_lazy as _

from portal.access import rule
from portal.roles import AGENCY, CITY, EVERYONE, GROUP, Role

from .actors import Actor as A
from .states import State as S

READERS = frozenset(A)
CITY_ACTORS = frozenset({A.CITY_EDITOR, A.CITY_LEAD})
GROUP_ACTORS = frozenset({A.GROUP_OFFICE, A.GROUP_LEADER})
DISCUSSING = GROUP_ACTORS | {A.MEMBER}
# Who sees a round's opinion, answers and verdicts once the opinion has been sent (the view keeps drafts back).
FOLLOWERS = CITY_ACTORS | DISCUSSING | {A.CHANNEL, A.LOCAL_DRC}
# Who reads the formal review opinion; the agencies do once it has been sent.
OPINION_READERS = DISCUSSING | {A.LEAD_HANDLER, A.LEAD_SIGNER, A.AGENCY_HANDLER, A.AGENCY_SIGNER, "informed"}
ASSESSING = frozenset({S.UNDER_DISCUSSION, S.OPINION_DRAFTING, S.RECHECK})

FILING = _("The local development and reform commission organises the formal application; a commerce office does not.")

RULES = (
    rule("home", "GET", roles=EVERYONE),
    # a case and its moves
    rule("plan_new", "GET POST", roles=CITY),
    rule("plan", "GET", subject="plan", actors=READERS),
    rule("plan_move", "GET POST", subject="plan", actors=READERS),  # the workflow table says who fires what
    rule("plan_receipt", "GET", subject="plan", actors=READERS),
    rule("plan_history", "GET", subject="plan", actors=READERS),
    rule("plan_versions", "GET", subject="plan", actors=READERS),
    rule("plan_read", "GET", subject="plan", actors=READERS),
    rule("plan_compare", "GET", subject="plan", actors=READERS),
    rule("plan_file", "GET", subject="plan", actors=READERS),
    rule("plan_file_preview", "GET", subject="plan", actors=READERS),
    rule("plan_file_page", "GET", subject="plan", actors=READERS),
    rule("plan_export", "GET POST", subject="plan", actors=READERS),
    rule("plan_export_file", "GET", subject="plan", actors=READERS),
    rule("plan_draft_export", "GET POST", subject="plan", actors=CITY_ACTORS),
    rule("plan_draft_file", "GET", subject="plan", actors=CITY_ACTORS),
    rule(
        "plan_open",
        "POST",
        subject="plan",
        actors={A.CHANNEL, A.GROUP_OFFICE},
        states={S.WITH_CHANNEL, S.AWAITING_DISCUSSION, S.CHECKING},
    ),
    rule("plan_release", "POST", subject="plan", actors={A.CITY_LEAD}, states={S.READY}),
    # In every state: whoever sends the form again is led to the receipt; the workflow table refuses the rest.
    rule("plan_file_formally", "GET POST", subject="plan", actors={A.LOCAL_DRC}, note=FILING),
    rule("plan_status", "GET", subject="plan", actors=CITY_ACTORS),
    rule("plan_checks", "GET", subject="plan", actors=CITY_ACTORS),
    # people and their posts
    rule("people", "GET", roles={Role.SECURITY_ADMIN}),
    rule("person", "GET", roles={Role.SECURITY_ADMIN}),
    rule("person_suspend", "GET POST", roles={Role.SECURITY_ADMIN}),
    rule("person_reinstate", "GET POST", roles={Role.SECURITY_ADMIN}),
    rule("post_end", "GET POST", roles={Role.SECURITY_ADMIN}),
    rule("post_hand_over", "GET POST", roles={Role.SECURITY_ADMIN}),
    rule("city_people", "GET", roles=CITY),
    rule("city_invite", "GET POST", roles={Role.CITY_LEAD}),
    rule("invitation_resend", "POST", roles={Role.CITY_LEAD}),
    rule("invitation_revoke", "POST", roles={Role.CITY_LEAD}),
    rule("city_post_end", "GET POST", roles={Role.CITY_LEAD}),
    rule("city_post_hand_over", "GET POST", roles={Role.CITY_LEAD}),
    rule("join", "GET POST", public=True),  # the link is the key: it was mailed to one address
    # desks
    rule("city_channel", "GET POST", roles=CITY),
    rule("channel_desk", "GET", roles={Role.CHANNEL_OFFICE, Role.LOCAL_DRC}),
    rule("review_board", "GET", roles=GROUP | {Role.EXPERT}),
    # discussion
    rule("plan_assignments", "GET", subject="plan", actors=GROUP_ACTORS),
    rule(
        "plan_assignments",
        "POST",
        subject="plan",
        actors={A.GROUP_OFFICE},
        states={S.AWAITING_DISCUSSION, S.UNDER_DISCUSSION, S.RECHECK},
    ),
    rule(
        "plan_excuse",
        "GET POST",
        subject="plan",
        actors={A.GROUP_OFFICE},
        states={S.AWAITING_DISCUSSION, S.UNDER_DISCUSSION, S.RECHECK},
    ),
    rule("plan_recuse", "GET POST", subject="plan", actors=DISCUSSING),
    rule("plan_note_add", "GET POST", subject="plan", actors={A.MEMBER}, states={S.UNDER_DISCUSSION}),
    rule("plan_note", "GET POST", subject="plan", actors={A.MEMBER}, states={S.UNDER_DISCUSSION}),
    rule("plan_note_delete", "GET POST", subject="plan", actors={A.MEMBER}, states={S.UNDER_DISCUSSION}),
    rule("plan_notes_publish", "GET POST", subject="plan", actors={A.MEMBER}, states={S.UNDER_DISCUSSION}),
    rule("plan_note_reply", "POST", subject="plan", actors=DISCUSSING),
    rule("plan_note_resolve", "POST", subject="plan", actors=DISCUSSING),
    rule("plan_opinion", "GET", subject="plan", actors=FOLLOWERS),
    rule("plan_opinion", "POST", subject="plan", actors={A.GROUP_OFFICE}, states={S.OPINION_DRAFTING}),
    rule("plan_opinion_item", "POST", subject="plan", actors={A.GROUP_OFFICE}, states={S.OPINION_DRAFTING}),
    rule("plan_note_decline", "POST", subject="plan", actors={A.GROUP_OFFICE}, states={S.OPINION_DRAFTING}),
    rule("plan_opinion_sign", "GET POST", subject="plan", actors={A.GROUP_LEADER}, states={S.OPINION_DRAFTING}),
    # revision
    rule("plan_responses", "GET", subject="plan", actors=FOLLOWERS),
    rule("plan_responses_docx", "GET", subject="plan", actors=FOLLOWERS),
    rule("plan_responses", "POST", subject="plan", actors=CITY_ACTORS, states={S.UNDER_REVISION, S.MATURING}),
    rule("plan_response", "GET POST", subject="plan", actors=CITY_ACTORS, states={S.UNDER_REVISION, S.MATURING}),
    rule("plan_responses_sheet", "GET", subject="plan", actors=CITY_ACTORS, states={S.UNDER_REVISION, S.MATURING}),
    rule(
        "plan_responses_import", "GET POST", subject="plan", actors=CITY_ACTORS, states={S.UNDER_REVISION, S.MATURING}
    ),
    rule("plan_verdict", "POST", subject="plan", actors={A.MEMBER, A.GROUP_OFFICE}, states={S.RECHECK}),
    rule("plan_maturity", "GET", subject="plan", actors=DISCUSSING),
    rule("plan_maturity", "POST", subject="plan", actors={A.MEMBER}, states=ASSESSING),
    # formal acceptance
    rule("plan_formal_opinion", "GET", subject="formal_opinion", actors=OPINION_READERS),
    rule("plan_formal_print", "GET", subject="formal_opinion", actors=OPINION_READERS),
    rule("plan_formal_opinion", "POST", subject="plan", actors={A.GROUP_OFFICE}, states={S.FORMAL_REVIEW}),
    rule("plan_member_view", "GET POST", subject="plan", actors={A.MEMBER}, states={S.FORMAL_REVIEW}),
    rule("plan_formal_sign", "GET POST", subject="plan", actors={A.GROUP_LEADER}, states={S.FORMAL_REVIEW}),
    # batches and letters
    rule("batches", "GET", roles=AGENCY | GROUP),
    rule("batch_new", "GET POST", roles={Role.AGENCY_HANDLER}),
    rule("batch", "GET", subject="batch", actors={"lead", "agency", "group"}),
    rule("batch_line_add", "POST", subject="batch", actors={"lead_handler"}, states={"composing"}),
    rule("batch_line_remove", "GET POST", subject="batch", actors={"lead_handler"}, states={"composing"}),
    rule("batch_leave_out", "POST", subject="batch", actors={"lead_handler"}, states={"composing"}),
    rule("batch_move", "GET POST", subject="batch", actors={"lead"}),
    rule("batch_cosign", "GET", subject="batch", actors={"lead", "agency"}),
    rule("batch_receive", "POST", subject="batch", actors={"agency"}, states={"cosigning"}),
    rule("batch_advise", "POST", subject="batch", actors={"agency_handler"}, states={"cosigning"}),
    rule("batch_sign", "GET POST", subject="batch", actors={"agency_signer"}, states={"cosigning"}),
    rule("batch_unsign", "POST", subject="batch", actors={"agency_signer"}, states={"cosigning"}),
    rule("batch_text", "GET", subject="batch", actors={"lead", "agency"}),
    rule("batch_letters", "GET", subject="batch", actors={"lead", "agency", "group"}),
    rule("letter_retry", "POST", subject="letter", actors={"lead_handler", "lead_signer"}),
    rule(
        "letter_file",
        "GET",
        subject="letter",
        actors={"lead_handler", "lead_signer", "agency", "group", "city", "offices"},
    ),
    # the public
    rule("verify", "GET", public=True),
    rule("verify_code", "GET", public=True),
    rule("verify_file", "POST", public=True),
)
