"""One text for one content, a chain that shows every change, and an order that two writers share."""

import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import audit
from portal.models import AuditEntry, AuditHead

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_canonical_text_says_the_same_and_only_once(data):
    text = audit.canonical(data)
    assert json.loads(text) == data
    assert audit.canonical(json.loads(text)) == text


@given(st.dictionaries(TEXTS, JSON, min_size=2, max_size=6))
@settings(max_examples=100, deadline=None)
def test_order_of_keys_does_not_matter(data):
    turned = dict(reversed(data.items()))
    assert audit.canonical(turned) == audit.canonical(data)
    assert audit.digest(audit.canonical(turned)) == audit.digest(audit.canonical(data))


@given(JSON, JSON)
@settings(max_examples=200, deadline=None)
def test_different_contents_have_different_texts(one, other):
    same = audit.canonical(one) == audit.canonical(other)
    assert same == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


def test_canonical_text_is_compact_sorted_and_not_escaped():
    assert audit.canonical({"b": [1, None, True], "a": "示例"}) == '{"a":"示例","b":[1,null,true]}'


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-12, 12))
@settings(max_examples=100, deadline=None)
def test_one_moment_has_one_stamp_in_every_zone(moment, hours):
    utc = moment.replace(tzinfo=UTC)
    assert audit.stamp(utc.astimezone(timezone(timedelta(hours=hours)))) == audit.stamp(utc)


def test_stamp_is_beijing_time_with_microseconds():
    assert audit.stamp(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) == "2026-03-02T09:00:00.000000+08:00"


def test_entries_form_a_chain_from_the_beginning(world):
    first = audit.record("sample:one", by=world.lead, word="一")
    second = audit.record("sample:two", world.city, user=world.lead.user, result="refused")
    assert (second.seq, second.previous) == (first.seq + 1, first.hash)
    assert first.hash == audit.digest(first.previous + first.text)
    assert json.loads(first.text) == {
        "seq": first.seq,
        "at": "2026-03-02T09:00:00.000000+08:00",
        "actor": world.lead.user.username,
        "post": world.lead.pk,
        "action": "sample:one",
        "object": ["", ""],
        "result": "done",
        "data": {"word": "一"},
    }
    assert (second.object_kind, second.object_id, second.result) == ("city", world.city.pk, "refused")
    head = AuditHead.objects.get(pk=1)
    assert (head.seq, head.hash) == (second.seq, second.hash)
    assert audit.anchor() == second.hash[:16]
    assert list(audit.offenders()) == []


def test_what_is_undone_leaves_no_gap(world):
    first = audit.record("sample:one")
    with transaction.atomic():
        audit.record("sample:lost")
        transaction.set_rollback(True)
    assert audit.record("sample:two").seq == first.seq + 1
    assert list(audit.offenders()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portal_auditentry SET result = 'done'",
        "DELETE FROM portal_auditentry",
        "TRUNCATE portal_auditentry",
        "DELETE FROM portal_audithead",
    ],
)
def test_database_keeps_entries_for_ever(world, sql):
    audit.record("sample:one")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


TAMPERING = {
    "text": ("UPDATE portal_auditentry SET text = replace(text, '一', '二') WHERE seq = %s", "does not match its hash"),
    "actor": ("UPDATE portal_auditentry SET post_id = NULL WHERE seq = %s", "shows other facts"),
    "action": ("UPDATE portal_auditentry SET action = 'sample:other' WHERE seq = %s", "shows other facts"),
    "time": ("UPDATE portal_auditentry SET at = at + interval '1 second' WHERE seq = %s", "shows other facts"),
    "deletion": ("DELETE FROM portal_auditentry WHERE seq = %s", "is missing"),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_seen_where_it_happened(world, what):
    entry = audit.record("sample:one", by=world.lead, word="一")
    audit.record("sample:two")
    sql, words = TAMPERING[what]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, [entry.seq])
        cursor.execute("SET session_replication_role = DEFAULT")
    first = next(audit.offenders())
    assert words in first
    assert f"audit entry {entry.seq}" in first


def test_chain_rehashed_from_the_change_on_is_betrayed_by_the_printed_anchor(world):
    """Whoever rewrites all later hashes changes the head, which stands on issued letters."""
    entry = audit.record("sample:one", by=world.lead, word="一")
    anchor = audit.anchor()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        text = entry.text.replace("一", "二")
        changed = audit.digest(entry.previous + text)
        cursor.execute("UPDATE portal_auditentry SET text = %s, hash = %s WHERE seq = %s", [text, changed, entry.seq])
        cursor.execute("UPDATE portal_audithead SET hash = %s", [changed])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert list(audit.offenders()) == []
    assert audit.anchor() != anchor


def test_writers_at_once_make_one_chain(live_world):
    def write(number: int):
        for turn in range(5):
            audit.record("sample:race", number=number, turn=turn)
        connection.close()

    before = AuditEntry.objects.count()
    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEntry.objects.count() == before + 20
    assert list(audit.offenders()) == []
