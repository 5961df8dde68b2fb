"""The structured parts of the safeguards, and the plan's basic data."""

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Assessment, Coordination, Funds, LeadingGroup, Plan, Summaries
from ..services.records import BASIC_FIELDS
from .base import PartForm, helper
from .fields import FigureField, YearField, day_field

LONGEST_SPAN = 10


def _lines(*names: str) -> dict[str, forms.Textarea]:
    return {name: forms.Textarea(attrs={"rows": 4}) for name in names}


class RecordForm(PartForm):
    """A record may be saved half filled; what is missing is said beside it."""

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        if not hasattr(self, "helper"):
            self.helper = helper("seen", *self.row_fields)


class LeadingGroupForm(RecordForm):
    founding_date = day_field(LeadingGroup, "founding_date", required=False)

    class Meta:
        model = LeadingGroup
        fields = ["leader_post", "lead_department", "members", "founding_title", "founding_number", "founding_date"]
        widgets = _lines("members")
        help_texts = {
            "leader_post": _("The post, such as 分管副市长; no name is needed."),
            "founding_title": _("Upload the document itself under “Attachments”."),
        }


class CoordinationForm(RecordForm):
    class Meta:
        model = Coordination
        fields = ["departments", "frequency", "arrangement", "meetings_held"]
        widgets = _lines("departments", "arrangement", "meetings_held")


class AssessmentForm(RecordForm):
    class Meta:
        model = Assessment
        fields = [
            "assessing_department",
            "assessed_departments",
            "frequency",
            "in_annual_evaluation",
            "method",
            "accountability",
        ]
        widgets = _lines("assessed_departments", "method", "accountability")


class SummariesForm(RecordForm):
    first_due = day_field(Summaries, "first_due", required=False)

    class Meta:
        model = Summaries
        fields = ["frequency", "lead_department", "form", "recipients", "first_due"]
        widgets = _lines("form")

    def clean_first_due(self):
        day = self.cleaned_data["first_due"]
        if day is not None and day.year < self.plan.starts:
            told = gettext("The first summary cannot be due before the plan begins: give a date in %d or later.")
            raise forms.ValidationError(told % self.plan.starts)
        return day


class FundsForm(RecordForm):
    amount = FigureField(label=Funds._meta.get_field("amount").verbose_name, required=False)

    class Meta:
        model = Funds
        fields = ["amount", "sources", "people"]
        widgets = _lines("sources", "people")

    def clean(self):
        data = super().clean()
        self.figure("amount", "万元", "5000")
        return data


class BasicsForm(PartForm):
    required_words = {"title": _("Give the plan a title.")}
    starts = YearField(label=Plan._meta.get_field("starts").verbose_name)
    ends = YearField(label=Plan._meta.get_field("ends").verbose_name)

    class Meta:
        model = Plan
        fields = list(BASIC_FIELDS)
        help_texts = {"contact_name": _("Work contact only: no private numbers.")}
        error_messages = {"contact_email": {"invalid": _("Enter a work e-mail such as office@city.example.")}}

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.fields["contact_email"].error_messages["invalid"] = _("Enter a work e-mail such as office@city.example.")
        self.helper = helper(
            "seen",
            "title",
            Div("starts", "ends", css_class="pair"),
            Fieldset(_("Who answers questions about this plan"), "contact_name", "contact_phone", "contact_email"),
        )

    def clean(self):
        data = super().clean()
        first, last = data.get("starts"), data.get("ends")
        if first and last and last < first:
            self.add_error("ends", _("The last year must not lie before the first year."))
        elif first and last and last - first >= LONGEST_SPAN:
            self.add_error("ends", _("A plan covers at most %d years.") % LONGEST_SPAN)
        return data


FORMS = {
    "leading_group": LeadingGroupForm,
    "coordination": CoordinationForm,
    "assessment": AssessmentForm,
    "summaries": SummariesForm,
    "funds": FundsForm,
}
