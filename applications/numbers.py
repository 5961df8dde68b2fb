"""Reading figures as officials type and paste them: full-width digits, separators, 万 and 亿, per cent."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from portal.words import SCALES

PERCENT = "%"
_FIGURE = re.compile(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(.*)")
_SEPARATORS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))|\s+")


def normal(text: str) -> str:
    """Return ``text`` with half-width digits and signs, trimmed."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def parse(text: str, unit: str = "") -> Decimal:
    """Return the figure in ``unit``: ``4.8亿`` is 4.8 in 亿元 and 48000 in 万元; raises ``ValueError``."""
    found = _FIGURE.fullmatch(_SEPARATORS.sub("", normal(text)))
    if not found:
        raise ValueError(text)
    figure, tail = found.groups()
    try:
        value = Decimal(figure)
    except InvalidOperation as error:
        raise ValueError(text) from error
    return value * _factor(tail, normal(unit)) if tail else value


def _factor(tail: str, unit: str) -> Decimal:
    if tail == unit:
        return Decimal(1)
    if PERCENT in (tail, unit):
        raise ValueError(tail)
    scale, rest = _scaled(tail)
    own, own_rest = _scaled(unit)
    if rest and rest != own_rest:
        raise ValueError(tail)
    return Decimal(scale) / Decimal(own)


def _scaled(text: str) -> tuple[int, str]:
    for name in sorted((n for n in SCALES if n), key=len, reverse=True):
        if text.startswith(name):
            return SCALES[name], text.removeprefix(name)
    return 1, text


def year(text: str) -> int:
    """Return 2028 for ``2028``, ``２０２８`` or ``2028年``; raises ``ValueError``."""
    return int(normal(text).removesuffix("年"))
