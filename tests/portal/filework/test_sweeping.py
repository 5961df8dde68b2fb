"""What the sweep takes from the private store, and what it never takes, even while the same bytes come in."""

import io
import os
import threading
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal import blobs, keeping, outbox, tasks
from portal.filework import previews, sweeping
from portal.models import CleanCopy, StoredFile
from portal.uploads.incoming import IntoPrivateStore
from tests.some_files import kept, pdf, picture

OLD = 1_000_000_000


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (OLD, OLD))


def orphan(settings, content: bytes = b"nobody's") -> Path:
    path = blobs.path_of(blobs.store(io.BytesIO(content), settings.PRIVATE_ROOT), settings.PRIVATE_ROOT)
    age(path)
    return path


def swept(*, delete: bool = True) -> list[tuple[str, str]]:
    return sorted((found.what, found.name) for found in sweeping.sweep(delete=delete))


def everything(settings) -> list[str]:
    return sorted(str(path) for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file())


@pytest.fixture
def store(db, settings):
    """A store with a kept file, its copy and its pages, all of them old."""
    file = kept(pdf(2), "方案.pdf")
    outbox.sweep()
    age(*(path for path in settings.PRIVATE_ROOT.rglob("*")))
    return file


def test_what_rows_name_stays_however_old_it_is(store, settings):
    before = everything(settings)
    assert len(before) == 4  # the file, its copy, two pages
    assert swept() == []
    assert everything(settings) == before


def test_orphans_are_named_first_and_taken_when_asked(store, settings, capsys):
    before = everything(settings)
    content = orphan(settings)
    part = settings.PRIVATE_ROOT / "incoming" / "half.upload"
    part.write_bytes(b"half")
    folder = settings.PRIVATE_ROOT / "incoming" / "workplace"
    folder.mkdir()
    (folder / "001.jpg").write_bytes(b"page")
    pages = previews.folder_of("ab" * 32)
    pages.mkdir(parents=True)
    (pages / "001.jpg").write_bytes(b"page")
    age(part, folder, pages)
    found = [("content", content.name), ("pages", "ab" * 32), ("part", "half.upload"), ("part", "workplace")]
    assert swept(delete=False) == found
    call_command("sweep_files")
    assert f"content {content.name} (8 bytes)" in (told := capsys.readouterr().out)
    assert "4 orphans, 0.0 MB, found; --delete takes them away" in told
    assert content.exists()
    assert part.exists()
    call_command("sweep_files", "--delete")
    assert "4 orphans, 0.0 MB, deleted" in capsys.readouterr().out
    assert everything(settings) == before
    assert not folder.exists()
    assert not pages.exists()
    with pytest.raises(CommandError):
        call_command("sweep_files", "--all")


def test_what_is_younger_than_a_day_stays(store, settings):
    path = orphan(settings)
    (settings.PRIVATE_ROOT / "incoming" / "new").write_bytes(b"half")
    os.utime(path)
    assert tasks.sweep_files() == 0
    assert path.exists()


def test_a_copy_equal_to_another_file_stays_for_that_file(db, settings):
    plain = kept(picture("PNG"), "图.png")
    outbox.sweep()
    row = CleanCopy.objects.get(sha256=plain.sha256)
    assert row.copy_sha256 == plain.sha256  # there was nothing to take out
    row.delete()
    age(*settings.PRIVATE_ROOT.rglob("*"))
    assert swept() == []


def test_holding_needs_a_transaction(transactional_db):
    with pytest.raises(RuntimeError):
        keeping.hold("0" * 64)


def in_another_connection(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_content_that_is_being_kept_again_is_not_swept(transactional_db, settings):
    """The row of a second upload of the same bytes is written, but not committed, while the sweep comes by."""
    content = b"kept again"
    path = orphan(settings, content)
    written, may_end = threading.Event(), threading.Event()

    def upload():
        with transaction.atomic():
            keeping.hold(path.name)  # as far as ``keeping.store`` has come before it touches the bytes
            StoredFile.objects.create(sha256=path.name, name="a", kind="pdf", mime="application/pdf", size=1)
            written.set()
            may_end.wait(20)

    thread = in_another_connection(upload)
    assert written.wait(20)
    assert swept() == []
    assert path.exists()
    may_end.set()
    thread.join(20)
    assert swept() == []
    assert path.read_bytes() == content


def test_an_upload_that_meets_the_sweep_writes_the_bytes_anew(transactional_db, settings, monkeypatch):
    """The upload comes while the sweep holds the content and has decided to take it."""
    content = b"met half way"
    path = orphan(settings, content)
    remove, threads = sweeping._remove, []

    def slowly(target):
        def upload():
            with transaction.atomic():
                keeping.made(content, name="a", kind="pdf", mime="application/pdf")

        threads.append(in_another_connection(upload))
        threads[0].join(0.5)
        assert threads[0].is_alive()  # it waits for the sweep
        remove(target)

    monkeypatch.setattr(sweeping, "_remove", slowly)
    assert swept() == [("content", path.name)]
    threads[0].join(20)
    assert path.read_bytes() == content
    assert StoredFile.objects.get().sha256 == path.name
    monkeypatch.undo()
    assert swept() == []


def test_uploads_and_sweeps_of_the_same_bytes_at_once_never_lose_them(transactional_db, settings):
    done: list[str] = []
    content, lost, taken = b"again and again", [], []

    def upload():
        for _turn in range(30):
            with transaction.atomic():
                stored = keeping.made(content, name="a", kind="pdf", mime="application/pdf")
                time.sleep(0.002)
                if not blobs.path_of(stored.sha256, settings.PRIVATE_ROOT).exists():
                    lost.append(stored.pk)
                transaction.set_rollback(True)  # so that the next turn begins with an orphan
            time.sleep(0.005)
        done.append("upload")

    def sweep():
        end = time.monotonic() + 30
        while done.count("upload") < 2 and time.monotonic() < end:
            taken.extend(sweeping._contents(settings.PRIVATE_ROOT, time.time() + 5, delete=True))  # old at once
        done.append("sweep")

    threads = [in_another_connection(work) for work in (upload, upload, sweep, sweep)]
    for thread in threads:
        thread.join(60)
    assert lost == []
    assert taken
    assert len(done) == 4


def test_a_large_upload_waits_in_the_private_store(settings):
    handler = IntoPrivateStore()
    handler.new_file("file", "a.pdf", "application/pdf", 3_000_000, None, {})
    handler.receive_data_chunk(b"x" * 100, 0)
    (part,) = (settings.PRIVATE_ROOT / "incoming").iterdir()
    assert part.suffix == ".upload"
    file = handler.file_complete(100)
    assert (file.name, file.size, file.read()) == ("a.pdf", 100, b"x" * 100)
    file.close()
    assert not part.exists()
