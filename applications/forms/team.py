"""Dividing the work of a plan among departments."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField
from portal.models import Organisation

from ..models import Duty
from ..services.team import LONGEST_NAME
from .base import helper


class DepartmentForm(forms.Form):
    name = LineField(
        label=_("Name of the department"),
        help_text=_("As it is called in documents, such as 市商务局."),
        max_length=LONGEST_NAME,
        error_messages={"max_length": _("Give the name of the department in 2 to %(limit_value)d characters.")},
    )

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper("name")


class DivisionForm(forms.Form):
    """What each department does for one part."""

    def __init__(self, *args, departments: Iterable[Organisation], **kw):
        super().__init__(*args, **kw)
        self.departments = {f"department_{one.pk}": one for one in departments}
        for name, one in self.departments.items():
            self.fields[name] = forms.ChoiceField(
                label=one.short_name, required=False, choices=[("", _("Nothing")), *Duty.Kind.choices]
            )
        self.helper = helper(*self.departments)

    @property
    def duties(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data[name] for name, one in self.departments.items()}


class ReturnForm(forms.Form):
    words = forms.CharField(
        label=_("What is still missing"),
        help_text=_("The department reads it on the page of the part and in a message."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": _("Say what is still missing, so that the department knows what to do.")},
    )

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper("words")
