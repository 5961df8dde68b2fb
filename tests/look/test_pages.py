"""The pages for what went wrong, and the page on which an act is confirmed."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.look import gallery
from tests.look.test_gallery import violations

ADDRESS = RequestFactory().get("/plans/CJ-330100-2026-1/")


class Reason(forms.Form):
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))
    declared = forms.BooleanField(label="我已核对，材料真实。")
    op_key = forms.CharField(widget=forms.HiddenInput, initial="1")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason", "declared", "op_key")


def frame(**values) -> dict:
    kept = ("site_name", "nav", "unread", "user", "post", "other_language", "idle_seconds")
    whole = gallery.context()
    return {**{name: whole[name] for name in kept}, "request": ADDRESS, **values}


def confirm() -> dict:
    return {
        "title": "提交第 4 版",
        "strip": gallery.context()["strip"],
        "whom": "交给示例省发展改革委。",
        "happens": ["第 4 版锁定，不能再改。", "渠道单位打开前可以撤回。"],
        "act": "提交第 4 版",
        "back": {"url": "#a", "label": "返回方案"},
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413", "415", "500", "503"])
def test_error_page_is_accessible_and_says_what_to_do(show, page, name, language):
    with translation.override(language):
        html = render_to_string(f"{name}.html", frame(reason="这份方案由示例市管理。", number="7F3A"))
    shown = show(html, 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("h1").count() == 1
    assert page.locator("main a").count() + (name == "503") >= 1
    assert shown["complaints"] == []
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    assert violations(page) == []


def test_refusal_gives_its_reason_and_whom_to_ask():
    html = render_to_string("403.html", frame(reason="这份方案由示例市管理。", ask="示例·某市发展改革委经办人"))
    assert "这份方案由示例市管理。" in html
    assert "需要查看请联系：示例·某市发展改革委经办人" in html


def test_broken_page_needs_nothing_but_its_own_style():
    html = render_to_string("500.html", {"number": "7F3A"})
    assert "编号 <strong>7F3A</strong>" in html
    assert html.count("<link") == 1
    assert "<script" not in html


def test_visitor_is_sent_to_sign_in_and_back():
    html = render_to_string("403.html", {"site_name": "平台", "request": ADDRESS})
    assert "/login/?next=/plans/CJ-330100-2026-1/" in html


@pytest.mark.parametrize("form", [Reason(), Reason({})], ids=["fresh", "wrong"])
@pytest.mark.parametrize("width", [1280, 320])
def test_confirmation_names_the_act_and_the_way_back(show, page, form, width):
    html = render_to_string("components/_confirm.html", frame(confirm=confirm(), form=form))
    shown = show(html, width)
    assert page.locator("main .btn").all_inner_texts() == ["提交第 4 版"]
    assert page.locator(".actions a").inner_text() == "返回方案"
    assert page.locator("[data-error-summary]").count() == (1 if form.is_bound else 0)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert shown["complaints"] == []
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    assert violations(page) == []


def test_empty_list_says_one_fact_and_one_act():
    html = render_to_string(
        "components/_empty.html", {"fact": "没有逾期事项。", "action": "看全部", "action_url": "/a/"}
    )
    assert html.count("<p>") == 2
    assert render_to_string("components/_empty.html", {"fact": "没有逾期事项。"}).count("<a") == 0
