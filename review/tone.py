"""The tone helper: words an opinion to a city should not use, and what to write instead (ux: tone)."""

import re
from dataclasses import dataclass

# Longest first; the portal speaks Chinese to the cities, so the words are Chinese in both languages.
INSTEAD = {
    "截止后不予受理": "逾期转入后续安排",
    "不予通过": "继续完善",
    "不予受理": "转入后续批次",
    "不合格": "需补充",
    "未通过": "继续完善",
    "驳回": "需补充",
    "淘汰": "转入后续批次",
    "排名": "成熟程度",
    "得分": "成熟程度",
    "名额": "批次安排",
    "竞争": "共同完善",
}
# Ordinary words of the field in which a flagged word is no judgement on a city.
ALLOWED = (
    "不排名", "公平竞争", "不正当竞争", "竞争力", "竞争政策", "竞争秩序", "市场竞争", "竞争中性",
    "淘汰落后", "产品不合格", "不合格产品", "不合格商品",
)  # fmt: skip
_ALLOWED = re.compile("|".join(map(re.escape, ALLOWED)))
_FLAGGED = re.compile("|".join(map(re.escape, sorted(INSTEAD, key=len, reverse=True))))


@dataclass(frozen=True, slots=True)
class Flag:
    word: str
    instead: str


def flags(text: str) -> list[Flag]:
    """Return each flagged word of ``text`` once, in order, with what to write instead."""
    bare = _ALLOWED.sub(" ", text)
    return [Flag(word, INSTEAD[word]) for word in dict.fromkeys(_FLAGGED.findall(bare))]
