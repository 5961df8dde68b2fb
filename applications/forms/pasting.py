"""A pasted table held against the rows that are there: what each cell would change, checked by the row's own form."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.db.models import BooleanField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal import words

from ..models import Plan
from ..pasting import columns, tabular, values
from ..pasting.columns import COLUMNS, KEYS, Head, Matched
from ..pasting.proposal import Cell, Line, Proposal
from ..services import tables
from ..snapshot import plain
from .base import NOT_CLASSIFIED, DeclarationField, helper
from .rows import FORMS

LINKED = {"indicators", "indicator"}


class PasteForm(forms.Form):
    """The pasted cells, or a sheet; one of the two."""

    text = forms.CharField(
        label=gettext_lazy("Cells copied from Excel or WPS"),
        help_text=gettext_lazy("Copy the rows with their head row, click into the field and paste (Ctrl+V)."),
        required=False,
        strip=False,
        max_length=tabular.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "class": "pasted", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a filled-in XLSX sheet"),
        help_text=gettext_lazy("At most 5 MB; the first sheet is read."),
        required=False,
        max_length=200,
        error_messages={"empty": gettext_lazy("The file is empty; choose another.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    unclassified = DeclarationField(required=False, help_text=NOT_CLASSIFIED)

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.helper = helper(Field("text", wrapper_class="wide"), "file", "unclassified")

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("text") or "").strip() and not data.get("file"):
            self.add_error("text", _("Paste the cells here, or choose an XLSX sheet."))
        if data.get("file") and not data.get("unclassified"):
            self.add_error("unclassified", self.fields["unclassified"].error_messages["required"])
        return data


class ApplyForm(forms.Form):
    """What was previewed, sent back as it is."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=tabular.LONGEST)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args, **kw):
        super().__init__(*args, auto_id="id_apply_%s", **kw)
        self.helper = helper("text", "seen")


def propose(plan: Plan, table: str, sheet: list[list[str]]) -> Proposal:
    """Return what ``sheet`` would do to the table; reads the database a fixed number of times."""
    existing = tables.listed(plan, table)
    seen = tables.state(existing)
    matched = columns.match(table, sheet[0]) if sheet else Matched({}, [], named=False, twice=[])
    first = 1 if matched.named else 0
    problems = _whole(table, sheet, matched, first)
    reader = _Reader(plan, table, matched, existing)
    lines = []
    if not problems:
        for place, row in enumerate(sheet[first:], first + 1):
            if any(cell.strip() for cell in row):
                lines.append(reader.line(place, row))
    labels = [columns.label(table, matched.heads[n].column) for n in sorted(matched.heads)]
    return Proposal(labels, matched.unknown, problems, lines, seen, matched.named)


def _whole(table: str, sheet: list[list[str]], matched: Matched, first: int) -> list[str]:
    found = []
    key = next(c for c in COLUMNS[table] if c.name == KEYS[table])
    if len(sheet) <= first:
        found.append(_("There are no rows below the head row. Copy the head row and the rows together."))
    elif key not in [head.column for head in matched.heads.values()]:
        found.append(
            _("No column is named “%s”: the rows cannot be told apart. Name it in the head row.")
            % columns.label(table, key)
        )
    for name in matched.twice:
        found.append(_("The column “%s” stands twice. Leave out one of them.") % name)
    if len(sheet) - first > tables.MOST:
        found.append(_("A table holds at most %d rows. Join rows that belong together.") % tables.MOST)
    return found


class _Reader:
    def __init__(self, plan: Plan, table: str, matched: Matched, existing: list[Any]):
        self.plan, self.table, self.matched = plan, table, matched
        self.key = KEYS[table]
        self.rows = defaultdict(list)
        for row in existing:
            self.rows[values.plain_text(getattr(row, self.key))].append(row)
        self.indicators = existing if table == "indicators" else list(plan.indicators.all())
        self.known = {values.plain_text(i.name): i.pk for i in self.indicators}
        self.told: dict[str, int] = {}
        self.fields = [column.name for column in COLUMNS[table]]
        self.model = tables.TABLES[table]

    def line(self, number: int, texts: list[str]) -> Line:
        told = {
            head.column.name: texts[n]
            for n, head in self.matched.heads.items()
            if n < len(texts) and not values.is_empty(texts[n])
        }
        name = values.plain_text(told.get(self.key, ""))
        problems = []
        if name and self.table == "indicators" and name in self.told:
            problems.append(_("“%(name)s” stands already in row %(row)d.") % {"name": name, "row": self.told[name]})
        self.told.setdefault(name, number)
        row = self.rows[name].pop(0) if self.rows.get(name) else None
        old = _data(row, self.fields) if row else {}
        form, linked, wrong = self._form(row, old, told)
        cells = []
        for n in sorted(self.matched.heads):
            column = self.matched.heads[n].column
            problem = wrong.get(column.name) or " ".join(form.errors.get(column.name, []))
            new = linked.get(column.name) if column.name in LINKED else form.cleaned_data.get(column.name)
            cells.append(self._cell(column.name, old, new, told.get(column.name, ""), problem))
        problems += self._elsewhere(form)
        made = Line(number, name, row.pk if row else None, cells, problems)
        if made.act != "wrong":
            made.values = self._values(row, old, form, linked)
        return made

    def _form(self, row: Any, old: dict[str, Any], told: dict[str, str]):
        """Return the row's own form filled with old and pasted values, the links, and what was not understood."""
        data: dict[str, Any] = {k: v for k, v in old.items() if k not in LINKED}
        linked = {k: v for k, v in old.items() if k in LINKED}
        wrong: dict[str, str] = {}
        unit = self._unit(told, old)
        if unit and self.table == "indicators":
            data["unit"] = unit
        for head in self.matched.heads.values():
            column, raw = head.column, told.get(head.column.name)
            if raw is None:
                continue
            if head.year and (years := column.name.replace("_value", "_year")) not in told:
                data[years] = head.year
            try:
                if column.kind in {"names", "one_name"}:
                    keys = values.names(raw, self.known, one=column.kind == "one_name")
                    linked[column.name] = keys
                else:
                    data[column.name] = self._text(head, raw, unit)
            except (ValueError, KeyError) as error:
                wrong[column.name] = _not_understood(head, raw, unit, error)
        instance = self.model(plan=self.plan) if row is None else row
        form = FORMS[self.table](data, instance=instance, plan=self.plan)
        for name in LINKED & form.fields.keys():
            del form.fields[name]  # resolved above by name, without a query for each row
        form.is_valid()
        return form, linked, wrong

    def _unit(self, told: dict[str, str], old: dict[str, Any]) -> str:
        if self.table != "indicators":
            return "万元"
        given = values.plain_text(told.get("unit", "")) or old.get("unit", "")
        if given:
            return given
        heads = {head.column.name: head for head in self.matched.heads.values()}
        for name in ("target_value", "baseline_value"):
            if name in told and (found := heads[name].unit or values.unit_of(told[name])):
                return found
        return ""

    @staticmethod
    def _text(head: Head, raw: str, unit: str) -> str:
        kind = head.column.kind
        if kind == "figure":
            # A figure that carries its own unit is not in the unit of the column's name.
            return values.figure(raw if values.unit_of(raw) or not head.unit else raw.strip() + head.unit, unit)
        if kind == "choice":
            return values.choice(raw, values.CHOICES[head.column.name])
        if kind in {"first_day", "last_day"}:
            return values.day(raw, last=kind == "last_day")
        return values.READERS[kind](raw)

    def _cell(self, name: str, old: dict[str, Any], new: Any, raw: str, problem: str) -> Cell:
        label = str(self.model._meta.get_field(name).verbose_name)
        before = self._shown(name, old.get(name))
        if problem:
            return Cell(label, before, values.plain_text(raw), problem=problem)
        after = self._shown(name, new)
        return Cell(label, before, after, changed=before != after)

    def _shown(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if name in LINKED:
            listed = {i.pk: i.name for i in self.indicators}
            return words.listed([listed[pk] for pk in value], english=get_language() == "en")
        field_ = self.model._meta.get_field(name)
        if isinstance(field_, BooleanField):
            return str(values.Told(str(value)).label)
        if field_.choices:
            return str(dict(field_.flatchoices).get(value, value))
        return str(plain(value))

    def _elsewhere(self, form) -> list[str]:
        """Return what is wrong outside the pasted columns."""
        shown = {head.column.name for head in self.matched.heads.values()}
        found = []
        for name, errors in form.errors.items():
            if name not in shown:
                label = form.fields[name].label if name in form.fields else ""
                found += [f"{label}：{e}" if label and get_language() != "en" else str(e) for e in errors]
        return found

    def _values(self, row: Any, old: dict[str, Any], form, linked: dict[str, Any]) -> dict[str, Any]:
        """Return what is to be written: everything of a new row, of another what differs."""
        found = {name: form.cleaned_data[name] for name in form.fields if name != "seen"}
        by_key = {i.pk: i for i in self.indicators}
        if row is not None:
            found = {n: v for n, v in found.items() if str(plain(v)) != str(old.get(n, ""))}
        if "indicators" in linked and (row is None or sorted(linked["indicators"]) != sorted(old["indicators"])):
            found["indicators"] = linked["indicators"]
        if "indicator" in linked and (row is None or linked["indicator"] != old["indicator"]):
            found["indicator"] = by_key[linked["indicator"][0]] if linked["indicator"] else None
        return found


def _data(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    """Return a row as its form would send it back, links as lists of keys."""
    found: dict[str, Any] = {}
    for name in fields:
        if name == "indicators":
            found[name] = sorted(i.pk for i in row.indicators.all())
        elif name == "indicator":
            found[name] = [row.indicator_id] if row.indicator_id else []
        else:
            found[name] = str(plain(getattr(row, name)))
    return found


def _not_understood(head: Head, raw: str, unit: str, error: Exception) -> str:
    text = {"text": values.plain_text(raw)[:40]}
    kind = head.column.kind
    if kind == "figure":
        if not unit:
            return _("“%(text)s” is not understood. Write a figure such as 480.") % text
        return _("“%(text)s” is not understood. Write a figure in %(unit)s, such as 480.") % {**text, "unit": unit}
    if kind == "year":
        return _("“%(text)s” is not understood. Write the year with four digits, such as 2028.") % text
    if kind == "choice":
        labels = [str(member.label) for member in values.CHOICES[head.column.name]]
        allowed = words.listed(labels, english=get_language() == "en")
        return _("“%(text)s” is not understood. Write one of: %(allowed)s.") % {**text, "allowed": allowed}
    if kind in {"names", "one_name"}:
        return _("The plan has no indicator named “%s”. Add it to the indicators first.") % error
    return _("“%(text)s” is not understood. Write a date such as 2027-06-30.") % text
