"""Justified lines of Chinese: the layout engine spreads a line at spaces only, Chinese has none.

Loaded in the rendering child alone. It replaces one inner function of the layout engine, so it accepts
only the version it was tested with.
"""

import inspect
import re

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

TESTED_VERSION = "70.0"
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
MANY_SPACES = 3
LEAST_CHARACTERS = 8
LARGEST_STEP = 4  # CSS pixels between two characters

_at_spaces = inline.justify_line


class WrongVersion(RuntimeError):
    pass


def install():
    """Spread lines between characters; refuses an untested layout engine."""
    if weasyprint.__version__ != TESTED_VERSION:
        raise WrongVersion(f"tested with {TESTED_VERSION}, found {weasyprint.__version__}")
    if list(inspect.signature(_at_spaces).parameters) != ["context", "line", "extra_width"]:
        raise WrongVersion("the inner function has another shape")
    inline.justify_line = justify_line


def justify_line(context, line, extra_width):
    text = "".join(box.text for box in _text_boxes(line))
    if not CHINESE.search(text) or inline.count_expandable_spaces(line) > MANY_SPACES:
        _at_spaces(context, line, extra_width)
        return
    gaps = len(text.rstrip()) - 1
    if gaps >= LEAST_CHARACTERS and extra_width / gaps <= LARGEST_STEP:
        _spread(context, line, extra_width / gaps, 0)


def _text_boxes(box):
    if isinstance(box, boxes.TextBox):
        if box.text:
            yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            yield from _text_boxes(child)


def _spread(context, box, step, advance):
    """Widen every character of the box by the step; the answer is how far the next box must move."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        style = box.style.copy()
        spacing = style["letter_spacing"]
        style["letter_spacing"] = (0 if spacing == "normal" else spacing) + step
        box.style = style
        layout = inline.create_layout(box.text, style, context, None, 0)
        layout.deactivate()
        box.pango_layout = layout
        widened = step * len(box.text)
        box.width += widened
        return advance + widened
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += advance
        before = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(context, child, step, advance)
        box.width += advance - before
        return advance
    box.translate(advance, 0)
    return advance
