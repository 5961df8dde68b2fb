"""The whole of script/server, in a copy of the project whose path has a space."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from script.lib.paths import ROOT, VENV

PARTS = ("script", "portal", "applications", "review", "templates", "static", "locale")
FILES = ("manage.py", "requirements.txt", "requirements-test.txt")
SITUATION = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}


ENDLESS = """
import os
import time
from pathlib import Path

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true")

    def handle(self, **_options):
        marker = Path("var/loading")
        if not marker.exists():
            marker.write_text(str(os.getpid()))
            time.sleep(600)
"""


@pytest.fixture
def copy(tmp_path):
    """A clone that borrows the packages; its sample programme never ends the first time it is loaded."""
    root = tmp_path / "a clone"
    root.mkdir(mode=0o700)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(VENV.resolve())
    (root / "var").mkdir(mode=0o700)
    (root / "review" / "management" / "commands" / "seed_demo.py").write_text(ENDLESS, encoding="utf-8")
    started = []
    yield root, started
    for child in started:
        child.terminate()
        child.wait(60)
    home = subprocess.run(
        ["python3", "-B", "-c", "from script.lib.paths import slug; print(slug())"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    shutil.rmtree(Path("/var/lib") / home, ignore_errors=True)


def launch(copy, port):
    root, started = copy
    out = (root / "out.txt").open("wb")
    command = [str(root / "script" / "server"), "--port", str(port)]
    child = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=SITUATION, cwd="/")
    started.append(child)
    return child


def start(copy, port):
    child = launch(copy, port)
    wait_until_ready(copy[0], child)
    return child


def killed_while_loading(copy, port):
    """Kill the first start in the middle of the sample programme; return the loader it leaves behind."""
    child, marker = launch(copy, port), copy[0] / "var" / "loading"
    end = time.monotonic() + 180
    while not marker.exists():
        assert child.poll() is None, said(copy[0])
        assert time.monotonic() < end, said(copy[0])
        time.sleep(0.1)
    child.kill()
    child.wait()
    loader = int(marker.read_text())
    os.kill(loader, 0)
    return loader


def said(root):
    return (root / "out.txt").read_text(encoding="utf-8")


def wait_until_ready(root, child):
    end = time.monotonic() + 180
    while "Ctrl-C stops it." not in said(root):
        assert child.poll() is None, said(root)
        assert time.monotonic() < end, said(root)
        time.sleep(0.1)


def processes_of(root):
    """Every living process with the copy's path in its command line."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(root) in line]


def healthy(port):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", "/healthz")
    return client.getresponse().read() == b'{"status": "ok"}'


def port_of(root):
    return int(said(root).split("http://127.0.0.1:")[1].split("/")[0])


def test_server_serves_stops_on_ctrl_c_and_survives_being_killed(copy):
    root, _ = copy
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        loader = killed_while_loading(copy, busy)
        child = start(copy, busy)
        with pytest.raises(ProcessLookupError):
            os.kill(loader, 0)
        assert (root / "var" / "seeded").exists()
        port = port_of(root)
        assert f"Port {busy} is busy: the portal takes {port}." in said(root)
        assert healthy(port)

        second = subprocess.run(
            [root / "script" / "server"], capture_output=True, text=True, env=SITUATION, check=False
        )
        assert second.returncode == 1
        assert f"already runs at http://127.0.0.1:{port}/" in second.stderr

        child.kill()
        child.wait()
        child = start(copy, busy)
        assert healthy(port_of(root))
        child.send_signal(signal.SIGINT)
        assert child.wait(90) == 0
    assert processes_of(root) == []
    assert not (root / "var" / "run" / "site.json").exists()
