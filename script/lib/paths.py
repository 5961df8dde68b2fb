"""Where the project's own files lie."""

import hashlib
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
RUN = VAR / "run"
LOG = VAR / "log"
MAIL = VAR / "mail"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def slug() -> str:
    """A name that no other clone on this machine has."""
    return "ecity-portal-" + hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]


def prepare() -> None:
    """Make the folders of `var/`; only this user may look into them."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    for folder in (RUN, LOG, MAIL):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def clear() -> None:
    """Delete everything in `var/` but the logs and the scripts' own records."""
    for path in VAR.iterdir():
        if path in (RUN, LOG):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    prepare()
