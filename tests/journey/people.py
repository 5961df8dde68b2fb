"""People at their browsers: each one in a context of their own, signing in by the page."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

from django.db import connection

from tests.builders import PASSWORD

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Person:
    """One person in one browser context; every page that answers worse than 400 ends the test."""

    def __init__(self, browser, address: str, post):
        self.post = post
        self.address = address
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.sign_in()

    def sign_in(self) -> None:
        self.page.goto(f"{self.address}/login/")
        self.fill(username=self.post.user.username, password=PASSWORD)
        self.press("main form button.btn")
        assert self.page.url.endswith("/home/"), self.text()

    def go(self, path: str) -> "Person":
        answer = self.page.goto(self.address + path)
        assert answer.status < 400, f"{self.post} {path}: {answer.status}\n{self.text()[:500]}"
        return self

    def fill(self, **values) -> "Person":
        """Fill fields by name: text, a choice by value, ``True`` to tick, a path to upload."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']:not([type=hidden])")
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "radio":
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            elif kind == "checkbox" and value is True:
                field.first.check()
            elif kind == "checkbox":
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            elif kind.startswith("select"):
                field.first.select_option(value)
            elif kind == "file":
                field.first.set_input_files(value)
            else:
                field.first.fill(str(value))
        return self

    def press(self, button: str) -> "Person":
        """Press a button by its selector and wait for the next page; an answer in words ends the test."""
        with self.page.expect_navigation():
            self.page.locator(f"{button}:visible").first.click()
        summary = self.page.locator(".error-summary")
        assert summary.count() == 0, f"{self.post} at {self.page.url}: {summary.first.inner_text()}"
        return self

    def select(self, paragraph: str, start: int, end: int) -> "Person":
        """Select characters of one paragraph, as dragging the mouse would."""
        self.page.evaluate(
            """([id, start, end]) => {
              const text = document.querySelector(`.para[data-id="${id}"] .para-text`).firstChild;
              const range = document.createRange();
              range.setStart(text, start);
              range.setEnd(text, end);
              getSelection().removeAllRanges();
              getSelection().addRange(range);
            }""",
            [paragraph, start, end],
        )
        return self

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, *words: str) -> "Person":
        shown = self.text()
        for word in words:
            assert word in shown, f"{self.post} does not see “{word}” at {self.page.url}:\n{shown[:1500]}"
        return self


@contextlib.contextmanager
def celery_worker(var: str):
    """Run a real Celery worker against this test's database and the run's own Redis."""
    settings = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={settings['PORT']}",
        "PORTAL_VAR": var,
        "PORTAL_ENV": "test",
    }
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-c", "1", "-l", "warning", "--without-mingle"]
    with open(f"{var}/worker.log", "wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(what, seconds: float = 120):
    """Ask until ``what()`` is true; returns its answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.3)
    raise AssertionError("it did not happen in time")


def chromium() -> str:
    found = shutil.which("chromium")
    assert found, "Chromium is not installed: apt-get install chromium"
    return found
