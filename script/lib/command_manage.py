"""`script/manage ARGS…`: one management command, with the servers up for as long as it needs them."""

import signal
import subprocess
from pathlib import Path

from script.lib import environment, paths, processes, servers


def main(arguments: list[str]) -> int:
    environment.set_up()
    with servers.running() as addresses:
        site = processes.read_json(paths.RUN / "site.json") or {}
        variables = environment.for_running(
            addresses, site.get("port", environment.PORT), site.get("mail_port", environment.MAIL_PORT)
        )
        return run(arguments, variables)


def run(arguments: list[str], variables: dict[str, str]) -> int:
    """Run one management command in the caller's folder (file names hold); returns its exit code."""
    return hand_over([str(paths.PYTHON), str(paths.ROOT / "manage.py"), *arguments], variables)


def hand_over(command: list[str], variables: dict[str, str], cwd: Path | None = None) -> int:
    """Give the terminal to a command: Ctrl-C is its own to answer, its exit code is ours."""
    child = subprocess.Popen(command, env=variables, cwd=cwd)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code
