"""Whatever is audited or put into the outbox has words on the administrators' pages."""

import re
from pathlib import Path

from django.conf import settings

from portal import acts

CODE = re.compile(r'record\(\s*"([a-z]+:[a-z_]+)"')


def test_every_audited_act_has_words():
    root = Path(settings.BASE_DIR)
    files = [path for layer in ("portal", "applications", "review") for path in (root / layer).rglob("*.py")]
    codes = {code for path in files for code in CODE.findall(path.read_text("utf-8"))}
    assert len(codes) > 50
    assert codes - acts.table().keys() == set()


def test_every_kind_of_outbox_work_has_words():
    assert {kind for kind in settings.OUTBOX_HANDLERS if not acts.word(f"work:{kind}")} == set()
