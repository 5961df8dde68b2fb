"""Proposing a wording for a part that another department writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.proposals import LONGEST, LONGEST_WORDS
from .base import helper
from .sections import Lines


class ProposalForm(forms.Form):
    """``seen`` is the seal of the paragraph as the page shows it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    text = Lines(
        label=_("The wording you propose"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        strip=False,
        max_length=LONGEST,
        error_messages={
            "max_length": _("A proposed wording has at most %(limit_value)d characters; you have %(show_value)d.")
        },
    )
    words = forms.CharField(
        label=_("Why"),
        help_text=_("In a sentence, for whoever decides."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_WORDS,
    )

    def __init__(self, *args, replaces: bool, **kw):
        """``replaces``: there is a paragraph, which might also go."""
        super().__init__(*args, **kw)
        self.fields["text"].help_text = (
            _("One paragraph a line; leave it empty to propose that the paragraph goes.")
            if replaces
            else _("One paragraph a line.")
        )
        self.helper = helper("seen", "text", "words")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Why the wording is not taken"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, number: int):
        super().__init__(auto_id=f"proposal-{number}-%s")
        self.helper = helper("answer")
