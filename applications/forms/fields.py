"""Fields that read what people type in Chinese forms."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import numbers

FIRST_YEAR, LAST_YEAR = 2000, 2050


class YearField(forms.CharField):
    """A year; takes full-width digits and 2028年."""

    def __init__(self, **kw):
        kw.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "narrow"}))
        super().__init__(**kw)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            found = numbers.year(text)
        except ValueError:
            found = 0
        if not FIRST_YEAR <= found <= LAST_YEAR:
            raise ValidationError(
                _("Enter the year with four digits between %(first)d and %(last)d, such as 2028.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return found

    def has_changed(self, initial, data):
        return str(initial or "") != str(data or "")


class FigureField(forms.CharField):
    """A figure as text; the form turns it into a number once it knows the unit."""

    def __init__(self, **kw):
        kw.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "narrow"}))
        kw.setdefault("max_length", 40)
        super().__init__(**kw)

    def prepare_value(self, value):
        from portal.words import plain

        return plain(value) if value is not None and not isinstance(value, str) else value

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


def _in_range(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            _("Enter a date from %(first)d to %(last)d, such as 2027-06-30; check the year.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )


def day_field(model, name: str, *, required: bool, help_text: str = "") -> forms.DateField:
    """Return a date field with the browser's own calendar."""
    return forms.DateField(
        label=model._meta.get_field(name).verbose_name,
        required=required,
        help_text=help_text,
        validators=[_in_range],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("Enter a date as year, month and day, such as 2027-06-30."),
            "required": _("Enter a date as year, month and day, such as 2027-06-30."),
        },
    )
