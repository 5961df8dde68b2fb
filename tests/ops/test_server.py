"""The whole of script/server, in a copy of the project whose path has a space."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2
import pytest

from script.lib.paths import ROOT, VENV

PARTS = ("script", "portal", "applications", "review", "templates", "static", "locale")
FILES = ("manage.py", "requirements.txt", "requirements-test.txt")
SITUATION = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8"}


# In place of the sample programme: the first time it never ends, afterwards it is one person and one notice.
PROGRAMME = """
import os
import time
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from portal import joining, notices
from portal.roles import Role


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true")

    @transaction.atomic
    def handle(self, **_options):
        marker = Path("loading")
        if not marker.exists():
            marker.write_text(str(os.getpid()))
            time.sleep(600)
        office = joining.organisation_of(Role.SYSTEM_ADMIN, "示例管理处")
        person = {"name": "示例·管理员", "email": "guest@portal.example"}
        post, _ = joining.give_post("guest", office, Role.SYSTEM_ADMIN, **person)
        notices.send("message", to=[post], key="hello", path="/", facts={"title": "示例", "body": "示例通知"})
"""


@pytest.fixture
def copy(tmp_path):
    """A clone that borrows the packages; with a small programme of its own."""
    root = tmp_path / "a clone"
    root.mkdir(mode=0o700)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(VENV.resolve())
    (root / "var").mkdir(mode=0o700)
    (root / "review" / "management" / "commands" / "seed_demo.py").write_text(PROGRAMME, encoding="utf-8")
    started = []
    yield root, started
    for child in started:
        child.terminate()
        child.wait(60)
    shutil.rmtree(Path("/var/lib") / slug_of(root), ignore_errors=True)


def slug_of(root):
    """The name of the folder in which root's database lies."""
    asked = ["python3", "-B", "-c", "from script.lib.paths import slug; print(slug())"]
    return subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def launch(copy, port, *options, **variables):
    root, started = copy
    out = (root / "out.txt").open("wb")
    command = [str(root / "script" / "server"), "--port", str(port), *options]
    situation = SITUATION | variables
    child = subprocess.Popen(
        command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=situation, cwd="/", start_new_session=True
    )
    started.append(child)
    return child


def start(copy, port, *options, **variables):
    child = launch(copy, port, *options, **variables)
    wait_until_ready(copy[0], child)
    return child


def killed_while_loading(copy, port):
    """Kill the first start in the middle of the sample programme; return the loader it leaves behind."""
    child, marker = launch(copy, port), copy[0] / "loading"
    wait_for(lambda: marker.exists() and marker.read_text(), copy[0], child)
    child.kill()
    child.wait()
    loader = int(marker.read_text())
    os.kill(loader, 0)
    return loader


def ctrl_c(root, child, code=0, last="\nStopping.\n"):
    """As a terminal does it: the signal goes to everything that runs in it."""
    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(90) == code
    assert "Traceback" not in said(root)
    assert said(root).endswith(last)
    assert processes_of(root) == []


def manage(copy, *arguments):
    command = [copy[0] / "script" / "manage", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=SITUATION, cwd="/", check=False)


def accounts(copy):
    done = manage(
        copy, "shell", "-v", "0", "-c", "from portal.models import User; print(*User.objects.values_list('username'))"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def wait_for(condition, root, child, seconds=180):
    end = time.monotonic() + seconds
    while not condition():
        assert child.poll() is None, said(root)
        assert time.monotonic() < end, said(root)
        time.sleep(0.1)


def said(root):
    return (root / "out.txt").read_text(encoding="utf-8")


def wait_until_ready(root, child):
    wait_for(lambda: "Ctrl-C stops it." in said(root), root, child)


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


def mails(root):
    return [path.read_text(encoding="utf-8") for path in (root / "var" / "mail").glob("*.eml")]


@pytest.fixture
def stranger():
    """A process that looks like one of the portal's own, but belongs to somebody else."""
    child = subprocess.Popen(["gunicorn portal.wsgi:application", "600"], executable="/bin/sleep")
    yield child
    child.kill()
    child.wait()


def test_server_serves_stops_on_ctrl_c_and_survives_being_killed(copy, stranger):
    root, _ = copy
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        loader = killed_while_loading(copy, busy)
        kept = root / "var" / "mail" / "old.eml"
        kept.write_text("of the first start")

        child = start(copy, busy, "--fresh")
        with pytest.raises(ProcessLookupError):
            os.kill(loader, 0)
        assert not kept.exists()
        assert (root / "var" / "seeded").exists()
        port = port_of(root)
        assert f"Port {busy} is busy: the portal takes {port}." in said(root)
        assert healthy(port)
        # The notice's mail went from the scheduler over the worker to the sink; nobody asked for it.
        wait_for(lambda: mails(root), root, child, 60)
        assert [("X-Envelope-To: guest@portal.example" in mail) for mail in mails(root)] == [True]

        second = subprocess.run(
            [root / "script" / "server"], capture_output=True, text=True, env=SITUATION, check=False
        )
        assert second.returncode == 1
        assert f"already runs at http://127.0.0.1:{port}/" in second.stderr
        assert manage(copy, "no_such_command").returncode == 1
        assert healthy(port)

        child.kill()
        child.wait()
        child = start(copy, busy)
        assert healthy(port_of(root))
        ctrl_c(root, child)
    assert processes_of(root) == []
    assert stranger.poll() is None
    assert not (root / "var" / "run" / "site.json").exists()
    assert accounts(copy) == ["('guest',)"]  # the servers come up for the one command
    assert processes_of(root) == []


@pytest.fixture
def outside(db):
    """Addresses of a database and a Redis that are somebody else's."""
    address, redis = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    name = f"outside_{os.getpid()}"
    with psycopg2.connect(address) as opened:
        pass
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield {
            "DATABASE_URL": re.sub(r"/portal\b(?=\?)", f"/{name}", address),
            "REDIS_URL": re.sub(r"db=\d+", "db=9", redis),
        }
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    opened.close()


def test_server_uses_the_servers_that_are_named_and_starts_none(copy, outside):
    root, _ = copy
    refused = subprocess.run(
        [root / "script" / "server", "--fresh"], capture_output=True, text=True, env=SITUATION | outside, check=False
    )
    assert refused.returncode == 1
    assert "--fresh deletes data, so it is refused while DATABASE_URL or REDIS_URL names a server." in refused.stderr
    early = launch(copy, 8100, **outside)
    wait_for(lambda: list((root / "var" / "run").glob("prepare-*.record")), root, early)
    ctrl_c(root, early, code=130, last="")
    child = start(copy, 8100, **outside)
    assert healthy(port_of(root))
    assert not (root / "loading").exists()  # nobody asked for the sample programme there
    ctrl_c(root, child)
    assert (
        sorted(path.name for path in (root / "var").iterdir() if path.name in ("redis", "owns-cluster", "seeded")) == []
    )
    assert not (Path("/var/lib") / slug_of(root)).exists()
    with psycopg2.connect(outside["DATABASE_URL"]) as theirs, theirs.cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM django_migrations")
        assert cursor.fetchone() == (True,)
    theirs.close()
