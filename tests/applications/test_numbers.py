from decimal import Decimal

import pytest

from applications.numbers import parse, year


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("480", "亿元", "480"),
        ("４８０", "亿元", "480"),
        ("12,345.5", "家", "12345.5"),
        ("12，345", "家", "12345"),
        ("4.8亿", "亿元", "4.8"),
        ("4.8亿元", "亿元", "4.8"),
        ("4.8亿", "万元", "48000"),
        ("5000万元", "亿元", "0.5"),
        ("1.5万", "家", "15000"),
        ("65%", "%", "65"),
        ("６５％", "％", "65"),
        ("−3", "%", "-3"),
    ],
)
def test_figure(text, unit, value):
    assert parse(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("约500", "家"), ("", "家"), ("五百", "家"), ("65%", "家"), ("3个", "家"), ("1e5", "家"), ("1.2.3", "家")],
)
def test_not_a_figure(text, unit):
    with pytest.raises(ValueError):
        parse(text, unit)


def test_year():
    assert (year("2028"), year("２０２８"), year("2028年")) == (2028, 2028, 2028)
