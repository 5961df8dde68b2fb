"""Forms of batches and their signing; what a form does not hold cannot be written."""

import secrets

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Genre
from portal.fields import LineField

from ..batch_machine import BatchWay
from ..models import Batch, BatchAgency, BatchLine, Signature


def _helper(*parts) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True  # the page's own form tag carries the token
    helper.layout = Layout(*parts)
    return helper


class BatchForm(forms.Form):
    """A new batch: its agencies are those of the call."""

    title = LineField(label=_("Name of the batch"), max_length=80, help_text=_("For example: First batch of 2026."))
    kind = forms.ChoiceField(label=_("What it is for"), choices=Batch.Kind.choices, widget=forms.RadioSelect)
    genre = forms.ChoiceField(label=_("Genre of the letters"), choices=Genre.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("title"), Field("kind"), Field("genre"))


class LeaveOutForm(forms.Form):
    """Why a city is not in this batch; the city reads it."""

    reason = forms.CharField(
        label=_("Reason, sent to the city"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the city reads it and stays in line.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("reason"))


class BatchMoveForm(forms.Form):
    """Hidden: ``seen`` (the batch's moves as the page showed them) and ``op_key``; an issue asks for the number."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    op_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, batch: Batch, way: BatchWay, **kwargs):
        kwargs.setdefault("initial", {"seen": batch.moves, "op_key": secrets.token_urlsafe(16)})
        super().__init__(*args, **kwargs)
        names = ["seen", "op_key"]
        if way.reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
            )
            names.append("reason")
        if way.name == "issue":
            self.fields["count"] = forms.IntegerField(
                label=_("Number of letters"),
                min_value=1,
                help_text=_("Type the number of letters this issue makes, as said above."),
                error_messages={"required": _("Type the number of letters.")},
            )
            names.append("count")
        self.helper = _helper(*(Field(name) for name in names))


class AdviceForm(forms.Form):
    advice = forms.CharField(
        label=_("Handler's advice"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the advice for the signer, even if it is only “agree”.")},
    )  # fmt: skip
    office_number = LineField(
        label=_("Own office number"),
        max_length=60,
        required=False,
        help_text=_("Your agency's own number; it is kept here and never printed."),
    )

    def __init__(self, *args, lane: BatchAgency, **kwargs):
        kwargs.setdefault("initial", {"advice": lane.advice, "office_number": lane.office_number})
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("advice"), Field("office_number"))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the signature is withdrawn"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the signature is withdrawn.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field("reason"))


JOINT = "joint"


class SignForm(forms.Form):
    """The agency's word on every text it has not decided on: one for all, or city by city; then the password."""

    whole = forms.ChoiceField(
        label=_("My agency's decision"),
        choices=[("agree", _("Agree to every city and to the joint text")), ("each", _("Decide city by city"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Asked for again before every signature."),
        error_messages={"required": _("Type your password to sign.")},
    )

    def __init__(self, *args, batch: Batch, lines: list[BatchLine], joint: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows: list[tuple[str, int | None, str]] = [
            (f"line{line.pk}", line.pk, line.case.city.name) for line in lines
        ]
        if joint:
            self.rows.append((JOINT, None, gettext("Joint text")))
        digests = {line.pk: line.digest for line in lines} | {None: batch.joint_digest}
        parts = []
        for name, pk, label in self.rows:
            self.fields[f"{name}-decision"] = forms.ChoiceField(
                label=label, choices=Signature.Decision.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"{name}-text"] = forms.CharField(
                label=gettext("%s: note or grounds") % label,
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{name}-digest"] = forms.CharField(
                max_length=64, widget=forms.HiddenInput, initial=digests[pk]
            )
            parts += [Field(f"{name}-decision"), Field(f"{name}-text"), Field(f"{name}-digest")]
        fold = gettext("City by city")
        help_text = gettext("Only read when you chose to decide city by city.")
        self.helper = _helper(
            Field("whole"),
            HTML(
                f'<details class="card" data-open-when="whole:each"{" open" if self._is_each() else ""}>'
                f"<summary>{fold}</summary><p>{help_text}</p>"
            ),
            *parts,
            HTML(f"</details><h3>{gettext('Confirm with your password')}</h3>"),
            Field("password"),
        )

    def _is_each(self) -> bool:
        return self.is_bound and self.data.get("whole") == "each"

    def clean(self):
        data = super().clean()
        if data.get("whole") != "each":
            return data
        for name, _pk, label in self.rows:
            decision = data.get(f"{name}-decision")
            if not decision:
                self.add_error(f"{name}-decision", gettext("%s: choose one of the decisions.") % label)
            elif decision != Signature.Decision.AGREE and not data.get(f"{name}-text", "").strip():
                self.add_error(f"{name}-text", gettext("%s: write the note or the grounds.") % label)
        return data

    def decisions(self) -> dict[int | None, tuple[str, str]]:
        """Return line id (``None``: the joint text) → decision and text."""
        data = self.cleaned_data
        if data["whole"] == "agree":
            return {pk: (Signature.Decision.AGREE.value, "") for _name, pk, _label in self.rows}
        return {pk: (data[f"{name}-decision"], data[f"{name}-text"]) for name, pk, _label in self.rows}

    def digests(self) -> dict[int | None, str]:
        return {pk: self.cleaned_data[f"{name}-digest"] for name, pk, _label in self.rows}
