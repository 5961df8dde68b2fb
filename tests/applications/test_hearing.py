"""Which entries of the ledger show that e-commerce firms were heard on a rule or policy measure."""

from datetime import date

import pytest

from applications import hearing
from applications.finding import advising

RULE = {"id": "7", "area": "policy", "instrument": "rule", "title": "示例规章"}
FIRMS = {"id": "1", "from_firms": True, "held_on": "2026-02-03", "form": "座谈会", "parts": [], "measures": []}


@pytest.mark.parametrize("instrument", ["regulation", "rule", "normative", "fiscal", "standard", ""])
def test_rules_and_policy_alone_are_asked_for(instrument):
    asked = instrument not in {"standard", ""}
    assert hearing.is_missing(RULE | {"instrument": instrument}, []) == asked


@pytest.mark.parametrize(
    ("entry", "shows"),
    [
        ({}, True),  # on the plan as a whole
        ({"from_firms": False}, False),
        ({"parts": ["policy"]}, True),
        ({"parts": ["measures"]}, True),
        ({"parts": ["services"]}, False),
        ({"measures": ["7"]}, True),
        ({"parts": ["policy"], "measures": ["8"]}, False),
    ],
)
def test_an_entry_shows_it_when_it_is_about_the_measure(entry, shows):
    assert hearing.is_missing(RULE, [FIRMS | entry]) != shows


def test_entry_of_an_old_version_was_about_everything():
    old = {k: v for k, v in FIRMS.items() if k not in {"parts", "measures"}}
    assert hearing.of_firms(RULE, [old]) == [old]


def test_hearings_are_shown_in_their_order():
    early = FIRMS | {"held_on": "2026-01-05", "form": "问卷"}
    assert hearing.shown(RULE, [FIRMS, early]) == [(date(2026, 1, 5), "问卷"), (date(2026, 2, 3), "座谈会")]
    assert hearing.shown(RULE | {"instrument": "standard"}, [FIRMS]) == []


def test_check_names_the_measure_on_which_nobody_was_heard():
    other = RULE | {"id": "8", "title": "示例办法", "area": "services"}
    found = advising.firms_heard({"measures": [RULE, other], "consultations": [FIRMS | {"parts": ["policy"]}]})
    assert [(f.part, f.anchor) for f in found] == [("measures", "#row-8")]
    assert "“示例办法”" in found[0].text
    (whole,) = advising.firms_heard({"measures": [RULE, other], "consultations": []})
    assert whole.part == "consultations"
