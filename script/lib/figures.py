"""Figures in the documents come from files that the measuring command wrote: `docs/figures/NAME.json`."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from script.lib.paths import ROOT

FOLDER = ROOT / "docs" / "figures"


def circumstances(command: str) -> dict[str, str | int]:
    """Return what a reader must know of a measurement: command, commit, date, processors and memory in GiB."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "command": command,
        "commit": commit.stdout.strip()[:12],
        "date": datetime.now(UTC).date().isoformat(),
        "processors": os.cpu_count() or 1,
        "memory_gib": round(memory),
    }


def fresh(figures: dict) -> str:
    """Return the README's paragraph on the first two starts, from what `script/fresh --keep` measured."""
    return (
        f"On {figures['processors']} processors and {figures['memory_gib']} GiB (`{figures['command']}`, "
        f"a bare Debian 12, commit {figures['commit']}, {figures['date']}): the front page stood after "
        f"{figures['first_start_s']:.0f} s, {figures['sample_programme_s']:.0f} s of them the sample programme, with "
        f"{figures['size_mb']:,} MB more on disk, "
        f"system packages, `.venv` and database included. The second start took {figures['second_start_s']:.1f} s."
    )


def kept(name: str) -> dict:
    """Return the figures that stand in the documents."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def keep(name: str, figures: dict, document: Path, paragraph: str) -> None:
    """Write the figures to their file and put their paragraph between its marks in the document."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    text = document.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- figures: {name} -->\n).*?(\n<!-- /figures -->)", re.DOTALL)
    document.write_text(marks.sub(lambda m: m[1] + paragraph + m[2], text, count=1), encoding="utf-8")
