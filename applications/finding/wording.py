"""Sentences of good intention: 加强, 推进, 积极 and the like, with no number, date or department in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..paragraphs import level, numbering, sentences

# The parts that promise something; what the city finds today and how it sees itself may be told in words.
PROMISING = frozenset({"policy", "support", "infrastructure", "services", "applications", "projects", "safeguards"})
INTENTIONS = re.findall(
    r"\S+",
    """
    加强 推进 积极 大力 进一步 努力 逐步 着力 不断 切实 稳步 深入 扎实 加快 加大 强化
    持续 有效 全力 充分 全面提升 高度重视
    """,
)
_INTENTION = re.compile("|".join(INTENTIONS))
_COUNTED = re.findall(
    r"\S+",
    """
    个 家 项 份 年 月 日 天 周 次 条 件 人 户 名 类 组 成 倍 元 亩 处 座 台 套 期 场 部 款
    支 所 级 轮 季度 小时 工作日 平方米 公里 百分点 %
    """,
)
_NUMBER = re.compile(
    r"[0-9０-９]|百分之|(?:[二三四五六七八九十百两]|(?<![统第同唯])一)[十百千万亿]*(?:"
    + "|".join(map(re.escape, _COUNTED))
    + ")"
)
_DATE = re.compile(r"年底|年内|季度|每年|每月|每季|每周|每半年|半年|当年|次年|月底|季末|期满|逐月|逐季|按月|按季|按年")
_DEPARTMENT = re.compile(
    r"(?:发展改革|商务|卫生健康|建设|经信|国资|编)委|委员会|(?<![格布大结全当败定])局(?![面部限势域])|[市区县]委(?!托)|网信办"
    r"|(?<!举)办公室|[市省]厅|海关|法院|检察院|公安机关|银行|分行|[市县区]政府|乡镇|街道|协会|商会|领导小组|联席会议|残联|妇联"
    r"|工商联|总工会|责任单位|牵头|税务|财政部门|市场监管"
)
SHORTEST = 10


@dataclass(frozen=True, slots=True)
class Vague:
    """A sentence from ``start`` to ``end`` of its paragraph, and the words that carry no weight alone."""

    paragraph: str
    start: int
    end: int
    quote: str
    words: tuple[str, ...]


def vague(paragraphs: Iterable[Mapping[str, str]]) -> list[Vague]:
    """Return the sentences that promise without saying how much, by when or who."""
    return [Vague(p["id"], *place) for p in paragraphs for place in _vague_in(p["text"])]


@lru_cache(maxsize=4096)  # while somebody writes, all paragraphs but one are as they were at the last save
def _vague_in(text: str) -> list[tuple[int, int, str, tuple[str, ...]]]:
    found = []
    head = len(numbering(text))
    for start, end in sentences(text):
        body = text[max(start, head) : end]
        is_title = start <= head and level(text) and len(body) <= 2 * SHORTEST
        if len(body) < SHORTEST or is_title:
            continue
        said = tuple(dict.fromkeys(_INTENTION.findall(body)))
        if said and not (_NUMBER.search(body) or _DATE.search(body) or _DEPARTMENT.search(body)):
            found.append((max(start, head), end, body, said))
    return found
