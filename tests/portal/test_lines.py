"""Text of one line: what cannot be seen is not kept, and nothing that can be is changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lines import line, private


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("陇南市\u200b商务局", "陇南市商务局"),
        ("\u202e陇南市商务局\u2066", "陇南市商务局"),
        ("\ufeff陇南市商务局", "陇南市商务局"),
        ("陇南\u00ad市", "陇南市"),
        ("示例\U000e0041\ufffe\U0001ffff方案", "示例方案"),
        ("突\ufa0c", "突兀"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("　示例\u00a0　方案　", "示例 方案"),
        ("\u200b", ""),
        ("\u3164\u2800\ufe0f", ""),
        ("e\u0301", "é"),
        ("𠮷祥街道", "𠮷祥街道"),
        ("👨‍👩‍👧 家庭", "👨‍👩‍👧 家庭"),
        ("发改办高技〔2026〕6号", "发改办高技〔2026〕6号"),
        ("戶户戸", "戶户戸"),
        ("a\0b", "a\0b"),
        ("\U00031350", "\U00031350"),
    ],
)
def test_what_is_kept(typed, kept):
    assert line(typed) == kept


@given(st.text())
def test_a_line_is_one_line_of_what_can_be_seen_and_stays_so(text):
    found = line(text)
    assert line(found) == found
    assert found == found.strip()
    assert len(found.splitlines()) <= 1
    assert not set(found) & set("\r\n\t\u00ad\ufeff\u202e\u2066")
    assert all(unicodedata.category(c) != "Cs" for c in found)


@given(st.text("示例市商务局，。〔〕0123ABCabc", min_size=1))
def test_ordinary_words_stay_as_they_are(text):
    assert line(text) == text


def test_characters_of_one_computer_alone_are_named_once():
    assert private("示\ue812例\ue812\uf0000") == "U+E812、U+F000"
