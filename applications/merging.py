"""Three-way merge of a section by paragraph: what two people changed in different places is joined."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from os.path import commonprefix

from . import paragraphs
from .comparison import tokens

Paragraph = dict[str, str]
_SAME = 0.8
MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Clash:
    """A paragraph both changed; an empty text means that side removed it.

    ``joined`` is what the writer is offered to begin with: both changes where they do not touch, else both texts.
    """

    id: str
    mine: str
    theirs: str
    joined: str = ""


class Written(str):
    """A clash settled by a text of the writer's own."""


@dataclass(slots=True)
class Merged:
    """``own`` is what the writer sent, with ids: the base of their next save while they go on typing."""

    paragraphs: list[Paragraph]
    own: list[Paragraph]
    clashes: list[Clash] = field(default_factory=list)


def merge(
    base: Sequence[Paragraph],
    texts: Sequence[str],
    theirs: Sequence[Paragraph],
    choices: Mapping[str, str] | None = None,
) -> Merged:
    """Join ``texts``, written over ``base``, with ``theirs``, the text as it stands.

    ``choices`` settles clashes by paragraph id; what it leaves open is returned as clashes, with both texts kept.
    """
    own = paragraphs.assign_ids(base, texts)
    if list(theirs) == list(base):
        return Merged(own, own)
    own = _recognise(base, own, theirs)
    result = Merged([], own)
    before, mine, now = _by_id(base), _by_id(own), _by_id(theirs)
    order = _order(base, own, theirs)
    for ident in order:
        texts_of = (before.get(ident), mine.get(ident), now.get(ident))
        _join(ident, *texts_of, (choices or {}).get(ident), result)
    return result


def merge_value(base: str, mine: str, theirs: str, ident: str, choices: Mapping[str, str] | None, joint: str):
    """Join one line of a form the same way; return ``(value, clash or None)``."""
    if mine in (theirs, base):
        return theirs, None
    if theirs == base:
        return mine, None
    choice = (choices or {}).get(ident)
    joined = joint.join(t for t in (theirs, mine) if t)
    if isinstance(choice, Written):
        return choice.strip(), None
    value = {MINE: mine, THEIRS: theirs}.get(choice or "", joined)
    return value, None if choice else Clash(ident, mine, theirs, joined)


def join_words(base: str, mine: str, theirs: str) -> str | None:
    """Return ``base`` with the changes of both where no change touches another, else ``None``.

    Words and numbers are changed whole: of 65 and 70, both from 60, no 75 is made.
    """
    words = tokens(base)
    changes = sorted(_changes(words, tokens(mine)) + _changes(words, tokens(theirs)))
    if any(end >= start for (_a, end, _t), (start, _e, _n) in itertools.pairwise(changes)):
        return None
    at, pieces = 0, []
    for start, end, new in changes:
        pieces += [*words[at:start], *new]
        at = end
    return "".join([*pieces, *words[at:]])


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, list[str]]]:
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(a, b, new[c:d]) for op, a, b, c, d in found if op != "equal"]


def _by_id(rows: Sequence[Paragraph]) -> dict[str, str]:
    return {row["id"]: row["text"] for row in rows}


def _recognise(base, own, theirs) -> list[Paragraph]:
    """Give a new paragraph of ours the id of a new one of theirs when both are the same piece of writing."""
    known = {p["id"] for p in base}
    fresh_own = [p for p in own if p["id"] not in known]
    fresh_theirs = [p for p in theirs if p["id"] not in known]
    pairs = paragraphs.pair([p["text"] for p in fresh_theirs], [p["text"] for p in fresh_own])
    renamed = {
        fresh_own[j]["id"]: fresh_theirs[i]["id"]
        for i, j in pairs
        if _same_writing(fresh_theirs[i]["text"], fresh_own[j]["text"])
    }
    return [{"id": renamed.get(p["id"], p["id"]), "text": p["text"]} for p in own]


def _same_writing(one: str, other: str) -> bool:
    """Tell one new paragraph written on from two that merely resemble each other."""
    short = min(len(one), len(other))
    head = len(commonprefix([one, other]))
    tail = len(commonprefix([one[head:][::-1], other[head:][::-1]]))
    return head + tail >= _SAME * short


def _order(base, own, theirs) -> list[str]:
    """Return all ids in the order of the text as it stands, or of ours when only we moved paragraphs."""
    ids_base, ids_own, ids_now = ([p["id"] for p in rows] for rows in (base, own, theirs))
    common = set(ids_base) & set(ids_own) & set(ids_now)
    they_moved = [i for i in ids_base if i in common] != [i for i in ids_now if i in common]
    lead, others = (ids_now, [ids_own, ids_base]) if they_moved else (ids_own, [ids_now, ids_base])
    order = list(lead)
    for rows in others:
        for place, ident in enumerate(rows):
            if ident not in order:
                earlier = next((i for i in reversed(rows[:place]) if i in order), None)
                order.insert(order.index(earlier) + 1 if earlier else 0, ident)
    return order


def _join(ident, before, mine, now, choice, result: Merged) -> None:
    if mine in (now, before):
        kept = [now]
    elif now == before:
        kept = [mine]
    elif isinstance(choice, Written):
        kept = paragraphs.split(choice)
    elif before is None and mine is not None and now is not None and mine.startswith(now):
        kept = [mine]  # the answer to an earlier save was lost on the way: this is the same text, gone on
    else:
        kept = {MINE: [mine], THEIRS: [now]}.get(choice or "", [now, mine])
        if not choice:
            joined = join_words(before, mine, now) if before and mine and now else None
            both = "\n".join(text for text in kept if text)
            result.clashes.append(Clash(ident, mine or "", now or "", both if joined is None else joined))
    found = [text for text in kept if text]
    result.paragraphs += [
        {"id": ident if place == 0 else paragraphs.new_id(), "text": text} for place, text in enumerate(found)
    ]
