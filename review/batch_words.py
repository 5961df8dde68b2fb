"""What a step of a batch does, in the sentences of its confirm page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .batch_machine import TITLES
from .models import Batch
from .services import batches, issuing


def act(found: Batch, name: str) -> str:
    """Return the words on the button."""
    if name != "issue":
        return str(TITLES[name])
    count = issuing.letters_to_come(found)
    return ngettext("Issue %d letter", "Issue %d letters", count) % count


def happens(found: Batch, name: str) -> list[str]:
    """Return what the step does; nothing of cities while none is on the list."""
    cities = "、".join(line.case.city.name for line in found.standing_lines())
    if name == "issue":
        return _issued(found, cities)
    if name == "freeze":
        return _frozen(found, cities) if cities else []
    return {
        "unfreeze": [
            _("The list is kept and can be changed again; its cities stand at “Proposed for approval”."),
            _("Signatures stay where the text stays the same; where it changes, only its signers are asked again."),
        ],
        "close_signing": [
            _("Cities that every agency agreed to are signed; nothing more can be signed or withdrawn."),
            _("Cities that an agency does not agree to yet are taken out; each is told the grounds and stays in line."),
        ],
        "reopen": [
            _("Every signature is voided and the agencies are asked again after the next freezing."),
            _("The cities stand at “Proposed for approval” again."),
        ],
        "cancel": [
            _("The batch ends without letters. Its list can still be read."),
            _("Its cities are free for another batch."),
        ],
    }[name]


def _frozen(found: Batch, cities: str) -> list[str]:
    asked = "、".join(a.organisation.short_name for a in found.agencies.select_related("organisation"))
    return [
        _("The list, the plan versions and the letters' texts are fixed by their fingerprints: %s.") % cities,
        _("Every agency is asked to co-sign: %s.") % asked,
        _("They have %d working days.") % found.call.deadlines.get("cosigning", batches.COSIGNING_DAYS),
    ]


def _issued(found: Batch, cities: str) -> list[str]:
    count = issuing.letters_to_come(found)
    if found.kind == Batch.Kind.APPROVE:
        first = _("These cities are approved: %s.")
    else:
        first = _("The approval of these cities is rescinded: %s.")
    return [
        first % cities,
        ngettext(
            "%d letter is numbered and issued: the joint letter and one for each city.",
            "%d letters are numbered and issued: the joint letter and one for each city.",
            count,
        )
        % count,
        _("Each city, its channel office and its DRC are told once their letter is made."),
        _("Letters that have been issued cannot be taken back; a mistake is corrected by a new letter."),
    ]
