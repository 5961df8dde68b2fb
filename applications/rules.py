"""Who may open the pages on which a plan is written: the city's own people alone see the working text."""

from portal.access import rule
from portal.roles import WORKING

EDITORS = ("city_editor", "city_lead")
EDITABLE = ("draft", "returned", "under_revision", "maturing", "ready")

RULES = (
    rule("plans", "GET", roles=WORKING),
    rule("plan_basics", "GET", subject="plan", actors=EDITORS),
    rule("plan_basics", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_import", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_section", "GET", subject="plan", actors=EDITORS),
    rule("plan_section", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_section_save", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_section_findings", "GET", subject="plan", actors=EDITORS),
    rule("plan_section_history", "GET", subject="plan", actors=EDITORS),
    rule("plan_section_history", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_wording_propose", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_wording", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_rows", "GET", subject="plan", actors=EDITORS),
    rule("plan_cells", "GET", subject="plan", actors=EDITORS),
    rule("plan_cells", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_row_add", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_row", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_row_delete", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_row_move", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_rows_paste", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_rows_undo", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_rows_sheet", "GET", subject="plan", actors=EDITORS),
    rule("plan_record", "GET", subject="plan", actors=EDITORS),
    rule("plan_record", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_part_done", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_part_return", "GET POST", subject="plan", actors=("city_lead",), states=EDITABLE),
    rule("plan_team", "GET", subject="plan", actors=EDITORS),
    rule("plan_team", "POST", subject="plan", actors=("city_lead",), states=EDITABLE),
    rule("plan_department", "GET POST", subject="plan", actors=("city_lead",), states=EDITABLE),
    rule("plan_division", "GET POST", subject="plan", actors=("city_lead",), states=EDITABLE),
    rule("plan_attachments", "GET", subject="plan", actors=EDITORS),
    rule("plan_attachments", "POST", subject="plan", actors=EDITORS, states=EDITABLE),
    rule("plan_attachment_delete", "GET POST", subject="plan", actors=EDITORS, states=EDITABLE),
)
