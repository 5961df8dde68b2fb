"""The sums of GB/T 9704 that the page needs before it is laid out: head, title lines, seal rows."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from review.letters.document import InvalidLetter, LetterFormat

AREA_WIDTH = 156.0
AREA_HEIGHT = 225.0
LINES = 22
CHARACTERS = 28
LINE = 10.227  # mm: 225 mm over 22 lines
CHARACTER = AREA_WIDTH / CHARACTERS
POINT = 25.4 / 72

MARK_TOP = 35.0
MARK_WIDTH = 150.0
MAX_MARK = 13.0
MAX_PITCH = 16.0
MIN_PITCH = 7.0
INK = 0.92  # part of the em that the ink of a character fills
FONT_TO_PITCH = 0.86

TITLE_LINE = 12.0
TITLE_FONT = 22 * POINT
TITLE_CHARACTERS = 20

SEAL = 50.0
SEAL_PITCH = 51.135  # five lines
COLUMN_CENTRES = (25.0, 75.5, 126.0)
DATE_INDENT = 4 * CHARACTER

PROGRAMME_WORDS = (
    "国家电子商务示范城市",
    "电子商务",
    "示范城市",
    "创建工作方案",
    "创建工作",
    "创建",
    "关于同意",
    "关于撤销",
    "关于",
    "同意",
    "意见",
    "等部门",
    "的复函",
    "的批复",
    "的通知",
    "的函",
    "第一批",
    "名单",
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:自治州|新区|兵团|地区|市|县|州|盟)|等\d+个城市")


@dataclass(frozen=True)
class Head:
    """Measures of the red head in millimetres; `spacing` is per name, to one equal width."""

    pitch: float
    font: float
    top: float
    spacing: tuple[float, ...]
    addressees_at_end: bool


@dataclass(frozen=True)
class Seat:
    """Where one signatory's seal is centred, in millimetres from the block's corner."""

    name: str
    x: float
    y: float
    name_y: float
    """Middle of the name: of the ring itself, or a little above when the date stands in the ring too."""


def name_width(text):
    """Width in full characters: an ASCII character counts one half."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def lines_of(text, characters=CHARACTERS):
    return max(1, -int(-name_width(text) // characters))


def plan_head(letter, title_lines):
    """The head that leaves two lines of text on page 1, or an InvalidLetter that names the sum."""
    if letter.format == LetterFormat.LETTER:
        font = min(MAX_MARK, MARK_WIDTH / max(name_width(letter.marks[0]), 4))
        return Head(pitch=font, font=font, top=0, spacing=(0.0,), addressees_at_end=False)
    names = letter.marks
    addressee_lines = lines_of("，".join(letter.addressees) + "：")
    for at_end in (False, True):
        room = _room_for_marks(title_lines, 0 if at_end else addressee_lines)
        pitch = min(MAX_PITCH, room / len(names))
        if pitch >= MIN_PITCH:
            return _head(names, pitch, at_end)
    raise InvalidLetter(
        [
            _(
                "The head does not leave two lines of text on page 1: %(names)d agency names need "
                "%(need).0f mm, the page has %(room).0f mm beside number, rule and a title of %(title)d lines. "
                "Shorten the title or use the letter form."
            )
            % {"names": len(names), "need": len(names) * MIN_PITCH, "room": max(room, 0), "title": title_lines}
        ]
    )


def _room_for_marks(title_lines, addressee_lines):
    number_and_rule = 3 * LINE + 4
    title = 2 * LINE + title_lines * TITLE_LINE + LINE
    return AREA_HEIGHT - MARK_TOP - number_and_rule - title - (addressee_lines + 2) * LINE - 0.5


def _head(names, pitch, at_end):
    longest = max(name_width(name) for name in names)
    font = min(MAX_MARK, pitch * FONT_TO_PITCH, MARK_WIDTH / (longest + 2.6))
    if len(names) == 1:
        font = min(MAX_MARK, MARK_WIDTH / (longest + 2))
        pitch = max(pitch, font / FONT_TO_PITCH)
    spacing = tuple(0.0 if len(name) < 2 else (longest - name_width(name)) * font / (len(name) - 1) for name in names)
    top = MARK_TOP - (pitch - font * INK) / 2
    return Head(pitch=pitch, font=font, top=top, spacing=spacing, addressees_at_end=at_end)


def break_title(title, whole_words=()):
    """The title in as few lines as fit, as even as they can be, no word split."""
    tokens = _tokens(title, whole_words)
    total = name_width(title)
    best = [title]
    for count in range(lines_of(title, TITLE_CHARACTERS), 8):
        best = _even_lines(tokens, count, total)
        if best and max(name_width(line) for line in best) <= TITLE_CHARACTERS:
            return best
    return _hard_lines(title)


def _tokens(title, whole_words):
    known = sorted({w for w in (*whole_words, *PROGRAMME_WORDS) if 1 < len(w) <= TITLE_CHARACTERS}, key=len)[::-1]
    tokens, rest = [], title
    while rest:
        word = next((w for w in known if rest.startswith(w)), None)
        if word is None:
            place = _PLACE.match(rest)
            word = place.group() if place else re.match(r"[0-9A-Za-z]+|.", rest, re.S).group()
        tokens.append(word)
        rest = rest[len(word) :]
    return tokens


def _even_lines(tokens, count, total):
    """Fill `count` lines towards equal width; closing marks stay with the word before them."""
    lines, line = [], ""
    for token in tokens:
        target = total * (len(lines) + 1) / count
        done = sum(name_width(x) for x in lines)
        grown = done + name_width(line + token)
        before = done + name_width(line)
        closing = token[0] in "，、；：。）》”’〕的"
        if line and len(lines) < count - 1 and not closing and grown - target > target - before:
            lines.append(line)
            line = token
        else:
            line += token
    return [*lines, line]


def _hard_lines(title):
    lines, line = [], ""
    for c in title:
        if name_width(line + c) > TITLE_CHARACTERS:
            lines.append(line)
            line = ""
        line += c
    return [*lines, line]


def seal_rows(count):
    """Rows of at most three, as even as possible, the larger rows first: 5 → (3, 2), 7 → (3, 2, 2)."""
    rows = -(-count // 3)
    least, more = divmod(count, rows)
    return tuple(least + 1 if row < more else least for row in range(rows))


def date_width(text):
    return sum(0.5 if c.isdigit() else 1.0 for c in text) * CHARACTER


def seats(names, date_text):
    """A seat for each signatory, the last seal over name and date.

    The date is indented four characters; three seals of 50 mm fill the width, so there it moves under the third.
    """
    rows = seal_rows(len(names))
    last = AREA_WIDTH - DATE_INDENT - date_width(date_text) / 2
    ending = (last - 2 * (SEAL + 0.5), last - SEAL - 0.5, last)
    placed, given = [], iter(names)
    for row, size in enumerate(rows):
        y = SEAL / 2 + row * SEAL_PITCH
        name_y = y - LINE / 2 if row == len(rows) - 1 else y
        centres = COLUMN_CENTRES if size == 3 else ending
        for column in range(3 - size, 3):
            placed.append(Seat(next(given), centres[column], y, name_y))
    return tuple(placed)


def seals_height(count):
    return SEAL + (len(seal_rows(count)) - 1) * SEAL_PITCH + 1


AGENCY_WORDS = (
    "国家", "中国", "中央", "人民", "发展", "和", "改革", "委员会", "市场", "监督", "管理", "总局", "住房", "城乡",
    "建设部", "信息化部", "工业", "网络安全", "信息化", "办公室", "知识产权局", "互联网", "信息", "证券", "金融",
)  # fmt: skip


def name_lines(name):
    """A name too wide for its seal stands in two lines, as even as its words allow."""
    if name_width(name) <= 8:
        return [name]
    ends, place = [], 0
    while place < len(name):
        word = next((w for w in AGENCY_WORDS if name.startswith(w, place)), name[place])
        place += len(word)
        ends.append(place)
    middle = len(name) / 2
    cut = min(ends[:-1] or [len(name)], key=lambda end: (abs(end - middle), -end))
    if not 2 <= cut <= len(name) - 2 or max(cut, len(name) - cut) > 9:
        cut = -(-len(name) // 2)
    return [name[:cut], name[cut:]]
