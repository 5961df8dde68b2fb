"""Dates counted back through working days: what the agency asks for, the province and the city ask for earlier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.workdays import Calendar


class Level(models.TextChoices):
    """Whose date it is: by it, the level has everything from the one below."""

    CITY = "city", _("The city has everything from its departments")
    LOCAL_DRC = "local_drc", _("The province has everything from its cities")
    AGENCY = "agency", _("The coordination group has everything")


@dataclass(frozen=True, slots=True)
class Leg:
    """One level's date; ``estimate`` says so when a year's holidays are not announced yet."""

    level: Level
    day: date
    estimate: str = ""


def legs(calendar: Calendar, due: date, steps: Mapping[str, int], *, through_province: bool) -> tuple[Leg, ...]:
    """Return the dates of all levels in the order in which they come.

    ``steps`` are working days by level: how long before the next level's date its own lies. A city that hands over
    straight to the group has no province between.
    """
    below = [level for level in (Level.LOCAL_DRC, Level.CITY) if through_province or level != Level.LOCAL_DRC]
    days = calendar.cascade(due, [steps.get(level.value, 0) for level in below])
    found = [Leg(level, day, calendar.estimate_note(day, due)) for level, day in zip(below, days[1:], strict=True)]
    return (*reversed(found), Leg(Level.AGENCY, due, calendar.estimate_note(due, due)))
