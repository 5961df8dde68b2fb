"""KIND SOURCE TARGET: write a copy without personal data; end with UNKNOWN where that cannot be done."""

import sys
from pathlib import Path

from . import office, pdf, pictures
from .problems import UNKNOWN, Unknown

STRIP = {"jpg": pictures.jpg, "png": pictures.png, "pdf": pdf.strip, "docx": office.strip, "xlsx": office.strip}


def main() -> int:
    kind, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    try:
        target.write_bytes(STRIP[kind](source.read_bytes()))
    except Unknown as unknown:
        print(unknown, file=sys.stderr)
        return UNKNOWN
    return 0


sys.exit(main())
