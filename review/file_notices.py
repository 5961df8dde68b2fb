"""The workers' steps about a file that its senders are told of: no copy for others, a malicious program."""

from django.utils.translation import gettext_lazy as _

from portal import notices
from portal.filework import copies, scans

from .file_owners import tell_senders

notices.register(
    {
        "file_kept_back": notices.Kind(
            _("“%(file)s” is not given to others"),
            _("Names of authors, places or programs could not be taken out of “%(file)s”. Others do not receive it."
              " Print it to a new PDF, or save it again without them, and upload that."),
        ),
        "file_infected": notices.Kind(
            _("“%(file)s” holds a malicious program"),
            _("The scanner found “%(found)s” in “%(file)s”. Nobody receives the file any more. Remove it from the"
              " plan, and have the computer it comes from examined."),
        ),
    }
)  # fmt: skip


def deliver_copy(key: str, *, sha256: str) -> None:
    """Outbox handler; safe to run twice."""
    if copies.make(sha256).problem:
        tell_senders("file_kept_back", sha256)


def deliver_scan(key: str, *, sha256: str) -> None:
    """Outbox handler; safe to run twice. While the scanner does not answer it is asked again, ever more seldom."""
    row = scans.run(sha256)
    if row and row.verdict == scans.Verdict.INFECTED:
        tell_senders("file_infected", sha256, found=row.found)
