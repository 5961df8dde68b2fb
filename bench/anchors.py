"""Report how many notes stay with their text over the corpus of edits: unchanged, changed, orphan, wrong by kind."""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from applications.anchors import locate
from tests.applications.edits import EDITS, Maker, verdict

EACH = 300
WORDS = ("unchanged", "changed", "orphan", "wrong")


def main(seed: int = 1) -> int:
    total = Counter[str]()
    spent = 0.0
    print(f"{'edit':28}" + "".join(f"{word:>11}" for word in WORDS))
    for kind in EDITS:
        made, counts = Maker(seed), Counter[str]()
        for _n in range(EACH):
            edited = made.draw(kind)
            started = time.process_time()
            found = locate(edited.anchor, edited.home, edited.now, edited.origin)
            spent += time.process_time() - started
            counts[verdict(edited, found)] += 1
        print(f"{kind:28}" + "".join(f"{counts[word]:11}" for word in WORDS))
        total += counts
    print(f"{'all':28}" + "".join(f"{total[word]:11}" for word in WORDS))
    print(f"{spent / total.total() * 1000:.2f} ms of CPU a note; seed {seed}")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in sys.argv[1:2])))
