"""Long work when the database or the disk goes away under it: what is stored, what the row says, who takes it up."""

import errno

import pytest
from django.db import OperationalError, connection, transaction

from accounts import longrun
from accounts.longrun import RunState
from accounts.models import Department
from cameras import tasks
from cameras.models import ImportRun
from tests.accounts.factories import DepartmentFactory
from tests.ground.test_faults import refuse_writing


def cut_the_connection():
    """As an operator, a failover or a firewall does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_stores_nothing_and_leaves_the_run_to_beat(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that somebody else can cut")
    run = ImportRun.objects.create(file_name="a.csv")

    def work():
        with run.running(), transaction.atomic():
            DepartmentFactory(name="반만 된 일")
            cut_the_connection()
            Department.objects.count()

    with pytest.raises(OperationalError):
        work()
    left = ImportRun.objects.get()
    assert (left.state, left.error) == (RunState.RUNNING, "")
    assert not Department.objects.filter(name="반만 된 일").exists()
    long_ago = left.started_at - longrun.STALE_AFTER * 2
    ImportRun.objects.update(heartbeat_at=long_ago)
    assert list(ImportRun.objects.stale()) == [left]
    with left.running():
        pass
    assert ImportRun.objects.get().state == RunState.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_nothing_fails_the_run_in_words(monkeypatch):
    run = ImportRun.objects.create(file_name="a.csv")
    monkeypatch.setattr(longrun, "is_connection_lost", lambda error: False)

    def work():
        refuse_writing(on=True)
        try:
            DepartmentFactory()
        finally:
            refuse_writing(on=False)

    with pytest.raises(Exception, match=r"readonly|read-only"), run.running():
        work()
    left = ImportRun.objects.get()
    assert left.state == RunState.FAILED
    assert "데이터베이스를 쓸 수 없어" in left.error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_nothing_is_told_in_words(number):
    words = longrun.in_words(OSError(number, "No space left on device"))
    assert "디스크" in words
    assert "device" not in words


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_loses_no_work_and_refuses_no_act(caplog, monkeypatch):
    """The row is stored, the person is led on, and beat finds what nobody has taken."""
    run = ImportRun.objects.create(file_name="a.csv")

    def gone(**options):
        raise ConnectionRefusedError("the broker")

    monkeypatch.setattr(tasks.run_import, "apply_async", gone)
    with transaction.atomic():
        tasks.start(run)
    assert "could not queue" in caplog.text
    ImportRun.objects.update(requested_at=run.requested_at - longrun.STALE_AFTER * 2)
    assert list(ImportRun.objects.stale()) == [run]
