"""The formal review opinion as PDF/A-3a: numbered, dated, with the members' views, no member named.

The opinion is Chinese in every language of the portal, so all words here are.
"""

from dataclasses import dataclass
from datetime import datetime

from django.template import Context
from django.utils import translation

from portal import words

from ..letters.layout import break_title
from ..letters.render import Faces, print_limited
from .pdf import CPU_SECONDS, MEMORY, engine, in_lines, printable


@dataclass(frozen=True, slots=True)
class Said:
    """One member's line: without ``text`` there was no reply; ``is_recused`` is set for an interest found later."""

    member: str
    text: str
    at: datetime | None
    is_recused: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is printed; ``issuer`` stands over the number and under the text."""

    number: str
    issuer: str
    city: str
    plan_title: str
    reference: str
    version: int
    version_digest: str
    filing: str
    paragraphs: tuple[str, ...]
    said: tuple[Said, ...]
    signed_at: datetime
    digest: str
    is_sample: bool

    @property
    def title(self) -> str:
        return f"关于{self.plan_title}的正式审理意见"

    @property
    def silent(self) -> int:
        return sum(not one.text for one in self.said)


def render(shown: Facts, *, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> bytes:
    """Return the PDF; raises ``letters.render.RenderFailed`` with words for the reader."""
    html, css = compose(shown)
    return print_limited(html, css, cpu_seconds=cpu_seconds, memory=memory)


def compose(shown: Facts) -> tuple[str, str]:
    """Return page and style sheet; every value is escaped by the template engine."""
    faces = Faces()
    with translation.override("zh-hans"):
        values = {
            "facts": shown,
            "faces": faces.stacks(),
            "title_lines": break_title(shown.title, (shown.city,)),
            "day": words.official_day(shown.signed_at),
            "created": shown.signed_at.date().isoformat(),
            "fingerprint": words.grouped(shown.digest[:16].upper()),
            "version_lines": in_lines(shown.version_digest),
            "digest_lines": in_lines(shown.digest),
            "views": [(one, words.official_day(one.at) if one.at else "—") for one in shown.said],
        }
        css = engine().get_template("printed/opinion.css").render(Context(values))
        html = engine().get_template("printed/opinion.html").render(Context(values))
    return printable(html, faces), css
