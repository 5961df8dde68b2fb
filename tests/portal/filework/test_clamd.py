"""The scanner's protocol against a small server that speaks it."""

import tempfile
import time
from pathlib import Path

import pytest

from portal.filework import clamd
from tests import stand_in_clamd
from tests.stand_in_clamd import EICAR


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"0123456789" * 20_000)
    return place


def test_a_file_is_streamed_whole_over_tcp(file):
    with stand_in_clamd.clamd() as server:
        assert clamd.scan(file, server.where, seconds=5) == ""
    assert server.heard == [file.read_bytes()]


@pytest.mark.parametrize("form", ["unix:%s", "%s"])
def test_a_file_is_streamed_over_a_local_socket(file, form):
    with tempfile.TemporaryDirectory(prefix="c") as folder:
        with stand_in_clamd.clamd(Path(folder) / "s") as server:
            assert clamd.scan(file, form % (Path(folder) / "s"), seconds=5) == ""
        assert server.heard == [file.read_bytes()]


def test_what_is_found_is_named(tmp_path):
    place = tmp_path / "bad"
    place.write_bytes(b"%PDF-1.7 " + EICAR)
    with stand_in_clamd.clamd() as server:
        assert clamd.scan(place, server.where, seconds=5) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: \0", b"hello\0", b"x" * 9000]
)
def test_an_answer_without_a_verdict_is_a_failure(file, answer):
    with stand_in_clamd.clamd(answer=lambda _heard: answer) as server, pytest.raises(clamd.Failed):
        clamd.scan(file, server.where, seconds=5)


def test_a_silent_scanner_is_left_in_time(file):
    began = time.monotonic()
    with stand_in_clamd.clamd(answer=None) as server, pytest.raises(clamd.Failed, match="TimeoutError"):
        clamd.scan(file, server.where, seconds=0.5)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("where", ["127.0.0.1:1", "/nowhere/at/all", "unix:/nowhere", "nonsense", "host:port", ":0"])
def test_a_scanner_that_is_not_there_is_a_failure(file, where):
    with pytest.raises(clamd.Failed):
        clamd.scan(file, where, seconds=1)
