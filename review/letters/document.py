"""The letter as plain data: everything that is printed, and nothing else."""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from review.letters.codes import normalise


class LetterFormat(StrEnum):
    """The two dresses of GB/T 9704: 文件式 and 信函格式."""

    DOCUMENT = "document"
    LETTER = "letter"


class Level(StrEnum):
    PARAGRAPH = "p"
    FIRST = "h1"  # 一、
    SECOND = "h2"  # （一）
    THIRD = "h3"  # 1.


MAX_NAMES = 12
MAX_NAME = 24
MAX_TITLE = 120
MAX_PARAGRAPH = 3000
MAX_TEXT = 60_000
MAX_ROWS = 500
NUMBER = re.compile(r"^[\u4e00-\u9fff]{2,20}〔[1-9]\d{3}〕[1-9]\d{0,4}号$")
ANCHOR = re.compile(r"^[0-9a-f]{16}$")


class InvalidLetter(ValueError):
    """A letter that must not be printed; `problems` says in words what is wrong."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class Attachment:
    """One 附件; its pages follow the signatures when it has paragraphs or a table."""

    title: str
    paragraphs: tuple[tuple[str, str], ...] = ()
    table_head: tuple[str, ...] = ()
    table_rows: tuple[tuple[str, ...], ...] = ()

    @property
    def has_pages(self):
        return bool(self.paragraphs or self.table_rows)


@dataclass(frozen=True)
class Letter:
    """An official letter to the measures of GB/T 9704—2012; construction refuses what cannot be printed."""

    format: str
    marks: tuple[str, ...]
    number: str
    title: str
    addressees: tuple[str, ...]
    body: tuple[tuple[str, str], ...]
    signatories: tuple[str, ...]
    issued_on: date
    attachments: tuple[Attachment, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    code: str = ""
    verify_url: str = ""
    audit_anchor: str = ""
    specimen: bool = True
    whole_words: tuple[str, ...] = ()
    """Names that the title must not split, beside those known from the letter itself."""

    def __post_init__(self):
        problems = list(_problems(self))
        if problems:
            raise InvalidLetter(problems)


def _problems(letter):
    yield from _form_problems(letter)
    yield from _name_problems(letter)
    yield from _text_problems(letter)
    yield from _verification_problems(letter)
    for text in sorted(_unprintable(letter)):
        yield _("The text contains the control character %(code)s: delete it and type the passage again.") % {
            "code": f"U+{ord(text):04X}"
        }


def _form_problems(letter):
    if letter.format not in list(LetterFormat):
        yield _("The format must be the document form or the letter form.")
    if not NUMBER.match(letter.number):
        yield _(
            "The document number “%(number)s” is not of the form 发改办高技〔2026〕12号: "
            "office characters, the full year in 〔〕, the number without leading zero, 号."
        ) % {"number": letter.number[:40]}
    if not isinstance(letter.issued_on, date):
        yield _("The document date is missing.")
    if bool(letter.printed_by) != bool(letter.printed_on):
        yield _("Name the printing office and the printing date together, or neither.")


def _name_problems(letter):
    lists = (
        (_("mark"), letter.marks, MAX_NAMES),
        (_("signatory"), letter.signatories, MAX_NAMES),
    )
    for label, names, most in lists:
        if not 1 <= len(names) <= most:
            yield _("The letter needs between 1 and %(most)d names as %(label)s.") % {"most": most, "label": label}
        for name in names:
            if not name.strip() or len(name) > MAX_NAME:
                yield _("The name “%(name)s” as %(label)s must have 1 to %(most)d characters.") % {
                    "name": name[:40],
                    "label": label,
                    "most": MAX_NAME,
                }
        if len(set(names)) != len(names):
            yield _("The same name stands twice as %(label)s.") % {"label": label}
    if not letter.addressees or not all(name.strip() for name in letter.addressees):
        yield _("The letter needs an addressee.")


def _text_problems(letter):
    if not letter.title.strip() or len(letter.title) > MAX_TITLE:
        yield _("The title must have 1 to %(most)d characters.") % {"most": MAX_TITLE}
    if not letter.body:
        yield _("The letter has no text.")
    paragraphs = letter.body + tuple(p for a in letter.attachments for p in a.paragraphs)
    for level, text in paragraphs:
        if level not in list(Level):
            yield _("“%(level)s” is not a paragraph level of a letter.") % {"level": str(level)[:20]}
        if not text.strip():
            yield _("The letter has an empty paragraph: fill or remove it.")
        if len(text) > MAX_PARAGRAPH:
            yield _("A paragraph has %(length)d characters, the most is %(most)d: divide it.") % {
                "length": len(text),
                "most": MAX_PARAGRAPH,
            }
    if sum(len(text) for text in texts(letter)) > MAX_TEXT:
        yield _("The letter has more than %(most)d characters in all: shorten it.") % {"most": MAX_TEXT}
    for attachment in letter.attachments:
        yield from _attachment_problems(attachment)


def _attachment_problems(attachment):
    if not attachment.title.strip() or len(attachment.title) > MAX_TITLE:
        yield _("The title of an attachment must have 1 to %(most)d characters.") % {"most": MAX_TITLE}
    if len(attachment.table_rows) > MAX_ROWS:
        yield _("The table of an attachment has more than %(most)d rows.") % {"most": MAX_ROWS}
    columns = len(attachment.table_head)
    if attachment.table_rows and (columns == 0 or any(len(row) != columns for row in attachment.table_rows)):
        yield _("Every row of an attachment's table needs as many cells as its head.")
    if columns > 8:
        yield _("The table of an attachment has more than 8 columns.")


def _verification_problems(letter):
    if normalise(letter.code) != letter.code or not letter.code:
        yield _("The verification code is missing or is not written in groups of four.")
    if not re.match(r"^https?://[^\s<>\"]{1,200}$", letter.verify_url):
        yield _("The verification address is missing or is not a web address.")
    if not ANCHOR.match(letter.audit_anchor):
        yield _("The audit anchor must be 16 hexadecimal digits.")


def texts(letter):
    """Every string of the letter, one after the other."""
    pending = [getattr(letter, field.name) for field in fields(letter)]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            pending.extend(value)
        elif isinstance(value, Attachment):
            pending.extend((value.title, value.paragraphs, value.table_head, value.table_rows))


def _unprintable(letter):
    """Characters that have no place on paper: controls, direction marks, surrogates, private use."""
    found = set()
    for text in texts(letter):
        found.update(c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return found


def dated(day):
    """A date as official documents write it: Arabic digits, full year, no leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"
