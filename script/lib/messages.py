"""Translations: merging the parts, compiling them, and finding what is not translated."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from script.lib import po
from script.lib.failure import Failure
from script.lib.paths import PYTHON, ROOT

PARTS = ROOT / "locale" / "parts"
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ("portal", "applications", "review", "templates")


def build() -> int:
    """Merge the parts into the catalogue and compile it; returns the number of messages."""
    merged = merge(sorted(PARTS.glob("*.po")))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    compiled = CATALOGUE.with_suffix(".mo")
    new_source, new_compiled = CATALOGUE.with_suffix(".po.new"), compiled.with_suffix(".mo.new")
    new_source.write_text(merged, encoding="utf-8")
    _gettext(["msgfmt", "--check-format", "-o", new_compiled, new_source])
    new_source.replace(CATALOGUE)
    new_compiled.replace(compiled)
    return len(po.parse(merged))


def merge(parts: list[Path]) -> str:
    """One catalogue from many; where two translate the same message, the first in the alphabet counts."""
    if not parts:
        return 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    return _gettext(["msgcat", "--use-first", "--no-wrap", *parts])


def check(root: Path = ROOT, parts: Path = PARTS) -> list[str]:
    """Every message of the sources that is not translated, or not safely; empty when all is well."""
    wanted = po.parse(extract(root))
    return po.problems(wanted, po.parse(merge(sorted(parts.glob("*.po")))))


def extract(root: Path) -> str:
    """The messages of the sources as a catalogue without translations."""
    with tempfile.TemporaryDirectory(prefix="ecity-messages-") as name:
        copy = Path(name)
        for source in SOURCES:
            if (root / source).is_dir():
                shutil.copytree(root / source, copy / source, ignore=shutil.ignore_patterns("data", "__pycache__"))
        (copy / "locale").mkdir()
        command = [PYTHON, "-m", "django", "makemessages", "-l", "zh_Hans", "-e", "html,txt,py", "--no-wrap"]
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        _run([*command, "-v", "0"], cwd=copy, env=environment)
        found = copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        return found.read_text(encoding="utf-8") if found.exists() else ""


def _gettext(command: list) -> str:
    return _run(command, env=os.environ | {"LC_ALL": "C.UTF-8"})


def _run(command: list, **options) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, encoding="utf-8", check=False, **options
    )
    if done.returncode != 0:
        raise Failure(f"{Path(str(command[0])).name} failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
