"""Forms of a round: who reads it, until when, who stands back."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.models import Membership

from ..services.rounds import due_problem

HOUR = 18


def _helper(*names: str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*(Field(name) for name in names))
    return helper


class AssignForm(forms.Form):
    """``members`` are those who may be assigned now; the page draws their boxes inside its table."""

    members = forms.ModelMultipleChoiceField(
        queryset=Membership.objects.none(), error_messages={"required": _("Tick at least one member.")}
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members


class DueForm(forms.Form):
    """Notes are expected until 18:00 of a working day that lies ahead."""

    due = forms.DateField(
        label=_("Notes are expected by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A working day; the deadline is 18:00 Beijing time."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper("due")

    def clean_due(self):
        moment = clock.at(self.cleaned_data["due"], HOUR)
        if problem := due_problem(moment):
            raise forms.ValidationError(problem)
        return moment


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper("reason")
