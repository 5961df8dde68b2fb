"""What all forms of a plan's parts share."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import numbers
from ..models import Plan
from ..services import editing


def helper(*layout) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.layout = Layout(*layout)
    return made


NOT_CLASSIFIED = gettext_lazy(
    "This is not a network for classified material. Never upload a file that bears a classification mark or"
    " internal matters that must not leave your office."
)


class DeclarationField(forms.BooleanField):
    """The tick without which no file is taken in: whoever sends it declares that nothing in it is classified."""

    def __init__(self, **kw):
        required = gettext_lazy("Confirm that the file holds no classified material; otherwise it must not be sent.")
        kw.setdefault("label", gettext_lazy("I declare that this file holds no classified material"))
        super().__init__(error_messages={"required": required}, **kw)


class PartForm(forms.ModelForm):
    """A form over one row of a plan; ``seen`` tells the service which state of the row it was filled from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    required_words: dict[str, Any] = {}
    differences: list[tuple[str, str]] = []

    def __init__(self, *args, plan: Plan, **kw):
        super().__init__(*args, **kw)
        self.plan = plan
        for name, field in self.fields.items():
            if name != "seen" and field.required:
                field.error_messages["required"] = self.required_words.get(name) or _("Fill in “%s”.") % field.label
            if (
                isinstance(field, forms.TypedChoiceField)
                and (choices := list(cast(Any, field).choices))
                and choices[0][0] == ""
            ):
                field.choices = [("", _("Choose")), *choices[1:]]
        if not self.is_bound:
            self.initial["seen"] = editing.fingerprint(self.instance, self.row_fields)

    @property
    def row_fields(self) -> list[str]:
        return list(cast(Sequence[str], self._meta.fields))  # every form of a part names its fields

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service writes."""
        return {name: self.cleaned_data[name] for name in self.row_fields}

    def refuse(self, error: ValidationError) -> None:
        """Show a refusal of the service beside its field or on top; a stale form may be sent again knowingly."""
        if isinstance(error, editing.Stale):
            self.differences = error.differences
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("seen")] = editing.fingerprint(
                type(self.instance).objects.get(pk=self._row_pk()), self.row_fields
            )
            self.data = data
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                for one in errors:
                    self.add_error(name if name in self.fields else None, one)
        else:
            self.add_error(None, error)

    def _row_pk(self):
        return self.instance.pk or type(self.instance).objects.get(plan=self.plan).pk

    def figure(self, name: str, unit: str, example: str) -> None:
        """Turn the text of a figure field into a number in ``unit``, or say what to write."""
        text = self.cleaned_data.get(name)
        if text in (None, ""):
            self.cleaned_data[name] = None
            return
        try:
            value = numbers.parse(str(text), unit)
        except ValueError:
            self.add_error(
                name,
                _("“%(field)s” takes a figure, such as %(example)s. The unit is %(unit)s.")
                % {"field": self.fields[name].label, "example": example, "unit": unit or _("in its own field")},
            )
            return
        exponent = cast(int, value.as_tuple().exponent)  # a letter only for what is not a finite figure
        if -exponent > 2:
            self.add_error(name, _("At most two digits after the point are kept; round the figure."))
        elif value < 0:
            self.add_error(name, _("The figure cannot be below 0."))
        elif len(value.as_tuple().digits) + exponent > 10:
            self.add_error(name, _("The figure is too large for this unit; choose a larger unit, such as 亿元."))
        else:
            self.cleaned_data[name] = value

    def within_plan(self, name: str) -> None:
        """A date must lie in the plan's years."""
        day = self.cleaned_data.get(name)
        if day and not self.plan.starts <= day.year <= self.plan.ends:
            self.add_error(
                name,
                _("The plan runs from %(first)d to %(last)d; choose a date in these years or change them first.")
                % {"first": self.plan.starts, "last": self.plan.ends},
            )
