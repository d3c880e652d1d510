"""Reading entries as they are stored: in order, in batches, without trusting what is found.

No model instances (a million of them take a minute) and no conversion by the driver: the database may have
been edited by hand, and whatever stands there must come out as text that either has the right hash or has
not. A row with a value of the wrong storage class comes out with `digest` None, which is never right.
"""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

BATCH = 10_000
HEADS_AT_ONCE = 2_000

# sequence, at, kind, actor, subject, payload, digest
Row = tuple[Any, str, str, str, str, str, str | None]

_POSTGRESQL_AT = """
    CASE WHEN at >= '0001-01-01 00:00:00+00' AND at < '10000-01-01 00:00:00+00'
        THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE at::text END
"""
# `at || ''`, since Django's converters would turn the bare column into a datetime.
_SQLITE_AT = "coalesce(at || '', '')"
# What COALESCE and the casts do only matters for rows that we did not write.
_POSTGRESQL = """
    SELECT sequence,
        {at},
        coalesce(kind, ''), coalesce(actor, ''), coalesce(subject, ''), coalesce(payload, ''),
        CASE WHEN num_nulls(at, kind, actor, subject, payload) = 0 THEN digest END
    FROM ledger_entry {where} ORDER BY sequence
"""
_SQLITE = """
    SELECT sequence, {at}, coalesce(CAST(kind AS TEXT), ''),
        coalesce(CAST(actor AS TEXT), ''), coalesce(CAST(subject AS TEXT), ''),
        coalesce(CAST(payload AS TEXT), ''),
        CASE WHEN typeof(sequence) = 'integer' AND typeof(at) = 'text' AND typeof(kind) = 'text'
            AND typeof(actor) = 'text' AND typeof(subject) = 'text' AND typeof(payload) = 'text'
            AND typeof(digest) = 'text' THEN digest END
    FROM ledger_entry {where} ORDER BY sequence
"""


@contextmanager
def stored(after: int = 0, upto: int | None = None) -> Iterator[Iterator[list[Row]]]:
    """Batches of the entries with a sequence over `after`; all of them, odd ones too, when it is 0.

    A context, since a reader that stops early must leave the transaction of its cursor at that moment and
    not when the iterator happens to be collected.
    """
    with closing(_batches(after, upto)) as batches:
        yield batches


def _batches(after: int, upto: int | None) -> Generator[list[Row], None, None]:
    where = f"WHERE sequence > {after:d}" if after or upto is not None else ""
    if upto is not None:
        where += f" AND sequence <= {upto:d}"
    if connection.vendor == "postgresql":
        return _stored_postgresql(_POSTGRESQL.format(at=_POSTGRESQL_AT, where=where))
    return _stored_sqlite(_SQLITE.format(at=_SQLITE_AT, where=where))


def _stored_postgresql(query: str) -> Generator[list[Row], None, None]:
    # A server-side cursor lives in a transaction; reading takes no lock that a writer would wait for.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def _stored_sqlite(query: str) -> Generator[list[Row], None, None]:
    """Outside of a transaction: one SELECT is one snapshot, and ours would take the write lock."""
    last = None
    try:
        for batch in _fetch(query):
            yield batch
            last = batch[-1][0]
    except DatabaseError as error:
        if not isinstance(error.__cause__, sqlite3.OperationalError) or "decode" not in str(error).lower():
            raise
        # Someone stored bytes that are not UTF-8. Start again and keep them recognisable.
        with _undecodable_bytes_kept():
            yield from _from_row_after(last, _fetch(query))


def stored_heads() -> Iterator[dict[str, Any]]:
    """All signed heads in the order of their sizes, as they are stored, with `at` as text."""
    last: tuple[Any, int] = (-(1 << 63), 0)
    at = at_as_text()
    names = ("size", "id", "root", "peaks", "at", "signature", "key_id")
    query = f"""
        SELECT size, id, root, peaks, {at}, signature, key_id FROM ledger_signedhead
        WHERE size > %s OR size = %s AND id > %s ORDER BY size, id LIMIT {HEADS_AT_ONCE}
    """  # noqa: S608 - constants of this module
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [last[0], *last])
            page = cursor.fetchall()
        for row in page:
            head = dict(zip(names, row, strict=True))
            if connection.vendor == "sqlite":
                head["at"] = instant(head["at"])
            yield head
        if len(page) < HEADS_AT_ONCE:
            return
        last = page[-1][:2]


def _fetch(query: str) -> Iterator[list[Row]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        while batch := cursor.fetchmany(BATCH):
            yield [(row[0], instant(row[1]), *row[2:]) for row in batch]


def at_as_text() -> str:
    """SQL that gives the column `at` as text, whatever stands in it."""
    return _POSTGRESQL_AT if connection.vendor == "postgresql" else _SQLITE_AT


def instant(text: str) -> str:
    """SQLite holds UTC as Django writes it; any other text is returned as it is and fits no digest."""
    if len(text) == 26 and text[10] == " ":
        return f"{text[:10]}T{text[11:]}Z"
    if len(text) == 19 and text[10] == " ":
        return f"{text[:10]}T{text[11:]}.000000Z"
    return text


def _from_row_after(last: Any, batches: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Skip what has been handed out already: everything up to and including the row `last`."""
    skipping = last is not None
    for batch in batches:
        if skipping:
            numbers = [row[0] for row in batch]
            if last not in numbers:
                continue
            skipping = False
            batch = batch[numbers.index(last) + 1 :]
        if batch:
            yield batch


@contextmanager
def _undecodable_bytes_kept() -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    before = raw.text_factory
    raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before
