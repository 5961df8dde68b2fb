"""The virtual environment `.venv`, kept equal to the hash-locked requirements."""

import hashlib
import json
import re
import shutil
import subprocess
import sys

from script.lib.failure import Failure
from script.lib.paths import LOG, PYTHON, ROOT, VENV

LOCKS = {"run": ROOT / "requirements.txt", "test": ROOT / "requirements-test.txt"}
OUTPUT = LOG / "packages.log"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)[ ]*(;)?")
LIST_INSTALLED = (
    "import importlib.metadata as m, json; "
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
)


def ensure(kind: str) -> None:
    """Make `.venv` hold the `run` or `test` requirements; does nothing when the lock is unchanged."""
    wanted = fingerprint(kind)
    if any(_stamp(name) == fingerprint(name) for name in ({"run", "test"} if kind == "run" else {"test"})):
        return
    if VENV.is_symlink():
        _check_borrowed(kind)
    elif _installed_differs(kind):
        _install(kind)
    (VENV / f".requirements-{kind}").write_text(wanted, encoding="utf-8")


def fingerprint(kind: str) -> str:
    """Changes with the lock, with the place of the project, and with the Python that made the environment."""
    digest = hashlib.sha256(LOCKS[kind].read_bytes())
    digest.update(f"{VENV.resolve()}\n".encode())
    return digest.hexdigest()


def _stamp(kind: str) -> str:
    path = VENV / f".requirements-{kind}"
    return path.read_text(encoding="utf-8") if path.exists() and _works() else ""


def _works() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import sys"], capture_output=True, check=False).returncode == 0


def _check_borrowed(kind: str) -> None:
    if not _works():
        raise Failure(".venv is a link to an environment that does not run. Remove the link and start again.")
    differing = _installed_differs(kind)
    if differing:
        print("Warning: .venv is a link, so it is left alone, but differs from the lock: " + ", ".join(differing))


def _installed_differs(kind: str) -> list[str]:
    """Names whose version is not the locked one; a conditional line counts only where it is installed."""
    if not _works():
        return ["everything"]
    answer = subprocess.run([PYTHON, "-c", LIST_INSTALLED], capture_output=True, text=True, check=True)
    return differing(LOCKS[kind].read_text(encoding="utf-8"), json.loads(answer.stdout))


def differing(lock: str, installed: dict[str, str]) -> list[str]:
    """Compare a lock with installed names and versions; returns `name==version` of what is not there."""
    present = {_normal(name): version for name, version in installed.items() if name}
    found = []
    for name, version, conditional in (m.groups() for m in map(PINNED.match, lock.splitlines()) if m):
        have = present.get(_normal(name))
        if have != version and not (have is None and conditional):
            found.append(f"{name}=={version}")
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _install(kind: str) -> None:
    if not _works():
        print("Making .venv", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    print("Installing the locked Python packages (about half a minute the first time)", flush=True)
    tail = ["--require-hashes", "-r", str(LOCKS[kind])]
    uv = shutil.which("uv")
    if uv and _run([uv, "pip", "install", "--python", str(PYTHON), *tail]):
        return
    if not _run([str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *tail]):
        end = "\n".join(OUTPUT.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        raise Failure(f"The Python packages could not be installed:\n{end}\nThe whole output is in {OUTPUT}.", code=3)


def _run(command: list[str]) -> bool:
    with OUTPUT.open("ab") as out:
        done = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    return done.returncode == 0
