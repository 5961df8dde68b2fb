"""Forms of a note: where it stands, what it says."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from ..models.annotations import NoteKind
from ..reading import Place
from ..services.annotations import LONGEST


class WordsForm(forms.Form):
    """What a note says; enough for changing one."""

    kind = forms.ChoiceField(
        label=_("Kind of note"),
        choices=NoteKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a kind: must change, suggestion, question or strength.")},
    )
    body = forms.CharField(label=_("Note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    proposed = forms.CharField(
        label=_("Suggested wording"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How the passage could read instead; may stay empty."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Field(name) for name in self.fields))


class NoteForm(WordsForm):
    """A new note: on the words selected (``start`` and ``end``), on sentences ticked, or on a row of a table."""

    field_order = ["section", "target", "id", "start", "end", "sentences", "kind", "body", "proposed"]
    section = forms.CharField(max_length=20, widget=forms.HiddenInput)
    target = forms.CharField(max_length=10, widget=forms.HiddenInput)
    id = forms.CharField(max_length=20, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, place: Place, by_sentences: bool, **kwargs):
        self.place = place
        if by_sentences:
            kwargs.setdefault("initial", {})
            kwargs["initial"]["sentences"] = [str(i) for i in range(len(place.sentences))]
        self.declared_sentences = by_sentences
        super().__init__(*args, **kwargs)
        if by_sentences:
            self.fields["sentences"] = forms.MultipleChoiceField(
                label=_("Sentences the note is about"),
                choices=[(str(i), place.text[a:b]) for i, (a, b) in enumerate(place.sentences)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.order_fields(self.field_order)
            self.helper.layout = Layout(*(Field(name) for name in self.fields))

    def clean_sentences(self) -> list[int]:
        ticked = sorted(int(i) for i in self.cleaned_data["sentences"])
        if not ticked:
            raise forms.ValidationError(_("Tick at least one sentence."))
        if ticked != list(range(ticked[0], ticked[-1] + 1)):
            raise forms.ValidationError(_("Tick sentences that follow one another; write one note for each group."))
        return ticked

    def span(self) -> tuple[int, int]:
        """Return the span asked for in code points; a row of a table has none."""
        if self.place.target != "paragraph":
            return 0, 0
        if ticked := self.cleaned_data.get("sentences"):
            return self.place.sentences[ticked[0]][0], self.place.sentences[ticked[-1]][1]
        return self.cleaned_data["start"] or 0, self.cleaned_data["end"] or 0


class ReplyForm(forms.Form):
    body = forms.CharField(label=_("Reply"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Field("body"))


class ResolveForm(forms.Form):
    resolution = LineField(
        label=_("How it was resolved"),
        max_length=200,
        help_text=_("For example: solved; no longer insisted on; merged into another note."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Field("resolution"))
