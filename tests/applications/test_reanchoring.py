"""Notes carried through a corpus of edits in which the true place of each is known: none ever at other text."""

from collections import Counter

import pytest

from applications.anchors import Status, locate
from tests.applications.edits import EDITS, Maker, verdict

EACH = 60
SEED = 20261124
# The least share of notes that must find their text again, of those whose words survive.
KEPT = {
    "insert before": 1.0,
    "edit around": 0.98,
    "move the paragraph": 1.0,
    "move the sentence": 0.98,
    "split": 0.95,
    "merge": 1.0,
    "repeat elsewhere": 1.0,
    "swap similar paragraphs": 1.0,
    "several at once": 0.96,
}
GONE = {"delete", "repeat elsewhere and delete", "delete one of two similar", "rewrite"}


def test_the_corpus_is_as_large_as_asked_and_knows_every_kind():
    assert EACH * len(EDITS) >= 500
    assert set(EDITS) == {*KEPT, *GONE, "edit inside", "delete one of two alike"}


def survives(edited) -> bool:
    """Say whether the quote stands whole, in its own paragraph or with nowhere else the like of it."""
    size = len(edited.quoted)
    alone = sum(p["text"].count(edited.anchor.quote) for p in edited.now) == 1
    return any(
        (alone or paragraph["id"] == edited.home)
        and any(line[at : at + size] == edited.quoted for at in range(len(line) - size + 1))
        for paragraph, line in zip(edited.now, edited.numbers, strict=True)
    )


@pytest.mark.parametrize("kind", EDITS)
def test_a_note_is_never_found_at_other_text(kind):
    made = Maker(SEED)
    counts, kept = Counter(), Counter()
    for _n in range(EACH):
        edited = made.draw(kind)
        found = locate(edited.anchor, edited.home, edited.now, edited.origin)
        said = verdict(edited, found)
        assert said != "wrong", (kind, edited.anchor, found)
        counts[said] += 1
        if survives(edited):
            kept[said == "unchanged"] += 1
    assert counts.total() == EACH
    if kind in KEPT:
        assert kept[True] / kept.total() >= KEPT[kind], kept
    if kind in GONE:
        assert counts == {"orphan": EACH}
    if kind == "edit inside":
        assert counts == {"changed": EACH}


def test_corpus_would_notice_a_note_that_slid():
    """The judge itself: a place beside the true one is called wrong, an empty claim of change as well."""
    made = Maker(SEED)
    edited = made.draw("insert before")
    found = locate(edited.anchor, edited.home, edited.now, edited.origin)
    assert verdict(edited, found) == "unchanged"
    slid = type(found)(Status.UNCHANGED, found.paragraph_id, found.start + 1, found.end + 1)
    assert verdict(edited, slid) == "wrong"
    far = next(p for p in edited.now if p["id"] not in {edited.home} and len(p["text"]) > 3)
    assert verdict(edited, type(found)(Status.CHANGED, far["id"], 0, 2)) == "wrong"


def test_without_the_origin_a_twin_that_is_left_cannot_be_told():
    """Why the origin is asked: the two texts alone speak for the twin."""
    made = Maker(SEED)
    slid = 0
    for _n in range(EACH):
        edited = made.draw("delete one of two similar")
        slid += verdict(edited, locate(edited.anchor, edited.home, edited.now)) == "wrong"
    assert slid > EACH / 2
