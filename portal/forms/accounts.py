"""Sign-in: tries and the end of a lock are told per typed name, so a known and an unknown name look alike."""

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import clock, words


class SignInForm(AuthenticationForm):
    """Asks for account and password; says how many tries are left or until when the name is locked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_lazy("Account")
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["username"].error_messages["required"] = gettext_lazy("Enter your account.")
        self.fields["password"].label = gettext_lazy("Password")
        self.fields["password"].error_messages["required"] = gettext_lazy("Enter your password.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("username", "password")

    def get_invalid_login_error(self) -> ValidationError:
        name = self.cleaned_data.get("username", "")
        if AxesProxyHandler.is_locked(self.request, {"username": name}):
            return ValidationError(locked_words(name), code="locked")
        left = settings.AXES_FAILURE_LIMIT - AxesProxyHandler.get_failures(self.request, {"username": name})
        return ValidationError(
            ngettext(
                "Account or password is wrong. You can try %d more time, then the name is locked for 10 minutes.",
                "Account or password is wrong. You can try %d more times, then the name is locked for 10 minutes.",
                left,
            )
            % left,
            code="wrong",
        )


def locked_words(name: str) -> str:
    """Say until when a typed name is locked."""
    attempt = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    last = attempt.attempt_time if attempt else timezone.now()
    until = words.clock(clock.beijing(last + settings.AXES_COOLOFF_TIME))
    return _("Too many tries with this name. It is locked until %s (Beijing time); then try again.") % until


class NewPasswordForm(PasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("old_password", "new_password1", "new_password2")
