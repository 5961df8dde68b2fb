"""The content-addressed store under repetition, races and interruption."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.blobs import is_intact, open_blob, path_of, store

CONTENT = "领导小组文件".encode() * 40_000
SHA = hashlib.sha256(CONTENT).hexdigest()


def kept(root):
    return sorted(p.name for p in root.rglob("*") if p.is_file())


def test_content_is_kept_read_only_under_its_digest(tmp_path):
    assert store(io.BytesIO(CONTENT), tmp_path) == SHA
    path = tmp_path / SHA[:2] / SHA[2:4] / SHA
    assert path_of(SHA, tmp_path) == path
    assert path.stat().st_mode & 0o777 == 0o444
    with open_blob(SHA, tmp_path) as stream:
        assert stream.read() == CONTENT
    assert is_intact(SHA, tmp_path)


def test_file_on_disk_is_kept_and_stays_where_it_was(tmp_path):
    source = tmp_path / "letter.pdf"
    source.write_bytes(CONTENT)
    assert store(source, tmp_path / "store") == SHA
    assert source.read_bytes() == CONTENT


def test_same_content_twice_is_one_blob(tmp_path):
    store(io.BytesIO(CONTENT), tmp_path)
    before = path_of(SHA, tmp_path).stat().st_ino
    store(io.BytesIO(CONTENT), tmp_path)
    assert kept(tmp_path) == [SHA]
    assert path_of(SHA, tmp_path).stat().st_ino == before


def test_racing_writers_leave_one_whole_blob(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _n: store(io.BytesIO(CONTENT), tmp_path), range(24)))
    assert set(names) == {SHA}
    assert kept(tmp_path) == [SHA]
    assert is_intact(SHA, tmp_path)


def test_broken_source_leaves_nothing(tmp_path):
    class Broken(io.BytesIO):
        def read(self, *_size):
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        store(Broken(CONTENT), tmp_path)
    assert kept(tmp_path) == []


def test_cut_blob_is_mended_and_changed_blob_is_seen(tmp_path):
    store(io.BytesIO(CONTENT), tmp_path)
    path = path_of(SHA, tmp_path)
    path.chmod(0o644)
    path.write_bytes(CONTENT[:-1])
    assert not is_intact(SHA, tmp_path)
    store(io.BytesIO(CONTENT), tmp_path)
    assert is_intact(SHA, tmp_path)


def test_content_wanted_again_counts_as_new(tmp_path):
    store(io.BytesIO(CONTENT), tmp_path)
    os.utime(path_of(SHA, tmp_path), (1000, 1000))
    store(io.BytesIO(CONTENT), tmp_path)
    assert path_of(SHA, tmp_path).stat().st_mtime > 1000


@pytest.mark.parametrize("sha", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], SHA + "\n"])
def test_anything_but_a_digest_is_an_error(sha, tmp_path):
    with pytest.raises(ValueError, match="64 hex digits"):
        path_of(sha, tmp_path)


def test_missing_blob_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_blob("0" * 64, tmp_path)
