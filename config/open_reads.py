"""Reads that outlive their request (SQLite): a cursor that was read half is closed when its request ends.

As long as it is open its connection sees the database as it was then, and every write of the thread is refused at once
("database is locked"), for whoever comes next. A generator that somebody still holds, an error's frames for example, is
enough. `settings.base` makes connections of this kind; `config.apps` ends the reads.
"""

import sqlite3
from typing import Any
from weakref import WeakSet

from django.db import connections


class Connection(sqlite3.Connection):
    """Knows its cursors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        made = super().cursor(*args, **kwargs)
        self._cursors.add(made)
        return made

    def close(self) -> None:
        super().close()
        self._cursors.clear()

    def end_reads(self) -> None:
        for cursor in list(self._cursors):
            cursor.close()


def end(**kwargs: Any) -> None:
    """Of this thread. After the last part of an answer that is streamed, not before."""
    for known in connections.all(initialized_only=True):
        if isinstance(known.connection, Connection):
            known.connection.end_reads()
