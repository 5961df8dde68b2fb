"""What the public types or drops to have a letter verified."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.words import grouped

from ..letters.codes import normalise


class CodeForm(forms.Form):
    """A code as typed from paper: lower case, spaces and full-width letters are read too."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=200,
        help_text=_("20 letters and digits in groups of four, printed beside the QR code on the last page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code printed on the letter.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("code"))

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        code = normalise(typed)
        if not code:
            raise forms.ValidationError(
                gettext(
                    "“%s” is not a code of this portal: a code has 20 letters and digits. Compare it with the paper."
                )
                % grouped(typed[:40].strip())
            )
        return code


class FileForm(forms.Form):
    """A PDF to compare with what was issued; it is read and forgotten."""

    file = forms.FileField(
        label=_("PDF of the letter"),
        help_text=_("At most 20 MB. The file is compared and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choose the PDF of the letter first."),
            "empty": _("The file is empty: choose the PDF of the letter."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("file"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                gettext("The file has more than %d MB. A letter of this portal is far smaller.")
                % (settings.UPLOAD_LIMIT_BYTES // 2**20)
            )
        head = file.read(5)
        file.seek(0)
        if head != b"%PDF-":
            raise forms.ValidationError(gettext("Only PDF files are compared; this file is not a PDF."))
        return file
