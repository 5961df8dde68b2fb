"""Time the comparison of two versions of 15,000 characters: processor milliseconds and ratio to the goal."""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from applications.comparison import compare

GOAL, WORST = 50, 250
UNLIKE = "another text altogether"
ROUNDS = 15
CHARACTERS = 15_000
WORDS = [
    "电子",
    "商务",
    "示范",
    "城市",
    "政策",
    "环境",
    "支撑",
    "体系",
    "基础",
    "设施",
    "服务",
    "应用",
    "建设",
    "认证",
    "支付",
    "物流",
    "信用",
    "数据",
    "60%",
    "480亿元",
]


def version(rng: random.Random) -> list[dict[str, str]]:
    paragraphs, total = [], 0
    while total < CHARACTERS:
        text = "".join(rng.choice(WORDS) for _ in range(rng.randint(20, 120))) + "。"
        paragraphs.append({"id": f"p{len(paragraphs)}", "text": text})
        total += len(text)
    return paragraphs


def edited(rng: random.Random, paragraphs: list[dict[str, str]], share: float) -> list[dict[str, str]]:
    result = []
    for paragraph in paragraphs:
        text = paragraph["text"]
        if rng.random() < share:
            for _ in range(6):
                at = rng.randrange(len(text))
                text = text[:at] + rng.choice(WORDS) + text[at + rng.randint(0, 4) :]
        result.append({"id": paragraph["id"], "text": text})
    return result


def measure(old, new) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        compare(old, new)
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    rng = random.Random(1)  # noqa: S311
    old = version(rng)
    cases = {
        "one paragraph in ten edited": edited(rng, old, 0.1),
        "every paragraph edited": edited(rng, old, 1),
        "edited, every id new": [p | {"id": "x" + p["id"]} for p in edited(rng, old, 1)],
        UNLIKE: version(rng),
    }
    for name, new in cases.items():
        spent = measure(old, new)
        goal = WORST if name == UNLIKE else GOAL
        print(f"{name:30} {spent:7.1f} ms  {spent / goal:5.2f} of the goal of {goal} ms")


if __name__ == "__main__":
    main()
