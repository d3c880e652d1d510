"""The database itself refuses to change or delete what the ledger holds.

On SQLite, altering a column makes Django build the table anew, which drops its triggers: a later migration
of these tables must create them again (`ledger.protection` names them and the tests look for them).
"""

from django.db import migrations

TABLES = ("ledger_entry", "ledger_signedhead")
KEYS = {"ledger_entry": "sequence", "ledger_signedhead": "size"}
REASON = "append-only: 원장은 고치거나 지울 수 없습니다"

POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' {REASON}', ERRCODE = 'integrity_constraint_violation';
END;
$$
"""

# ALWAYS: also where session_replication_role silences ordinary triggers.
POSTGRESQL_TABLE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
"""

# INSERT OR REPLACE deletes the old row first, and runs the DELETE trigger only with recursive_triggers on,
# which other programs' connections do not have. So a number that is taken is refused before that; the row's
# implicit number is a second way to name an existing row (-1 stands for "not given" in a BEFORE trigger).
SQLITE_TABLE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} {reason}'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} {reason}'); END""",
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        OR (NEW.rowid <> -1 AND EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid))
    BEGIN SELECT RAISE(ABORT, '{table} {reason}'); END""",
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL_TABLE.format(table=table))
    elif schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for statement in SQLITE_TABLE:
                schema_editor.execute(statement.format(table=table, key=KEYS[table], reason=REASON))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        schema_editor.execute("DROP FUNCTION ledger_refuse_change()")
    elif schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for event in ("update", "delete", "replace"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{event}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
