"""What the migrations load is there for every test, whatever ran before it.

A transactional test empties all tables when it ends, and with them the ordinance, the roles, the first pages. Django
runs such tests last; here files are spread over processes, so the rows are put back right after each of them.
"""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction

TRANSACTIONAL_FIXTURES = {"transactional_db", "live_server", "django_db_reset_sequences"}

_rows: dict[str, tuple[list[str], list[tuple]]] = {}


def is_transactional(item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and bool(marker.kwargs.get("transaction"))
    return is_marked or bool(TRANSACTIONAL_FIXTURES & set(getattr(item, "fixturenames", ())))


def remember() -> None:
    """Every row of every table as the migrations left it."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - {"django_migrations"}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
            if rows:
                _rows[table] = ([column[0] for column in cursor.description], rows)


def put_back() -> None:
    quote = connection.ops.quote_name
    with _without_foreign_keys(), transaction.atomic(), connection.cursor() as cursor:
        for table in _rows:
            cursor.execute(f"DELETE FROM {quote(table)}")
        for table, (columns, rows) in _rows.items():
            names = ", ".join(map(quote, columns))
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)
    ContentType.objects.clear_cache()
    cache.clear()


@contextmanager
def _without_foreign_keys():
    """The rows fit together, in whatever order they come."""
    off, on = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            yield
        finally:
            cursor.execute(on)
