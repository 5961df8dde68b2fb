"""`.ci/run`: every test, then every check of the sources; all of them run even when one fails."""

import os
import re
import subprocess
import sys

from script.lib import environment, paths, servers

SUMMARY = re.compile(
    r"(?:\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|warnings?)|no tests ran).* in [\d.:]+s"
)
PACKAGES = ("portal", "applications", "review")


def main(arguments: list[str]) -> int:
    code, summary = _tests(arguments)
    results = {"tests": code}
    if paths.PYTHON.exists():
        with servers.throw_away() as addresses:
            ordinary = environment.for_tests(addresses)
            special = {
                "deployment settings": environment.for_production_checks(),
                "rest of the access matrix": ordinary | {"PORTAL_MATRIX": "rest"},
            }
            for name, command in checks().items():
                results[name] = _step(name, command, special.get(name, ordinary))
    print("\n" + "-" * 60)
    for name, result in results.items():
        print(f"{'ok    ' if result == 0 else 'FAILED'}  {name}")
    print(summary or "The tests did not run to their end.", flush=True)
    return 0 if not any(results.values()) else 1


def checks() -> dict[str, list[str]]:
    """Name → command of every check besides the tests."""
    python = str(paths.PYTHON)
    packages = [name for name in PACKAGES if (paths.ROOT / name).is_dir()]
    manage = [python, "manage.py"]
    return {
        "rest of the access matrix": [python, "-m", "pytest", "tests/access/test_matrix.py", "-n", "2"],
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "lint": [python, "-m", "ruff", "check", "."],
        "types": [python, "-m", "mypy", *packages],
        "missing migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "template lint": [python, "-m", "djlint", "templates", "--lint", "--quiet"],
        "translations": ["bash", "script/messages", "--check"],
        "deployment settings": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def _tests(arguments: list[str]) -> tuple[int, str]:
    """Run script/test, show its output as it comes, and keep pytest's last summary line."""
    print("== tests", flush=True)
    child = subprocess.Popen(
        ["bash", str(paths.ROOT / "script" / "test"), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    tail = b""
    try:
        while chunk := os.read(child.stdout.fileno(), 65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            tail = (tail + chunk)[-20000:]
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    return code, last_summary(tail.decode("utf-8", "replace"))


def last_summary(output: str) -> str:
    """Pytest's closing line out of its output, or an empty text."""
    lines = [line for line in output.splitlines() if SUMMARY.search(line)]
    return lines[-1].strip("= ") if lines else ""


def _step(name: str, command: list[str], variables: dict[str, str]) -> int:
    print(f"\n== {name}", flush=True)
    done = subprocess.run(command, cwd=paths.ROOT, env=variables, stdin=subprocess.DEVNULL, check=False)
    return done.returncode
