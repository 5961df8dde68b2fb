"""One entry of the consultation ledger: who was heard on what, what became of it, who keeps another view."""

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from portal import clock

from .. import numbers
from ..dissent import PARTS_HEARD
from ..models import Consultation
from ..parts import GROUPS, PARTS
from .base import PartForm, helper
from .fields import day_field


class ConsultationForm(PartForm):
    required_words = {
        "form": _("Say how people were heard: meeting, letter, public notice."),
        "who": _("Say who was heard."),
        "opinions": _("Write down the main opinions; if there were none, say so."),
        "adopted": _("Say what was adopted and what was not."),
    }
    held_on = day_field(Consultation, "held_on", required=True)
    participants = forms.CharField(
        label=Consultation._meta.get_field("participants").verbose_name,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "narrow"}),
    )
    parts = forms.MultipleChoiceField(
        label=Consultation._meta.get_field("parts").verbose_name,
        choices=[
            (title, [(key, PARTS[key].title) for key in PARTS_HEARD if PARTS[key].group == group])
            for group, title in GROUPS.items()
            if group != "annexes"
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none when the plan was talked about as a whole."),
        error_messages={"invalid_choice": _("“%(value)s” is not a part of the plan; tick the parts again.")},
    )

    class Meta:
        model = Consultation
        fields = [
            "held_on",
            "form",
            "who",
            "participants",
            "from_firms",
            "parts",
            "measures",
            "opinions",
            "outcome",
            "adopted",
            "dissenting",
            "dissent",
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("opinions", "adopted", "dissent")} | {
            "measures": forms.CheckboxSelectMultiple
        }
        help_texts = {
            "measures": _("Rule and policy measures must show that e-commerce firms were heard."),
            "adopted": _("What now stands in the plan and where; what was not adopted, and why."),
            "dissenting": _("As it is called: 市规划和自然资源局. Leave it empty when all agree."),
            "dissent": _("What it holds, and why. It stands beside the parts ticked above, for every reader."),
        }

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.fields["measures"].queryset = self.plan.measures.all()
        self.fields["outcome"].required = True
        self.fields["outcome"].error_messages["required"] = _("Say whether what was asked for is adopted.")
        self.helper = helper(
            "seen",
            "held_on",
            "form",
            "who",
            "participants",
            "from_firms",
            Fieldset(_("What it was about"), "parts", "measures"),
            Fieldset(_("What was said and what became of it"), "opinions", "outcome", "adopted"),
            Fieldset(_("Dissent kept beside the text"), "dissenting", "dissent"),
        )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come; enter a consultation after it was held."))
        return day

    def clean_participants(self):
        try:
            found = numbers.parse(self.cleaned_data["participants"])
        except ValueError:
            found = None
        if found is None or found != int(found) or not 0 <= found <= 1_000_000:
            raise forms.ValidationError(_("Enter how many people were heard as a whole number, such as 12."))
        return int(found)

    def clean_parts(self):
        ticked = set(self.cleaned_data["parts"])
        return [key for key in PARTS_HEARD if key in ticked]

    def clean(self):
        data = super().clean()
        dissent, who = data.get("dissent"), data.get("dissenting")
        if dissent and not who and "dissenting" not in self.errors:
            self.add_error("dissenting", _("Name the department that keeps this view."))
        if who and not dissent and "dissent" not in self.errors:
            self.add_error("dissent", _("Write what the department holds, and why."))
        if dissent and not data.get("parts") and not data.get("measures") and "parts" not in self.errors:
            self.add_error("parts", _("Tick the parts the dissent is about; it will stand beside their text."))
        return data
