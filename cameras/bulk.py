"""Writing many rows of the register at once, with their history, on both databases behind one small interface.

PostgreSQL takes rows by COPY, SQLite by one prepared statement. `save()` and its signals do not run here, so
callers give complete rows: `numbering` makes the derived values. History is copied from the rows by the
database itself, after they were written, so that it cannot differ from them.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, models
from django.utils import timezone

logger = logging.getLogger(__name__)

CREATED, CHANGED = "+", "~"

# Two imports at once would each see a register without the other's sites.
_IMPORT_LOCK = 0x63616D65


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def hold_register_lock() -> None:
    """One import at a time; SQLite has one writer anyway. Freed when the transaction ends."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for rows to be inserted, never given out before."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The write lock of the immediate transaction keeps the next keys ours.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert complete rows; `fields` are attribute names such as `site_id`."""
    columns = _columns(model, fields)
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if is_postgresql():
            _copy(cursor, f"{table} ({names})", rows)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of our own model
            list(_prepared(model, fields, rows)),
        )


def update(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set `fields` of many rows; each row is (id, value, …)."""
    if not rows:
        return
    columns = _columns(model, fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if is_postgresql():
            staging = f"{model._meta.db_table}_staging"
            names = ", ".join(columns)
            settings = ", ".join(f"{column} = staged.{column}" for column in columns)
            cursor.execute(
                f"CREATE TEMPORARY TABLE {staging} ON COMMIT DROP AS "  # noqa: S608 - names of our own model
                f"SELECT id, {names} FROM {table} WITH NO DATA"
            )
            _copy(cursor, f"{staging} (id, {names})", rows)
            cursor.execute(
                f"UPDATE {table} AS target SET {settings} FROM {staging} AS staged "  # noqa: S608
                "WHERE target.id = staged.id"
            )
            cursor.execute(f"DROP TABLE {staging}")
            return
        settings = ", ".join(f"{column} = %s" for column in columns)
        prepared = _prepared(model, fields, (row[1:] for row in rows))
        cursor.executemany(
            f"UPDATE {table} SET {settings} WHERE id = %s",  # noqa: S608 - names of our own model
            [(*values, row[0]) for row, values in zip(rows, prepared, strict=True)],
        )


def record_history(
    model: type[models.Model],
    ids: Sequence[int],
    change: str,
    *,
    by: int | None,
    reason: str,
    group: UUID,
    at: datetime | None = None,
) -> None:
    """One history row per id, as the rows stand now."""
    if not ids:
        return
    history = model.history.model  # type: ignore[attr-defined]
    fields = [field.attname for field in history.tracked_fields]
    copied = ", ".join(_columns(model, fields))
    own = "history_date, history_type, history_user_id, history_change_reason, change_group"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(history._meta.db_table)} ({copied}, {own}) "  # noqa: S608
            f"SELECT {copied}, %s, %s, %s, %s, %s FROM {connection.ops.quote_name(model._meta.db_table)} "
            f"WHERE id {_among()} ORDER BY id",
            [
                connection.ops.adapt_datetimefield_value(at or timezone.now()),
                change,
                by,
                reason[:500],
                group.hex,
                _ids(ids),
            ],
        )


# The lists' and the search's own indexes (cameras/migrations/0003); keys and constraints are not among them.
_LIST_INDEXES = ("camera_list", "camera_by_%", "camera_with_%", "camera_exempt", "site_search")


@contextmanager
def indexes_made_afterwards(*, worth_it: bool) -> Iterator[None]:
    """Fill an empty register without the lists' indexes and make them at the end: a third of the time.

    Whoever reads cameras meanwhile waits, so this is for the first load only, when there is nothing to read.
    """
    if not (worth_it and is_postgresql()):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
            "AND tablename IN ('cameras_camera', 'cameras_site') AND indexname LIKE ANY(%s)",
            [list(_LIST_INDEXES)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        # Foreign keys are checked at the end of a transaction; no index can be made while checks wait.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)


@contextmanager
def statistics_after() -> Iterator[None]:
    """After a big load, so that the planner knows the new size and index-only scans need no heap.

    The load stands by then: whoever holds the database meanwhile does not make it a failure.
    """
    yield
    if connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "VACUUM (ANALYZE) cameras_site, cameras_camera" if is_postgresql() else "PRAGMA optimize"
            )
    except DatabaseError:
        logger.warning("the statistics of the register were not renewed", exc_info=True)


def _among() -> str:
    return "= ANY(%s)" if is_postgresql() else "IN (SELECT value FROM json_each(%s))"


def _ids(ids: Sequence[int]) -> Any:
    return list(ids) if is_postgresql() else json.dumps(list(ids))


def _copy(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(str(by_name[name].column)) for name in fields]


def _prepared(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    prepare = [
        None if isinstance(by_name[name], models.CharField) else by_name[name].get_db_prep_save
        for name in fields
    ]
    for row in rows:
        yield tuple(
            value if convert is None else convert(value, connection)
            for convert, value in zip(prepare, chain(row), strict=True)
        )
