"""Forms of the opinion composer; each stands many times on the page, so each knows its own ids."""

from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.parts import PARTS
from portal.fields import LineField

from ..models import OpinionItem
from ..services.member_views import MOST
from ..services.opinions import ANSWER_DAYS


def bare(*fields) -> FormHelper:
    """Return a helper for a form whose tag and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*(Field(name) for name in fields))
    return helper


def part_choices(empty) -> list:
    return [("", empty), *((part.key, part.title) for part in PARTS.values())]


class FrameForm(forms.Form):
    strengths = forms.CharField(
        label=_("What is good about the plan"),
        help_text=_("Stands first in the opinion. Begins with the strengths the members noted."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=5000,
    )
    answer_days = forms.IntegerField(
        label=_("Working days for the answer"),
        min_value=ANSWER_DAYS[0],
        max_value=ANSWER_DAYS[-1],
        error_messages={"invalid": _("Enter the working days as a number, such as 20.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("strengths", "answer_days")


class ItemForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=OpinionItem.Kind.choices)
    section = forms.ChoiceField(label=_("Part of the plan"), choices=[], required=False)
    text = forms.CharField(
        label=_("Wording"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        error_messages={"required": _("Write the item's wording.")},
    )

    def __init__(self, *args, own_id: str = "new", **kwargs):
        super().__init__(*args, auto_id=f"id_{own_id}_%s", **kwargs)  # type: ignore[misc]  # for the stubs *args might fill auto_id
        cast(forms.ChoiceField, self.fields["section"]).choices = part_choices(_("the plan as a whole"))
        self.helper = bare("kind", "section", "text")


class MergeForm(forms.Form):
    item = forms.ModelChoiceField(
        label=_("Merge into item"),
        queryset=OpinionItem.objects.none(),
        error_messages={"required": _("Choose the item the note belongs to.")},
    )

    def __init__(self, *args, items, own_id: str, **kwargs):
        super().__init__(*args, auto_id=f"id_{own_id}_%s", **kwargs)  # type: ignore[misc]  # for the stubs *args might fill auto_id
        field = cast(forms.ModelChoiceField, self.fields["item"])
        field.queryset = OpinionItem.objects.filter(pk__in=[i.pk for i in items])
        field.choices = [("", _("Choose"))] + [
            (i.pk, f"{i.position}. {i.text[:24]}{'…' if len(i.text) > 24 else ''}") for i in items
        ]
        self.helper = bare("item")


class DeclineForm(forms.Form):
    reason = LineField(
        label=_("Why it is not taken up"),
        help_text=_("One sentence; the author of the note reads it."),
        max_length=200,
        error_messages={"required": _("Say in a sentence why the note is not taken up; its author reads it.")},
    )

    def __init__(self, *args, own_id: str, **kwargs):
        super().__init__(*args, auto_id=f"id_{own_id}_%s", **kwargs)  # type: ignore[misc]  # for the stubs *args might fill auto_id
        self.helper = bare("reason")


class PickForm(forms.Form):
    """One tick box beside a note; all of them belong to the form named ``join``."""

    notes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple(attrs={"form": "join"}), required=False)

    def __init__(self, *args, note, **kwargs):
        super().__init__(*args, auto_id=f"id_pick{note.pk}_%s", **kwargs)
        self.fields["notes"].choices = [(note.pk, _("Choose for joining"))]
        self.fields["notes"].label = ""
        self.helper = bare("notes")


class SignForm(forms.Form):
    checked = forms.BooleanField(
        label=_("I have read the opinion and sign it."),
        error_messages={"required": _("Tick that you have read the opinion before signing it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("checked")


class UnsignForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Please give a reason.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("reason")


class ViewForm(forms.Form):
    text = forms.CharField(
        label=_("Your view"),
        help_text=_("A few sentences; the office composes the formal review opinion from the members' views."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MOST,
        error_messages={"required": _("Write your view.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("text")


class FormalForm(forms.Form):
    body = forms.CharField(
        label=_("Text of the formal review opinion"),
        help_text=_("Goes to every co-signing agency with the city's documents."),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=20000,
        error_messages={"required": _("Write the text of the formal review opinion.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("body")
