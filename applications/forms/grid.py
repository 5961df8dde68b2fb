"""A whole table in one form: a line of cells for each row, and some empty lines for new ones."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit

from ..models import Plan
from ..pasting.columns import COLUMNS, KEYS
from ..services import editing, tables
from ..services.rows import MOST, SomeRefused
from .base import PartForm
from .fields import FigureField, YearField
from .rows import FORMS

GRIDS = ("indicators", "milestones")
NEW_LINES = 3


class Line(PartForm):
    """One row as a line of cells; a line that nobody touched is neither checked nor written."""

    table = ""

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.fields["pk"] = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=self.instance.pk)
        self.fields["shown"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
        self.name = str(self.instance) if self.instance.pk else _("new row")
        if not self.is_bound:
            self.initial["shown"] = self._digest(self[column.name].value() for column in COLUMNS[self.table])

    @property
    def key(self) -> forms.BoundField:
        return self._cell(KEYS[self.table])

    @property
    def cells(self) -> list[forms.BoundField]:
        return [self._cell(c.name) for c in COLUMNS[self.table] if c.name != KEYS[self.table]]

    def _cell(self, name: str) -> forms.BoundField:
        """Return a field with what its cell says to those who hear it: the row, the column, the mistake."""
        cell = self[name]
        attrs = {"aria-label": _("%(row)s, %(column)s") % {"row": self.name, "column": cell.label}}
        if not isinstance(cell.field.widget, forms.CheckboxInput):
            kind = "form-select" if isinstance(cell.field.widget, forms.Select) else "form-control"
            attrs["class"] = f"{kind} {'unit' if name == 'unit' else _size(cell.field)}"
        if name == KEYS[self.table] and not self.instance.pk:
            attrs["placeholder"] = self.name
        if cell.errors:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"{cell.auto_id}-error"}
        cell.field.widget.attrs.update(attrs)
        return cell

    def has_changed(self) -> bool:
        """Say whether the line is sent otherwise than it was shown; what others saved meanwhile is no change of it."""
        sent = cast(Any, self.data)
        return sent.get(self.add_prefix("shown")) != self._digest(
            sent.get(self.add_prefix(c.name)) for c in COLUMNS[self.table]
        )

    @staticmethod
    def _digest(values: Iterable[Any]) -> str:
        texts = ("on" if value is True else str(value or "") for value in values)
        return audit.seal(dict(enumerate(texts)))[:20]


class Grid(forms.BaseFormSet):
    """The rows of one table; a row that somebody deleted meanwhile keeps what was typed as a new one."""

    extra, min_num, max_num, absolute_max = NEW_LINES, 0, MOST + NEW_LINES, MOST + NEW_LINES
    can_order = can_delete = can_delete_extra = validate_max = validate_min = False
    edit_only = False
    renderer = None

    def __init__(self, data=None, *, plan: Plan, table: str):
        self.plan, self.table = plan, table
        self.rows = tables.listed(plan, table)
        self.choices: dict[str, list[tuple[Any, str]]] = {}
        self.form = LINES[table]
        super().__init__(data)

    def initial_form_count(self) -> int:
        return super().initial_form_count() if self.is_bound else len(self.rows)

    def _construct_form(self, i, **kw):
        row = self._row(i)
        made = super()._construct_form(
            i,
            instance=row or self.form._meta.model(plan=self.plan),
            plan=self.plan,
            empty_permitted=True,
            use_required_attribute=False,
            **kw,
        )
        made.is_gone = self.is_bound and row is None and bool(self._pk(i))
        for name, field in made.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.choices = self._choices(name, field)
        return made

    def _choices(self, name: str, field: forms.ModelChoiceField) -> list[tuple[Any, str]]:
        """Return what a cell offers, asked of the database once for all lines."""
        if name not in self.choices:
            offered = cast(Any, field.choices)
            self.choices[name] = [(str(getattr(value, "value", value)), label) for value, label in offered]
        return self.choices[name]

    def _row(self, i: int) -> Any:
        if not self.is_bound:
            return self.rows[i] if i < len(self.rows) else None
        pk = self._pk(i)
        return next((row for row in self.rows if str(row.pk) == pk), None)

    def _pk(self, i: int) -> str:
        return cast(Any, self.data).get(f"{self.add_prefix(i)}-pk", "")

    @property
    def written(self) -> list[Line]:
        """The lines to write, in their order."""
        return [form for form in self.forms if form.has_changed()]

    @property
    def lines(self) -> list[tuple[int | None, dict[str, Any], str]]:
        return [(form.instance.pk, form.values, form.cleaned_data["seen"]) for form in self.written]

    def refuse(self, refused: SomeRefused | ValidationError) -> None:
        """Show what the service refused beside its line."""
        if isinstance(refused, ValidationError):
            self._non_form_errors = self.error_class(refused.messages)
            return
        for number, error in refused.errors.items():
            line = self.written[number]
            line.refuse(error)
            if isinstance(error, editing.Stale):
                for label, value in error.differences:
                    line.add_error(
                        None, _("Saved by somebody else: %(label)s %(value)s") % {"label": label, "value": value}
                    )


def _line(table: str) -> type[Line]:
    base = cast(Any, FORMS[table])
    return type(f"{table.title()}Line", (Line, base), {"table": table, "Meta": base.Meta})


LINES = {table: _line(table) for table in GRIDS}


def _size(field: forms.Field) -> str:
    sizes = {YearField: "year", FigureField: "figure", forms.DateField: "day"}
    return sizes.get(type(field), "choice" if isinstance(field, forms.ChoiceField) else "words")
