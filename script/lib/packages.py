"""System packages: which are missing, and installing them where that is allowed."""

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from script.lib.failure import Failure
from script.lib.paths import ROOT

LIST = ROOT / "script" / "apt-packages.txt"
INSTALL = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


class Package(NamedTuple):
    name: str
    purpose: str
    pattern: str


def parse(text: str) -> list[Package]:
    """Read the package list: three columns, comments from `#`."""
    rows = (line.split("#")[0].split() for line in text.splitlines())
    return [Package(*row) for row in rows if row]


def missing(purposes: set[str], listed: list[Package] | None = None) -> list[str]:
    """Names of packages that serve one of `purposes` and are neither installed nor replaced by their file."""
    listed = parse(LIST.read_text(encoding="utf-8")) if listed is None else listed
    absent = [package for package in listed if package.purpose in purposes and not glob.glob(package.pattern)]
    known = _installed([package.name for package in absent])
    return [package.name for package in absent if package.name not in known]


def _installed(names: list[str]) -> set[str]:
    if not names or not shutil.which("dpkg-query"):
        return set()
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in answer.stdout.splitlines())
    return {row[0] for row in rows if row[1:] == ["installed"]}


def ensure(purposes: set[str]) -> None:
    """Install what is missing as root or with sudo; otherwise say the exact line and stop."""
    names = missing(purposes)
    if not names:
        return
    line = "apt-get update && apt-get install -y --no-install-recommends " + " ".join(names)
    prefix = _as_root()
    if prefix is None or not shutil.which("apt-get"):
        raise Failure(
            "These system packages are missing: " + " ".join(names) + "\n"
            "Install them with this line, then start again:\n"
            f"  sudo sh -c '{line}'",
            code=3,
        )
    print("Installing system packages: " + " ".join(names), flush=True)
    log = ROOT / "var" / "log" / "apt.log"
    for arguments in (["update"], [*INSTALL, *names]):
        _apt(prefix, arguments, log)
    still = missing(purposes)
    if still:
        raise Failure(f"Still missing after the installation: {' '.join(still)}. See {log}.", code=3)


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    if sys.stdin.isatty() and sys.stdout.isatty():  # somebody is there to type the password, once for both steps
        print("System packages are installed by sudo, which may ask for your password.", flush=True)
        if subprocess.run(["sudo", "-v"], check=False).returncode == 0:
            return ["sudo", "-n"]
    return None


def _apt(prefix: list[str], arguments: list[str], log: Path) -> None:
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *arguments]
    with log.open("ab") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        end = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        raise Failure(f"apt-get {arguments[0]} failed:\n{end}\nThe whole output is in {log}.", code=3)
