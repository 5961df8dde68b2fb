"""What the rows of the tables should still be looked at for; nothing here stops anybody from saving."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal import words

from . import library
from .areas import Area, Softness
from .models import Indicator, Measure, Milestone
from .models.rows import Instrument
from .units import UNITS

STEEP = 5  # times the baseline


def growth(indicator: Indicator) -> Decimal | None:
    """Return the yearly growth in per cent with one decimal; ``None`` for shares and where it cannot be said."""
    first, last = indicator.baseline_value, indicator.target_value
    years = indicator.target_year - indicator.baseline_year if indicator.baseline_year and indicator.target_year else 0
    if is_share(indicator.unit) or not first or last is None or first <= 0 or last <= 0 or years <= 0:
        return None
    rate = (Decimal(last) / Decimal(first)) ** (Decimal(1) / years) - 1
    return (100 * rate).quantize(Decimal("0.1"))


def share_change(indicator: Indicator) -> str:
    """Return the whole difference of a share and the years it takes; empty for everything else."""
    first, last = indicator.baseline_value, indicator.target_value
    if not is_share(indicator.unit) or first is None or last is None:
        return ""
    change = words.percent_points(last, first, english=(get_language() or "").startswith("en"))
    if first == last:
        return change
    years = indicator.target_year - indicator.baseline_year if indicator.baseline_year and indicator.target_year else 0
    if years <= 0:
        return _("%(change)s in all") % {"change": change}
    said = ngettext("%(change)s in %(years)d year", "%(change)s in %(years)d years", years)
    return said % {"change": change, "years": years}


def is_share(unit: str) -> bool:
    return unit.strip() in {"%", "％"}


def on_indicator(indicator: Indicator) -> list[str]:
    """Return the sentences shown under the row."""
    found = []
    first, last = indicator.baseline_value, indicator.target_value
    if first is None:
        found.append(
            _("There is no baseline value yet. If there are no statistics, say in the source when they begin.")
        )
    elif last is not None and last < first:
        found.append(_("The target is below the baseline. Is it meant to fall?"))
    elif last is not None and first > 0 and last > STEEP * first:
        found.append(_("The target is more than five times the baseline. Give the grounds in the source."))
    if indicator.baseline_year and indicator.target_year and indicator.target_year <= indicator.baseline_year:
        found.append(_("The target year is not later than the baseline year."))
    if is_share(indicator.unit) and max(first or 0, last or 0) > 100:
        found.append(_("A share is above 100 %."))
    found += on_unit(indicator)
    if not indicator.source.strip():
        found.append(_("Say where the figure comes from."))
    if not indicator.department.strip():
        found.append(_("Name the department that answers for it."))
    return found


def on_unit(indicator: Indicator) -> list[str]:
    """Return what is unusual about the unit: another than the library's, or one that nobody else uses."""
    unit, usual = indicator.unit.strip().replace("％", "%"), library.unit_of(indicator.name)
    if usual and unit != usual:
        return [_("This indicator is usually given in %(usual)s, here in %(unit)s.") % {"usual": usual, "unit": unit}]
    if unit not in UNITS:
        return [_("“%s” is no usual unit. Check it.") % unit]
    return []


def on_measure(measure: Measure, heard_firms: bool = True) -> list[str]:
    """Return what keeps a measure from being concrete; ``heard_firms``: the ledger shows it where it must."""
    checks: list[tuple[Any, str]] = [  # what must be there, and the words when it is not
        (measure.deliverable.strip(), _("Say what will be there in the end (the deliverable).")),
        (measure.due, _("Give the date by which it will be there.")),
        (measure.post.strip(), _("Name the post in charge, not only the department.")),
        (measure.pk is None or measure.indicators.all(), _("Link at least one indicator.")),
    ]
    if measure.kind == Softness.SOFT:
        checks += [
            (measure.instrument, _("Choose the instrument: regulation, rule, normative document, standard or policy.")),
            (measure.drafting_department.strip(), _("Name the department that drafts it.")),
        ]
        if measure.instrument == Instrument.FISCAL:
            checks.append((measure.helped, _("Say whom the policy helps.")))
        checks.append((heard_firms, _("The consultation ledger does not show that e-commerce firms were heard on it.")))
    elif measure.kind == Softness.HARD:
        checks += [
            (measure.place.strip(), _("Say where it will be built.")),
            (measure.money is not None, _("Say what it costs.")),
            (measure.schedule.strip(), _("Give the schedule.")),
        ]
        if measure.area == Area.INFRASTRUCTURE:
            checks.append((measure.facility, _("Say whether it is construction or a public platform.")))
    return [words for there, words in checks if not there]


def on_milestones(rows: list[Milestone], last_year: int) -> list[str]:
    """Return a warning when everything soft is put off to the last half-year of the plan."""
    soft = [r for r in rows if r.kind == Softness.SOFT]
    if len(soft) > 1 and all(r.ends >= date(last_year, 7, 1) for r in soft):
        return [_("All soft milestones end in the plan's last half-year. Bring some forward.")]
    return []
