"""All that a database is, line by line, so that two of them can be compared: tables, indexes, triggers, rows.

Run as a program under the settings of the database in question. What differs each time is left out of the rows:
instants and random identifiers.
"""

import re
import sys
from collections.abc import Iterator

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])")
INSTANT = re.compile(r"datetime\.datetime\([^)]+\)|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\d]*(?:\+[\d:]+)?")

POSTGRESQL = (
    """SELECT relname, attname, format_type(atttypid, atttypmod), collname, attnotnull, attidentity,
           pg_get_expr(adbin, adrelid)
       FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_collation ON pg_collation.oid = attcollation
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relkind = 'r'""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    """SELECT pg_get_functiondef(pg_proc.oid) FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
       WHERE pronamespace = 'public'::regnamespace AND lanname = 'plpgsql'""",
    "SELECT extname FROM pg_extension",
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
)


def lines(connection) -> Iterator[str]:
    """Of an open connection of Django's, in a fixed order."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for query in (
            POSTGRESQL if is_postgresql else ("SELECT type, name, tbl_name, sql FROM sqlite_master",)
        ):
            cursor.execute(query)
            yield from sorted(map(str, cursor.fetchall()))
        for table in sorted(connection.introspection.table_names(cursor)):
            columns = ", ".join(f'"{name}"' for name in telling_columns(connection, cursor, table))
            cursor.execute(f'SELECT {f"ROW({columns})::text" if is_postgresql else columns} FROM "{table}"')
            yield from sorted(f"{table}: {always_the_same(str(row))}" for row in cursor.fetchall())


def telling_columns(connection, cursor, table) -> list[str]:
    """The rows between two tables are entered in any order, and nobody asks for their own numbers."""
    names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    is_between_two = len(names) == 3 and names[0] == "id" and all(name.endswith("_id") for name in names[1:])
    return names[1:] if is_between_two else names


def always_the_same(row: str) -> str:
    return INSTANT.sub("instant", UUID.sub("uuid", row))


if __name__ == "__main__":
    import django
    from django.db import connection

    django.setup()
    for line in lines(connection):
        sys.stdout.write(f"{line}\n")
