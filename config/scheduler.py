"""Beat's memory of what it sent last, in a file that may be damaged; and one scheduler only, by folder and by database.

Celery keeps it in a `shelve`: after a power cut that is an empty or torn pickle which beat does not survive, and nothing
would be destroyed until somebody deleted it. Here it is a small JSON file, written whole. What cannot be read is set
aside and beat starts without it: the only loss is that a daily task which was missed is not made up for.
"""

import fcntl
import json
import logging
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from django.db import DatabaseError, connection

from config.state_files import set_aside

logger = logging.getLogger(__name__)


# ASCII of "beat"; any number will do that nothing else in the database locks.
BEAT_LOCK = 0x62656174
LOOKED_AFTER_SECONDS = 20.0


class AlreadyRunning(SystemExit):
    """Another scheduler keeps this folder or this database; ends the process with status 2."""


class DatabaseLock:
    """One scheduler for a PostgreSQL database, on whatever machine: held by a connection that nothing else uses.

    A database that is away is no reason to end: the schedule goes on, and the lock is asked for again. Whoever finds then
    that another scheduler was quicker ends, so that no two go on for longer than a look takes.
    """

    def __init__(self) -> None:
        self.connection = connection.copy()
        self.looked_at = float("-inf")
        self.is_held = False

    def look(self) -> None:
        """Cheap to call often. AlreadyRunning."""
        now = time.monotonic()
        if self.connection.vendor != "postgresql" or now - self.looked_at < LOOKED_AFTER_SECONDS:
            return
        self.looked_at = now
        try:
            self._hold()
        except DatabaseError as error:
            self.is_held = False
            self.connection.close()
            logger.error("일정 관리자가 하나뿐인지 데이터베이스에 묻지 못했습니다: %s", str(error).strip())

    def _hold(self) -> None:
        with self.connection.cursor() as cursor:
            if self.is_held:
                cursor.execute("SELECT 1")  # the lock lives as long as its connection
                return
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BEAT_LOCK])
            (self.is_held,) = cursor.fetchone()
        if not self.is_held:
            self.connection.close()
            logger.critical(
                "이 데이터베이스에는 다른 일정 관리자가 이미 실행 중입니다. 한 기계에서만 켜십시오."
            )
            raise AlreadyRunning(2)


class JsonScheduler(Scheduler):
    """The schedule comes from the settings; the file says when each line ran last."""

    data: dict[str, Any]  # what the stubs of the parent leave out

    def __init__(self, *args: Any, schedule_filename: str = "", **kwargs: Any) -> None:
        self.path = Path(schedule_filename)
        self.lock = _only_one(self.path.with_suffix(".lock"))
        self.database_lock = DatabaseLock()
        self.database_lock.look()
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        self.install_default_entries(self.data)
        self.merge_inplace(self.app.conf.beat_schedule)
        for name, at in read(self.path).items():
            if entry := self.data.get(name):
                entry.last_run_at = at
        self.sync()

    def sync(self) -> None:
        draft = self.path.with_name(f"{self.path.name}.draft")
        runs = {name: entry.last_run_at.isoformat() for name, entry in self.data.items() if entry.last_run_at}
        try:
            draft.write_text(json.dumps(runs, indent=1))
            os.replace(draft, self.path)
        except OSError as error:
            # Written again in three minutes; a full disk must not end the scheduler.
            logger.error("일정 관리자의 기억을 쓰지 못했습니다: %s", error)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        self.database_lock.look()
        return super().tick(*args, **kwargs)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """A broker that takes nothing is said in a line; the schedule goes on, and comes again a minute later."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:
            # Each transport raises its own, and a full disk another; no error of one line may end them all.
            logger.error("예약된 일을 맡기지 못했습니다: %s", error)

    @property
    def info(self) -> str:
        return f"    . db -> {self.path}"


def read(path: Path) -> dict[str, datetime]:
    """When each line ran last; nothing where the file cannot be read."""
    try:
        runs = {str(name): datetime.fromisoformat(at) for name, at in json.loads(path.read_text()).items()}
        if all(at.tzinfo for at in runs.values()):
            return runs
        raise ValueError("times without a zone")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        set_aside(path, error)
        return {}


def _only_one(path: Path) -> Any:
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.critical("이 자료 폴더에는 일정 관리자가 이미 실행 중입니다: %s", path.parent)
        raise AlreadyRunning(2) from None
    return lock
