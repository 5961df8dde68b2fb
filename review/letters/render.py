"""From a letter to a PDF: the page is composed here and printed in a limited child process."""

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template import Context, Engine
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from review.letters import layout, press
from review.letters.document import dated, texts
from review.letters.faces import CONFIGURATION, unprintable_characters

PROJECT = Path(__file__).resolve().parents[2]
_FAMILY = re.compile(r"^[\w \-\u4e00-\u9fff]{1,60}$")


class RenderFailed(RuntimeError):
    """The letter could not be printed; the message says why and that nothing was released, ``reason`` only why."""

    def __init__(self, reason):
        super().__init__(
            _("The letter could not be printed: %(reason)s. No file was released; it can be tried again.")
            % {"reason": reason}
        )
        self.reason = reason


@dataclass(frozen=True)
class Faces:
    """Families of each face, best first; a host with licensed faces puts them in front."""

    fang: tuple[str, ...] = ("FandolFang", "Noto Serif CJK SC")
    kai: tuple[str, ...] = ("FandolKai", "Noto Serif CJK SC")
    hei: tuple[str, ...] = ("Noto Sans CJK SC",)
    song: tuple[str, ...] = ("Noto Serif CJK SC",)
    biaosong: tuple[str, ...] = ("Noto Serif CJK SC",)

    def stacks(self):
        """CSS font-family values; a name that is not a plain family name is refused."""
        stacks = {}
        for face, families in asdict(self).items():
            for family in families:
                if not _FAMILY.match(family):
                    raise ValueError(_("“%(name)s” is not the name of a typeface family.") % {"name": family})
            names = ", ".join(f'"{family}"' for family in families)
            stacks[face] = mark_safe(f"{names}, serif")  # noqa: S308 - every name matched _FAMILY above
        return stacks


def render(letter, *, faces=None, cpu_seconds=press.CPU_SECONDS, memory=press.MEMORY):
    """The letter as PDF/A-3a bytes, unsigned; the same letter gives the same bytes."""
    faces = faces or Faces()
    without = unprintable_characters("".join(texts(letter)), faces)
    if without:
        listed = "、".join(f"{c} (U+{ord(c):04X})" for c in without[:10])
        raise RenderFailed(_("no typeface of this host has the characters %(list)s") % {"list": listed})
    html, css = compose(letter, faces)
    return print_limited(html, css, cpu_seconds=cpu_seconds, memory=memory)


def compose(letter, faces):
    """The page and its style sheet as text; every value of the letter is escaped by the template engine."""
    values = {"letter": letter, "faces": faces.stacks(), **_page(letter)}
    engine = _engine()
    html = engine.get_template("letters/letter.html").render(Context(values))
    css = engine.get_template("letters/letter.css").render(Context(values))
    return html, css


def print_limited(html, css, *, cpu_seconds=press.CPU_SECONDS, memory=press.MEMORY):
    """Return what the child printed; raises ``RenderFailed`` when it broke, grew too large or took too long."""
    job = json.dumps({"html": html, "css": css, "cpu_seconds": cpu_seconds, "memory": memory})
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(PROJECT),
        "FONTCONFIG_FILE": str(CONFIGURATION),
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "review.letters.press"],
            input=job.encode(),
            capture_output=True,
            cwd=PROJECT,
            env=environment,
            timeout=settings.LETTER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RenderFailed(_("it took longer than %(n)d seconds") % {"n": settings.LETTER_SECONDS}) from late
    if child.returncode or not child.stdout.startswith(b"%PDF-"):
        raise RenderFailed(_reason(child, cpu_seconds, memory))
    return child.stdout


def _reason(child, cpu_seconds, memory):
    last = child.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    if "MemoryError" in last[0]:
        return _("it needed more than %(n)d MB of memory") % {"n": memory // 2**20}
    if child.returncode < 0:
        return _("it was ended by the system at the limit of %(n)d seconds or %(m)d MB") % {
            "n": cpu_seconds,
            "m": memory // 2**20,
        }
    return last[0][:300]


@cache
def _engine():
    return Engine(dirs=[PROJECT / "templates"], autoescape=True)


def _mm(value):
    return f"{value:.3f}"


def _page(letter):
    """What the templates print, as strings: they decide nothing."""
    title_lines = layout.break_title(letter.title, _whole_words(letter))
    head = layout.plan_head(letter, len(title_lines))
    date = dated(letter.issued_on)
    seats = layout.seats(letter.signatories, date)
    return {
        "created": letter.issued_on.isoformat(),
        "title_lines": title_lines,
        "head": {
            "pitch": _mm(head.pitch),
            "font": _mm(head.font),
            "top": _mm(head.top),
            "addressees_at_end": head.addressees_at_end,
        },
        "marks": [
            {"name": name, "spacing": _mm(space)} for name, space in zip(letter.marks, head.spacing, strict=False)
        ],
        "addressees": "，".join(letter.addressees),
        "body": [_paragraph(level, text) for level, text in letter.body],
        "annex_lines": _annex_lines(letter.attachments),
        "annexes": [_annex(a, label) for a, label in _annex_labels(letter.attachments)],
        "seats": [_seat(seat) for seat in seats],
        "seals_height": _mm(layout.seals_height(len(seats))),
        "seal_text": "示例" if letter.specimen else "（印章）",
        "date": date,
        "date_left": _mm(seats[-1].x - 25),
        "date_top": _mm(_date_top(seats)),
        "ending": _ending(letter, head),
        "printed_by": letter.printed_by,
        "printed_on": dated(letter.printed_on) if letter.printed_on else "",
        "qr": qr_image(letter.verify_url),
        "check_line": _check_line(letter),
    }


def _whole_words(letter):
    return (*letter.whole_words, *letter.marks, *letter.signatories, *letter.addressees)


_HEADING = {
    "h1": ("h2", "hei"),
    "h2": ("h3", "kai"),
    "h3": ("h4", ""),
}


def _paragraph(level, text):
    """A heading that goes on after its first full stop keeps its face for the first sentence only."""
    if level == "p":
        return {"tag": "p", "text": text, "rest": "", "face": ""}
    tag, face = _HEADING[level]
    sentence, stop, rest = text.partition("。")
    if rest and level != "h3":
        return {"tag": "p", "text": sentence + stop, "rest": rest, "face": face}
    return {
        "tag": "p" if level == "h3" and len(text) > layout.CHARACTERS else tag,
        "text": text,
        "rest": "",
        "face": face,
    }


def _annex_lines(attachments):
    if len(attachments) == 1:
        return [{"kind": "only", "text": f"附件：{attachments[0].title}"}]
    lines = []
    for number, attachment in enumerate(attachments, 1):
        lead = "附件：" if number == 1 else ""
        lines.append({"kind": "next" if number > 1 else "", "text": f"{lead}{number}. {attachment.title}"})
    return lines


def _annex_labels(attachments):
    for number, attachment in enumerate(attachments, 1):
        if attachment.has_pages:
            yield attachment, "附件" if len(attachments) == 1 else f"附件{number}"


def _annex(attachment, label):
    return {
        "label": label,
        "title_lines": layout.break_title(attachment.title),
        "paragraphs": [_paragraph(level, text) for level, text in attachment.paragraphs],
        "head": attachment.table_head,
        "rows": attachment.table_rows,
    }


NAME_LINE = 7.0


def _seat(seat):
    lines = layout.name_lines(seat.name)
    return {
        "lines": lines,
        "left": _mm(seat.x - 25.25),
        "top": _mm(seat.name_y - NAME_LINE * len(lines) / 2),
        "ring_left": _mm(seat.x - layout.SEAL / 2),
        "ring_top": _mm(seat.y - layout.SEAL / 2),
    }


def _date_top(seats):
    return seats[-1].name_y + NAME_LINE * len(layout.name_lines(seats[-1].name)) / 2


def _ending(letter, head):
    lines = []
    if head.addressees_at_end:
        lines.append(f"主送：{'，'.join(letter.addressees)}。")
    if letter.copies_to:
        lines.append(f"抄送：{'，'.join(letter.copies_to)}。")
    return lines


def _check_line(letter):
    address = urlsplit(letter.verify_url)
    place = address.netloc + address.path.partition(letter.code)[0]
    return f"核验码 {letter.code}　审计锚 {letter.audit_anchor}　核验网址 {place[:60]}"


def qr_image(url):
    """The QR code as a data URI of an SVG picture: the printing child fetches nothing else."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=0, xmldecl=False, svgns=True)
