"""Forms of the response table: the city's answer, sharing out to departments, the group's verdict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.base import NOT_CLASSIFIED, DeclarationField
from portal.fields import LineField

from ..models import Response, Verdict
from ..services.responses import LEAST_REASON
from .opinions import bare, part_choices


class AnswerForm(forms.Form):
    handling = forms.ChoiceField(
        label=_("Handling"),
        choices=Response.Handling.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the item was handled.")},
    )
    text = forms.CharField(
        label=_("Explanation"),
        help_text=_("Needed for “explained”; at least 20 characters of reasons for “partly” and “not adopted”."),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=5000,
    )
    section = forms.ChoiceField(
        label=_("Changed in"),
        help_text=_("The part of the plan in which you made the change."),
        choices=[],
        required=False,
    )
    department = LineField(label=_("Department in charge of the answer"), max_length=80, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = part_choices(_("the text was not changed"))
        self.helper = bare("handling", "text", "section", "department")

    def clean(self):
        data = super().clean()
        handling, text = data.get("handling"), data.get("text", "").strip()
        if handling in {Response.Handling.NOT_ADOPTED, Response.Handling.PARTLY} and len(text) < LEAST_REASON:
            self.add_error(
                "text",
                _("Give your reasons in at least %(least)d characters; there are %(count)d now.")
                % {"least": LEAST_REASON, "count": len(text)},
            )
        if handling == Response.Handling.EXPLAINED and not text:
            self.add_error("text", _("Write the explanation the item asks for."))
        return data


class EntrustForm(forms.Form):
    items = forms.MultipleChoiceField(
        label=_("Items"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one item.")},
    )
    department = LineField(
        label=_("Department in charge of the answer"),
        max_length=80,
        error_messages={"required": _("Name the department.")},
    )

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, auto_id="id_entrust_%s", **kwargs)
        self.fields["items"].choices = [(i.pk, f"{i.position}. {i.text[:30]}") for i in items]
        self.helper = bare("items", "department")


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=Verdict.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you find of the answer.")},
    )
    text = forms.CharField(
        label=_("Remark"),
        help_text=_("Needed for “still to change”; the city reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=5000,
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, auto_id=f"id_item{item.pk}_%s", **kwargs)
        self.helper = bare("verdict", "text")

    def clean(self):
        data = super().clean()
        if data.get("verdict") == Verdict.Kind.STILL and not data.get("text", "").strip():
            self.add_error("text", _("Say what is still to change, so that the city knows."))
        return data


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("The filled-in XLSX sheet"),
        help_text=_("At most 5 MB; the first sheet is read."),
        max_length=200,
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty; choose another.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    unclassified = DeclarationField(help_text=NOT_CLASSIFIED)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare("file", "unclassified")
