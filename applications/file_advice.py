"""What becomes of a plan's attachments once others read it: the ones that nobody but the city could open."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.filework import copies, scans
from portal.models import Scan

from .finding.base import Finding
from .models import Plan

PART = "attachments"


def on_attachments(plan: Plan) -> list[Finding]:
    """Return one finding for each file that readers would not receive, or that all of them can be opened."""
    rows = list(plan.attachments.select_related("file"))
    closed = scans.closed(row.file.sha256 for row in rows)
    infected = _infected(sorted(closed))
    kept_back = copies.kept_back(row.file for row in rows)
    found = []
    for row in rows:
        sha = row.file.sha256
        if sha in infected:
            words = _("“%s” holds a malicious program, so nobody receives it. Remove it and attach a clean file.")
        elif sha in closed:
            words = _("“%s” has not been looked at by the scanner yet; until then nobody else can open it.")
        elif sha in kept_back:
            words = _("“%s” is not given to others: personal data could not be taken out. Print it to a new PDF.")
        else:
            continue
        found.append(Finding("advice", words % row.title, PART, f"#row-{row.pk}"))
    if rows and not found:
        found.append(Finding("passed", _("Readers can open every attachment."), PART))
    return found


def _infected(digests: Sequence[str]) -> set[str]:
    if not digests:
        return set()
    rows = Scan.objects.filter(sha256__in=digests, verdict=Scan.Verdict.INFECTED)
    return set(rows.values_list("sha256", flat=True))
