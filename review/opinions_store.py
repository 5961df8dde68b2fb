"""The worker's step that makes a signed formal review opinion's file: once, first writer wins."""

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal import audit, clock, keeping, outbox

from .models import MemberView, Opinion, OpinionPrint
from .names import seats, unnamed
from .printing import opinion as printing


def deliver(key: str, *, print_id: int) -> None:
    """Outbox handler; safe to run twice. A signature taken back meanwhile is printed no more."""
    row = OpinionPrint.objects.select_related(
        "opinion__case__plan", "opinion__case__city", "opinion__version", "opinion__signed_by__organisation"
    ).get(pk=print_id)
    if row.file_id is not None:
        return
    opinion = row.opinion
    if (opinion.digest, opinion.signed_at) != (row.digest, row.signed_at):
        raise outbox.NoLonger("the signature was taken back")
    try:
        data = printing.render(facts(opinion))
    except Exception as error:
        OpinionPrint.objects.filter(pk=row.pk, file__isnull=True).update(problem=_reason(error))
        raise
    _keep(row, data)


def facts(opinion: Opinion) -> printing.Facts:
    """Return what is printed of a signed opinion."""
    case, version = opinion.case, opinion.version
    assert opinion.number is not None
    assert opinion.signed_by is not None
    assert opinion.signed_at is not None
    filing = case.filings.filter(version=version).first()
    return printing.Facts(
        number=opinion.number,
        issuer=opinion.signed_by.organisation.name,
        city=case.city.name,
        plan_title=case.plan.title,
        reference=case.plan.reference,
        version=version.number,
        version_digest=version.digest,
        filing=f"{filing.cover_title}（{filing.cover_number}）" if filing else "",
        paragraphs=tuple(line.strip() for line in opinion.body.splitlines() if line.strip()),
        said=_said(opinion),
        signed_at=opinion.signed_at,
        digest=opinion.digest,
        is_sample=not settings.SIGNING_KEY_IS_PRODUCTION,
    )


def _said(opinion: Opinion) -> tuple[printing.Said, ...]:
    """Members in the order of their letters; whose interest was declared before the signature is marked."""
    case = opinion.case
    recused = set(case.recusals.filter(declared_at__lte=opinion.signed_at).values_list("user_id", flat=True))
    views = MemberView.objects.filter(version=opinion.version).select_related("member__organisation")
    order = seats(case)
    with translation.override("zh-hans"):
        name = unnamed(case)
        return tuple(
            printing.Said(name(v.member), v.text, v.given_at, v.member.user_id in recused)
            for v in sorted(views, key=lambda v: order[v.member_id])
        )


def _reason(error: Exception) -> str:
    return (str(getattr(error, "reason", "")) or str(error) or type(error).__name__)[:1000]


def _keep(row: OpinionPrint, data: bytes) -> None:
    with transaction.atomic():
        free = OpinionPrint.objects.select_for_update(of=("self",)).filter(pk=row.pk, file__isnull=True).first()
        if free is None:  # a second worker was faster: its file may have been downloaded and stays
            return
        stored = keeping.made(data, name=f"{row.opinion.number}.pdf", kind="pdf", mime="application/pdf")
        OpinionPrint.objects.filter(pk=row.pk).update(file=stored, made_at=clock.now(), problem="")
        number, sha = row.opinion.number, stored.sha256
        audit.record("opinion:made", row.opinion, number=number, print=row.pk, digest=row.digest, sha256=sha)
