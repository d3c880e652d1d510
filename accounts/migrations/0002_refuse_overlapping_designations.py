"""One responsible department per institution on any date, held by the database itself.

PostgreSQL: an exclusion constraint; the institution is written as a range of one number, since equality in a
GiST index would need an extension. SQLite: triggers.
"""

from django.db import migrations

OVERLAP = """
    SELECT 1 FROM accounts_responsibledesignation AS other
    WHERE other.institution_id = NEW.institution_id AND other.id IS NOT NEW.id
      AND other.from_on <= COALESCE(NEW.until_on, '9999-12-31')
      AND COALESCE(other.until_on, '9999-12-31') >= NEW.from_on
"""


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE accounts_responsibledesignation ADD CONSTRAINT designation_once_per_date"
            " EXCLUDE USING gist (int8range(institution_id, institution_id, '[]') WITH &&,"
            " daterange(from_on, until_on, '[]') WITH &&)"
        )
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(
            f"CREATE TRIGGER designation_once_per_date_{event.lower()}"
            f" BEFORE {event} ON accounts_responsibledesignation WHEN EXISTS ({OVERLAP})"
            " BEGIN SELECT RAISE(ABORT, 'designation_once_per_date'); END"
        )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE accounts_responsibledesignation DROP CONSTRAINT designation_once_per_date"
        )
        return
    for event in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER designation_once_per_date_{event}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
