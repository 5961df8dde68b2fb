"""Pages drawn by a worker: which, how many, how large, and what happens when drawing fails."""

import io
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from portal import outbox
from portal.filework import limited, previews
from portal.models import Outbox, Preview
from tests.some_files import kept, pdf, picture

pytestmark = pytest.mark.django_db


def drawn(content: bytes, name: str) -> tuple[Preview, list[Image.Image]]:
    stored = kept(content, name)
    assert outbox.sweep(kind="preview") == 1
    row = Preview.objects.get(sha256=stored.sha256)
    paths = [previews.page_path(row, number + 1) for number in range(len(row.sizes))]
    return row, [Image.open(io.BytesIO(path.read_bytes())) for path in paths if path]


def test_the_first_pages_of_a_pdf_are_drawn(settings):
    settings.PREVIEW_PAGES, settings.PREVIEW_SIDE = 11, 400
    row, pages = drawn(pdf(12), "方案.pdf")
    assert (row.pages, row.sizes, row.problem) == (12, [[400, 200]] * 11, "")
    assert [page.size for page in pages] == [(400, 200)] * 11
    assert {page.format for page in pages} == {"JPEG"}
    assert previews.page_path(row, 0) is previews.page_path(row, 12) is None
    assert not list((settings.PRIVATE_ROOT / "incoming").iterdir())


def test_chinese_in_a_face_the_file_does_not_carry_is_drawn():
    _row, (page,) = drawn(pdf(words="示例方案"), "方案.pdf")
    shades = page.convert("L").getcolors(256) or []
    assert sum(count for count, shade in shades if shade < 100) > 1000


@pytest.mark.parametrize(
    ("mode", "colour", "told"),
    [
        ("RGB", "red", (254, 0, 0)),
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 0, (0, 0, 0)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 65535, (255, 255, 255)),
    ],
)
def test_a_picture_of_any_mode_is_drawn_on_white(mode, colour, told):
    _row, (page,) = drawn(picture("PNG", mode, colour=colour), "图.png")
    assert (page.size, page.mode) == ((30, 20), "RGB")
    assert all(abs(a - b) < 4 for a, b in zip(page.getpixel((15, 10)), told, strict=True))


def test_a_picture_stands_upright_is_small_and_has_no_words(settings):
    settings.PREVIEW_SIDE = 100
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "张某某"
    _row, (page,) = drawn(picture("JPEG", size=(300, 200), exif=exif, comment="张某某"), "图.jpg")
    assert page.size == (67, 100)
    assert "exif" not in page.info
    assert "comment" not in page.info


def test_word_and_excel_files_are_not_drawn():
    from tests.portal.test_uploads import excel, word

    for content, name in ((word(), "a.docx"), (excel(), "a.xlsx")):
        assert previews.want(kept(content, name)) is None
    assert not Outbox.objects.filter(kind="preview").exists()


def test_the_same_bytes_are_drawn_once():
    first, second = kept(pdf(), "a.pdf"), kept(pdf(), "b.pdf")
    assert first.sha256 == second.sha256
    assert outbox.sweep(kind="preview") == 1
    assert Preview.objects.get().sizes


def test_what_cannot_be_drawn_in_time_is_told_and_leaves_nothing(settings, monkeypatch):
    monkeypatch.setattr(limited, "run", lambda *_a, **_k: (_ for _ in ()).throw(limited.Ended("it took too long")))
    stored = kept(pdf(), "a.pdf")
    assert outbox.sweep(kind="preview") == 1
    row = Preview.objects.get(sha256=stored.sha256)
    assert (row.made_at, row.problem) == (None, "too_complex")
    assert not previews.folder_of(stored.sha256).exists()
    assert not list((settings.PRIVATE_ROOT / "incoming").iterdir())


def test_a_mistake_of_ours_is_told_and_tried_again():
    kept(pdf(), "a.pdf")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(previews, "_draw", lambda *_a: 1 / 0)
        assert outbox.sweep(kind="preview") == 0
    assert Preview.objects.get().problem == "portal"
    outbox.again(Outbox.objects.all())
    assert outbox.sweep(kind="preview") == 1
    row = Preview.objects.get()
    assert (row.problem, len(row.sizes)) == ("", 1)


def test_pages_of_an_interrupted_worker_are_replaced():
    stored = kept(pdf(), "a.pdf")
    left = previews.folder_of(stored.sha256)
    left.mkdir(parents=True)
    (left / "009.jpg").touch()
    assert outbox.sweep(kind="preview") == 1
    assert os.listdir(left) == ["001.jpg"]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("while True: pass", "it "),
        ("import time; time.sleep(60)", "it took too long"),
        ("x = bytearray(2**30)", "it ended with 1"),
        ("import sys; open('x', 'wb').write(bytes(70 * 2**20))", "it ended with "),
    ],
)
def test_a_program_that_grows_or_hangs_is_ended(tmp_path, program, why):
    source = tmp_path / "program.py"
    source.write_text(program)
    with pytest.raises(limited.Ended, match=why):
        limited.run(sys.executable, str(source), folder=tmp_path, limits=limited.Limits(1, 512 * 2**20))


def test_a_program_that_is_ended_takes_its_children_with_it(tmp_path):
    source = tmp_path / "program.py"
    source.write_text(
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
        "open('pid', 'w').write(str(child.pid))\ntime.sleep(60)\n"
    )
    with pytest.raises(limited.Ended):
        limited.run(sys.executable, str(source), folder=tmp_path, limits=limited.Limits(1, 512 * 2**20))
    state = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"
