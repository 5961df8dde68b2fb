"""The maturity sheet of one member: eight lines, each with a level in a full sentence, a reason and evidence."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ..maturity_levels import LEVELS
from ..models.opinions import Dimension
from ..services.maturity import EVIDENCE_FROM


class MaturityForm(forms.Form):
    """A dimension without a level is left for later; ``findings`` are those to write."""

    def __init__(self, *args, lines, **kwargs):
        initial = {}
        for line in lines:
            if line.own:
                d = line.dimension.value
                initial |= {f"{d}_level": line.own.level, f"{d}_reason": line.own.reason}
                initial[f"{d}_evidence"] = line.own.evidence
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(self._fieldset(line) for line in lines))

    def _fieldset(self, line) -> Fieldset:
        d = line.dimension.value
        before = "、".join(str(level) for level in sorted(set(line.before)))
        self.fields[f"{d}_level"] = forms.TypedChoiceField(
            label=_("Level"),
            choices=[
                (n, _("Level %(n)d: %(words)s") % {"n": n, "words": words})
                for n, words in enumerate(LEVELS[line.dimension])
            ],
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
            help_text=_("Found in the round before: %s") % before if before else "",
        )
        self.fields[f"{d}_reason"] = forms.CharField(
            label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=5000
        )
        self.fields[f"{d}_evidence"] = forms.CharField(
            label=_("Evidence"),
            help_text=_("Needed for levels 3 and 4: the place in the plan or its attachments."),
            required=False,
            max_length=1000,
        )
        return Fieldset(
            str(Dimension(d).label),
            *(Field(f"{d}_{what}") for what in ("level", "reason", "evidence")),
            css_id=f"line-{d}",
        )

    def clean(self):
        data = super().clean()
        for dimension in Dimension:
            level = data.get(f"{dimension}_level")
            reason, evidence = data.get(f"{dimension}_reason", ""), data.get(f"{dimension}_evidence", "")
            if level is None:
                if reason.strip() or evidence.strip():
                    words = _("“%s”: choose a level, or clear the text.") % dimension.label
                    self.add_error(f"{dimension}_level", words)
                continue
            if not reason.strip():
                self.add_error(
                    f"{dimension}_reason", _("“%s”: give the reason for the level in a sentence.") % dimension.label
                )
            if level >= EVIDENCE_FROM and not evidence.strip():
                self.add_error(
                    f"{dimension}_evidence",
                    _("“%s”: levels 3 and 4 need evidence: name the place in the plan.") % dimension.label,
                )
        return data

    def findings(self) -> list[dict]:
        """Return the lines with a level, as ``services.maturity.assess`` takes them."""
        data = self.cleaned_data
        return [
            {
                "dimension": d.value,
                "level": data[f"{d}_level"],
                "reason": data[f"{d}_reason"],
                "evidence": data[f"{d}_evidence"],
            }
            for d in Dimension
            if data[f"{d}_level"] is not None
        ]
