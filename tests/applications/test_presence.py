"""Who else is in a part: said in words, forgotten after two minutes, nothing without Redis."""

import socket

import pytest

from applications import presence
from applications.models import Section


@pytest.fixture
def part(world):
    section = Section.objects.get(plan=world.draft().plan, key="policy")
    store = presence._store(presence.settings.REDIS_URL)
    presence._quiet_until = 0
    yield section
    for key in store.scan_iter(f"portal:presence:*:{section.pk}"):
        store.delete(key)


def test_each_is_told_of_the_other_and_where_they_write(world, part):
    assert presence.note(part, world.lead, 13) == ""
    name = world.lead.user.full_name
    assert presence.note(part, world.editor, None) == f"{name}（嘉兴市政府）也在这一部分，正在第 13 段。"
    name = world.editor.user.full_name
    assert presence.note(part, world.lead, 1) == f"{name}（嘉兴市商务局）也在这一部分。"


def test_who_has_gone_is_no_longer_named(world, part, monkeypatch):
    presence.note(part, world.lead, 1)
    later = presence.time.time() + presence.SECONDS + 1
    monkeypatch.setattr(presence.time, "time", lambda: later)
    assert presence.note(part, world.editor, 1) == ""


def test_without_redis_there_is_no_line_and_no_second_question(world, part, settings, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
        assert presence.note(part, world.lead, 1) == ""
    asked = []
    monkeypatch.setattr(presence, "_store", asked.append)
    assert presence.note(part, world.lead, 1) == ""
    assert asked == []
    presence._quiet_until = 0


def test_page_and_autosave_say_it(client, world, part):
    for post in (world.lead, world.editor):
        client.force_login(post.user)
        page = client.get(f"/plans/{part.plan.reference}/sections/policy/")
    assert f"{world.lead.user.full_name}（嘉兴市政府）也在这一部分。" in page.content.decode()
    sent = {n: page.context["form"].initial.get(n, "") for n in page.context["form"].fields}
    answer = client.post(
        f"/plans/{part.plan.reference}/sections/policy/save/",
        {**sent, "text": "（一）示例：改过。", "paragraph": "1"},
        headers={"accept": "application/json"},
    ).json()
    assert "也在这一部分" in answer["others"]
