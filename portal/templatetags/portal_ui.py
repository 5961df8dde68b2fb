"""What templates need to speak of dates, numbers and errors in one voice."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from portal import acts, charts, words
from portal import clock as business_clock

register = template.Library()


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.simple_tag
def page_language() -> str:
    """Return the value of ``<html lang>``."""
    return "en" if _english() else "zh-CN"


@register.simple_tag
def right_now() -> str:
    """Return the time for the foot of a printed page."""
    return words.full_moment(business_clock.now(), english=_english())


# Dates: a moment without a value shows nothing, never an invented 00:00.
@register.filter
def beijing(value: datetime | None) -> str:
    """9月22日 18:00, with the year when it is not this year's."""
    return words.moment(value, today=business_clock.today(), english=_english()) if value else ""


@register.filter
def beijing_day(value: date | datetime | None) -> str:
    """9月22日, with the year when it is not this year's."""
    return words.day(value, today=business_clock.today(), english=_english()) if value else ""


@register.filter
def day_of_year(value: date | datetime | None) -> str:
    """2026年9月22日: in a plan, which is read in other years."""
    return words.day(value, today=None, english=_english()) if value else ""


@register.filter
def beijing_full(value: datetime | None) -> str:
    """2026年9月22日（星期二）18:00."""
    return words.full_moment(value, english=_english()) if value else ""


@register.filter
def beijing_seconds(value: datetime | None) -> str:
    """The same to the second, for receipts."""
    return words.full_moment(value, english=_english(), seconds=True) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """10:42."""
    return words.clock(value) if value else ""


@register.filter
def iso(value: datetime | None) -> str:
    """The value of ``<time datetime>``."""
    return business_clock.beijing(value).isoformat(timespec="seconds") if value else ""


@register.filter
def called(code: str, kind: str = "") -> str:
    """``{{ "case"|called:"object" }}`` is the word for that code, or nothing when there is none."""
    return acts.word(f"{kind}:{code}" if kind else code)


# Numbers
def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


@register.filter
def thousands(value: object) -> str:
    number = _decimal(value)
    return "" if number is None else words.thousands(number)


@register.filter
def magnitude(value: object, unit: str = "") -> str:
    """``{{ 480|magnitude:"亿元" }}`` is 四百八十亿元."""
    number = _decimal(value)
    return "" if number is None else words.magnitude(number, unit, english=_english())


@register.filter
def percent_points(new: object, old: object) -> str:
    first, second = _decimal(new), _decimal(old)
    return "" if first is None or second is None else words.percent_points(first, second, english=_english())


@register.filter
def money(value: object) -> str:
    """An amount in yuan as 亿元 or 万元."""
    number = _decimal(value)
    return "" if number is None else words.money(number, english=_english())


@register.filter
def grouped(value: object) -> str:
    return words.grouped(str(value or ""))


@register.filter
def listed(value: Iterable[object]) -> str:
    return words.listed((str(v) for v in value), english=_english())


@register.filter
def characters(value: object) -> int:
    return words.count_characters(str(value or ""))


# Forms
def _bound(form: object) -> Iterator[dict[str, str]]:
    """Yield every error of a form or formset with the control that mends it."""
    if isinstance(form, BaseFormSet):
        for text in form.non_form_errors():
            yield {"text": str(text), "target": ""}
        for number, member in enumerate(form.forms, start=1):
            for error in _bound(member):
                yield {
                    **error,
                    "text": gettext("Row %(row)s: %(error)s") % {"row": number, "error": error["text"]},
                }
        return
    if not isinstance(form, BaseForm):
        return
    for name, errors in form.errors.items():
        if name not in form.fields:
            yield from ({"text": str(text), "target": ""} for text in errors)
            continue
        field = form[name]
        yield from ({"text": text, "target": _first_control(field)} for text in error_texts(field))


@register.filter
def error_texts(field) -> list[str]:
    """Return the words of a field's errors; where a form left Django's “required”, they name the field."""
    texts: list[str] = []
    for error in field.errors.as_data():
        if error.code == "required" and error.message == forms.Field.default_error_messages["required"]:
            texts.append(_wanted(field))
        else:
            texts.extend(error.messages)
    return texts


def _wanted(field) -> str:
    if isinstance(field.field, forms.BooleanField):
        words = gettext("Tick “%(label)s”.")
    elif isinstance(field.field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        words = gettext("Select “%(label)s”.")
    elif isinstance(field.field, forms.FileField):
        words = gettext("Choose a file for “%(label)s”.")
    else:
        words = gettext("Fill in “%(label)s”.")
    return words % {"label": str(field.label).rstrip("。.？?")}


def _first_control(field) -> str:
    """Return the id of the control to focus: the first choice of radios and check boxes."""
    choices = list(field.subwidgets)
    return (field.id_for_label or (choices[0].id_for_label if choices else "")) or f"div_{field.auto_id}"


@register.inclusion_tag("components/_error_summary.html")
def error_summary(*forms: object, inserted: bool = False) -> dict:
    """List what is wrong in all forms and formsets given; nothing given, unbound or right shows nothing."""
    errors: list[dict[str, str]] = []
    for form in forms:
        errors.extend(_bound(form))
        if isinstance(form, BaseForm | BaseFormSet):
            form.summary_shown = True  # type: ignore[union-attr]
    return {"errors": errors, "inserted": inserted}


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """Return 有误： when ``form``, ``formset`` or one of ``forms`` is wrong or ``has_errors`` is set."""
    forms = [context.get("form"), context.get("formset"), *(context.get("forms") or [])]
    if context.get("has_errors") or any(any(_bound(form)) for form in forms):
        return gettext("Error: ")
    return ""


@register.inclusion_tag("components/_count.html")
def counter(field) -> dict:
    """Return the line that counts a text; shown for widgets with ``data-count-most`` (0: no guide length)."""
    attrs = field.field.widget.attrs
    least, most = attrs.get("data-count-least"), attrs.get("data-count-most")
    count = words.count_characters(str(field.value() or ""))
    found = {"field": field, "counted": most is not None, "count": count}
    return found | {"least": int(least or 0), "most": int(most or 0)}


# Lists
@register.simple_tag(takes_context=True)
def keep_query(context: Context, **changes: object) -> str:
    """Return the query string with ``changes``: filters survive paging; ``None`` takes a key out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return "?" + query.urlencode()


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Return the numbers to show around a page, ``None`` where some are left out."""
    return [
        n if isinstance(n, int) else None
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]


# Pictures
@register.simple_tag
def concreteness(gauge: dict) -> dict[str, str | SafeString]:
    """Return bars and words of ``gauge``: ``soft`` and ``hard`` by count, ``advice`` in points."""
    soft, hard = charts.share(**gauge["soft"]), charts.share(**gauge["hard"])
    said = {
        "soft_words": _measure_words(gettext("Soft goals"), gauge["soft"], soft),
        "hard_words": _measure_words(gettext("Hard goals"), gauge["hard"], hard),
        "soft_bar": charts.share_bar(soft, soft=True),
        "hard_bar": charts.share_bar(hard, soft=False),
        "gap_words": "",
    }
    if soft is not None and hard is not None:
        said["gap_words"] = gettext("%(gap)s percentage points apart (at most %(advice)s advised).") % {
            "gap": abs(hard - soft),
            "advice": gauge.get("advice", 15),
        }
    return said


def _measure_words(label: str, measure: dict, share: int | None) -> str:
    if share is None:
        return gettext("%(label)s: none yet") % {"label": label}
    return gettext("%(label)s: %(share)s%% (%(concrete)s of %(total)s)") % {
        "label": label,
        "share": share,
        **measure,
    }


@register.simple_tag
def sparkline(values: list[float | None], words: str) -> SafeString:
    return charts.sparkline(values, words)


@register.simple_tag
def tagged(label: str, colour: str = "") -> SafeString:
    """Return a state's tag; without a colour it is plain text, as 已完成 should be."""
    return format_html('<span class="tag {}">{}</span>', colour, label) if colour else format_html("{}", label)
