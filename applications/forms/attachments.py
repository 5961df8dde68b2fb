"""Uploading a file to a plan; importing a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from ..models import Attachment
from .base import DeclarationField, helper


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, DOCX, XLSX, PNG or JPG, at most 20 MB."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty; choose another."),
            "max_length": _("The file name is too long; shorten it to 200 characters."),
        },
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"}),
    )
    title = LineField(
        label=_("Title"), max_length=120, required=False, help_text=_("Left empty, the file's name is used.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Attachment.Kind.choices, initial=Attachment.Kind.ORDINARY)
    unclassified = DeclarationField()

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper("file", "title", "kind", "unclassified")


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Word document"),
        help_text=_("A DOCX file, at most 20 MB. Save a .doc or WPS file as DOCX first."),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty; choose another.")},
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    unclassified = DeclarationField()

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper("file", "unclassified")
