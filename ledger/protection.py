"""Are the triggers that keep the ledger append-only still in place?"""

from django.db import connection

TABLES = ("ledger_entry", "ledger_signedhead")
_SQLITE = {f"{table}_no_{event}" for table in TABLES for event in ("update", "delete", "replace")}
_POSTGRESQL = {f"{table}_append_only" for table in TABLES}


def missing_triggers() -> list[str]:
    """Names of the triggers that are gone or switched off."""
    if connection.vendor == "sqlite":
        wanted, query = _SQLITE, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    elif connection.vendor == "postgresql":
        wanted, query = (
            _POSTGRESQL,
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgenabled = 'A' AND pg_table_is_visible(tgrelid)",
        )
    else:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(wanted - present)
