"""Report how many notes stay with their text over the corpus of edits: unchanged, changed, orphan, wrong by kind.

`bench/anchors.py --keep` writes the figures to bench/results.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from applications.anchors import locate  # noqa: E402
from script.lib import figures  # noqa: E402
from tests.applications.edits import EDITS, Maker, verdict  # noqa: E402

EACH, SEED = 300, 1
WORDS = ("unchanged", "changed", "orphan", "wrong")


def main() -> int:
    total, kinds = Counter[str](), {}
    spent = 0.0
    print(f"{'edit':28}" + "".join(f"{word:>11}" for word in WORDS))
    for kind in EDITS:
        made, counts = Maker(SEED), Counter[str]()
        for _n in range(EACH):
            edited = made.draw(kind)
            started = time.process_time()
            found = locate(edited.anchor, edited.home, edited.now, edited.origin)
            spent += time.process_time() - started
            counts[verdict(edited, found)] += 1
        kinds[kind] = {word: counts[word] for word in WORDS}
        print(f"{kind:28}" + "".join(f"{counts[word]:11}" for word in WORDS))
        total += counts
    print(f"{'all':28}" + "".join(f"{total[word]:11}" for word in WORDS))
    each = round(spent / total.total() * 1000, 3)
    print(f"{each} ms of CPU a note; seed {SEED}")
    if "--keep" in sys.argv:
        kept = figures.circumstances("bench/anchors.py --keep") | {"seed": SEED, "each": EACH, "ms_a_note": each}
        target = ROOT / "bench" / "results" / "anchors.json"
        target.write_text(json.dumps(kept | {"kinds": kinds}, indent=1) + "\n", encoding="utf-8")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
