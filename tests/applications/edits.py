"""Edits of a plan's text in which every character keeps its identity, so that a note's true place is known.

A text is a list of paragraphs, a paragraph a list of (character, number); a number is given once and never again.
"""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

from applications import anchors
from applications.paragraphs import Paragraph, assign_ids
from review.samples import load_plan

Char = tuple[str, int]
Text = list[list[Char]]
SHORT = 9
_DIGITS = "0123456789"
_NEW = (
    "市商务局会同市统计局按季度核对，", "由各区、县（市）分别落实，", "到2029年底前完成，", "并向社会公布名单，",
    "重点支持中小企业，", "建立相应的考核办法，", "与省级平台实现对接，",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edited:
    """One note before and after: ``texts`` and ``now`` are the two versions as a plan keeps them."""

    kind: str
    anchor: anchors.Anchor
    home: str
    origin: list[Paragraph]
    now: list[Paragraph]
    numbers: list[list[int]]  # of every character of ``now``
    quoted: list[int]  # the numbers of the quote's characters
    before: set[int]
    after: set[int]


class Maker:
    """Draws a passage of the sample plan, a note on it and an edit of the given kind; the same seed the same edits."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.numbers = itertools.count()
        prose = [p for texts in load_plan()["sections"].values() for p in texts]
        self.long = [n for n, p in enumerate(prose) if len(p) > 60]
        self.prose = prose

    def chars(self, text: str) -> list[Char]:
        return [(c, next(self.numbers)) for c in text]

    def draw(self, kind: str) -> Edited:
        middle = self.random.choice(self.long)
        texts = self.prose[max(0, middle - 4) : middle + 5]
        home = min(middle, 4)
        if kind in TWINS:
            texts.insert(self.random.randint(0, len(texts)), twin(self.random, texts[home], kind))
            home = texts.index(self.prose[middle])
        old: Text = [self.chars(t) for t in texts]
        origin = assign_ids([], texts)
        body = texts[home]
        start = self.random.randint(0, len(body) - 8)
        most = SHORT if kind == "repeat elsewhere and delete" else len(body)
        end = min(len(body), start + min(most, self.random.choice((2, 4, 6, 9, 14, 25))))
        note = anchors.make(body, start, end)
        quoted = [n for _c, n in old[home][start:end]]
        before = {n for _c, n in old[home][max(0, start - anchors.CONTEXT) : start]}
        after = {n for _c, n in old[home][end : end + anchors.CONTEXT]}
        new = [list(p) for p in old]
        EDITS[kind](self, new, home, start, end)
        new = [p for p in new if "".join(c for c, _n in p).strip()]
        now = assign_ids(origin, ["".join(c for c, _n in p) for p in new])
        numbers = [[n for _c, n in p] for p in new]
        return Edited(kind, note, origin[home]["id"], origin, now, numbers, quoted, before, after)

    def words(self) -> list[Char]:
        return self.chars(self.random.choice(_NEW))


def twin(rng: random.Random, text: str, kind: str) -> str:
    """Return a paragraph that is the same, or differs in its figures alone."""
    if kind == "delete one of two alike":
        return text
    changed = "".join(rng.choice(_DIGITS) if c in _DIGITS else c for c in text)
    return changed if changed != text else "另，" + text


def insert_before(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    if made.random.random() < 0.5:
        at = made.random.randint(0, start)
        new[home][at:at] = made.words()
    else:
        for _n in range(made.random.randint(1, 3)):
            new.insert(made.random.randint(0, home), made.chars(made.random.choice(made.prose)))


def edit_inside(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    at = made.random.randint(start, end - 1)
    new[home][at : min(end, at + made.random.randint(1, 3))] = made.chars(
        made.random.choice(("65", "及", "各区", "两个"))
    )


def edit_around(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    at = made.random.randint(end, len(new[home]))
    new[home][at : at + made.random.randint(0, 6)] = made.words()
    at = made.random.randint(0, start)
    new[home][max(0, at - made.random.randint(0, 6)) : at] = made.words()


def delete(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    if made.random.random() < 0.3:
        del new[home]
    else:
        del new[home][max(0, start - made.random.randint(0, 5)) : end + made.random.randint(0, 5)]


def delete_home(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    del new[home]


def move_paragraph(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    moved = new.pop(home)
    new.insert(made.random.randint(0, len(new)), moved)


def move_sentence(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    left, right = max(0, start - 20), min(len(new[home]), end + 20)
    piece = new[home][left:right]
    del new[home][left:right]
    other = made.random.choice([n for n in range(len(new)) if n != home])
    at = made.random.randint(0, len(new[other]))
    new[other][at:at] = piece


def split(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    at = made.random.randint(1, len(new[home]) - 1)
    new[home : home + 1] = [new[home][:at], new[home][at:]]


def merge(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    first = min(home, len(new) - 2) if made.random.random() < 0.5 else max(0, home - 1)
    new[first : first + 2] = [new[first] + new[first + 1]]


def repeat(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    left = max(0, start - made.random.randint(0, 40))
    piece = made.chars("".join(c for c, _n in new[home][left : end + made.random.randint(0, 40)]))
    if made.random.random() < 0.5:
        new.insert(made.random.randint(0, len(new)), piece)
    else:
        other = made.random.choice([n for n in range(len(new)) if n != home])
        at = made.random.randint(0, len(new[other]))
        new[other][at:at] = piece


def repeat_and_delete(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    """The quoted words come again in another sentence, and the sentence they were quoted from goes.

    A dozen characters that are the same to the letter are the same passage, moved; fewer are a turn of phrase.
    """
    other = made.random.choice([n for n in range(len(new)) if n != home])
    at = made.random.randint(0, len(new[other]))
    new[other][at:at] = made.chars("".join(c for c, _n in new[home][start:end]))
    del new[home][max(0, start - 25) : end + 25]


def swap(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    other = made.random.choice([n for n in range(len(new)) if n != home])
    new[home], new[other] = new[other], new[home]


def rewrite(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    fresh = [
        (c, n) if made.random.random() < 0.3 else made.chars(made.random.choice("的在和各有为"))[0]
        for c, n in new[home]
    ]
    new[home] = fresh


def several(made: Maker, new: Text, home: int, start: int, end: int) -> None:
    """Two edits of the paragraph and one of its neighbours."""
    edit_around(made, new, home, start, end)
    if len(new) > 2:
        other = made.random.choice([n for n in range(len(new)) if n != home])
        moved = new.pop(other)
        new.insert(made.random.randint(0, len(new)), moved)


TWINS = {"swap similar paragraphs", "delete one of two alike", "delete one of two similar"}
EDITS: dict[str, Callable[[Maker, Text, int, int, int], None]] = {
    "insert before": insert_before,
    "edit inside": edit_inside,
    "edit around": edit_around,
    "delete": delete,
    "move the paragraph": move_paragraph,
    "move the sentence": move_sentence,
    "split": split,
    "merge": merge,
    "repeat elsewhere": repeat,
    "repeat elsewhere and delete": repeat_and_delete,
    "swap similar paragraphs": swap,
    "delete one of two alike": delete_home,
    "delete one of two similar": delete_home,
    "rewrite": rewrite,
    "several at once": several,
}


def verdict(edited: Edited, found: anchors.Found) -> str:
    """Return unchanged, changed or orphan as ``found`` says, or wrong when it stands at other text.

    Of two paragraphs that are the same to the letter the text cannot tell which one went: by its id home is home.
    A changed passage is right when it holds characters of the quote and none that lay outside of its context, or
    stands between what stood before the quote and what stood after it.
    """
    if found.status is anchors.Status.ORPHAN:
        return "orphan"
    same = _text(edited.now, edited.home) == _text(edited.origin, edited.home)
    if found.paragraph_id == edited.home and same:
        return (
            "unchanged" if (found.status, found.start) == (anchors.Status.UNCHANGED, edited.anchor.start) else "wrong"
        )
    number = next(n for n, p in enumerate(edited.now) if p["id"] == found.paragraph_id)
    numbers = edited.numbers[number]
    span = numbers[found.start : found.end]
    if found.status is anchors.Status.UNCHANGED:
        return "unchanged" if span == edited.quoted else "wrong"
    left, right = numbers[: found.start][-1:], numbers[found.end :][:1]
    between = bool(left or right) and set(left) <= edited.before and set(right) <= edited.after
    return "changed" if between or set(span) & set(edited.quoted) else "wrong"


def _text(paragraphs: list[Paragraph], wanted: str) -> str:
    return next((p["text"] for p in paragraphs if p["id"] == wanted), "")
