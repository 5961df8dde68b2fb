"""Which signatures a batch still needs: read by guards, pages and the matrix."""

from .models import Batch, BatchLine, Signature

AGREEING = frozenset({Signature.Decision.AGREE, Signature.Decision.AGREE_NOTE})


def standing(batch: Batch):
    """Return the signatures that stand: not withdrawn, not voided."""
    return Signature.objects.filter(batch=batch, ended_at__isnull=True)


def missing_signatures(line: BatchLine) -> list[str]:
    """Return the short names of the agencies that have not agreed to this line's present digest."""
    agreed = set(
        standing(line.batch)
        .filter(line=line, digest=line.digest, decision__in=AGREEING)
        .values_list("agency_id", flat=True)
    )
    return [a.organisation.short_name for a in _lanes(line.batch) if a.organisation_id not in agreed]


def missing_joint(batch: Batch) -> list[str]:
    """Return the short names of the agencies that have not agreed to the joint text's present digest."""
    agreed = set(
        standing(batch)
        .filter(line__isnull=True, digest=batch.joint_digest, decision__in=AGREEING)
        .values_list("agency_id", flat=True)
    )
    return [a.organisation.short_name for a in _lanes(batch) if a.organisation_id not in agreed]


def excepted_by(line: BatchLine) -> list[str]:
    """Return the short names of the agencies that have said “not yet” to this city."""
    return list(
        standing(line.batch)
        .filter(line=line, digest=line.digest, decision=Signature.Decision.NOT_YET)
        .values_list("agency__short_name", flat=True)
    )


def _lanes(batch: Batch):
    return batch.agencies.select_related("organisation").order_by("position")
