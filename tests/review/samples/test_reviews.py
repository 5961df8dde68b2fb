"""The sample notes quote what stands there once, and every item of an opinion is answered."""

from copy import deepcopy

import pytest

from review import samples
from review.samples import checks


@pytest.fixture(scope="module")
def reviews():
    return samples.load_reviews()


def faults(reviews):
    with pytest.raises(samples.SampleError) as caught:
        checks.check_reviews(reviews, {1: samples.plan_version(1), 2: samples.plan_version(2)})
    return caught.value.problems


def test_thirty_notes_over_two_rounds_by_four_members(reviews):
    notes = reviews["annotations"]
    assert [note["round"] for note in notes] == [1] * 18 + [2] * 12
    assert {note["author"] for note in notes} == {1, 2, 3, 4}
    assert {note["kind"] for note in notes} == {"must", "suggestion", "question", "strength"}


def test_each_quote_occurs_once_in_the_version_of_its_round(reviews):
    versions = {1: samples.plan_version(1), 2: samples.plan_version(2)}
    for note in reviews["annotations"]:
        texts = checks.note_texts(note, versions[note["round"]])
        assert sum(text.count(note["quote"]) for text in texts) == 1, note["quote"]


def test_opinions_have_seven_and_four_items(reviews):
    assert [len(opinion["items"]) for opinion in reviews["opinions"]] == [7, 4]
    assert [len(opinion["responses"]) for opinion in reviews["opinions"]] == [7, 4]


def test_the_item_still_open_is_reopened_in_round_2(reviews):
    first, second = reviews["opinions"]
    still = [n for n, answer in enumerate(first["responses"], 1) if answer["verdict"] == "still"]
    assert still == [2]
    assert [item["reopens"] for item in second["items"] if "reopens" in item] == [{"round": 1, "item": 2}]
    assert {answer["verdict"] for answer in second["responses"]} == {"solved"}


def test_the_eleven_items_are_handled_in_every_way(reviews):
    kinds = [answer["handling"] for opinion in reviews["opinions"] for answer in opinion["responses"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "adopted": 6,
        "explained": 2,
        "partly": 2,
        "not_adopted": 1,
    }


def test_what_is_not_adopted_has_a_reason(reviews):
    reasons = [
        answer["text"]
        for opinion in reviews["opinions"]
        for answer in opinion["responses"]
        if answer["handling"] in ("partly", "not_adopted")
    ]
    assert len(reasons) == 3
    assert min(map(len, reasons)) >= 20


def test_four_sheets_of_eight_dimensions(reviews):
    assert [(sheet["round"], sheet["author"]) for sheet in reviews["maturity"]] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    reasons = [line["reason"] for sheet in reviews["maturity"] for line in sheet["dimensions"].values()]
    assert len(set(reasons)) == 32


def test_agencies_speak_of_sample_cities(reviews):
    codes = {city["code"] for city in samples.load_cities()} | {"330100"}
    assert {line["decision"] for line in reviews["cosigning"]} == {"agree_note", "not_yet"}
    assert {line["city"] for line in reviews["cosigning"] + reviews["forwarding_opinions"]} <= codes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r["annotations"][0].update(quote="这句话不在方案里"), "exactly once, found 0"),
        (lambda r: r["annotations"][0].update(quote="信用"), "exactly once"),
        (lambda r: r["opinions"][0]["responses"][6].update(text="不采纳。"), "at least 20 characters"),
        (lambda r: r["opinions"][0]["declined"].clear(), "neither placed nor declined"),
        (lambda r: r["opinions"][1]["items"][0].update(sources=[0]), "source of another round"),
        (lambda r: r["opinions"][0]["responses"].pop(), "every item needs one response"),
        (lambda r: r["maturity"][0]["dimensions"]["services"].update(evidence=""), "need evidence"),
    ],
)
def test_faults_are_told_in_words(reviews, change, message):
    reviews = deepcopy(reviews)
    change(reviews)
    assert any(message in problem for problem in faults(reviews))
