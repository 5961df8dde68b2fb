"""Rows of the plan's tables: indicators, measures, milestones, consultations."""

from crispy_forms.layout import Div, Field, Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import advice
from ..areas import Area, Softness
from ..models import Indicator, Measure, Milestone
from ..models.rows import Instrument
from .base import PartForm, helper
from .consultations import ConsultationForm
from .fields import FigureField, YearField, day_field

AREA_WORDS = {
    "area": _("Choose the task area it belongs to."),
    "kind": _("Choose soft (rules, policy, standards) or hard (facilities, parks, projects)."),
}


class IndicatorForm(PartForm):
    required_words = AREA_WORDS | {
        "name": _("Name the indicator, such as “Online retail sales”."),
        "unit": _("Give the unit, such as 亿元, % or 家."),
        "target_year": _("Enter the target year, such as 2028."),
        "target_value": _("Enter the target as a number, such as 480."),
    }
    baseline_year = YearField(label=_("Baseline year"), required=False)
    baseline_value = FigureField(label=_("Baseline value"), required=False)
    target_year = YearField(label=_("Target year"))
    target_value = FigureField(
        label=_("Target value"), help_text=_("A figure such as 480 or 4.8亿; the unit stands in its own field.")
    )

    class Meta:
        model = Indicator
        fields = [
            "name",
            "area",
            "kind",
            "unit",
            "baseline_year",
            "baseline_value",
            "target_year",
            "target_value",
            "is_priority",
            "source",
            "department",
        ]
        widgets = {"unit": forms.TextInput(attrs={"class": "narrow"})}
        help_texts = {
            "unit": _("亿元, 万元, %, 家, 万人 …"),
            "source": _("Who publishes the figure. Without statistics: when they begin."),
            "is_priority": _("The few goals the city wants to be judged by; at most eight are advised."),
        }

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper(
            "seen",
            "name",
            "area",
            "kind",
            "unit",
            Fieldset(
                _("Where the city stands now"), Div("baseline_year", "baseline_value", css_class="pair"), "source"
            ),
            Fieldset(
                _("What is to be reached"),
                Div("target_year", "target_value", css_class="pair"),
                "is_priority",
                "department",
            ),
        )

    def clean(self):
        data = super().clean()
        unit = data.get("unit") or ""
        self.figure("baseline_value", unit, "320")
        self.figure("target_value", unit, "480")
        first, last = data.get("baseline_year"), data.get("target_year")
        if first and last and last <= first:
            self.add_error(
                "target_year",
                _("The target year must be later than the baseline year %(year)d.") % {"year": first},
            )
        if data.get("baseline_value") is not None and not first and "baseline_year" not in self.errors:
            self.add_error("baseline_year", _("Say which year the baseline value is from."))
        if advice.is_share(unit):
            for name in ("baseline_value", "target_value"):
                value = data.get(name)
                if value is not None and not isinstance(value, str) and value > 100:
                    self.add_error(name, _("A share cannot be above 100 %. Check the figure or choose another unit."))
        return data


class MeasureForm(PartForm):
    required_words = AREA_WORDS | {"title": _("Say in one line what will be done.")}
    money = FigureField(label=Measure._meta.get_field("money").verbose_name, required=False)
    due = day_field(Measure, "due", required=False)

    class Meta:
        model = Measure
        fields = [
            "title",
            "area",
            "kind",
            "deliverable",
            "lead_department",
            "cooperating_departments",
            "post",
            "due",
            "instrument",
            "drafting_department",
            "helped",
            "helped_group",
            "facility",
            "place",
            "money",
            "schedule",
            "indicators",
        ]
        widgets = {"indicators": forms.CheckboxSelectMultiple}
        help_texts = {
            "deliverable": _("What can be seen or read when it is done."),
            "post": _("The post, not a person's name: 市商务局电子商务处处长."),
            "helped_group": _("Whom exactly, in a few words: online shops of farmers in the hills."),
            "helped": _("Only for fiscal and tax policy."),
            "facility": _("The infrastructure task asks for both, told apart."),
            "schedule": _("When it is begun, built and opened."),
            "indicators": _("Which indicators show that the measure works."),
        }

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.fields["indicators"].queryset = self.plan.indicators.all()
        self.helper = helper(
            "seen",
            "title",
            "area",
            Field("kind", **{"data-switch": "kind"}),
            "deliverable",
            "due",
            Fieldset(_("Who answers for it"), "lead_department", "post", "cooperating_departments"),
            Fieldset(
                _("For soft measures: rules, policy, standards"),
                "instrument",
                "drafting_department",
                "helped",
                "helped_group",
                **{"data-shown-for": "kind:soft"},
            ),
            Fieldset(
                _("For hard measures: facilities, parks, projects"),
                "place",
                "money",
                "schedule",
                **{"data-shown-for": "kind:hard"},
            ),
            Fieldset(_("For infrastructure"), "facility", **{"data-shown-for": "area:infrastructure"}),
            Fieldset(_("How it will be measured"), "indicators"),
        )

    def clean(self):
        data = super().clean()
        self.figure("money", "万元", "1200")
        self.within_plan("due")
        kind = data.get("kind")
        foreign = {Softness.SOFT: ("place", "money", "schedule"), Softness.HARD: ("instrument", "drafting_department")}
        for name in foreign.get(kind, ()):
            if data.get(name) not in (None, ""):
                self.add_error(
                    name,
                    _("“%(field)s” belongs to the other kind of measure. Empty it or change soft or hard.")
                    % {"field": self.fields[name].label},
                )
        is_fiscal = kind == Softness.SOFT and data.get("instrument") == Instrument.FISCAL
        for name in ("helped", "helped_group"):
            if data.get(name) and not is_fiscal:
                self.add_error(name, _("A group helped is named for fiscal or tax policy only."))
        if data.get("facility") and data.get("area") and data["area"] != Area.INFRASTRUCTURE:
            self.add_error("facility", _("Only measures of the infrastructure task are construction or platforms."))
        return data


class MilestoneForm(PartForm):
    required_words = AREA_WORDS | {"title": _("Say what will be reached.")}
    starts = day_field(Milestone, "starts", required=True)
    ends = day_field(Milestone, "ends", required=True)

    class Meta:
        model = Milestone
        fields = ["title", "area", "kind", "starts", "ends", "department", "indicator"]

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.fields["indicator"].queryset = self.plan.indicators.all()
        self.fields["indicator"].empty_label = _("none")
        self.helper = helper(
            "seen", "title", "area", "kind", Div("starts", "ends", css_class="pair"), "department", "indicator"
        )

    def clean(self):
        data = super().clean()
        self.within_plan("starts")
        self.within_plan("ends")
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The end must not lie before the beginning."))
        return data


FORMS = {
    "indicators": IndicatorForm,
    "measures": MeasureForm,
    "milestones": MilestoneForm,
    "consultations": ConsultationForm,
}


def counted(number: int) -> str:
    return ngettext("%d row", "%d rows", number) % number
