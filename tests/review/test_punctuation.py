"""A label and what it labels are parted as the language does it."""

from pathlib import Path

from django.conf import settings
from django.utils import translation

from portal.punctuation import colon
from review.services import batches

CHINESE_ONLY = {"letters/letter.html", "review/_letter_text.html"}


def test_colon_of_each_language():
    assert colon() == "："
    with translation.override("en"):
        assert colon() == ": "


def test_no_template_writes_a_chinese_colon_itself():
    folder = Path(settings.BASE_DIR) / "templates"
    written = {str(p.relative_to(folder)) for p in folder.rglob("*.html") if "：" in p.read_text(encoding="utf-8")}
    assert written == CHINESE_ONLY


def test_english_batch_page_has_an_english_colon(world, client):
    batch = batches.compose(world.call, title="2026年第一批", by=world.handlers[0])
    client.force_login(world.handlers[0].user)
    shown = client.get(f"/en/batches/{batch.pk}/text/").content.decode()
    assert "2026年第一批: Texts" in shown
