"""`script/fresh`: the two commands in a Debian 12 that holds nothing but its minimal base."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from script.lib import figures
from script.lib.failure import Failure
from script.lib.paths import ROOT

SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
# A real machine has its own authorities, host names and package settings; the new root takes this machine's.
BORROWED = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/usr/local/share/ca-certificates")
CLONE = "/root/a clone"
SERVE = """
script/server --port 8400 > out.txt 2>&1 & pid=$!
while kill -0 $pid 2>/dev/null && ! grep -q 'Ctrl-C stops it' out.txt; do sleep 0.2; done
cat out.txt; kill -INT $pid; wait $pid
"""


READY = re.compile(r"\(ready after ([\d.]+) s\)")
LOADED = re.compile(r"Loaded after ([\d.]+) s")
SECOND_START = 10  # seconds, by the requirement


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/fresh", description="Try the committed state on a fresh machine.")
    parser.add_argument("--test", action="store_true", help="run script/test there as well")
    parser.add_argument("--keep", action="store_true", help="write the figures to docs/figures and the README")
    options = parser.parse_args(arguments)
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        raise Failure("script/fresh needs root and mmdebstrap: apt-get install mmdebstrap", code=3)
    folder = Path(tempfile.mkdtemp(prefix="ecity-fresh-", dir="/var/tmp"))  # noqa: S108  needs two gigabytes
    root = folder / "root"
    try:
        _make(root)
        before = _size(root)
        first, second = _start("first start", root), _start("second start", root)
        size = _size(root) - before
        print(f"Size on disk: {size} MB more than the {before} MB of the bare system.")
        code = _timed("tests", root, "script/test") if options.test else 0
    finally:
        # Mounts live in namespaces that end with their command, so nothing of this machine hangs below.
        subprocess.run(["rm", "-rf", "--one-file-system", folder], check=False)
    measured = {
        "first_start_s": _figure(READY, first),
        "sample_programme_s": _figure(LOADED, first),
        "second_start_s": _figure(READY, second),
        "size_mb": size,
        "bare_system_mb": before,
    }
    if measured["second_start_s"] >= SECOND_START:
        raise Failure(f"The second start took {measured['second_start_s']} s; it may take {SECOND_START}.")
    if options.keep:
        told = figures.circumstances("script/fresh") | measured
        figures.keep("fresh", told, ROOT / "README.md", figures.fresh(told))
    return code


def _start(name: str, root: Path) -> str:
    """Start and stop the portal; return what it said."""
    if _timed(name, root, SERVE) != 0:
        raise Failure(f"The {name} failed; the lines above say why.")
    return (root / CLONE[1:] / "out.txt").read_text(encoding="utf-8")


def _figure(pattern: re.Pattern[str], said: str) -> float:
    found = pattern.search(said)
    if found is None:
        raise Failure(f"The portal did not say what was to be measured: {pattern.pattern}")
    return float(found[1])


def _make(root: Path) -> None:
    print("Making a minimal Debian 12", flush=True)
    sources = next((path for path in SOURCES if Path(path).exists()), None)
    if sources is None:
        raise Failure("No list of Debian's package sources was found in /etc/apt.")
    subprocess.run(["mmdebstrap", "--variant=minbase", "--quiet", "bookworm", root, sources], check=True)
    for name in BORROWED:
        source, target = Path(name), root / name[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, target)
    clone = root / CLONE[1:]
    clone.mkdir(mode=0o700)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", clone], input=archive, check=True)


def _size(root: Path) -> int:
    """Megabytes on disk, without the downloaded packages that `apt-get clean` would drop."""
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    done = subprocess.run(["du", "-smx", root], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


def _timed(name: str, root: Path, command: str) -> int:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    code = _inside(root, command)
    print(f"{name}: {time.monotonic() - began:.1f} s, exit code {code}", flush=True)
    return code


def _inside(root: Path, command: str) -> int:
    """Run a shell command in the clone, in namespaces of its own: what it leaves running ends with it."""
    place = shlex.quote(str(root))
    mounts = f"mount -t proc proc {place}/proc && mount --rbind /dev {place}/dev"
    mounts += "".join(f" && mount -t tmpfs tmpfs {place}/{folder}" for folder in ("tmp", "dev/shm"))
    inner = f"cd {shlex.quote(CLONE)}\n{command}"
    variables = [f"{key}={value}" for key, value in os.environ.items() if key.startswith("PIP_")]
    start = ["chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", *variables]
    script = f"{mounts} && exec {shlex.join([*start, 'bash', '-c', inner])}"
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", script]
    return subprocess.run(unshare, stdin=subprocess.DEVNULL, check=False).returncode
