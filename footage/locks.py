"""Locks between processes: one sweep per storage at a time, and holds against sweeps per camera.

File locks (open file descriptions: they live as long as any process that inherited the descriptor) work on one
machine with either database, and outlast a sweep that is killed while its unlinking process is not. On PostgreSQL
advisory locks are taken besides, for deployments with several machines.

The protocol between `holds.place` and a sweep, the same on both databases:

1. Whoever changes what may be destroyed passes a gate that lasts until its transaction ends: SQLite's write
   lock (our transactions begin immediately), an advisory transaction lock on PostgreSQL.
2. A sweep passes the gate to approve a block: reads the holds again, takes a shared lock on each camera of the
   block, commits the manifest, leaves the gate. The camera locks stay until the block is unlinked.
3. `holds.place` passes the gate and then waits for its camera to be free. When it is, no unlink is under way, and
   none can be approved before the hold is committed or rolled back.

The sweep never waits for the gate: it tries, and meanwhile goes on hearing of unlinked blocks. So the two cannot
wait for each other.
"""

import contextlib
import errno
import fcntl
import os
import struct
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import OperationalError, connection, transaction

# ASCII of "foot"; any number will do that nothing else in the database locks.
GATE = 0x666F6F74
CAMERA_CLASS = 0x666F6F01
STORAGE_CLASS = 0x666F6F02
VAULT_STORAGE_CLASS = 0x666F6F03
VAULT_CASE_CLASS = 0x666F6F04
CONVERSION_CLASS = 0x666F6F05
REDACTION_CLASS = 0x666F6F06
POLL_SECONDS = 0.02
# A hold waits for one block, a few seconds at most; longer than this means that a disk hangs.
HOLD_PATIENCE_SECONDS = 60.0
DATABASE_PATIENCE_SECONDS = 120.0


class Busy(Exception):
    """Somebody else is at it; try again."""


class Waited(Exception):
    """Waited too long; the message tells a person."""


class RangeLock:
    """Byte-range locks of one file: byte n belongs to row n."""

    def __init__(self, name: str) -> None:
        folder = settings.DATA_DIR / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)

    def try_lock(self, row: int, *, shared: bool = False) -> bool:
        try:
            self._set(fcntl.F_RDLCK if shared else fcntl.F_WRLCK, row)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        return True

    def unlock(self, row: int) -> None:
        self._set(fcntl.F_UNLCK, row)

    def _set(self, kind: int, row: int) -> None:
        fcntl.fcntl(self.descriptor, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", kind, os.SEEK_SET, row, 1, 0))

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextlib.contextmanager
def one_at_a_time(name: str, number: int, row: int) -> Iterator[bool]:
    """Whether nobody else is at this row, on this machine or, by an advisory lock of class `number`, on another one."""
    with RangeLock(name) as files:
        is_ours = files.try_lock(row) and _lock_in_database(number, row)
        try:
            yield is_ours
        finally:
            if is_ours:
                _unlock_in_database(number, [row])


def _lock_in_database(number: int, row: int) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [number, row])
        return bool(cursor.fetchone()[0])


def _unlock_in_database(number: int, rows: Iterable[int]) -> None:
    if connection.vendor != "postgresql":
        return
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        for row in rows:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [number, row])


class StorageLocks:
    """Held by a sweep over its storages, in the order of their numbers, until it is finished."""

    def __init__(self) -> None:
        self.files = RangeLock("storages")
        self.rows: list[int] = []

    def lock(self, rows: Iterable[int], *, wait: bool = True) -> bool:
        for row in sorted(rows):
            while not self._try(row):
                if not wait:
                    return False
                time.sleep(POLL_SECONDS)
        return True

    def _try(self, row: int) -> bool:
        if not self.files.try_lock(row):
            return False
        if not _lock_in_database(STORAGE_CLASS, row):
            self.files.unlock(row)
            return False
        self.rows.append(row)
        return True

    def release(self) -> None:
        _unlock_in_database(STORAGE_CLASS, self.rows)
        self.files.close()
        self.rows = []


class CameraLocks:
    """The sweep's side: shared locks on the cameras of approved blocks, counted per camera."""

    def __init__(self) -> None:
        self.files = RangeLock("cameras")
        self.held: Counter[int] = Counter()

    def lock(self, cameras: Iterable[int]) -> None:
        """Inside the gate. Raises Busy, with nothing taken, when a hold is being placed on one of them."""
        fresh = [camera for camera in cameras if not self.held[camera]]
        taken: list[int] = []
        for camera in fresh:
            if not self.files.try_lock(camera, shared=True):
                for other in taken:
                    self.files.unlock(other)
                raise Busy
            taken.append(camera)
        if connection.vendor == "postgresql" and fresh:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_lock_shared(%s, camera) FROM unnest(%s::int[]) AS camera",
                    [CAMERA_CLASS, fresh],
                )
        self.held.update(cameras)

    def release(self, cameras: Iterable[int]) -> None:
        self.held.subtract(cameras)
        free = [camera for camera in cameras if self.held[camera] <= 0]
        for camera in free:
            del self.held[camera]
            self.files.unlock(camera)
        if connection.vendor == "postgresql" and free:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock_shared(%s, camera) FROM unnest(%s::int[]) AS camera",
                    [CAMERA_CLASS, free],
                )

    def close(self) -> None:
        if connection.vendor == "postgresql" and self.held:
            with contextlib.suppress(OperationalError):
                self.release(list(self.held.elements()))
        self.files.close()


@contextlib.contextmanager
def gate() -> Iterator[None]:
    """The sweep's way through the gate: a transaction of its own. Raises Busy instead of waiting."""
    try:
        # Durable: a manifest must be committed before its files go, so an outer transaction is refused.
        with transaction.atomic(durable=True):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GATE])
                    if not cursor.fetchone()[0]:
                        raise Busy
            yield
    except OperationalError as error:
        if is_locked(error):
            raise Busy from error
        raise


def is_locked(error: OperationalError) -> bool:
    """SQLite's way of saying that somebody else is writing."""
    return connection.vendor == "sqlite" and "locked" in str(error)


@contextlib.contextmanager
def patient_sqlite(milliseconds: int = 50) -> Iterator[None]:
    """Within: a locked database is told soon (Busy), so that the sweep can go on hearing of its blocks."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


def wait_for_camera(camera: int) -> None:
    """The hold's side, inside its transaction: pass the gate, then wait until no unlink of the camera is under way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CAMERA_CLASS, camera])
    else:
        _take_write_lock()
    deadline = time.monotonic() + HOLD_PATIENCE_SECONDS
    with RangeLock("cameras") as files:
        while not files.try_lock(camera):
            if time.monotonic() > deadline:
                raise Waited(
                    "이 카메라의 파기가 진행 중이어서 삭제 유예를 지정하지 못했습니다. 다시 시도해 주십시오."
                )
            time.sleep(POLL_SECONDS)


def _take_write_lock() -> None:
    """A transaction that began without SQLite's write lock (DEFERRED) gets it now, before anything is read."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE footage_hold SET id = id WHERE 0")
