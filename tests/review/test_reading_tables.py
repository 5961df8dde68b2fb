"""A table in the prose: shown as one, and still the row's text to whoever counts its characters."""

import re
from html import unescape
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from applications.prose_tables import spans
from review.reading import marked, stretches

ROW = "| 建设平台 | 市商务局 | 2027年6月 |"


def note(pk: int, start: int, end: int):
    return SimpleNamespace(note=SimpleNamespace(pk=pk, kind="must"), start=start, end=end, number=pk)


def plain(html: str) -> str:
    return unescape(re.sub("<[^>]+>", "", re.sub("<sup>.*?</sup>", "", html)))


def cells(notes) -> list[str]:
    found = spans(ROW)
    return stretches(ROW, notes, [*(end for _start, end in found[:-1]), len(ROW)], found)


def test_bars_are_hidden_and_words_are_shown():
    assert cells([]) == [
        '<span class="vh" aria-hidden="true">| </span>建设平台',
        '<span class="vh" aria-hidden="true"> | </span>市商务局',
        '<span class="vh" aria-hidden="true"> | </span>2027年6月<span class="vh" aria-hidden="true"> |</span>',
    ]


def test_a_note_over_a_whole_row_is_marked_in_each_cell_and_numbered_once_where_it_is_seen():
    found = cells([note(7, 0, len(ROW))])
    assert ["<mark" in cell for cell in found] == [True, True, True]
    assert "".join(found).count('id="mark-7"') == 1
    assert re.findall(r'</span><sup><a href="#note-7"', "".join(found)) == ['</span><sup><a href="#note-7"']


@given(
    st.text(alphabet="甲a<&| ", min_size=1, max_size=20).map(lambda inner: f"|x{inner}|"),
    st.lists(st.tuples(st.integers(0, 21), st.integers(1, 21)), max_size=3),
)
def test_cells_together_are_the_text_whatever_is_noted(text, edges):
    notes = [note(n, a, min(len(text), a + b)) for n, (a, b) in enumerate(edges) if a < len(text)]
    found = spans(text)
    assert plain(marked(text, notes)) == text
    if found:
        whole = stretches(text, notes, [*(end for _start, end in found[:-1]), len(text)], found)
        assert (len(whole), plain("".join(whole))) == (len(found), text)
