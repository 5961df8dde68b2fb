"""Errors that the framework words: in the house's Chinese, saying how to right it."""

import re

import pytest
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from portal.models import User

BAD = {
    "text": ("示例文字过长", "最多 5 个字，现在是 6 个字。请缩短。"),
    "hidden": ("甲\0", "这里有看不见的控制字符。请删除后重新输入。"),
    "day": ("2026-02-30", "请填写实际存在的日期，如 2026-09-08。"),
    "mail": ("a@", "请填写完整的邮箱地址，如 name@example.cn。"),
    "number": ("NaN", "请填写数字。"),
    "count": ("一", "请填写整数。"),
    "choice": ("乙", "列表里没有“乙”。请从列表中选择。"),
    "missing": ("", "请填写这一项。"),
}


class Example(forms.Form):
    text = forms.CharField(max_length=5)
    hidden = forms.CharField()
    day = forms.DateField()
    mail = forms.EmailField()
    number = forms.DecimalField()
    count = forms.IntegerField()
    choice = forms.ChoiceField(choices=[("甲", "甲")])
    missing = forms.CharField()


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_value_is_told_in_our_words(name):
    with override("zh-hans"):
        errors = Example({key: value for key, (value, _words) in BAD.items()}).errors
        assert [str(e) for e in errors[name]] == [BAD[name][1]]


@pytest.mark.parametrize("password", ["a", "12345678", "password1", "office-editor"])
def test_no_rule_of_passwords_speaks_english_to_a_chinese_reader(password):
    with override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password, User(username="office-editor", full_name="示例", email="office@example.cn"))
    for words in refused.value.messages:
        assert not re.search("[A-Za-z]", words), words


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["login", "front", "verify"])
def test_a_probe_that_asks_for_the_head_alone_finds_the_page(client, name):
    assert client.head(reverse(name)).status_code == 200
