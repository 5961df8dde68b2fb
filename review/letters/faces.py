"""Which typefaces the letters need, which the host has, and which a printed file uses."""

import io
import os
import subprocess
from dataclasses import asdict
from functools import cache
from pathlib import Path

from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.utils.translation import gettext as _

FONTS = Path(__file__).resolve().parent / "fonts"
CONFIGURATION = FONTS / "fonts.conf"


def faces_used(pdf):
    """PostScript names of the faces embedded in the file, without subset tags, sorted."""
    from pypdf import PdfReader

    embedded = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        fonts = page["/Resources"].get_object().get("/Font", {}).get_object()
        for font in fonts.values():
            embedded.add(str(font.get_object()["/BaseFont"]).lstrip("/").partition("+")[2])
    return sorted(embedded)


def missing_faces(faces):
    """Families named for the letters that this host does not have; a stack with one left still prints."""
    return sorted(_wanted(faces) - _families(""))


def unprintable_characters(text, faces):
    """Characters none of the letters' faces has: no letter goes out with an empty box or a chance face in a name."""
    rare = sorted({c for c in text if not c.isspace() and not _common(c)})
    return [c for c in rare if not _families(f":charset={ord(c):x}") & _wanted(faces)]


def _wanted(faces):
    return {family for families in asdict(faces).values() for family in families}


def _common(character):
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _families(pattern):
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/")}
    listed = subprocess.run(
        ["fc-list", pattern or ":", "family"],
        env=environment | {"FONTCONFIG_FILE": str(CONFIGURATION)},
        capture_output=True,
        text=True,
        check=False,
    )
    names = (name.strip() for line in listed.stdout.splitlines() for name in line.split(","))
    return frozenset(name for name in names if name)


@register(deploy=True)
def check_faces(app_configs, **_options):
    from review.letters.render import Faces

    return [
        CheckWarning(
            _("The typeface “%(name)s” of the letters is not on this host.") % {"name": name},
            hint=_("Install fonts-noto-cjk, or name another family for the letters."),
            id="letters.W001",
        )
        for name in missing_faces(Faces())
    ]
