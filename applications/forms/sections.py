"""The editor of a prose part."""

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from .. import starters
from ..models import Section
from ..services.sections import LONGEST, Base, Draft
from .base import helper

LONGEST_REASON = 2000


class Lines(forms.CharField):
    """Browsers send each line end as two characters; the person typed one."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class SectionForm(forms.Form):
    """``base`` seals what the page was opened with; ``page`` names the open page, ``was`` one it goes on from."""

    text = Lines(
        label=_("Text of this part"),
        required=False,
        max_length=LONGEST,
        strip=False,
        error_messages={
            "max_length": _("This part holds at most %(limit_value)d characters; you have %(show_value)d.")
        },
    )
    department = LineField(label=_("Department in charge"), required=False, max_length=80)
    not_focus_reason = forms.CharField(
        label=_("Why this area is not a focus"),
        help_text=_("Only if the city will do little here: the reason stands in the plan instead of the text."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args, section: Section, is_led: bool, **kw):
        """``is_led``: the division of work says who is in charge; then the department is not asked for here."""
        super().__init__(*args, **kw)
        self.section = section
        part = section.part
        least, most = part.guide
        length = {"data-count-least": str(least), "data-count-most": str(most)}
        begin = "\n".join(starters.of(part.key))
        self.fields["text"].widget = forms.Textarea(
            attrs={"rows": 24, "class": "editor", "placeholder": begin, **length}
        )
        if not part.area:
            del self.fields["not_focus_reason"]
        if is_led:
            del self.fields["department"]
        names = [n for n in ("department", "not_focus_reason") if n in self.fields]
        self.helper = helper("base", "page", "was", Field("text", wrapper_class="wide"), *names)

    def draft(self, done: bool | None = None) -> Draft | None:
        """Return what was sent, or ``None`` when the page's seal is broken."""
        base = Base.read(self.cleaned_data["base"], self.section)
        if base is None:
            return None
        found = self.cleaned_data.get
        return Draft(
            self.cleaned_data["text"],
            base,
            done=done,
            department=found("department"),
            not_focus_reason=found("not_focus_reason"),
            **self._pages(),
        )

    def _pages(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("page", "was")}
