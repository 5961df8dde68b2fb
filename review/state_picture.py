"""The workflow table as a picture for the help page: one column a stage, one box a state, one arrow a way."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .states import FACTS, Stage, State
from .workflow import WORKFLOW

BOX_WIDTH, BOX_HEIGHT, GAP, COLUMN, LEFT, TOP = 190, 38, 26, 330, 70, 46
_SIDE_STEP = 16  # an arc leans out further, the more boxes it passes


def _places() -> dict[State, tuple[int, int]]:
    """Return the left upper corner of each state's box."""
    places = {}
    for column, stage in enumerate(Stage):
        states = [s for s, facts in FACTS.items() if facts.stage == stage]
        for row, state in enumerate(states):
            places[state] = (LEFT + column * COLUMN, TOP + row * (BOX_HEIGHT + GAP))
    return places


def _pairs() -> list[tuple[State, State]]:
    """Return every way between two drawn states once, withdrawing and resuming left out: they lead from everywhere."""
    found = {(source, w.target) for w in WORKFLOW for source in w.sources}
    order = list(State)
    pairs = [p for p in found if State.WITHDRAWN not in p]
    return sorted(pairs, key=lambda p: (order.index(p[0]), order.index(p[1])))


def picture() -> SafeString:
    """Return an SVG; what it shows stands in the tables beside it too."""
    places = _places()
    order = list(places)
    bottom = max(y for _x, y in places.values()) + BOX_HEIGHT + 20
    width = LEFT + len(Stage) * COLUMN
    arrows = format_html_join(
        "",
        '<path d="{}" fill="none" stroke="{}" stroke-width="1.5" stroke-dasharray="{}" marker-end="url(#{})"/>',
        (
            (
                _path(places[source], places[target]),
                "#1B4B5A" if forward else "#A8201A",
                "none" if forward else "5 4",
                "ahead" if forward else "back",
            )
            for source, target in _pairs()
            for forward in [order.index(target) > order.index(source)]
        ),
    )
    boxes = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="#fff" stroke="#6F7F8A"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="#14232E">{}</text>',
        ((x, y, BOX_WIDTH, BOX_HEIGHT, x + BOX_WIDTH // 2, y + 24, state.label) for state, (x, y) in places.items()),
    )
    heads = format_html_join(
        "",
        '<text x="{}" y="26" font-size="16" font-weight="700" fill="#12333E">{}</text>',
        ((LEFT + n * COLUMN, stage.label) for n, stage in enumerate(Stage)),
    )
    return format_html(
        '<svg role="img" viewBox="0 0 {} {}" width="{}" height="{}" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title><defs>{}{}</defs>{}{}{}</svg>",
        width,
        bottom,
        width,
        bottom,
        _(
            "States of a plan in three stages; solid arrows lead on, dashed arrows lead back. "
            "The tables below say the same."
        ),
        _head("ahead", "#1B4B5A"),
        _head("back", "#A8201A"),
        heads,
        arrows,
        boxes,
    )


def _head(name: str, colour: str) -> SafeString:
    return format_html(
        '<marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="{}"/></marker>',
        name,
        colour,
    )


def _path(source: tuple[int, int], target: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = source, target
    middle1, middle2 = y1 + BOX_HEIGHT / 2, y2 + BOX_HEIGHT / 2
    if x1 != x2:
        ahead = x2 > x1
        start, end = (x1 + BOX_WIDTH, x2) if ahead else (x1, x2 + BOX_WIDTH)
        bend = (end - start) / 2
        return f"M{start} {middle1} C{start + bend} {middle1} {end - bend} {middle2} {end} {middle2}"
    rows = round((y2 - y1) / (BOX_HEIGHT + GAP))
    centre = x1 + BOX_WIDTH / 2
    if rows == 1:
        return f"M{centre - 20} {y1 + BOX_HEIGHT} L{centre - 20} {y2}"
    if rows == -1:
        return f"M{centre + 20} {y1} L{centre + 20} {y2 + BOX_HEIGHT}"
    ahead = rows > 0
    edge = x1 + BOX_WIDTH if ahead else x1
    lean = edge + (10 + _SIDE_STEP * abs(rows)) * (1 if ahead else -1)
    return f"M{edge} {middle1} C{lean} {middle1} {lean} {middle2} {edge} {middle2}"
