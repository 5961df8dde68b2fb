"""Every field that takes a name, a title or a number is one that keeps no unseen character."""

import importlib
import pkgutil

from django import forms

import applications.forms
import portal.forms
import review.forms
from applications.forms.fields import FigureField, YearField
from portal.fields import LineField

# Read as figures, or words of which every sign counts.
OWN_RULES = (YearField, FigureField, forms.EmailField)
ELSEWHERE = {
    ("SignInForm", "username"), ("JoinForm", "account"), ("CodeForm", "code"), ("ConsultationForm", "participants"),
    ("SectionForm", "text"),  # prose: its widget is made with the form
}  # fmt: skip


def all_forms():
    for package in (applications.forms, review.forms, portal.forms):
        for module in pkgutil.iter_modules(package.__path__):
            found = vars(importlib.import_module(f"{package.__name__}.{module.name}")).values()
            own = (f for f in found if isinstance(f, type) and f.__module__.startswith(package.__name__))
            yield from (f for f in own if issubclass(f, forms.BaseForm))


def one_liners():
    return {
        (form.__name__, name): field
        for form in all_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField)
        and type(field.widget) is forms.TextInput
        and not isinstance(field, OWN_RULES)
    }


def test_every_line_people_type_is_cleaned():
    found = one_liners()
    loose = {key for key, field in found.items() if not isinstance(field, LineField)}
    assert loose == ELSEWHERE
    assert len(found) > 30
