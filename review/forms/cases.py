from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from portal.fields import LineField


class NewPlanForm(forms.Form):
    """Which call, and the plan's title."""

    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), empty_label=None)
    title = LineField(label=_("Title of the plan"), max_length=120)

    def __init__(self, *args, calls, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("call", "title")
