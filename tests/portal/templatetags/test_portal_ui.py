from datetime import UTC, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.templatetags import portal_ui

EVENING = datetime(2026, 9, 22, 10, 0, 7, tzinfo=UTC)


class Row(forms.Form):
    value = forms.IntegerField(error_messages={"invalid": "目标值要填数字，如 480。"})
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect, required=False)

    def clean(self):
        if self.cleaned_data.get("value") == 13:
            raise forms.ValidationError("这两项对不上。")


Rows = forms.formset_factory(Row, extra=0, max_num=1, validate_max=True)


def render(text: str, language: str = "zh-hans", **values) -> str:
    with translation.override(language):
        return Template("{% load portal_ui %}" + text).render(Context(values))


def rows(*values: str, prefix: str = "form"):
    data = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    data |= {f"{prefix}-{i}-value": value for i, value in enumerate(values)}
    return Rows(data, prefix=prefix)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("{{ at|beijing }}", "9月22日 18:00", "22 September 2026, 18:00"),
        ("{{ at|beijing_day }}", "9月22日", "22 September 2026"),
        ("{{ at|beijing_full }}", "2026年9月22日（星期二）18:00", "Tuesday, 22 September 2026, 18:00"),
        ("{{ at|beijing_seconds }}", "2026年9月22日（星期二）18:00:07", "Tuesday, 22 September 2026, 18:00:07"),
        ("{{ at|clock }}", "18:00", "18:00"),
        ("{{ at|iso }}", "2026-09-22T18:00:07+08:00", "2026-09-22T18:00:07+08:00"),
        ('{{ 480|magnitude:"亿元" }}', "四百八十亿元", "48 billion yuan"),
        ("{{ 65|percent_points:38 }}", "提高 27 个百分点", "up 27 percentage points"),
        ("{{ cities|listed }}", "甲市、乙市", "甲市 and 乙市"),
        ("{% page_language %}", "zh-CN", "en"),
    ],
)
def test_words_follow_the_language(text, chinese, english):
    values = {"at": EVENING, "cities": ["甲市", "乙市"]}
    assert render(text, **values) == chinese
    assert render(text, "en", **values) == english


@pytest.mark.parametrize(
    "name", ["beijing", "beijing_day", "beijing_full", "beijing_seconds", "clock", "iso", "thousands"]
)
def test_unknown_value_shows_nothing(name):
    assert render("{{ value|" + name + " }}", value=None) == ""


def test_text_that_is_no_number_shows_nothing():
    assert render("{{ value|thousands }}{{ value|magnitude }}", value="约五百") == ""


def test_error_summary_lists_form_and_formset_with_their_controls():
    form, formset = Row({"value": "x"}), rows("1", "x", prefix="r")
    html = render("{% error_summary form formset %}", form=form, formset=formset)
    assert "有 3 处需要修改" in html
    assert '<a href="#id_value">目标值要填数字，如 480。</a>' in html
    assert '<a href="#id_r-1-value">第 2 行：目标值要填数字，如 480。</a>' in html


def test_missing_answer_is_named_the_same_in_the_summary_and_at_the_field():
    class Missing(forms.Form):
        reason = forms.CharField(label="理由")
        kind = forms.ChoiceField(label="处理", choices=[("", "请选择"), ("a", "采纳")])
        true = forms.BooleanField(label="我已核对，材料真实。")
        paper = forms.FileField(label="正式文件")

    html = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=Missing({}))
    for words in ("请填写“理由”。", "请选择“处理”。", "请勾选“我已核对，材料真实”。", "请为“正式文件”选择文件。"):
        assert html.count(words) == 2
    assert "必填项" not in html


def test_error_of_the_whole_form_has_no_link():
    html = render("{% error_summary form %}", form=Row({"value": "13"}))
    assert "<li>这两项对不上。</li>" in html


@pytest.mark.parametrize("form", [None, "", Row(), Row({"value": "5"})])
def test_nothing_wrong_shows_no_summary(form):
    assert render("{% error_summary form %}", form=form).strip() == ""


def test_summary_is_shown_by_crispy_when_the_page_forgets_it_and_only_once():
    crispy = "{% load crispy_forms_tags %}"
    assert render(crispy + "{{ form|crispy }}", form=Row({"value": "x"})).count("data-error-summary") == 1
    both = crispy + "{% error_summary form %}{{ form|crispy }}"
    assert render(both, form=Row({"value": "x"})).count("data-error-summary") == 1


def test_words_of_an_error_are_escaped():
    class Evil(forms.Form):
        def clean(self):
            raise forms.ValidationError("<script>alert(1)</script>")

    assert "<script>" not in render("{% error_summary form %}", form=Evil({}))


@pytest.mark.parametrize(
    ("values", "prefix"),
    [
        ({"form": Row({"value": "x"})}, "有误："),
        ({"form": Row({"value": "5"})}, ""),
        ({"formset": rows("x")}, "有误："),
        ({"forms": [Row(), Row({"value": "x"})]}, "有误："),
        ({"has_errors": True}, "有误："),
        ({}, ""),
    ],
)
def test_error_prefix(values, prefix):
    assert render("{% error_prefix %}", **values) == prefix


def test_paging_keeps_the_filters():
    request = RequestFactory().get("/plans/", {"state": "late", "page": "1"})
    assert render("{% keep_query page=2 %}", request=request) == "?state=late&amp;page=2"
    assert render("{% keep_query page=None %}", request=request) == "?state=late"


def test_page_numbers_leave_out_the_middle():
    assert portal_ui.page_numbers(Paginator(range(200), 20).page(3)) == [1, 2, 3, 4, 5, None, 10]


def test_gauge_says_the_gap_and_none_where_nothing_is_measured():
    gauge = {"soft": {"concrete": 17, "total": 25}, "hard": {"concrete": 20, "total": 22}, "advice": 15, "missing": []}
    text = '{% include "components/_gauge.html" %}'
    said = render(text, gauge=gauge)
    assert "软性目标 68%（17/25）" in said
    assert "硬性目标 91%（20/22）" in said
    assert "相差 23 个百分点（建议不超过 15）。" in said
    said = render(text, gauge={**gauge, "soft": {"concrete": 0, "total": 0}})
    assert "软性目标：还没有" in said
    assert "百分点" not in said


def test_state_without_colour_is_plain_text():
    assert render('{% tagged "已完成" %}') == "已完成"
    assert render('{% tagged "修改中" "amber" %}') == '<span class="tag amber">修改中</span>'
