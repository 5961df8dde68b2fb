"""The plan as PDF/A-3a: tagged, with bookmarks and a table of contents, printed in the limited child of the letters."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext as _

from portal import words

from ..letters.faces import unprintable_characters
from ..letters.layout import break_title
from ..letters.render import PROJECT, Faces, print_limited, qr_image
from .content import Block, Facts, blocks, characters

# Three times the longest plan the guide lengths ask for; bench/export.py says how long such a one takes.
MOST_CHARACTERS = 100_000
CPU_SECONDS = 36
MEMORY = 1536 * 1024 * 1024
MISSING = "〓"
_CONTENTS_DEPTH = 2


class TooLarge(ValueError):
    """More text than a PDF is made of; the message says how much and what to do instead."""


def render(snapshot: dict[str, Any], facts: Facts, *, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> bytes:
    """Return the PDF; raises ``TooLarge`` or ``letters.render.RenderFailed`` with words for the reader."""
    found = blocks(snapshot)
    size = characters(found)
    if size > MOST_CHARACTERS:
        raise TooLarge(
            _(
                "The plan has %(n)s characters; a PDF is made of at most %(most)s. Take the Word document, which has "
                "everything, or shorten the plan."
            )
            % {"n": words.thousands(size), "most": words.thousands(MOST_CHARACTERS)}
        )
    html, css = compose(snapshot, facts, found)
    return print_limited(html, css, cpu_seconds=cpu_seconds, memory=memory)


def compose(snapshot: dict[str, Any], facts: Facts, found: list[Block]) -> tuple[str, str]:
    """Return page and style sheet; every value is escaped by the template engine."""
    faces = Faces()
    groups = list(_grouped(found))
    with translation.override("zh-hans"):
        values = {
            "plan": snapshot["plan"],
            "facts": facts,
            "faces": faces.stacks(),
            "years": words.years(snapshot["plan"]["starts"], snapshot["plan"]["ends"]),
            "at": words.full_moment(facts.at, seconds=True),
            "day": words.official_day(facts.at),
            "created": facts.at.date().isoformat(),
            "title_lines": break_title(snapshot["plan"]["title"]),
            "digest_lines": in_lines(facts.digest),
            "qr": qr_image(facts.verify_url) if facts.verify_url else "",
            "watermark": _watermark(faces),
            "groups": groups,
            "contents": [b for group in groups for b in group["blocks"] if b["in_contents"]],
            "widths": sorted({w for b in found if b.table for w in b.table.widths}),
        }
        css = engine().get_template("printed/plan.css").render(Context(values))
        html = engine().get_template("printed/plan.html").render(Context(values))
    return printable(html, faces), css


def _shown(number: int, block: Block) -> dict[str, Any]:
    heading = block.kind == "heading"
    return {
        "kind": block.kind,
        "text": block.text,
        "level": block.level,
        "tag": f"h{block.level + 1}",
        "id": f"b{number}",
        "in_contents": heading and block.level <= _CONTENTS_DEPTH and bool(block.section),
        "table": block.table,
    }


def _grouped(found: list[Block]) -> Iterator[dict[str, Any]]:
    """Yield what begins on a page of its own: the prose, then each annex, turned sideways for a wide table."""
    starts = [0, *(n for n, b in enumerate(found) if b.section == "annex" and n)]
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        own = found[start:end]
        yield {
            "wide": any(b.table and b.table.wide for b in own),
            "blocks": [_shown(n, block) for n, block in enumerate(own, start=start)],
        }


def _watermark(faces: Faces) -> str:
    """Return 草稿 across the page as a picture in an address: the printing child fetches nothing else."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><text x="200" y="240" font-size="130" '
        'text-anchor="middle" fill="#f2ead9" transform="rotate(-40 200 200)" '
        f'font-family="{faces.hei[0]}">草稿</text></svg>'
    )
    return "data:image/svg+xml," + quote(svg)


def in_lines(digest: str) -> list[str]:
    """Return a digest in two lines of eight groups."""
    return [words.grouped(digest[at : at + 32].upper()) for at in (0, 32)]


def printable(html: str, faces: Faces) -> str:
    """Set 〓 for a character no typeface here has and say at the end which; a frozen text cannot be mended."""
    without = unprintable_characters(html, faces)
    if not without:
        return html.replace("<!-- missing -->", "")
    html = html.translate({ord(c): MISSING for c in without})
    listed = "、".join(f"U+{ord(c):04X}" for c in without)
    return html.replace("<!-- missing -->", f'<p class="note">{MISSING} 表示排版字库没有的字符，依次为：{listed}。</p>')


@cache
def engine() -> Engine:
    """Return the engine of printed pages: escaping, and no tags of the portal's own."""
    return Engine(dirs=[str(PROJECT / "templates")], autoescape=True)
