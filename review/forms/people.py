"""Forms of the security administrator: a last day, a successor, a reason."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import Membership


def _helper(name: str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(name)
    return helper


class EndForm(forms.Form):
    on = forms.DateField(
        label=_("Last day of the post"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The person can act in this post until the end of that day."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper("on")


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Who takes the work over"),
        queryset=Membership.objects.none(),
        help_text=_("People who hold the same role in the same organisation today."),
    )

    def __init__(self, *args, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.helper = _helper("successor")
