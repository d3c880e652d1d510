"""Work that takes longer than a page: a row with progress, heartbeat, cancel flag and error.

The filesystem broker loses the task of a killed worker even with late acknowledgement, so the row,
not the queue, knows whether the work is done: beat restarts a row whose heartbeat went stale.

The worker writes `with run.running(): ... run.beat(done, total)`. A screen shows the row and calls
`run.cancel()`; the next heartbeat then raises `Cancelled` in the worker. Work that runs inside one long
transaction still shows its progress on PostgreSQL, where the heartbeat goes through a connection of its own;
SQLite has one writer, so there the row is written when the transaction ends.
"""

import contextlib
import errno
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
    models,
    router,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

HEARTBEAT_PERIOD = timedelta(seconds=1)
DISK_ERRORS = {
    errno.ENOSPC: "디스크가 가득 차서",
    errno.EDQUOT: "디스크 할당량이 차서",
    errno.EROFS: "디스크가 읽기 전용이어서",
    errno.EIO: "디스크를 읽고 쓸 수 없어",
}
# Many heartbeats may be lost to a busy disk before a run is taken for dead.
STALE_AFTER = timedelta(minutes=2)


class Cancelled(Exception):
    """A person asked to stop this run; raised by `beat`, so that the work ends where it stands."""


class AlreadyRunning(Exception):
    """Another worker has this run and is alive, or it is already finished."""


class RunState(models.TextChoices):
    WAITING = "waiting", "대기"
    RUNNING = "running", "진행 중"
    SUCCEEDED = "succeeded", "완료"
    FAILED = "failed", "실패"
    CANCELLED = "cancelled", "취소"


UNFINISHED = (RunState.WAITING, RunState.RUNNING)


def is_connection_lost(error: BaseException) -> bool:
    """Whether the database went away (class 08), was shut down (57P), or the connection broke without a word."""
    if (
        not isinstance(error, OperationalError | InterfaceError)
        or connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    ):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def in_words(error: BaseException) -> str:
    """What a person reads in the row. Our own errors speak for themselves; those of the system are told by kind."""
    if isinstance(error, DatabaseError):
        return f"데이터베이스를 쓸 수 없어 끝내지 못했습니다. 잠시 뒤 다시 실행하십시오. ({type(error).__name__})"
    if isinstance(error, OSError) and error.errno in DISK_ERRORS:
        return f"{DISK_ERRORS[error.errno]} 끝내지 못했습니다. 시스템 관리자에게 알리고 다시 실행하십시오."
    return str(error) or type(error).__name__


class LongRunQuerySet(models.QuerySet[Any]):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def stale(self, now: datetime | None = None) -> Self:
        """Runs that nobody works on: the task was lost in the queue, or its worker died."""
        limit = (now or timezone.now()) - STALE_AFTER
        return self.filter(
            models.Q(state=RunState.RUNNING, heartbeat_at__lt=limit)
            | models.Q(state=RunState.RUNNING, heartbeat_at__isnull=True, requested_at__lt=limit)
            | models.Q(state=RunState.WAITING, requested_at__lt=limit)
        )


class LongRun(models.Model):
    state = models.CharField("상태", max_length=10, choices=RunState, default=RunState.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="요청자",
    )
    requested_at = models.DateTimeField("요청 시각", auto_now_add=True)
    started_at = models.DateTimeField("시작 시각", null=True, blank=True)
    heartbeat_at = models.DateTimeField("최근 신호", null=True, blank=True)
    finished_at = models.DateTimeField("종료 시각", null=True, blank=True)
    done = models.PositiveBigIntegerField("처리", default=0)
    total = models.PositiveBigIntegerField("전체", null=True, blank=True)
    step = models.CharField("단계", max_length=100, blank=True)
    cancel_requested = models.BooleanField("취소 요청", default=False)
    error = models.TextField("오류", blank=True)

    # What this process knows of the run; none of it is stored.
    _is_run_here = False
    _beaten_at = float("-inf")
    _side_connection: BaseDatabaseWrapper | None = None
    _is_row_to_be_had_beside = True

    objects = LongRunQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def percent(self) -> int | None:
        """How far the work is, or None while its size is not known."""
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)

    def start(self) -> None:
        """Take the run, or refuse: only one worker may have it, and a stale one may be taken over."""
        now = timezone.now()
        startable = self._row().filter(state=RunState.WAITING) | self._row().stale(now)
        taken = startable.filter(cancel_requested=False).update(
            state=RunState.RUNNING, started_at=now, heartbeat_at=now, finished_at=None, done=0, error=""
        )
        self.refresh_from_db()
        if taken:
            self._is_run_here = True
            return
        if self.cancel_requested and not self.is_finished:
            self._finish(RunState.CANCELLED)
        if self.state == RunState.CANCELLED:
            raise Cancelled
        raise AlreadyRunning(f"{self._meta.label} {self.pk}: {self.get_state_display()}")

    def beat(self, done: int, total: int | None = None, step: str = "") -> None:
        """Say how far the work is; raises `Cancelled` when a person asked to stop, `AlreadyRunning` when this worker
        was taken for dead and another one has the run. Cheap to call often."""
        self.done = done
        self.total = total if total is not None else self.total
        self.step = step[:100] or self.step
        if time.monotonic() - self._beaten_at < HEARTBEAT_PERIOD.total_seconds():
            return
        self._beaten_at = time.monotonic()
        self.heartbeat_at = timezone.now()
        self.cancel_requested = self._write_heartbeat()
        if self.cancel_requested:
            raise Cancelled

    def succeed(self) -> None:
        self._finish(RunState.SUCCEEDED)

    def fail(self, message: str) -> None:
        self._finish(RunState.FAILED, error=message)

    def end_with(self, error: BaseException) -> None:
        """Close the row after an error, in words for a person. Where the connection to the database was cut the row is
        left as it is: the work has failed for no reason of its own, and beat takes it up when its heartbeat is stale."""
        if is_connection_lost(error):
            self._is_run_here = False
            return
        self.fail(in_words(error))

    def cancel(self) -> None:
        """Ask the run to stop; ends it at once where nobody is working on it.

        In the worker itself, after `Cancelled`, the same call closes the row.
        """
        self._row().unfinished().update(cancel_requested=True)
        idle = self._row().filter(state=RunState.WAITING) | self._row().stale()
        if self._is_run_here:
            self.cancel_requested = True
            self._finish(RunState.CANCELLED)
            return
        idle.filter(cancel_requested=True).update(state=RunState.CANCELLED, finished_at=timezone.now())
        self.refresh_from_db()

    @contextlib.contextmanager
    def running(self) -> Iterator[Self]:
        """Start, and close the row however the work ends. A cancel ends the block quietly, a failure is raised on."""
        self.start()
        try:
            yield self
        except Cancelled:
            self.cancel()
        except Exception as error:
            self.end_with(error)
            raise
        else:
            self.succeed()
        finally:
            self._close_side_connection()

    def _row(self) -> LongRunQuerySet:
        return LongRunQuerySet(type(self), using=self._state.db).filter(pk=self.pk)

    def _own_row(self) -> LongRunQuerySet:
        """The row as long as it is this worker's: one that was taken for dead has a successor, which started later."""
        return self._row().filter(started_at=self.started_at)

    def _finish(self, state: RunState, error: str = "") -> None:
        self.state = state
        self.error = error
        self.finished_at = timezone.now()
        self._is_run_here = False
        is_own = self._own_row().update(
            state=state,
            error=error,
            finished_at=self.finished_at,
            done=self.done,
            total=self.total,
            step=self.step,
        )
        self._close_side_connection()
        if not is_own and state == RunState.SUCCEEDED:
            raise self._taken_over()

    def _taken_over(self) -> AlreadyRunning:
        return AlreadyRunning(f"{self._meta.label} {self.pk}: another worker has taken it over")

    def _write_heartbeat(self) -> bool:
        """Store progress and return whether a cancel was asked for."""
        connection = connections[self._state.db or router.db_for_write(type(self))]
        beside = connection.in_atomic_block and connection.vendor == "postgresql"
        if beside and self._is_row_to_be_had_beside:
            answer = self._beat_beside_transaction(connection)
            if answer is not None:
                return answer
        row = self._own_row()
        if not row.update(heartbeat_at=self.heartbeat_at, done=self.done, total=self.total, step=self.step):
            self._is_run_here = False
            raise self._taken_over()
        return bool(row.values_list("cancel_requested", flat=True).first())

    def _beat_beside_transaction(self, connection: BaseDatabaseWrapper) -> bool | None:
        """The heartbeat over a second connection; None when the row is not to be had there.

        It is not when the transaction made or changed the row itself: waiting for that lock would be
        waiting for ourselves, so the second connection gives up at once.
        """
        columns = {
            "heartbeat_at": self.heartbeat_at,
            "done": self.done,
            "total": self.total,
            "step": self.step,
        }
        assignments = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
        table = connection.ops.quote_name(self._meta.db_table)
        own = "id = %s AND started_at IS NOT DISTINCT FROM %s"
        sql = f"UPDATE {table} SET {assignments} WHERE {own} RETURNING cancel_requested"  # noqa: S608 - names are ours
        try:
            if self._side_connection is None:
                self._side_connection = connection.copy()
                with self._side_connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '200ms'")
            with self._side_connection.cursor() as cursor:
                cursor.execute(sql, [*columns.values(), self.pk, self.started_at])
                found = cursor.fetchone()
        except DatabaseError:
            found = None
        if found is None:
            # It will not be there at the next heartbeat either, and an idle connection is not left open.
            self._is_row_to_be_had_beside = False
            self._close_side_connection()
            return None
        return bool(found[0])

    def _close_side_connection(self) -> None:
        if self._side_connection is not None:
            self._side_connection.close()
            self._side_connection = None
