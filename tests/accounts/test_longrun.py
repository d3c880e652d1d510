"""Long work is a row: who has it, how far it is, whether someone wants it stopped, whether its worker died."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.longrun import STALE_AFTER, AlreadyRunning, Cancelled, RunState
from cameras.models import ImportRun

LONG_AGO = STALE_AFTER * 2


def new_run(**fields):
    return ImportRun.objects.create(file_name="cctv.csv", **fields)


def age(run, **fields):
    ImportRun.objects.filter(pk=run.pk).update(**fields)


def states():
    return list(ImportRun.objects.values_list("state", flat=True))


@pytest.fixture
def every_beat_counts(monkeypatch):
    monkeypatch.setattr("accounts.longrun.HEARTBEAT_PERIOD", timedelta(0))


@pytest.mark.django_db
def test_a_run_from_start_to_end(every_beat_counts):
    run = new_run()
    with run.running():
        run.beat(3, 12, "읽는 중")
        seen = ImportRun.objects.get()
        assert (seen.state, seen.done, seen.total, seen.step, seen.percent) == (
            "running",
            3,
            12,
            "읽는 중",
            25,
        )
        assert seen.heartbeat_at is not None
        run.beat(12)
    seen = ImportRun.objects.get()
    assert (seen.state, seen.done, seen.total, seen.percent) == ("succeeded", 12, 12, 100)
    assert seen.started_at <= seen.finished_at
    assert seen.is_finished


@pytest.mark.django_db
def test_beats_within_a_second_are_stored_once(django_assert_num_queries):
    run = new_run()
    run.start()
    run.beat(1, 100)
    with django_assert_num_queries(0):
        for done in range(2, 100):
            run.beat(done)
    assert run.done == 99


@pytest.mark.django_db
def test_two_workers_cannot_have_the_same_run():
    run = new_run()
    run.start()
    with pytest.raises(AlreadyRunning):
        ImportRun.objects.get().start()
    run.succeed()
    with pytest.raises(AlreadyRunning):
        ImportRun.objects.get().start()


@pytest.mark.django_db
def test_a_worker_taken_for_dead_neither_goes_on_nor_closes_its_successor_s_run():
    run = new_run()
    run.start()
    age(run, heartbeat_at=timezone.now() - LONG_AGO)
    successor = ImportRun.objects.get()
    successor.start()
    with pytest.raises(AlreadyRunning):
        run.beat(5, 10)
    run.fail("disk")
    assert states() == [RunState.RUNNING]
    with pytest.raises(AlreadyRunning):
        run.succeed()
    assert states() == [RunState.RUNNING]
    successor.succeed()
    assert states() == [RunState.SUCCEEDED]


@pytest.mark.django_db
def test_a_dead_workers_run_is_stale_and_may_be_taken_over():
    run = new_run()
    run.start()
    assert not ImportRun.objects.stale().exists()
    age(run, heartbeat_at=timezone.now() - LONG_AGO)
    assert list(ImportRun.objects.stale()) == [run]
    ImportRun.objects.get().start()
    assert not ImportRun.objects.stale().exists()


@pytest.mark.django_db
def test_a_task_lost_in_the_queue_is_stale_too():
    run = new_run()
    assert not ImportRun.objects.stale().exists()
    age(run, requested_at=timezone.now() - LONG_AGO)
    assert list(ImportRun.objects.stale()) == [run]


@pytest.mark.django_db
def test_finished_runs_are_never_stale():
    for finish in ("succeed", "cancel"):
        run = new_run()
        run.start()
        getattr(run, finish)()
        age(run, requested_at=timezone.now() - LONG_AGO, heartbeat_at=timezone.now() - LONG_AGO)
    assert not ImportRun.objects.stale().exists()


@pytest.mark.django_db
def test_cancel_reaches_the_worker_at_its_next_beat(every_beat_counts):
    run = new_run()
    reached = []
    with run.running():
        run.beat(1, 3)
        screen = ImportRun.objects.get()
        screen.cancel()
        assert states() == ["running"]  # asked, not yet obeyed
        assert screen.cancel_requested
        run.beat(2)
        reached.append("never")
    assert reached == []
    assert states() == ["cancelled"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{}, {"state": RunState.RUNNING, "heartbeat_at": timezone.now() - LONG_AGO}]
)
def test_cancel_ends_at_once_what_nobody_works_on(fields):
    run = new_run(**fields)
    run.cancel()
    assert run.state == RunState.CANCELLED
    with pytest.raises(Cancelled):
        ImportRun.objects.get().start()
    assert states() == ["cancelled"]


@pytest.mark.django_db
def test_cancel_of_a_finished_run_changes_nothing():
    run = new_run()
    run.start()
    run.succeed()
    ImportRun.objects.get().cancel()
    seen = ImportRun.objects.get()
    assert (seen.state, seen.cancel_requested) == ("succeeded", False)


@pytest.mark.django_db
def test_a_failure_is_kept_and_raised_on():
    run = new_run()
    with pytest.raises(ValueError, match="행 3"), run.running():
        raise ValueError("행 3: 좌표가 없습니다")
    seen = ImportRun.objects.get()
    assert (seen.state, seen.error) == ("failed", "행 3: 좌표가 없습니다")
    assert seen.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_progress_out_of_one_long_transaction(every_beat_counts):
    """On PostgreSQL others see it at once, and their cancel comes in; on SQLite when the transaction ends."""
    run = new_run()
    with run.running(), transaction.atomic():
        run.beat(5, 10, "저장 중")
        if connection.vendor == "postgresql":
            side = connection.copy()
            with side.cursor() as cursor:
                cursor.execute("SELECT done FROM cameras_importrun")
                assert cursor.fetchone() == (5,)
                cursor.execute("UPDATE cameras_importrun SET cancel_requested = true")
            side.close()
            with pytest.raises(Cancelled):
                run.beat(6)
            run.cancel_requested = False
    assert ImportRun.objects.get().done >= 5


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_changed_the_row_itself_does_not_wait_for_itself(every_beat_counts):
    run = new_run()
    with transaction.atomic():
        run.start()
        run.beat(1, 2)
        run.beat(2)
        run.succeed()
    assert states() == ["succeeded"]
