"""How much of a saved state the next one no longer has."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.services.history import dropped


def state(*texts: str, department: str = "", reason: str = ""):
    paragraphs = [{"id": text[0], "text": text[1:]} for text in texts]
    return SimpleNamespace(paragraphs=paragraphs, department=department, not_focus_reason=reason)


@pytest.mark.parametrize(
    ("was", "now", "lost"),
    [
        (state("a一二三"), state("a一二三四"), 0),
        (state("a一二三"), state("a零一二三"), 0),
        (state("a一二三"), state("a一X二三"), 0),
        (state("a一二三"), state("a一三"), 1),
        (state("a一二三"), state("a一贰三"), 1),
        (state("a一一一"), state("a一"), 2),
        (state("a一二三"), state("b一二三"), 3),
        (state("a一二三", "b四五"), state("b四五", "a一二三"), 0),
        (state("a一二三", "b四五"), state("b四五"), 3),
        (state(), state("a一"), 0),
        (state(department="市商务局"), state(department="市商务局、市税务局"), 0),
        (state(reason="已有专项规划"), state(), 6),
    ],
)
def test_characters_that_are_gone_are_counted(was, now, lost):
    assert dropped(was, now).characters == lost


@given(st.text(), st.text(), st.text(), st.text())
def test_typing_into_a_text_drops_nothing_and_taking_it_out_drops_at_most_that(head, typed, tail, other):
    before, after = state(f"a{head}{tail}", f"b{other}"), state(f"a{head}{typed}{tail}", f"b{other}")
    assert dropped(before, after).characters == 0
    assert dropped(after, before).characters == len(typed)


@pytest.mark.parametrize(
    ("was", "now", "whole"),
    [
        (state("a一二三"), state("a一"), False),
        (state("a一二三"), state("a二三"), False),
        (state("a一二三"), state("a"), True),
        (state("a一二三"), state("a四五六七"), True),
        (state("a一"), state("b一"), True),
        (state("a"), state(), False),
        (state("a一", "b二"), state("b二", "a一"), False),
        (state(department="市商务局"), state(), True),
        (state(reason="已有规划"), state(reason="已有专项规划"), False),
    ],
)
def test_a_text_of_which_nothing_is_left_is_told(was, now, whole):
    assert dropped(was, now).whole is whole
