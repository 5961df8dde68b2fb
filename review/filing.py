"""What was filed formally, and in which parts it differs from the version found mature (decisions 21)."""

from dataclasses import dataclass

from django.urls import reverse

from applications.models import PlanVersion
from applications.parts import PARTS, READY_PARTS

from . import comparing
from .models import Case, FormalFiling


@dataclass(frozen=True, slots=True)
class Differing:
    """One part that differs: ``url`` is the comparison of the two versions at the tab on which it stands."""

    label: str
    count: int
    url: str
    is_formal: bool  # one of the parts that a city completes for the formal application


@dataclass(frozen=True, slots=True)
class Filed:
    """``mature`` is the version that was found ready; ``cover_url`` shows the cover letter."""

    filing: FormalFiling
    mature: PlanVersion
    cover_url: str
    compare_url: str
    parts: list[Differing]

    @property
    def is_beyond_the_formal_parts(self) -> bool:
        return any(not part.is_formal for part in self.parts)


def filed(case: Case) -> Filed | None:
    """Return the last formal application beside what it was made from; ``None`` when nothing was filed yet."""
    filing = case.filings.select_related("version", "filed_by__organisation", "cover_file").first()
    mature = found_mature(filing) if filing else None
    if filing is None or mature is None:
        return None
    ref = case.plan.reference
    compare = reverse("plan_compare", args=[ref, mature.number, filing.version.number])
    parts = [
        Differing(str(PARTS[key].title), count, f"{compare}?tab={tab}", key in READY_PARTS)
        for key, (tab, count) in comparing.parts(mature, filing.version).items()
    ]
    cover = reverse("plan_file_preview", args=[ref, filing.cover_file_id])
    return Filed(filing, mature, cover, compare, parts)


def found_mature(filing: FormalFiling) -> PlanVersion | None:
    """Return the version that stood when the leader found the plan ready, the last time before this filing."""
    moves = filing.case.history.order_by("-number")
    filed_by = moves.filter(name="file_formally", version=filing.version).first()
    ready = filed_by and moves.filter(name="find_mature", number__lt=filed_by.number).first()
    frozen = ready and moves.filter(number__lt=ready.number, version__isnull=False).select_related("version").first()
    return frozen.version if frozen else None
