"""One plan being written: a real server that can be killed, and the editor as a person uses it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import connection
from playwright.sync_api import expect

from applications.models import Section
from tests.browser import road
from tests.builders import PASSWORD, World
from tests.journey.people import wait_for

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20


class Desk:
    """The world of these tests: a draft, its lead and its editor, and the server they work at."""

    def __init__(self, folder: Path):
        self.world = World()
        self.case = self.world.draft()
        self.ref = self.case.plan.reference
        self.folder = folder
        for post in (self.world.lead, self.world.editor):
            # The server checks passwords as in production.
            post.user.password = make_password(PASSWORD, hasher=Argon2PasswordHasher())
            post.user.save(update_fields=["password"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        at = connection.settings_dict
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{at['USER']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}",
            "PORTAL_VAR": str(self.folder),
            "PORTAL_ENV": "test",
            "PORTAL_SITE_URL": self.url,
            "TMPDIR": str(self.folder / "tmp"),
        }
        (self.folder / "tmp").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--workers", "1"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_for(self._answers, 60)

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/login/", headers={"Host": "localhost"})
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the server and its workers; SIGKILL waits until the port is free."""
        assert self.process is not None
        os.killpg(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.send(signal.SIGKILL)

    def text(self, key: str) -> str:
        return Section.objects.get(plan=self.case.plan, key=key).text

    def holds(self, key: str, *pieces: str) -> None:
        """Wait until the stored part holds each piece once."""
        end = time.monotonic() + SECONDS
        while (text := self.text(key)) is not None and [text.count(p) for p in pieces] != [1] * len(pieces):
            assert time.monotonic() < end, f"{pieces} each once in: {text[-600:]}"
            time.sleep(0.1)


class Editor:
    """The editor of a part in one tab."""

    def __init__(self, page, desk: Desk, key: str):
        self.page, self.desk, self.key = page, desk, key
        self.address = f"{desk.url}/plans/{desk.ref}/sections/{key}/"
        self.page.set_default_timeout(SECONDS * 1000)
        self.field = page.locator("textarea[name=text]")
        self.status = page.locator("[data-autosave-status]")

    def open(self) -> "Editor":
        assert self.page.goto(self.address).status == 200
        return self

    def add(self, text: str) -> "Editor":
        """Type a new last paragraph."""
        self.field.press("Control+End")
        self.page.keyboard.insert_text("\n" + text)
        return self

    def sees(self, words: str) -> "Editor":
        expect(self.status).to_contain_text(words, timeout=SECONDS * 1000)
        return self

    def wait(self, seconds: float) -> "Editor":
        """Let the page believe that this time has passed."""
        self.page.clock.run_for(int(seconds * 1000))
        return self

    def copies(self) -> int:
        return self.page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('portal:copy:')).length")


def enter(context, desk: Desk, post):
    """Give a browser context the session of a person."""
    context.add_cookies([{"name": "sessionid", "value": road.session(post), "url": desk.url}])
    return context
