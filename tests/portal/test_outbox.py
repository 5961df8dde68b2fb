"""Work after a transaction: leased, backed off, parked, never twice under one key, never lost."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from portal import clock, outbox
from portal.models import Outbox

DONE: list[str] = []
PROBLEM: dict[str, Exception] = {}


def handler(key: str, **payload) -> None:
    """Stands for somebody who does the work; settings name it by its dotted path."""
    if key in PROBLEM:
        raise PROBLEM[key]
    DONE.append(f"{key}:{payload['word']}")


@pytest.fixture(autouse=True)
def _own_handler(settings):
    settings.OUTBOX_HANDLERS = {"sample": f"{__name__}.handler"}
    DONE.clear()
    PROBLEM.clear()


@pytest.fixture
def put(db):
    def write(key: str, word: str = "示例") -> Outbox:
        outbox.put(key, "sample", word=word)
        return Outbox.objects.get(key=key)

    return write


def wait_out(row: Outbox) -> None:
    """Let the lease or the pause of a row be over."""
    Outbox.objects.filter(pk=row.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_work_is_done_in_order_and_marked(put):
    put("a"), put("b")
    assert outbox.sweep() == 2
    assert DONE == ["a:示例", "b:示例"]
    row = Outbox.objects.get(key="a")
    assert (row.done_at, row.claimed_until, row.tries, row.last_error) == (clock.now(), None, 1, "")
    assert outbox.sweep() == 0
    assert len(DONE) == 2


def test_second_row_under_one_key_is_a_no_op(put):
    put("a")
    assert outbox.put("a", "sample", word="另一") is False
    assert outbox.put("b", "sample", word="另一") is True
    assert Outbox.objects.get(key="a").payload == {"word": "示例"}
    outbox.sweep()
    assert outbox.put("a", "sample", word="再来") is False
    assert outbox.sweep() == 0
    assert DONE == ["a:示例", "b:另一"]


def test_work_of_an_undone_transaction_never_was(put):
    with transaction.atomic():
        outbox.put("a", "sample", word="示例")
        transaction.set_rollback(True)
    assert outbox.sweep() == 0
    assert not Outbox.objects.exists()


def test_leased_row_is_left_to_its_worker_until_the_lease_ends(put, settings):
    row = put("a")
    before = timezone.now()
    claimed = outbox.claim()
    assert claimed.pk == row.pk
    lease = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    assert before + lease <= claimed.claimed_until <= timezone.now() + lease
    assert outbox.claim() is None
    wait_out(row)
    assert outbox.claim().pk == row.pk
    assert Outbox.objects.get().tries == 2


def test_failure_backs_off_twice_as_long_each_time(put):
    row, pauses = put("a"), []
    PROBLEM["a"] = ValueError("示例：打印机不在")
    for _ in range(3):
        assert outbox.sweep() == 0
        row.refresh_from_db()
        pauses.append(round((row.claimed_until - timezone.now()).total_seconds()))
        assert outbox.sweep() == 0, "a row that backs off is not tried again at once"
        wait_out(row)
    assert pauses == [2, 4, 8]
    assert (row.tries, row.last_error, row.parked_at, row.done_at) == (3, "ValueError: 示例：打印机不在", None, None)
    del PROBLEM["a"]
    assert outbox.sweep() == 1
    row.refresh_from_db()
    assert (row.tries, row.last_error, row.done_at) == (4, "", clock.now())


def test_pause_never_grows_beyond_ten_minutes(put):
    row = put("a")
    PROBLEM["a"] = ValueError("示例")
    Outbox.objects.update(tries=outbox.MAX_TRIES - 2)
    outbox.sweep()
    row.refresh_from_db()
    assert row.tries == 9
    assert row.claimed_until - timezone.now() <= timedelta(seconds=outbox.MAX_WAIT_SECONDS)


def test_tenth_failure_parks_the_row_and_the_others_go_on(put):
    row = put("a")
    PROBLEM["a"] = ValueError("示例")
    for _ in range(outbox.MAX_TRIES):
        outbox.sweep()
        wait_out(row)
    row.refresh_from_db()
    assert (row.tries, row.parked_at, row.done_at) == (10, clock.now(), None)
    put("b")
    assert outbox.sweep() == 1
    assert DONE == ["b:示例"]


def test_not_now_waits_a_minute_without_counting(put):
    row = put("a")
    PROBLEM["a"] = outbox.NotNow("quiet hours")
    for _ in range(15):
        outbox.sweep()
        row.refresh_from_db()
        pause = (row.claimed_until - timezone.now()).total_seconds()
        assert 58 <= pause <= 60
        wait_out(row)
    assert (row.tries, row.parked_at, row.last_error) == (0, None, "quiet hours")
    PROBLEM.clear()
    assert outbox.sweep() == 1


def test_work_that_has_lost_its_meaning_is_closed_and_says_why(put):
    row = put("a")
    PROBLEM["a"] = outbox.NoLonger("示例：已办结")
    assert outbox.sweep() == 1
    row.refresh_from_db()
    assert (row.done_at, row.claimed_until, row.tries, row.last_error) == (clock.now(), None, 1, "示例：已办结")
    PROBLEM.clear()
    assert outbox.sweep() == 0
    assert DONE == []


def test_new_work_goes_before_what_was_put_off(put):
    rows = [put(key) for key in ("a", "b", "c")]
    PROBLEM.update({row.key: outbox.NotNow("quiet hours") for row in rows})
    assert outbox.sweep() == 0
    for row in rows:
        wait_out(row)
    put("new")
    assert outbox.sweep(limit=1) == 1
    assert DONE == ["new:示例"]
    PROBLEM.clear()
    assert outbox.sweep() == 3
    assert DONE == ["new:示例", "a:示例", "b:示例", "c:示例"], "of what was put off, the longest first"


def test_kind_that_nobody_does_is_kept_with_its_error(put):
    row = put("a")
    Outbox.objects.update(kind="telegram")
    with pytest.raises(KeyError):
        outbox.sweep()
    row.refresh_from_db()
    assert row.done_at is None


def test_two_workers_never_take_the_same_row(live_world):
    names = [f"row-{n:02d}" for n in range(20)]
    Outbox.objects.all().delete()
    for name in names:
        outbox.put(name, "sample", word="示例")
    taken: dict[int, list[str]] = {0: [], 1: []}
    start = threading.Barrier(2)

    def work(number: int):
        start.wait()
        while row := outbox.claim():
            taken[number].append(row.key)
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken[0] + taken[1]) == names


def test_locked_row_is_skipped_not_waited_for(live_world):
    Outbox.objects.all().delete()
    outbox.put("a", "sample", word="示例")
    outbox.put("b", "sample", word="示例")
    held, free = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Outbox.objects.select_for_update().get(key="a")
            held.set()
            free.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    try:
        assert outbox.claim().key == "b"
    finally:
        free.set()
        thread.join()
    assert outbox.claim().key == "a"


def test_command_empties_the_outbox_once(put, capsys):
    put("a"), put("b")
    call_command("run_outbox", "--once")
    assert capsys.readouterr().out == "2 delivered\n"
    assert DONE == ["a:示例", "b:示例"]


def test_sweep_hands_over_to_the_next_task_when_its_time_is_up(put, monkeypatch):
    put("a"), put("b"), put("c")
    rung = []
    monkeypatch.setattr(outbox, "ring", lambda: rung.append(True))
    assert outbox.sweep(seconds=0) == 0
    assert rung == [True]
    assert DONE == []
    assert set(Outbox.objects.values_list("tries", flat=True)) == {0}
    assert outbox.sweep(seconds=60) == 3
    assert rung == [True]


def test_a_sweep_and_its_last_letter_end_before_the_tasks_limit(settings):
    assert settings.OUTBOX_SWEEP_SECONDS + settings.LETTER_SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT
    assert settings.OUTBOX_LEASE_SECONDS > settings.LETTER_SECONDS


@pytest.fixture
def broker_away(monkeypatch):
    """Celery keeps its connections: those made here are forgotten again, or later tests would ring into the void."""
    from portal.celery import app

    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    before, app.conf.broker_url = app.conf.broker_url, "redis://127.0.0.1:1/0"
    yield
    app.conf.broker_url = before


def test_silent_broker_loses_nothing(put, broker_away, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.put("a", "sample", word="示例")
    assert "broker does not answer" in caplog.text
    assert outbox.sweep() == 1


def test_bell_rings_again_once_the_broker_is_back(put, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.put("a", "sample", word="示例")
    assert "broker does not answer" not in caplog.text
