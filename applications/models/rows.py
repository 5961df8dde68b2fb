from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.fields import LineColumn

from ..areas import Area, Softness
from ..parts import PARTS
from .plans import Plan


class Instrument(models.TextChoices):
    REGULATION = "regulation", _("Local regulation (法规)")
    RULE = "rule", _("Government rule (规章)")
    NORMATIVE = "normative", _("Normative document (规范性文件)")
    STANDARD = "standard", _("Standard (标准)")
    FISCAL = "fiscal", _("Fiscal or tax policy (财税政策)")


class Facility(models.TextChoices):
    """What a hard measure of the infrastructure task is."""

    CONSTRUCTION = "construction", _("Construction and renewal")
    PLATFORM = "platform", _("Public platform")


class HelpedGroup(models.TextChoices):
    """Whom fiscal and tax policy helps, as the task asks for it."""

    SMALL_FIRMS = "small_firms", _("Small and medium-sized firms")
    WEAK_GROUPS = "weak_groups", _("Weak groups")
    LESS_DEVELOPED = "less_developed", _("Less developed areas")
    PUBLIC_FACILITIES = "public_facilities", _("Public facilities")


class Row(models.Model):
    """What the tables of a plan share: a place in the order and a row id that outlives every version."""

    plan = models.ForeignKey(Plan, models.PROTECT)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Indicator(Row):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators")
    name = LineColumn(_("Indicator"), max_length=60)
    area = models.CharField(_("Task area"), max_length=20, choices=Area.choices)
    kind = models.CharField(_("Soft or hard"), max_length=4, choices=Softness.choices)
    unit = LineColumn(_("Unit"), max_length=20)
    baseline_year = models.PositiveIntegerField(_("Baseline year"), null=True, blank=True)
    baseline_value = models.DecimalField(_("Baseline value"), max_digits=16, decimal_places=2, null=True, blank=True)
    target_year = models.PositiveIntegerField(_("Target year"))
    target_value = models.DecimalField(_("Target value"), max_digits=16, decimal_places=2)
    is_priority = models.BooleanField(_("Priority goal"), default=False)
    source = LineColumn(_("Source of the figure"), max_length=80, blank=True)
    department = LineColumn(_("Department"), max_length=60, blank=True)

    class Meta(Row.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="indicator_name_once_per_plan")]

    def __str__(self) -> str:
        return self.name


class Measure(Row):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="measures")
    area = models.CharField(_("Task area"), max_length=20, choices=Area.choices)
    kind = models.CharField(_("Soft or hard"), max_length=4, choices=Softness.choices)
    title = LineColumn(_("Measure"), max_length=120)
    deliverable = LineColumn(_("Deliverable"), max_length=200, blank=True)
    instrument = models.CharField(_("Instrument"), max_length=12, choices=Instrument.choices, blank=True)
    drafting_department = LineColumn(_("Drafting department"), max_length=60, blank=True)
    lead_department = LineColumn(_("Lead department"), max_length=60, blank=True)
    cooperating_departments = LineColumn(_("Cooperating departments"), max_length=200, blank=True)
    post = LineColumn(_("Post in charge"), max_length=80, blank=True)
    place = LineColumn(_("Place"), max_length=120, blank=True)
    money = models.DecimalField(_("Money (10,000 yuan)"), max_digits=12, decimal_places=2, null=True, blank=True)
    schedule = LineColumn(_("Schedule"), max_length=200, blank=True)
    due = models.DateField(_("Due date"), null=True, blank=True)
    facility = models.CharField(_("Construction or platform"), max_length=12, choices=Facility.choices, blank=True)
    helped = models.CharField(_("Whom the policy helps"), max_length=17, choices=HelpedGroup.choices, blank=True)
    helped_group = LineColumn(_("Group helped"), max_length=60, blank=True)
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="measures", verbose_name=_("Indicators"))

    def __str__(self) -> str:
        return self.title


class Milestone(Row):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="milestones")
    title = LineColumn(_("Milestone"), max_length=120)
    area = models.CharField(_("Task area"), max_length=20, choices=Area.choices)
    kind = models.CharField(_("Soft or hard"), max_length=4, choices=Softness.choices)
    starts = models.DateField(_("Begins"))
    ends = models.DateField(_("Ends"))
    department = LineColumn(_("Department"), max_length=60, blank=True)
    indicator = models.ForeignKey(
        Indicator, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Indicator")
    )

    class Meta(Row.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="milestone_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Consultation(Row):
    """``parts`` are keys of the outline; none and no measure means that the plan as a whole was talked about."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        NOTHING_ASKED = "nothing_asked", _("No change was asked for")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="consultations")
    held_on = models.DateField(_("Date"))
    form = LineColumn(_("Form"), max_length=60)
    who = LineColumn(_("Who was heard"), max_length=200)
    participants = models.PositiveIntegerField(_("Number of participants"), default=0)
    from_firms = models.BooleanField(_("E-commerce firms were heard"), default=False)
    parts = models.JSONField(_("Parts it was about"), default=list, blank=True)
    measures = models.ManyToManyField(
        Measure, blank=True, related_name="consultations", verbose_name=_("Measures it was about")
    )
    opinions = models.TextField(_("Main opinions"))
    outcome = models.CharField(_("Adopted or not"), max_length=14, choices=Outcome.choices, blank=True)
    adopted = models.TextField(_("What was adopted"))
    dissenting = LineColumn(_("Department that keeps another view"), max_length=120, blank=True)
    dissent = models.TextField(_("Dissent kept"), blank=True)

    def __str__(self) -> str:
        return f"{self.held_on} {self.form}"

    def get_parts_display(self) -> str:
        return "、".join(str(PARTS[key].title) for key in self.parts)
