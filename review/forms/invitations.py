"""Forms of an invitation: whom a city asks, and with what account that person joins."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.joining import ACCOUNT
from portal.models import User

from ..models import Invitation


def _helper(*names: str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*names)
    return helper


class InviteForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["full_name", "post_title", "department", "email"]
        help_texts = {
            "post_title": gettext_lazy("The post, such as 电子商务处副处长."),
            "department": gettext_lazy("As it is called: 市商务局. A department that is not on record yet is entered."),
            "email": gettext_lazy("The link goes to this address alone. It must be the person's own."),
        }
        error_messages = {
            "full_name": {"required": gettext_lazy("Enter the person's name.")},
            "post_title": {"required": gettext_lazy("Enter the person's post.")},
            "department": {"required": gettext_lazy("Enter the department the person writes for.")},
            "email": {
                "required": gettext_lazy("Enter the person's work e-mail address."),
                "invalid": gettext_lazy("This is no e-mail address; write it as name@example.cn."),
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].widget.attrs |= {"list": "departments", "autocomplete": "off"}
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["full_name"].widget.attrs["autocomplete"] = "off"
        self.helper = _helper(*self.Meta.fields)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class JoinForm(forms.Form):
    """A new account: its name and a password by the portal's rules."""

    account = forms.CharField(
        label=gettext_lazy("Account"),
        max_length=60,
        help_text=gettext_lazy("3 to 60 small letters, digits, dots, hyphens or underscores; you sign in with it."),
        error_messages={"required": gettext_lazy("Choose an account name.")},
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("At least 8 characters, three of: small letters, capital letters, digits, other signs."),
        error_messages={"required": gettext_lazy("Enter a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Password once more"),
        strip=False,
        error_messages={"required": gettext_lazy("Enter the password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, invitation: Invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.helper = _helper("account", "password", "again")

    def clean_account(self) -> str:
        account = self.cleaned_data["account"].lower()
        try:
            ACCOUNT(account)
        except ValidationError:
            told = _("An account has 3 to 60 small letters, digits, dots, hyphens or underscores: %s is none.")
            raise ValidationError(told % account) from None
        return account

    def clean(self):
        data = super().clean()
        password = data.get("password")
        if not password:
            return data
        person = self.invitation
        user = User(username=data.get("account", ""), full_name=person.full_name, email=person.email)
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            self.add_error("password", error)
        if data.get("again") and data["again"] != password:
            self.add_error("again", _("The two passwords differ; enter the same one twice."))
        return data
