"""Sentences that promise without number, date or department."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.finding.wording import vague


def said(text):
    return [(v.quote, v.words) for v in vague([{"id": "p1", "text": text}])]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("加强电子认证体系建设，推进互联互通。", ("加强", "推进")),
        ("积极营造良好的发展环境。", ("积极",)),
        ("进一步完善物流体系，不断提升服务水平。", ("进一步", "不断")),
        ("统一规划，大力推进基础设施共建共享。", ("大力", "推进")),
        ("优化城市布局，稳步扩大格局。", ("稳步",)),
        ("认真举办系列活动，努力形成良好局面。", ("努力",)),
    ],
)
def test_intention_without_anything_to_hold(text, words):
    assert said(text) == [(text, words)]


@pytest.mark.parametrize(
    "text",
    [
        "加强电子认证体系建设，覆盖率达到65%。",
        "推进三个园区的物流改造。",
        "到2028年，积极推进电子发票应用。",
        "２０２８年底前大力推进电子发票应用。",
        "市商务局牵头，加强行业自律建设。",
        "由市发展改革委推进信用体系建设。",
        "每半年组织交流，推进经验推广。",
        "按季度推进考核工作落到实处。",
        "制定网络交易管理办法，明确退货责任。",  # no such word
        "（一）加强政策环境建设",  # a heading
        "4. 推进绿色包装回收。",
        "加强监管。",  # too short to say more
        "",
    ],
)
def test_something_to_hold_or_nothing_promised(text):
    assert said(text) == []


def test_only_the_sentence_counts_not_the_paragraph():
    text = "2028年前建成3个中心。不断提升服务水平，切实增强群众获得感。〔责任单位：市商务局〕"
    (found,) = vague([{"id": "x", "text": text}])
    assert (found.paragraph, text[found.start : found.end]) == ("x", "不断提升服务水平，切实增强群众获得感。")


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["加强", "推进", "市商务局", "2028年", "。", "，", "服务水平不断", "\n", "（一）"])))
def test_places_are_those_of_the_text(pieces):
    text = "".join(pieces)
    for found in vague([{"id": "p", "text": text}]):
        assert text[found.start : found.end] == found.quote
        assert all(word in found.quote for word in found.words)
