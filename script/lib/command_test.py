"""`script/test [pytest arguments]`: every test, on servers that live only for this run."""

import shutil
import subprocess

from script.lib import environment, paths, servers
from script.lib.command_manage import hand_over
from script.lib.failure import Failure

BROWSERS = ("chromium", "chromium-headless-shell")
OWN_WORKERS = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co")


def main(arguments: list[str]) -> int:
    environment.set_up(test=True)
    check_browser()
    with servers.throw_away() as addresses:
        return run(arguments, environment.for_tests(addresses))


def run(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the project's folder; returns its exit code."""
    command = [str(paths.PYTHON), "-m", "pytest", *worker_arguments(arguments), *arguments]
    return hand_over(command, variables, cwd=paths.ROOT)


def worker_arguments(arguments: list[str]) -> list[str]:
    """Two workers that take whole files; a third gained nothing on two cores. The caller's own choice goes before."""
    chosen = any(argument.split("=")[0] in OWN_WORKERS or argument[:2] == "-n" for argument in arguments)
    return [] if chosen else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def check_browser() -> None:
    """A missing browser is a failure, never a reason to leave tests out."""
    for name in BROWSERS:
        program = shutil.which(name)
        if program is None:
            raise Failure(f"{name} is missing, and the browser tests need it: apt-get install {name}", code=3)
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"{name} does not start: {done.stderr.strip()}", code=3)
