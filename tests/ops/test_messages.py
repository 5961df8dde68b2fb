from pathlib import Path

import pytest

from script.lib import messages

PART = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Submit"\nmsgstr "%s"\n'


def tree(folder, *, template):
    (folder / "portal").mkdir()
    (folder / "portal" / "words.py").write_text('from gettext import gettext as _\n\n_("Submit")\n', encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_text(template, encoding="utf-8")
    parts = folder / "locale" / "parts"
    parts.mkdir(parents=True)
    (parts / "a.po").write_text(PART % "提交", encoding="utf-8")
    return parts


def test_string_without_translation_fails_the_check(tmp_path):
    parts = tree(tmp_path, template='{% load i18n %}\n{% translate "Forward the plan" %}')
    found = messages.check(tmp_path, parts)
    assert found == ["templates/page.html:2: no translation: 'Forward the plan'"]


def test_check_passes_when_every_string_is_translated(tmp_path):
    parts = tree(tmp_path, template='{% load i18n %}{% translate "Submit" %}')
    assert messages.check(tmp_path, parts) == []


def test_first_part_in_the_alphabet_wins(tmp_path):
    parts = tree(tmp_path, template="")
    (parts / "b.po").write_text(PART % "报送", encoding="utf-8")
    merged = messages.merge(sorted(parts.glob("*.po")))
    assert 'msgstr "提交"' in merged
    assert "报送" not in merged


PARTS = sorted((Path(__file__).parents[2] / "locale" / "parts").glob("*.po"))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.stem)
def test_one_page_addresses_its_reader_in_one_way(part):
    assert [line for line in part.read_text("utf-8").splitlines() if "\u60a8" in line] == []
