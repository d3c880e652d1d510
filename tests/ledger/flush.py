"""Transactional tests empty all tables afterwards; the ledger's triggers refuse that, as they must.

Only here, in the test run, the flush takes the triggers away and puts the same ones back, in one
transaction. `tests/conftest.py` imports the fixture, so that it holds for every test:

    from tests.ledger.flush import ledger_tables_can_be_flushed  # noqa: F401
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

TABLES = ("ledger_entry", "ledger_signedhead")


def _flush_sqlite(original: Callable[..., None]) -> Callable[..., None]:
    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            original(self, sql_list)
            for _name, sql in triggers:
                cursor.execute(sql)

    return execute_sql_flush


def _flush_postgresql(original: Callable[..., None]) -> Callable[..., None]:
    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            original(self, sql_list)
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")

    return execute_sql_flush


def _sql_of_flush_postgresql(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """DELETE instead of TRUNCATE, which makes new files for each of two hundred tables, nearly all of them empty."""

    def sql_flush(
        self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, **how: Any
    ) -> list[str]:
        if reset_sequences or not tables:
            return original(self, style, tables, reset_sequences=reset_sequences, **how)
        return [
            "SET LOCAL session_replication_role = replica",  # in whatever order they come
            "; ".join(f"DELETE FROM {self.quote_name(table)}" for table in tables),
            "SET LOCAL session_replication_role = DEFAULT",
        ]

    return sql_flush


@pytest.fixture(scope="session", autouse=True)
def ledger_tables_can_be_flushed() -> Iterator[None]:
    wrap = {"sqlite": _flush_sqlite, "postgresql": _flush_postgresql}[connection.vendor]
    operations = type(connection.ops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", wrap(operations.execute_sql_flush))
        if connection.vendor == "postgresql":
            patch.setattr(operations, "sql_flush", _sql_of_flush_postgresql(operations.sql_flush))
        yield
