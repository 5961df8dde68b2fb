"""The field of one line, in forms and in tables: a name, a title or a number as people type it; and that of texts."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.lines import line, private


class LineField(forms.CharField):
    """What cannot be seen does not count as filled in; a character of one computer alone is refused."""

    def to_python(self, value):
        return line(super().to_python(value) or "") or self.empty_value

    def validate(self, value):
        super().validate(value)
        if value and (codes := private(value)):
            raise ValidationError(
                _("This holds a character that other computers cannot show (%s). Put another in its place.") % codes
            )


class LineColumn(models.CharField):
    """Stored and looked up the way ``portal.lines.line`` writes it; for the database an ordinary column."""

    def get_prep_value(self, value):
        found = super().get_prep_value(value)
        return line(found) if isinstance(found, str) else found

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            setattr(model_instance, self.attname, line(value))
        return super().pre_save(model_instance, add)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LineField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class _Unescaped(json.JSONEncoder):
    def __init__(self, **options):
        super().__init__(**options | {"ensure_ascii": False})


class TextsColumn(models.JSONField):
    """Long texts as JSON: characters go to the database as they are.

    Escaped they are twice as long and take PostgreSQL twice as long to read. For the database an ordinary column.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"encoder": _Unescaped})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["encoder"]
        return name, "django.db.models.JSONField", args, kwargs
