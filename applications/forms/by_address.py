"""Which form an address of the drafting pages sends."""

from typing import Any

from . import records, rows
from .attachments import AttachmentForm
from .proposals import ProposalForm
from .sections import SectionForm


def form_of(url_name: str, kwargs: dict[str, Any]) -> Any:
    """Answer ``portal.typed``: the form class, or ``None`` where the address has none of this layer's."""
    if url_name in {"plan_row_add", "plan_row"}:
        return rows.FORMS.get(kwargs["table"])
    if url_name == "plan_record":
        return records.FORMS.get(kwargs["key"])
    return {
        "plan_basics": records.BasicsForm,
        "plan_section": SectionForm,
        "plan_wording_propose": ProposalForm,
        "plan_attachments": AttachmentForm,
    }.get(url_name)
