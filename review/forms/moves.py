"""The form of a move: only what that move asks for."""

import secrets

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.base import NOT_CLASSIFIED, DeclarationField
from applications.parts import PARTS
from portal import clock
from portal.fields import LineField
from portal.models import Membership

from .. import suggesting
from ..models import Case
from ..workflow import Way


class MoveForm(forms.Form):
    """Hidden: ``seen`` (the last move the page showed) and ``op_key`` (a replay fires once).

    What the portal knows already stands in the fields: the sender's name, a change note drawn from the answers.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    op_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, case: Case, way: Way, by: Membership, **kwargs):
        kwargs.setdefault("initial", {"seen": case.moves, "op_key": secrets.token_urlsafe(16)})
        super().__init__(*args, **kwargs)
        self.way = way
        names = ["seen", "op_key"]
        if way.freezes and case.latest_version:
            self.fields["change_note"] = LineField(
                label=_("What changed since the last version"),
                max_length=suggesting.LONGEST_NOTE,
                initial=suggesting.change_note(case, way.name),
                help_text=_(
                    "At most 50 characters; it stands in the list of versions. Suggested from what was answered and"
                    " changed; put it in your own words."
                ),
            )
            names.append("change_note")
        if way.name == "return_for_completion":
            self.fields["parts"] = forms.MultipleChoiceField(
                label=_("Parts that open again"),
                choices=[(p.key, p.title) for p in PARTS.values()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("Leave all empty to open the whole plan."),
            )
            names.append("parts")
        if way.reason or way.name == "forward":
            self.fields["reason"] = forms.CharField(
                label=_("Reason") if way.reason else _("Opinion of the channel office"),
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=2000,
                required=way.reason,
                help_text=_("The city reads these words.") if way.name != "withdraw" else "",
            )
            names.append("reason")
        if way.name in {"submit", "submit_direct", "resubmit"}:
            self.fields["declared"] = forms.BooleanField(
                label=_("I have checked the plan; what it says is true."),
                error_messages={"required": _("Tick the declaration before submitting.")},
            )
            self.fields["declared_name"] = LineField(
                label=_("Name of the person who declares this"),
                max_length=60,
                initial=by.user.full_name,
                error_messages={"required": _("Give the name of the person who declares this.")},
            )
            names += ["declared", "declared_name"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Field(name) for name in names))

    def given(self) -> dict:
        """Return what the machine keeps with the move."""
        return {k: v for k, v in self.cleaned_data.items() if k in {"change_note", "parts", "declared_name"} and v}


COVER = ("cover_title", "cover_number", "cover_date", "cover_file")


class FilingForm(MoveForm):
    """The formal application of one city, with the local DRC's cover letter."""

    cover_title = LineField(label=_("Title of the cover letter"), max_length=120)
    cover_number = LineField(label=_("Document number"), max_length=60)
    cover_date = forms.DateField(
        label=_("Date of the letter"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    cover_file = forms.FileField(
        label=_("Cover letter as a file"), help_text=_("PDF, DOCX, XLSX, PNG or JPG, at most 20 MB.")
    )
    unclassified = DeclarationField(help_text=NOT_CLASSIFIED)

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        for name, value in suggesting.cover(case).items():
            self.fields[name].initial = value
        self.last = suggesting.last_filing(case)
        if self.last:
            self.fields["cover_file"].required = False
            self.fields["cover_file"].help_text = _(
                "Leave it empty to send the letter of last time again: %(file)s. PDF, DOCX, XLSX, PNG or JPG, at most"
                " 20 MB."
            ) % {"file": self.last.cover_file.name}
        self.helper.layout.extend([Field(n) for n in (*COVER, "unclassified")])

    def clean_cover_date(self):
        day = self.cleaned_data["cover_date"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet. Give the date that stands on the letter."))
        return day
