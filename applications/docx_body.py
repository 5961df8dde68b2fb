"""The body of a Word document as a flat list: paragraphs with their level, and tables, nothing skipped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .docx_numbering import Numbering
from .prose_tables import MOST_COLUMNS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {W + "del", W + "moveFrom", _FALLBACK, W + "txbxContent", W + "pPr", W + "rPr"}
_CHARACTERS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc\s*[1-9]|toc heading|目录.*)", re.IGNORECASE)
_PICTURES = {"drawing", "pict", "object"}
# How a document that the portal wrote tells its parts and its own lines from the city's words.
BOOKMARK = "plan_part_"
COVER_STYLE, NOTE_STYLE = "Plan Cover", "Plan Note"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table when ``rows`` is set; ``level`` is that of a heading style, else 0.

    ``part`` and ``is_added`` stand in documents the portal wrote: where a part begins, and lines of its own.
    """

    text: str
    level: int = 0
    is_title: bool = False
    is_contents: bool = False
    rows: list[list[str]] | None = None
    part: str = ""
    is_added: bool = False


class Body:
    """Reads ``document.xml`` with the styles and the automatic numbering it refers to."""

    def __init__(self, document: bytes, styles: bytes | None, numbering: bytes | None) -> None:
        self.root = parse(document)
        self.styles = {s.get(W + "styleId", ""): s for s in parse(styles).iter(W + "style")} if styles else {}
        self.numbering = Numbering(parse(numbering) if numbering else None)
        self.pictures = sum(1 for e in self.root.iter() if etree.QName(e).localname in _PICTURES)
        self.tracked = sum(1 for _e in self.root.iter(W + "del", W + "moveFrom"))

    def blocks(self) -> Iterator[Block]:
        """Yield what stands in the body, in reading order; text boxes follow their paragraph."""
        body = self.root.find(W + "body")
        yield from self._children(body if body is not None else [])

    def _children(self, parent) -> Iterator[Block]:
        for element in parent:
            if element.tag == W + "p":
                yield from self._paragraph(element)
            elif element.tag == W + "tbl":
                yield from self._table(element)
            elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
                yield from self._children(element)

    def _paragraph(self, element) -> Iterator[Block]:
        style_id = _value(element.find(f"{W}pPr/{W}pStyle"))
        definition = self.styles.get(style_id)
        style = _value(definition.find(W + "name")) if definition is not None else style_id
        outlines = [e.find(f"{W}pPr/{W}outlineLvl") for e in (element, definition) if e is not None]
        outline = next(filter(None, map(_value, outlines)), None)
        words = run_text(element)
        text = self.numbering.label(element, definition) + words if words.strip() else ""
        yield Block(
            text,
            level=_heading_level(style, outline),
            is_title=style.lower() in ("title", "标题", "文档标题"),
            is_contents=bool(_CONTENTS.fullmatch(style)),
            part=_part_of(element),
            is_added=style in (COVER_STYLE, NOTE_STYLE),
        )
        for box in element.iter(W + "txbxContent"):
            if not any(up.tag in (_FALLBACK, W + "txbxContent") for up in _between(box, element)):
                yield from self._children(box)

    def _table(self, element) -> Iterator[Block]:
        rows = []
        for row in _rows(element, W + "tr"):
            cells = [text for cell in _rows(row, W + "tc") for text in _covered(cell)]
            if any(cells):
                rows.append(cells)
        if rows:
            yield Block("", rows=rows)


def parse(data: bytes) -> etree._Element:
    """Parse one part, without entities or network; the strict dialect is read as the usual one."""
    data = data.replace(_STRICT[1:-1].encode(), W[1:-1].encode())
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def run_text(element) -> str:
    """Return the visible text under ``element``: insertions in, deletions and text boxes out."""
    parts = []
    for child in element:
        if child.tag in _SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == W + "t":
            parts.append(child.text or "")
        else:
            parts.append(_CHARACTERS.get(child.tag) or run_text(child))
    return "".join(parts)


def _between(inner, outer) -> Iterator[etree._Element]:
    for up in inner.iterancestors():
        if up is outer:
            return
        yield up


def _rows(parent, tag: str) -> Iterator[etree._Element]:
    """Yield the rows or cells of one table, also inside content controls, not those of a table within."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in (W + "tc", W + "del", W + "tblPr"):
            yield from _rows(child, tag)


def _covered(cell) -> list[str]:
    """Return the cell's text and an empty one for each further column it covers, so that columns hold."""
    told = _value(cell.find(f"{W}tcPr/{W}gridSpan"))
    columns = int(told) if told.isdecimal() else 1
    return [_cell_text(cell)] + [""] * (min(columns, MOST_COLUMNS) - 1)


def _cell_text(cell) -> str:
    lines = (line for p in cell.iter(W + "p") for line in run_text(p).split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _value(element) -> str:
    return element.get(W + "val", "") if element is not None else ""


def _part_of(paragraph) -> str:
    names = (mark.get(W + "name", "") for mark in paragraph.iter(W + "bookmarkStart"))
    return next((name.removeprefix(BOOKMARK) for name in names if name.startswith(BOOKMARK)), "")


def _heading_level(style: str, outline: str | None) -> int:
    if found := _HEADING.fullmatch(style.strip()):
        return int(found.group(1))
    return int(outline) + 1 if outline and outline.isdecimal() and int(outline) < 9 else 0
