"""How long a plan of a given size takes to print, in the child's own processor time and memory.

Run as `python bench/export.py [characters …]`; no test asks for these figures. On one core of a shared two-core host:
15,000 characters 2.6 s and 292 MB, 60,000 5.2 s and 312 MB, 100,000 8.0 s and 329 MB.
"""

import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
SENTENCE = "到2029年，全市电子商务政策环境、支撑体系和基础设施进一步完善，企业反映的主要问题得到回应。"
SIZES = (15_000, 60_000, 100_000)


def sample(characters):
    from applications.parts import PARTS, TEXT_PARTS

    paragraph = SENTENCE * 4
    each = max(1, characters // len(TEXT_PARTS) // len(paragraph))
    sections = [
        {
            "key": key,
            "heading": PARTS[key].heading,
            "paragraphs": [{"id": str(n), "text": paragraph} for n in range(each)],
        }
        for key in TEXT_PARTS
    ]
    plan = {"title": "示例市工作方案（示例）", "city": "示例市", "call": "示例", "starts": 2026, "ends": 2029}
    rows = dict.fromkeys(("indicators", "measures", "milestones", "consultations", "attachments"), [])
    return {"plan": plan, "sections": sections, "records": {}, **rows}


def main():
    import django
    from django.conf import settings

    django.setup()
    settings.LETTER_SECONDS = 600
    from review.letters.render import print_limited
    from review.printing import docx, pdf
    from review.printing.content import Facts, blocks

    at = datetime(2026, 9, 8, tzinfo=UTC)
    facts = Facts("CJ-330400-2026-1", 1, "0" * 64, at, "示例市人民政府", "0123-4567-89AB-CDEF-GHJK", "")
    for size in map(int, sys.argv[1:] or SIZES):
        snapshot = sample(size)
        began = time.process_time()
        docx.write(snapshot, facts)
        took = time.process_time() - began
        page, css = pdf.compose(snapshot, facts, blocks(snapshot))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        data = print_limited(page, css, cpu_seconds=600, memory=4 * 2**30)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        pdf_size, peak = len(data) // 1024, after.ru_maxrss // 1024
        print(f"{size} characters: PDF {seconds:.1f} s, {peak} MB, {pdf_size} KB; DOCX {took:.1f} s")


if __name__ == "__main__":
    main()
