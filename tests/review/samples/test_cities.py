"""The 23 further applicants are real cities with plans of their own."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

import applications
from review import samples
from review.samples import checks

DATA = Path(applications.__file__).parent / "data"


@pytest.fixture(scope="module")
def cities():
    return samples.load_cities()


def test_23_real_cities_with_their_codes(cities):
    known = {c["code"]: c["name"] for c in json.loads((DATA / "cities.json").read_text(encoding="utf-8"))["cities"]}
    assert len(cities) == 23
    assert {city["code"]: city["name"] for city in cities}.items() <= known.items()
    assert len({city["province"] for city in cities}) == 23


def test_five_file_directly_and_the_call_says_so(cities):
    direct = {city["code"] for city in cities if city["direct"]}
    call = json.loads((DATA / "call_2026.json").read_text(encoding="utf-8"))
    assert direct == {"440300", "370200", "210200", "330200", "350200"}
    assert direct == {city["code"] for city in cities} & set(call["direct_filing_cities"])


def test_each_plan_has_measures_indicators_and_records(cities):
    for city in cities:
        plan = city["plan"]
        assert 4 <= len(plan["measures"]) <= 6, city["name"]
        assert len(plan["indicators"]) == 3, city["name"]
        assert {row["kind"] for row in plan["measures"]} == {"soft", "hard"}, city["name"]
        assert any(row["from_firms"] for row in plan["consultations"]), city["name"]


@pytest.mark.parametrize("area", checks.AREAS)
def test_area_paragraphs_differ_between_cities(cities, area):
    """Two cities share less than a third of their pairs of characters in the same area."""
    texts = {c["name"]: "".join(c["plan"]["sections"][area]) for c in cities}
    pairs = {name: {text[n : n + 2] for n in range(len(text) - 1)} for name, text in texts.items()}
    for name, own in pairs.items():
        for other, its in pairs.items():
            if name < other:
                assert len(own & its) / len(own | its) < 1 / 3, (name, other)


def test_objected_wording_stands_in_the_plan(cities):
    plan = next(city["plan"] for city in cities if city["code"] == "650100")
    assert "对边贸网店给予税费返还" in "".join(plan["sections"]["policy"])


def test_a_repeated_sentence_is_found(cities):
    cities = deepcopy(cities)
    cities[0]["plan"]["sections"]["policy"] = cities[1]["plan"]["sections"]["policy"]
    with pytest.raises(samples.SampleError, match="cities: said twice"):
        checks.check_cities(cities)
