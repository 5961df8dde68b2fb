"""A large file on its way into a real server: it costs little memory, and one that is cut leaves nothing behind."""

import contextlib
import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from applications.models import Attachment
from portal.models import StoredFile
from tests.browser import road
from tests.browser.drafting import Desk
from tests.journey.people import wait_for
from tests.portal.test_uploads import picture

pytestmark = pytest.mark.django_db(transaction=True)
MEBIBYTE = 1024 * 1024


@pytest.fixture
def _django_db_helper(desk):
    """Keep the world for the whole module instead of emptying the tables after each test."""


def photograph(size: int) -> list[bytes]:
    """Return a whole picture of about ``size`` bytes in pieces; the same piece stands in the list many times."""
    plain = picture("JPEG")
    scan = plain.index(b"\xff\xda") + 14
    piece = b"\xff\x00" * (32 * 1024)
    return [plain[:scan], *[piece] * (size // len(piece)), plain[scan:]]


class Sender:
    """The lead of the plan, sending one file byte by byte."""

    def __init__(self, desk: Desk):
        self.desk, self.path = desk, f"/plans/{desk.ref}/attachments/"
        self.cookie = f"sessionid={road.session(desk.world.lead)}"
        page, headers = self._page()
        self.cookie += "; " + headers["Set-Cookie"].split(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def _page(self) -> tuple[str, http.client.HTTPMessage]:
        asked = http.client.HTTPConnection("localhost", self.desk.port, timeout=60)
        asked.request("GET", self.path, headers={"Cookie": self.cookie})
        answer = asked.getresponse()
        found = answer.read().decode()
        asked.close()
        assert answer.status == 200
        return found, answer.headers

    def body(self, pieces: list[bytes], name: str) -> list[bytes]:
        fields = {"csrfmiddlewaretoken": self.token, "kind": "ordinary", "unclassified": "on", "title": name}
        edge = b"--example-edge"
        head = b"".join(
            edge + f'\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
        )
        file = f'\r\nContent-Disposition: form-data; name="file"; filename="{name}.jpg"\r\n'
        return [head + edge + file.encode() + b"Content-Type: image/jpeg\r\n\r\n", *pieces, b"\r\n" + edge + b"--\r\n"]

    def send(
        self, pieces: list[bytes], name: str, *, share: float = 1, chunked: bool = False
    ) -> tuple[int, str] | None:
        """Send the form; with ``share`` below 1 hang up after that part of it and return ``None``."""
        body = self.body(pieces, name)
        asked = http.client.HTTPConnection("localhost", self.desk.port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "multipart/form-data; boundary=example-edge"}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before all was sent
            if chunked:
                asked.request("POST", self.path, iter(body), headers, encode_chunked=True)
            else:
                self._put(asked, headers, body, share)
        if share < 1:
            asked.close()
            return 0, ""
        answer = asked.getresponse()
        found = answer.status, answer.read().decode()
        asked.close()
        return found

    def _put(self, asked, headers: dict[str, str], body: list[bytes], share: float) -> None:
        asked.putrequest("POST", self.path)
        for name, value in headers.items():
            asked.putheader(name, value)
        asked.putheader("Content-Length", str(sum(map(len, body))))
        asked.endheaders()
        left = int(sum(map(len, body)) * share)
        for piece in body:
            asked.send(piece[:left])
            left -= len(piece)
            if left <= 0:
                break

    def is_free(self) -> bool:
        """One request at a time: whoever is answered knows that the one before is over."""
        return bool(self._page())


@pytest.fixture
def sender(desk):
    return Sender(desk)


def worker(desk: Desk) -> Path:
    """Return the folder in /proc of the process that answers."""
    assert desk.process is not None
    main = desk.process.pid
    (child,) = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return Path("/proc", child)


def kilobytes(process: Path, name: str) -> int:
    return int(re.search(rf"^{name}:\s+(\d+) kB", (process / "status").read_text(), re.M)[1])


def left_behind(desk: Desk) -> Iterator[str]:
    for folder in (desk.folder / "tmp", desk.folder / "private"):
        yield from sorted(str(p) for p in folder.rglob("*") if p.is_file())


def test_twenty_megabytes_cost_the_server_less_than_ten(desk, sender):
    assert sender.send(photograph(3 * MEBIBYTE), "先传一张")[0] == 302  # what is loaded once is loaded now
    process = worker(desk)
    (process / "clear_refs").write_text("5")  # the peak counts from here
    before = kilobytes(process, "VmHWM")
    assert sender.send(photograph(19 * MEBIBYTE), "大照片")[0] == 302
    grown = kilobytes(process, "VmHWM") - before
    print(f"the server grew by {grown} kB")
    assert grown < 10 * 1024
    assert Attachment.objects.get(title="大照片").file.size > 18 * MEBIBYTE


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_cut_upload_leaves_nothing(desk, sender, share):
    rows, files = StoredFile.objects.count(), list(left_behind(desk))
    sender.send(photograph(12 * MEBIBYTE), "断了的照片", share=share)
    wait_for(sender.is_free, 30)
    assert StoredFile.objects.count() == rows
    assert not Attachment.objects.filter(title="断了的照片").exists()
    assert list(left_behind(desk)) == files


@pytest.mark.parametrize(("size", "chunked", "answered"), [(21, False, 422), (40, False, 413), (21, True, 411)])
def test_too_much_is_refused_in_words_whether_its_length_is_told_or_not(desk, sender, size, chunked, answered):
    rows, files = StoredFile.objects.count(), list(left_behind(desk))
    status, said = sender.send(photograph(size * MEBIBYTE), "过大的照片", chunked=chunked)
    assert status == answered
    assert "20 MB" in said
    assert StoredFile.objects.count() == rows
    wait_for(lambda: list(left_behind(desk)) == files, 10)
