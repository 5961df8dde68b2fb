"""What the audited acts on a plan's working text are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "attachment:add": _("Attachment added"),
    "attachment:remove": _("Attachment removed"),
    "call:gates": _("Dates of the call set"),
    "city:add": _("City added"),
    "city:join": _("City joined"),
    "duty:divide": _("Work divided"),
    "guidance:advise": _("Guidance rewritten"),
    "part:finish": _("Part marked as completed"),
    "part:reopen": _("Part marked as still being written"),
    "part:return": _("Part given back"),
    "plan:import": _("Plan imported from a document"),
    "row:add": _("Row added"),
    "row:delete": _("Row deleted"),
    "row:move": _("Row moved"),
    "row:save": _("Row saved"),
    "rows:paste": _("Rows pasted"),
    "rows:undo": _("Pasting undone"),
    "section:save": _("Section saved"),
    "object:assessment": _("Outside assessment"),
    "object:attachment": _("Attachment"),
    "object:call": _("Call"),
    "object:city": _("City"),
    "object:consultation": _("Consultation"),
    "object:coordination": _("Coordination of departments"),
    "object:guidance": _("Guidance"),
    "object:indicator": _("Indicator"),
    "object:leadinggroup": _("Leading group"),
    "object:measure": _("Measure"),
    "object:milestone": _("Milestone"),
    "object:plan": _("Plan"),
    "object:planversion": _("Version"),
    "object:section": _("Section"),
    "object:summaries": _("Summaries"),
}
