"""The text a spreadsheet puts on the clipboard: tabs between cells, quotes around cells that hold breaks."""

import re

LONGEST = 200_000
# A quote opens a quoted cell only when one closes it right before a tab, a break or the end; else it is a character.
_CELL = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'[\t\r\n]|^"')


def read(text: str) -> list[list[str]]:
    """Return the rows of cells, ragged as they are, without the empty rows at the end."""
    rows: list[list[str]] = [[]]
    text = text.removeprefix("\ufeff").replace("\0", "")
    at, length = 0, len(text)
    while True:
        found = _CELL.match(text, at)
        assert found is not None, "the second branch matches anything"
        quoted, plain = found.groups()
        rows[-1].append(plain if quoted is None else _BREAK.sub("\n", quoted.replace('""', '"')))
        at = found.end()
        if at >= length:
            break
        if text[at] == "\t":
            at += 1
        else:
            at += 2 if text.startswith("\r\n", at) else 1
            rows.append([])
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def write(rows: list[list[str]]) -> str:
    """Return ``rows`` as a spreadsheet would copy them."""
    return "\n".join("\t".join(_cell(cell) for cell in row) for row in rows)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
