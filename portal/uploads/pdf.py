"""PDF: looked at in a child process of limited time and memory, since a hostile file can hang its reader."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from .limits import Limits
from .refusals import Refused

_PROBE = Path(__file__).with_name("pdf_probe.py")
_TAIL = 2048


def check(stream: BinaryIO, limits: Limits) -> None:
    """Raise Refused unless the PDF ends where it says, opens, and does nothing by itself."""
    if not _ends_properly(stream):
        raise _refusal("trailing")
    settings = json.dumps({"seconds": limits.seconds, "memory": limits.memory, "pages": limits.pages})
    try:
        # A file, not a pipe: the web process never holds the whole document.
        with tempfile.TemporaryFile() as copy:
            stream.seek(0)
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            done = subprocess.run(
                [sys.executable, "-I", str(_PROBE), settings],
                stdin=copy,
                capture_output=True,
                timeout=limits.seconds * 3,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise _refusal("too_complex") from None
    verdict = done.stdout.decode("ascii", "replace").strip()
    if done.returncode < 0:
        raise _refusal("too_complex")
    if done.returncode or verdict != "fine":
        raise _refusal(verdict)


def _ends_properly(stream: BinaryIO) -> bool:
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - _TAIL))
    _body, marker, rest = stream.read().rpartition(b"%%EOF")
    return bool(marker) and not rest.strip(b"\0\r\n\t \x1a")


def _refusal(code: str) -> Refused:
    messages = {
        "trailing": _("Something stands behind the end of this PDF, or its end is missing. Export it again."),
        "encrypted": _("This PDF is protected by a password. Take the password off and upload it again."),
        "script": _("This PDF contains a script or starts a program. Print it to a new PDF and upload that."),
        "opens": _("This PDF opens an address or another file by itself. Print it to a new PDF and upload that."),
        "embedded": _("This PDF carries other files inside. Upload them one by one, and the PDF without them."),
        "pages": _("This PDF has no pages or too many. Split it and upload the parts."),
        "too_complex": _("This PDF is too intricate to be checked. Print it to a new PDF and upload that."),
    }
    damaged = _("This PDF is damaged and cannot be opened. Export it again and upload the new file.")
    return Refused(code if code in messages else "damaged", messages.get(code, damaged))
