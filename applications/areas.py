"""The five task areas as one table; forms, completeness, comparison, annotations and letters read it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Area(models.TextChoices):
    POLICY = "policy", _("Policy environment")
    SUPPORT = "support", _("Support system")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    SERVICES = "services", _("E-commerce services")
    APPLICATIONS = "applications", _("Applications")


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """``task`` is the founding text's name of the task, ``topics`` what a plan should answer there."""

    area: Area
    task: Any
    topics: tuple[Any, ...]


AREAS = {
    facts.area: facts
    for facts in (
        AreaFacts(
            Area.POLICY,
            _("Improve the policy environment"),
            (
                _("Trading order and the rights of the parties"),
                _("Standards for parties, objects and process"),
                _("Fiscal and tax help for small firms, weak groups, less developed areas and public facilities"),
            ),
        ),
        AreaFacts(
            Area.SUPPORT,
            _("Complete the support system"),
            (
                _("E-authentication in every link"),
                _("Online payment: general, safe, convenient"),
                _("Logistics layout fitted to the city"),
                _("Trading-integrity files of service firms"),
            ),
        ),
        AreaFacts(
            Area.INFRASTRUCTURE,
            _("Strengthen infrastructure"),
            (
                _("Construction and renewal of communications and logistics"),
                _("Public information platforms"),
                _("Trading-safeguard facilities"),
            ),
        ),
        AreaFacts(
            Area.SERVICES,
            _("Foster e-commerce services"),
            (
                _("Industry bodies and intermediaries"),
                _("Disputes, mediation and legal advice"),
                _("Technical research and transfer of results"),
            ),
        ),
        AreaFacts(
            Area.APPLICATIONS,
            _("Deepen applications"),
            (_("Emerging industries"), _("Informatisation of key fields")),
        ),
    )
}


class Softness(models.TextChoices):
    """Soft: rules, policy, standards. Hard: facilities, parks, projects (重硬轻软)."""

    SOFT = "soft", pgettext_lazy("kind of measure", "Soft")
    HARD = "hard", pgettext_lazy("kind of measure", "Hard")
