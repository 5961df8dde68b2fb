"""The one place that changes the state of a batch; its table is on this screen too."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, clock
from portal.models import Membership
from portal.roles import Role

from .cosigning import excepted_by, missing_joint, missing_signatures
from .machine import NotAllowed
from .models import Batch, BatchMove
from .states import BatchState as B


def has_lines(batch: Batch) -> str | None:
    return None if batch.standing_lines().exists() else _("The list is empty: add at least one city.")


def every_city_decided(batch: Batch) -> str | None:
    """Each remaining city needs every agency; a city an agency excepts is taken out by this step."""
    for line in batch.standing_lines():
        missing = missing_signatures(line)
        if missing and not excepted_by(line):
            return _("%(city)s is not signed yet by: %(agencies)s") % {
                "city": line.case.city.name,
                "agencies": "、".join(missing),
            }
    if not any(not missing_signatures(line) for line in batch.standing_lines()):
        return _("No city on the list has been agreed to by every agency.")
    return None


def joint_text_signed(batch: Batch) -> str | None:
    missing = missing_joint(batch)
    return _("The joint text is not signed yet by: %s") % "、".join(missing) if missing else None


def texts_are_those_signed(batch: Batch) -> str | None:
    """Signatures stand for a digest: what it was made of must still be what would be printed."""
    from .services.letter_texts import altered

    names = altered(batch)
    told = _("The text of these letters is no longer the one that was signed: %s. Tell the system administrator.")
    return told % "、".join(names) if names else None


def key_is_there(batch: Batch) -> str | None:
    from .letters_store import signer

    if signer() is None:
        return _("The signing key is missing: letters cannot be signed. Ask the system administrator.")
    return None


@dataclass(frozen=True, slots=True, eq=False)
class BatchWay:
    name: str
    source: B
    target: B
    by: Role
    needs: tuple[Callable[[Batch], str | None], ...] = ()
    reason: bool = False


# fmt: off
TABLE = {
    way.name: way
    for way in (
        BatchWay("freeze", B.COMPOSING, B.COSIGNING, Role.AGENCY_HANDLER, (has_lines,)),
        BatchWay("unfreeze", B.COSIGNING, B.COMPOSING, Role.AGENCY_HANDLER, reason=True),
        BatchWay("close_signing", B.COSIGNING, B.SIGNED, Role.AGENCY_SIGNER, (every_city_decided, joint_text_signed, texts_are_those_signed, key_is_there)),
        BatchWay("reopen", B.SIGNED, B.COMPOSING, Role.AGENCY_SIGNER, reason=True),
        BatchWay("issue", B.SIGNED, B.ISSUED, Role.AGENCY_SIGNER, (has_lines, joint_text_signed, texts_are_those_signed, key_is_there)),
        BatchWay("cancel", B.COMPOSING, B.CANCELLED, Role.AGENCY_HANDLER, reason=True),
    )
}
# fmt: on
TITLES = {
    "freeze": gettext_lazy("Freeze and send for co-signature"),
    "unfreeze": gettext_lazy("Unfreeze"),
    "close_signing": gettext_lazy("Close the signing"),
    "reopen": gettext_lazy("Reopen the batch"),
    "issue": gettext_lazy("Issue the letters"),
    "cancel": gettext_lazy("Cancel the batch"),
}


def leads(post: Membership | None, batch: Batch) -> bool:
    """Say whether this post belongs to the batch's lead agency."""
    if post is None:
        return False
    return batch.agencies.filter(position=1, organisation_id=post.organisation_id).exists()


def obstacles(batch: Batch, name: str, *, by: Membership, reason: str = "") -> list[str]:
    """Return why the batch cannot make this move now, in words."""
    way = TABLE[name]
    if batch.state != way.source:
        return [_("The batch stands at “%s”; this step is not open from there.") % B(batch.state).label]
    if by.role != way.by or not leads(by, batch):
        return [_("This step is taken by the lead agency (%s).") % way.by.label]
    found = [text for needs in way.needs if (text := needs(batch))]
    if way.reason and not reason.strip():
        found.append(_("Please give a reason."))
    return found


def available(batch: Batch, *, by: Membership | None) -> list[BatchWay]:
    """Return the rows whose buttons ``by`` may see on the batch's page."""
    if not leads(by, batch):
        return []
    return [way for way in TABLE.values() if way.source == batch.state and way.by == by.role]


def step(
    batch_id: int,
    name: str,
    *,
    by: Membership,
    reason: str = "",
    seen: int,
    op_key: str,
    first: Callable[[Batch], None] | None = None,
    then: Callable[[Batch], None] | None = None,
) -> tuple[Batch, bool]:
    """Move a batch, or raise ``NotAllowed``; returns the batch and whether this was the first time.

    ``first`` runs in the same transaction before the state changes, ``then`` after; what they raise undoes the move.
    """
    if name not in TABLE:
        raise NotAllowed([_("There is no such step.")])
    if not op_key:
        raise NotAllowed([_("The form has lost its key; reload the page and try again.")])
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        before = BatchMove.objects.filter(batch=batch, by__user=by.user_id, op_key=op_key).first()
        if before:
            if before.name != name:
                raise NotAllowed([_("This form was already used for another step; reload the page.")])
            return batch, False
        if seen != batch.moves:
            raise NotAllowed(
                [
                    _("The batch has moved on since this page was opened; it now stands at “%s”. Reload the page.")
                    % B(batch.state).label
                ]
            )
        reasons = obstacles(batch, name, by=by, reason=reason)
        if reasons:
            raise NotAllowed(reasons)
        if first:
            first(batch)
        way = TABLE[name]
        move = BatchMove.objects.create(
            batch=batch,
            number=batch.moves + 1,
            name=name,
            source=batch.state,
            target=way.target,
            by=by,
            at=clock.now(),
            reason=reason.strip(),
            op_key=op_key,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('review.batch_move', %s, true)", [str(move.pk)])
        batch.state, batch.moves = way.target, move.number
        batch.save(update_fields=["state", "moves"])
        if then:
            then(batch)
        audit.record(
            f"batch:{name}", batch, by=by, number=move.number, source=move.source, target=move.target, reason=reason
        )
        return batch, True
