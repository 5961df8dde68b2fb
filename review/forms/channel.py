"""Declaring the city's channel office."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.base import NOT_CLASSIFIED, DeclarationField
from applications.models import CityChannel
from portal.fields import LineField


class ChannelForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Channel office"),
        choices=CityChannel.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("One office of the province, chosen by the city government; it forwards the preliminary plan."),
        error_messages={"required": _("Choose the commerce office or the development and reform commission.")},
    )
    document_title = LineField(
        label=_("Document of the city government"),
        max_length=120,
        error_messages={"required": _("Give the title of the document by which the city government decided.")},
    )
    document_number = LineField(
        label=_("Document number"),
        max_length=60,
        error_messages={"required": _("Give the number of the document, such as 示例〔2026〕1号.")},
    )
    evidence = forms.FileField(
        label=_("Scan of the document"),
        max_length=200,
        help_text=_("PDF, DOCX, PNG or JPG, at most 20 MB."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty; choose another."),
            "max_length": _("The file name is too long; shorten it to 200 characters."),
        },
    )

    unclassified = DeclarationField(help_text=NOT_CLASSIFIED)

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("kind", "document_title", "document_number", "evidence", "unclassified")
