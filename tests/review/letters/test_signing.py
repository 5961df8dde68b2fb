"""Forgeries are found, and as many genuine letters are accepted in the same run."""

import asyncio
import io
import random
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from review.letters.checking import check_file
from review.letters.codes import ALPHABET, new_code, normalise
from review.letters.render import render
from review.letters.signing import make_sample_key, signer_from
from tests.review.letters.test_print import a_letter


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return make_sample_key(tmp_path_factory.mktemp("keys") / "portal")


@pytest.fixture(scope="module")
def unsigned():
    return render(a_letter())


@pytest.fixture(scope="module")
def signed(keys, unsigned):
    return signer_from(keys).sign(unsigned)


def flip(pdf: bytes, place: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 1
    return bytes(changed)


def with_update(pdf: bytes) -> bytes:
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    writer.root["/Extra"] = generic.NumberObject(1)
    writer.update_root()
    writer.write(out)
    return out.getvalue()


def rewritten(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out)
    return out.getvalue()


def stripped(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        del file.Root.AcroForm
        file.save(out)
    return out.getvalue()


def test_genuine_letters_are_accepted_every_time(keys, signed):
    for _ in range(60):
        assert check_file(signed, keys).authentic


@pytest.mark.parametrize("forge", [with_update, rewritten, stripped, lambda pdf: pdf + b"\n%", lambda pdf: pdf[:-9]])
def test_changed_file_is_not_authentic(keys, signed, forge):
    verdict = check_file(forge(signed), keys)
    assert not verdict.authentic
    assert verdict.reason


def test_no_single_flipped_bit_goes_unseen(keys, signed):
    for place in range(200, len(signed) - 200, len(signed) // 55):
        assert not check_file(flip(signed, place), keys).authentic, place


def test_damage_anywhere_is_answered_and_never_raised(keys, signed):
    chance = random.Random(5)
    for _ in range(200):
        changed = bytearray(signed)
        for _ in range(chance.choice([1, 3, 20])):
            place = chance.randrange(len(changed) - 25_000, len(changed))  # tables and signature, read at every check
            changed[place] ^= chance.randrange(1, 256)
        if chance.random() < 0.2:
            del changed[chance.randrange(len(changed)) :]
        assert check_file(bytes(changed), keys).reason


def test_letter_of_another_key_is_not_ours(keys, unsigned, tmp_path):
    other = signer_from(make_sample_key(tmp_path / "other"))
    assert not check_file(other.sign(unsigned), keys).authentic


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"PK\x03\x04", "不是文件".encode()])
def test_junk_is_answered_in_words(keys, junk):
    assert check_file(junk, keys).reason


def test_missing_key_gives_no_signer(tmp_path):
    assert signer_from(tmp_path / "nothing") is None
    with pytest.raises(FileExistsError):
        make_sample_key(make_sample_key(tmp_path / "k"))


def test_codes_are_long_and_read_back_as_people_type_them():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert len(ALPHABET) ** 20 >= 2**100
    code = new_code()
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", ""), wide):
        assert normalise(typed) == code
    assert normalise("O" * 20) == normalise("0" * 20)
    assert normalise("0123") == ""
    assert normalise("U" * 20) == ""


def test_letter_is_signed_and_checked_also_where_an_event_loop_runs(keys, unsigned):
    async def by_a_server_that_awaits():
        return check_file(signer_from(keys).sign(unsigned), keys).authentic

    with ThreadPoolExecutor(1) as apart:  # this thread may hold the loop of a browser test already
        assert apart.submit(asyncio.run, by_a_server_that_awaits()).result()
