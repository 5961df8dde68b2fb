"""What somebody typed into a form that is refused before its view runs: it is shown again, never lost."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

_SEALS = re.compile(r"[\w.:/+=-]*", re.ASCII)  # tokens, digests, choices and ids, never sentences
_CHOSEN = (forms.CheckboxInput, forms.HiddenInput, forms.PasswordInput, forms.FileInput)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (label, text) of everything typed, in the form's order; passwords and seals are left out.

    ``settings.TYPED_FORMS`` names the form of an address; of others whatever reads like a sentence is shown.
    """
    match = request.resolver_match
    if request.method != "POST" or match is None:
        return []
    find: Callable[[str, dict[str, Any]], type[forms.Form] | None] = import_string(settings.TYPED_FORMS)
    form = find(match.url_name or "", match.kwargs)
    return _by_form(form, request.POST) if form else _by_look(request.POST)


def _by_form(form: Any, data: QueryDict) -> list[tuple[str, str]]:
    found = []
    for name, field in form.base_fields.items():
        if isinstance(field.widget, _CHOSEN) or isinstance(field, forms.ModelChoiceField):
            continue
        value = field.widget.value_from_datadict(data, MultiValueDict(), name)
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, "")  # type: ignore[arg-type]
        if value and str(value).strip():
            found.append((str(field.label or _("What you wrote")), str(value)))
    return found


def _by_look(data: QueryDict) -> list[tuple[str, str]]:
    return [
        (_("What you wrote"), value)
        for name, values in data.lists()
        for value in values
        if "password" not in name and value.strip() and not _SEALS.fullmatch(value)
    ]
